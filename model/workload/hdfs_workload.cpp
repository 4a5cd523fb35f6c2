// SPDX-License-Identifier: Apache-2.0
#include "model/workload/hdfs_workload.h"

#include <fmt/format.h>

#include <array>
#include <iterator>

namespace jetlag {

struct HdfsWorkload::User
{
    const char* name;
    const char* ugi; ///< as the log writes it
    const char* group;
    const char* home; ///< where most of its paths lie
    const char* host;
    unsigned weight;
    bool person;         ///< may be denied
    const char* context; ///< callerContext; nullptr = none
};

struct HdfsWorkload::Operation
{
    const char* command;
    unsigned weight;
    enum Target { Path, NoPath, Braces, Token, Rename, Trash } target;
    bool changes; ///< logs the permission of what it touched
};

namespace {

template <typename Weighted, std::size_t size>
const Weighted& weighted(WorkloadRandom& random, const std::array<Weighted, size>& from)
{
    unsigned sum = 0;
    for (const Weighted& each : from)
        sum += each.weight;
    std::uint64_t left = random.below(sum);
    for (const Weighted& each : from) {
        if (left < each.weight)
            return each;
        left -= each.weight;
    }
    return from.back();
}

} // namespace

HdfsWorkload::HdfsWorkload(const WorkloadOptions& options)
    : m_random(options.seed)
    , m_schedule(options.load)
    , m_startTime(options.startTime)
{}

void HdfsWorkload::appendTime(std::int64_t millis)
{
    const std::chrono::sys_time<std::chrono::milliseconds> time{std::chrono::milliseconds(millis)};
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(time - day);
    fmt::format_to(std::back_inserter(m_line), "{:04}-{:02}-{:02} {:02}:{:02}:{:02},{:03}", int(date.year()),
                   unsigned(date.month()), unsigned(date.day()), clock.hours().count(),
                   clock.minutes().count(), clock.seconds().count(), clock.subseconds().count());
}

std::string HdfsWorkload::pathFor(const User& user)
{
    static constexpr std::array<const char*, 8> kTables{"orders", "items", "clicks", "events",
                                                        "users",  "stock", "daily",  "raw"};
    // One random number a statement: the order of a call's arguments is the compiler's.
    const std::uint64_t depth = m_random.below(4);
    std::string path = user.home;
    if (depth > 0)
        path += fmt::format("/{}", m_random.pick(kTables));
    if (depth == 2)
        path += fmt::format("/part-{:05}", m_random.skewed(0, 9'999));
    if (depth == 3) {
        path += fmt::format("/dt=2024-03-{:02}", m_random.between(1, 28));
        path += fmt::format("/part-{:05}", m_random.skewed(0, 999));
        path += fmt::format("-{}.snappy.parquet", m_random.hex(8));
    }
    return path;
}

void HdfsWorkload::appendTargets(const User& user, const Operation& operation, bool denied)
{
    const auto out = std::back_inserter(m_line);
    std::string destination = "null";
    switch (operation.target) {
    case Operation::Path:
        fmt::format_to(out, "\tsrc={}",
                       denied ? fmt::format("/secure/{}/report-{:02}.csv", user.group, m_random.below(20))
                              : pathFor(user));
        break;
    case Operation::NoPath:
        m_line += "\tsrc=null";
        break;
    case Operation::Braces:
        m_line += "\tsrc={}";
        break;
    case Operation::Token:
        fmt::format_to(out, "\tsrc=HDFS_DELEGATION_TOKEN token {} for {} with renewer yarn",
                       m_random.skewed(1, 99'999), user.name);
        break;
    case Operation::Rename:
        destination = pathFor(user);
        fmt::format_to(out, "\tsrc={}/_temporary/0/task_{:06}/part", destination, m_random.below(1'000'000));
        break;
    case Operation::Trash: {
        const std::string path = pathFor(user);
        fmt::format_to(out, "\tsrc={}", path);
        destination = fmt::format("/user/{}/.Trash/Current{}", user.name, path);
        break;
    }
    }
    fmt::format_to(out, "\tdst={}\tperm=", destination);
    if (operation.changes && !denied)
        fmt::format_to(out, "{}:{}:rwxr-x---", user.name, user.group);
    else
        m_line += "null";
}

WorkloadRecord HdfsWorkload::next()
{
    static constexpr std::array<User, 12> kUsers{{
        {"hive", "hive/hs2-01.example.org@EXAMPLE.ORG (auth:KERBEROS)", "hadoop",
         "/warehouse/tablespace/managed/hive", "10.1.0.21", 22, false, nullptr},
        {"spark", "spark/edge-02.example.org@EXAMPLE.ORG (auth:TOKEN)", "hadoop", "/data/lake", "10.1.0.34",
         20, false, "SPARK_CLIENT_application_1709630000000_0042"},
        {"mapred", "mapred/jhs-01.example.org@EXAMPLE.ORG (auth:KERBEROS)", "hadoop",
         "/mr-history/done_intermediate", "10.1.0.5", 14, false, nullptr},
        {"hbase", "hbase/rs-03.example.org@EXAMPLE.ORG (auth:KERBEROS)", "hbase", "/hbase/data/default",
         "10.1.0.43", 8, false, "CLI"},
        {"hdfs", "hdfs (auth:PROXY) via hue/gw-01.example.org@EXAMPLE.ORG (auth:KERBEROS)", "supergroup",
         "/tmp", "10.1.0.2", 5, false, nullptr},
        {"oozie", "oozie (auth:SIMPLE)", "oozie", "/user/oozie/share/lib", "10.1.0.6", 8, false, nullptr},
        {"yarn", "yarn/rm-01.example.org@EXAMPLE.ORG (auth:KERBEROS)", "hadoop", "/app-logs", "10.1.0.4", 6,
         false, nullptr},
        {"alice", "alice@EXAMPLE.ORG (auth:KERBEROS)", "analysts", "/user/alice", "10.2.0.11", 5, true,
         nullptr},
        {"bob", "bob (auth:PROXY) via hive/hs2-01.example.org@EXAMPLE.ORG (auth:KERBEROS)", "analysts",
         "/user/bob", "10.1.0.21", 4, true,
         "HIVE_QUERY_ID:hive_20240305101500_6f1c7b0e-2a55-4d0e-9a52-0f5b7e1f3c11"},
        {"carol", "carol (auth:TOKEN)", "science", "/user/carol", "10.2.0.17", 4, true, nullptr},
        {"dave", "dave@EXAMPLE.ORG (auth:KERBEROS)", "ops", "/user/dave", "10.2.0.23", 2, true, nullptr},
        {"eve", "eve (auth:PROXY) via knox/gw-01.example.org@EXAMPLE.ORG (auth:KERBEROS)", "partners",
         "/user/eve", "10.1.0.2", 2, true, nullptr},
    }};
    // Per thousand; getfileinfo and listStatus are 80 to 99 in a hundred wherever we looked.
    static constexpr std::array<Operation, 17> kOperations{{
        {"getfileinfo", 560, Operation::Path, false},
        {"listStatus", 270, Operation::Path, false},
        {"open", 95, Operation::Path, false},
        {"create", 22, Operation::Path, true},
        {"mkdirs", 10, Operation::Path, true},
        {"rename", 14, Operation::Rename, true},
        {"rename (options=[TO_TRASH])", 4, Operation::Trash, true},
        {"delete", 8, Operation::Path, false},
        {"setPermission", 4, Operation::Path, true},
        {"setTimes", 3, Operation::Path, true},
        {"append", 2, Operation::Path, true},
        {"contentSummary", 2, Operation::Path, false},
        {"getEZForPath", 2, Operation::Path, true},
        {"listCachePools", 1, Operation::NoPath, false},
        {"listCacheDirectives", 1, Operation::Braces, false},
        {"getDelegationToken", 1, Operation::Token, false},
        {"renewDelegationToken", 1, Operation::Token, false},
    }};

    const std::chrono::milliseconds due = m_schedule.next();
    const User& user = weighted(m_random, kUsers);
    const Operation& operation = weighted(m_random, kOperations);
    const bool denied = user.person && operation.target == Operation::Path && m_random.chance(25);
    // NameNode threads write in the order they get the lock, not in that of their time stamps.
    const std::int64_t late = m_random.chance(1) ? m_random.between(1, 40) : 0;

    m_line.clear();
    appendTime(m_startTime + due.count() - late);
    fmt::format_to(std::back_inserter(m_line), " INFO FSNamesystem.audit: allowed={}\tugi={}\tip=/{}\tcmd={}",
                   !denied, user.ugi, user.host, operation.command);
    appendTargets(user, operation, denied);
    m_line += m_random.chance(60) ? "\tproto=webhdfs" : "\tproto=rpc";
    if (user.context)
        fmt::format_to(std::back_inserter(m_line), "\tcallerContext={}", user.context);
    return {"hdfs-audit.log", m_line, due};
}

} // namespace jetlag
