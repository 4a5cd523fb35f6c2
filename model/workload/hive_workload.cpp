// SPDX-License-Identifier: Apache-2.0
#include "model/workload/hive_workload.h"

#include "model/workload/json_text.h"

#include <fmt/format.h>

#include <array>

namespace jetlag {

namespace {

/// What a query does; `%` in the text is a number that differs from query to query.
struct Statement
{
    const char* operation;
    const char* text;
    std::array<const char*, 2> reads;
    const char* writes;
};

constexpr std::array<Statement, 8> kStatements{{
    {"QUERY",
     "SELECT o.region, count(*) AS orders, sum(o.amount) AS revenue\nFROM sales.orders o\nJOIN sales.items i "
     "ON o.id = "
     "i.order_id\nWHERE o.dt >= '2024-03-01' AND i.quantity > %\nGROUP BY o.region\nORDER BY revenue DESC",
     {"sales.orders", "sales.items"},
     nullptr},
    {"QUERY",
     "INSERT OVERWRITE TABLE mart.daily_revenue PARTITION (dt='2024-03-05')\nSELECT region, "
     "sum(amount)\nFROM "
     "sales.orders\nWHERE dt = '2024-03-05' AND shard = %\nGROUP BY region",
     {"sales.orders", nullptr},
     "mart.daily_revenue"},
    {"QUERY", "SELECT * FROM web.clicks WHERE session_id = 'c%' LIMIT 100", {"web.clicks", nullptr}, nullptr},
    {"CREATETABLE_AS_SELECT",
     "CREATE TABLE tmp.export_% STORED AS ORC AS\nSELECT \"u\".id, \"u\".name, c.url\nFROM core.users "
     "\"u\"\nLEFT JOIN "
     "web.clicks c ON c.user_id = \"u\".id",
     {"core.users", "web.clicks"},
     "tmp.export"},
    {"ANALYZE_TABLE",
     "ANALYZE TABLE sales.items COMPUTE STATISTICS FOR COLUMNS -- run %",
     {"sales.items", nullptr},
     nullptr},
    {"ALTERTABLE_ADDPARTS",
     "ALTER TABLE web.clicks ADD IF NOT EXISTS PARTITION (hour='%')",
     {nullptr, nullptr},
     "web.clicks"},
    {"SHOWTABLES", "SHOW TABLES IN mart LIKE 'daily_%*'", {nullptr, nullptr}, nullptr},
    {"DROPTABLE", "DROP TABLE IF EXISTS tmp.export_%", {nullptr, nullptr}, "tmp.export"},
}};

constexpr std::array<const char*, 4> kErrors{
    "Execution Error, return code 2 from org.apache.hadoop.hive.ql.exec.tez.TezTask. Vertex failed, "
    "vertexName=Map 1, diagnostics=[Task failed, taskId=task_1709630000000_0042_1_00_000003]",
    "FAILED: HiveAccessControlException Permission denied: user does not have [SELECT] privilege on "
    "[sales/orders/*]",
    "Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask. "
    "AlreadyExistsException(message:Table "
    "tmp.export already exists)",
    "Execution Error, return code 3 from org.apache.hadoop.hive.ql.exec.tez.TezTask. "
    "java.lang.OutOfMemoryError: Java "
    "heap space",
};

constexpr std::array<const char*, 8> kUsers{"alice", "bob", "carol", "dave", "eve", "frank", "grace", "etl"};
constexpr std::array<const char*, 4> kQueues{"etl", "adhoc", "reports", "default"};

// What hive-site.xml sets, as the hook sends it: one JSON object as text. Real ones hold every setting
// (tens of kilobytes); these are the ones that people look for.
constexpr const char* kConf =
    "{\"hive.execution.engine\":\"tez\",\"hive.exec.dynamic.partition.mode\":\"nonstrict\","
    "\"hive.vectorized.execution.enabled\":\"true\",\"hive.auto.convert.join\":\"true\","
    "\"hive.optimize.ppd\":\"true\",\"hive.server2.enable.doAs\":\"false\",\"hive.cbo.enable\":\"true\","
    "\"hive.support.concurrency\":\"true\",\"hive.txn.manager\":\"org.apache.hadoop.hive.ql.lockmgr."
    "DbTxnManager\"}";

std::string queryId(WorkloadRandom& random, std::int64_t now)
{
    const std::chrono::sys_time<std::chrono::milliseconds> time{std::chrono::milliseconds(now)};
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(time - day);
    std::string id = fmt::format("hive_{:04}{:02}{:02}{:02}{:02}{:02}", int(date.year()),
                                 unsigned(date.month()), unsigned(date.day()), clock.hours().count(),
                                 clock.minutes().count(), clock.seconds().count());
    id += '_' + random.hex(8);
    id += '-' + random.hex(4);
    id += "-4" + random.hex(3);
    id += "-a" + random.hex(3);
    id += '-' + random.hex(12);
    return id;
}

} // namespace

HiveWorkload::HiveWorkload(const WorkloadOptions& options)
    : m_random(options.seed)
    , m_schedule(options.load)
    , m_startTime(options.startTime)
{}

WorkloadRecord HiveWorkload::next()
{
    const std::chrono::milliseconds due = m_schedule.next();
    const std::int64_t now = m_startTime + due.count();
    m_line.clear();
    const auto first = m_running.begin();
    if (first != m_running.end() && first->first <= now) {
        complete(first->second, now);
        m_running.erase(first);
    } else {
        submit(now);
    }
    return {"hive-query-events.jsonl", m_line, due};
}

void HiveWorkload::submit(std::int64_t now)
{
    const Statement& statement = m_random.pick(kStatements);
    Running query;
    query.id = queryId(m_random, now);
    query.requestUser = m_random.pick(kUsers);
    query.operationId = m_random.hex(22) + "==";
    query.started = now;
    if (m_random.chance(60))
        query.error = m_random.pick(kErrors);

    std::string text = statement.text;
    text.replace(text.find('%'), 1, std::to_string(m_random.skewed(1, 9'999)));
    std::string queryInfo;
    JsonText info(queryInfo);
    info.beginObject().field("queryText", text).key("queryPlan").beginObject();
    info.field("STAGE DEPENDENCIES", "Stage-1 is a root stage").endObject().endObject();

    JsonText json(m_line);
    json.beginObject();
    json.field("eventType", "QUERY_SUBMITTED").field("hiveQueryId", query.id).field("timestamp", now);
    json.field("executionMode", m_random.chance(200) ? "LLAP" : statement.reads[0] ? "TEZ" : "NONE");
    json.field("requestUser", query.requestUser).field("queue", m_random.pick(kQueues)).field("user", "hive");
    json.field("operationId", query.operationId).field("operationType", statement.operation);
    json.key("tablesWritten").beginArray();
    if (statement.writes)
        json.value(statement.writes);
    json.endArray().key("tablesRead").beginArray();
    for (const char* table : statement.reads) {
        if (table)
            json.value(table);
    }
    json.endArray().key("otherInfo").beginObject();
    json.field("QUERY", queryInfo).field("TEZ", "true").field("MAPRED", "false");
    json.field("SESSION_ID", m_random.hex(32)).field("INVOKER_INFO", m_random.hex(32));
    json.field("THREAD_NAME",
               fmt::format("HiveServer2-Background-Pool: Thread-{}", m_random.between(100, 999)));
    json.field("VERSION", "2").field("CLIENT_IP_ADDRESS", fmt::format("10.2.0.{}", m_random.between(10, 60)));
    json.field("HIVE_ADDRESS", "hs2-01.example.org").field("HIVE_INSTANCE_TYPE", "HS2");
    json.field("LLAP_APP_ID", "").field("CONF", kConf);
    json.endObject().endObject();

    // The hook's own queue was full: nobody will ever say how this one ended.
    if (m_random.chance(7))
        return;
    const std::int64_t duration = m_random.skewed(80, 120'000);
    m_running.emplace(now + duration, std::move(query));
}

void HiveWorkload::complete(const Running& query, std::int64_t now)
{
    const std::int64_t duration = now - query.started;
    std::string phases;
    JsonText perf(phases);
    perf.beginObject().field("compile", duration / 10).field("runTasks", duration * 8 / 10);
    perf.field("Driver.execute", duration * 9 / 10).endObject();

    JsonText json(m_line);
    json.beginObject();
    json.field("eventType", "QUERY_COMPLETED").field("hiveQueryId", query.id).field("timestamp", now);
    json.field("requestUser", query.requestUser)
        .field("user", "hive")
        .field("operationId", query.operationId);
    json.key("otherInfo").beginObject();
    json.field("STATUS", query.error ? "false" : "true").field("PERF", phases);
    if (query.error)
        json.field("ERROR_MESSAGE", query.error);
    json.endObject().endObject();
}

} // namespace jetlag
