// SPDX-License-Identifier: Apache-2.0
#include "nats/monitor/refused_streams.h"
#include "tests/support/fake_clock.h"

#include <QTest>

using namespace jetlag;
using namespace jetlag::test;

class TestRefusedStreams : public QObject
{
    Q_OBJECT

private:
    static constexpr std::string_view kCall = "$JS.API.STREAM.MSG.GET.";
    FakeClock m_clock;

    static void refuse(RefusedStreams& streams, const std::string& stream)
    {
        streams.note(stream, Error(ErrorCode::Denied, "no"));
    }
    static std::string said(const RefusedStreams& streams)
    {
        return streams.sentence("read messages of", "time lag there may be ?", kCall).value_or("");
    }
    using Subjects = std::vector<std::string>;

private slots:
    void nothingIsSaidOfNothing()
    {
        RefusedStreams streams(m_clock);
        QCOMPARE(said(streams), std::string());
        QCOMPARE(streams.subjects(kCall), Subjects());
    }

    // Whoever is given what is asked for is refused nothing any more.
    void whatToAskForFitsAllStreams()
    {
        RefusedStreams streams(m_clock);
        streams.allow("OPEN");
        refuse(streams, "S01");
        QCOMPARE(streams.subjects(kCall), Subjects({"$JS.API.STREAM.MSG.GET.S01"}));
        QCOMPARE(said(streams), std::string("This account may not read messages of S01: time lag there may "
                                            "be ?. Ask for permission to publish to "
                                            "$JS.API.STREAM.MSG.GET.S01"));
        refuse(streams, "S00");
        QCOMPARE(streams.subjects(kCall),
                 Subjects({"$JS.API.STREAM.MSG.GET.S00", "$JS.API.STREAM.MSG.GET.S01"}));
        QVERIFY(said(streams).ends_with("GET.S00 and $JS.API.STREAM.MSG.GET.S01"));
        for (const char* more : {"S02", "S03", "S04"})
            refuse(streams, more);
        QCOMPARE(streams.subjects(kCall).size(), std::size_t(5));
        QVERIFY(said(streams).find("of S00, S01, S02 and 2 more:") != std::string::npos);
    }

    // No more is asked for than is needed: where some streams may be read, the others are named.
    void oneForAllWhereNoneIsAllowed()
    {
        RefusedStreams streams(m_clock);
        refuse(streams, "S00");
        refuse(streams, "S01");
        QCOMPARE(streams.subjects(kCall), Subjects({"$JS.API.STREAM.MSG.GET.*"}));
        QVERIFY(said(streams).ends_with("publish to $JS.API.STREAM.MSG.GET.*"));
        streams.allow("S01");
        refuse(streams, "S02");
        QCOMPARE(streams.subjects(kCall).size(), std::size_t(2));
        refuse(streams, "S01"); // taken away again
        QCOMPARE(streams.subjects(kCall), Subjects({"$JS.API.STREAM.MSG.GET.*"}));
    }
};

QTEST_GUILESS_MAIN(TestRefusedStreams)
#include "tst_refused_streams.moc"
