// SPDX-License-Identifier: Apache-2.0
#include "model/workload/spark_event_text.h"

#include "model/workload/json_text.h"

#include <fmt/format.h>

#include <array>

namespace jetlag::spark_text {

namespace {

struct Frame
{
    const char* type;
    const char* method;
    const char* file;
    int line;
};

constexpr const char* kExceptionClass = "java.lang.IllegalStateException";
constexpr const char* kExceptionText =
    "Corrupt block in part-00017.snappy.parquet: expected 4096 values, found 4011";

constexpr std::array<Frame, 8> kFrames{{
    {"org.example.report.PartReader", "readBlock", "PartReader.scala", 212},
    {"org.example.report.PartReader", "$anonfun$rows$2", "PartReader.scala", 98},
    {"scala.collection.Iterator$$anon$10", "next", "Iterator.scala", 461},
    {"org.apache.spark.sql.execution.BufferedRowIterator", "hasNext", "BufferedRowIterator.java", 43},
    {"org.apache.spark.scheduler.Task", "run", "Task.scala", 141},
    {"org.apache.spark.executor.Executor$TaskRunner", "$anonfun$run$4", "Executor.scala", 620},
    {"org.apache.spark.executor.Executor$TaskRunner", "run", "Executor.scala", 623},
    {"java.lang.Thread", "run", "Thread.java", 829},
}};

std::string stackTrace()
{
    std::string text = fmt::format("{}: {}", kExceptionClass, kExceptionText);
    for (const Frame& frame : kFrames)
        text += fmt::format("\n\tat {}.{}({}:{})", frame.type, frame.method, frame.file, frame.line);
    return text + '\n';
}

constexpr const char* kDetails =
    "org.apache.spark.sql.Dataset.count(Dataset.scala:3615)\norg.example.report.Report$.daily(Report.scala:"
    "41)\n"
    "org.example.report.Report$.main(Report.scala:17)\norg.example.report.Report.main(Report.scala)\n"
    "java.base/jdk.internal.reflect.NativeMethodAccessorImpl.invoke0(Native Method)\n"
    "java.base/jdk.internal.reflect.NativeMethodAccessorImpl.invoke(NativeMethodAccessorImpl.java:62)\n"
    "java.base/"
    "jdk.internal.reflect.DelegatingMethodAccessorImpl.invoke(DelegatingMethodAccessorImpl.java:43)\n"
    "java.base/java.lang.reflect.Method.invoke(Method.java:566)\n"
    "org.apache.spark.deploy.yarn.ApplicationMaster$$anon$2.run(ApplicationMaster.scala:738)";

void writeRdd(JsonText& json, std::int64_t id, const char* name, const char* scope, const Stage& stage,
              bool isRoot)
{
    json.beginObject().field("RDD ID", id).field("Name", name).field("Scope", scope);
    json.field("Callsite", stage.name).key("Parent IDs").beginArray();
    if (!isRoot)
        json.value(id - 1);
    json.endArray().key("Storage Level").beginObject();
    json.field("Use Disk", false).field("Use Memory", false).field("Use Off Heap", false);
    json.field("Deserialized", false).field("Replication", 1).endObject();
    json.field("Barrier", false)
        .field("DeterministicLevel", "DETERMINATE")
        .field("Number of Partitions", stage.tasks);
    json.field("Number of Cached Partitions", 0).field("Memory Size", 0).field("Disk Size", 0).endObject();
}

/// One of a task's internal metrics, as it stands among the accumulables.
struct InternalMetric
{
    const char* name;
    std::int64_t TaskMetrics::*value;
};

constexpr std::array<InternalMetric, 22> kInternalMetrics{{
    {"internal.metrics.executorDeserializeTime", &TaskMetrics::deserializeTime},
    {"internal.metrics.executorDeserializeCpuTime", &TaskMetrics::deserializeCpuTime},
    {"internal.metrics.executorRunTime", &TaskMetrics::runTime},
    {"internal.metrics.executorCpuTime", &TaskMetrics::cpuTime},
    {"internal.metrics.resultSize", &TaskMetrics::resultSize},
    {"internal.metrics.jvmGCTime", &TaskMetrics::gcTime},
    {"internal.metrics.resultSerializationTime", &TaskMetrics::resultSerializationTime},
    {"internal.metrics.memoryBytesSpilled", &TaskMetrics::memoryBytesSpilled},
    {"internal.metrics.diskBytesSpilled", &TaskMetrics::diskBytesSpilled},
    {"internal.metrics.shuffle.read.remoteBlocksFetched", &TaskMetrics::remoteBlocksFetched},
    {"internal.metrics.shuffle.read.localBlocksFetched", &TaskMetrics::localBlocksFetched},
    {"internal.metrics.shuffle.read.remoteBytesRead", &TaskMetrics::remoteBytesRead},
    {"internal.metrics.shuffle.read.localBytesRead", &TaskMetrics::localBytesRead},
    {"internal.metrics.shuffle.read.fetchWaitTime", &TaskMetrics::fetchWaitTime},
    {"internal.metrics.shuffle.read.recordsRead", &TaskMetrics::recordsRead},
    {"internal.metrics.shuffle.write.bytesWritten", &TaskMetrics::shuffleBytesWritten},
    {"internal.metrics.shuffle.write.recordsWritten", &TaskMetrics::shuffleRecordsWritten},
    {"internal.metrics.shuffle.write.writeTime", &TaskMetrics::shuffleWriteTime},
    {"internal.metrics.input.bytesRead", &TaskMetrics::inputBytes},
    {"internal.metrics.input.recordsRead", &TaskMetrics::inputRecords},
    {"internal.metrics.output.bytesWritten", &TaskMetrics::outputBytes},
    {"internal.metrics.output.recordsWritten", &TaskMetrics::outputRecords},
}};

// Spark leaves out what is zero. With an update: of a task; without: of a stage.
void writeAccumulables(JsonText& json, const Stage& stage, const TaskMetrics* update,
                       const TaskMetrics& before)
{
    json.key("Accumulables").beginArray();
    for (std::size_t i = 0; i < kInternalMetrics.size(); ++i) {
        const InternalMetric& metric = kInternalMetrics[i];
        const std::int64_t added = update ? update->*metric.value : 0;
        const std::int64_t sum = before.*metric.value + added;
        if (update ? added == 0 : sum == 0)
            continue;
        json.beginObject()
            .field("ID", stage.firstAccumulator + static_cast<std::int64_t>(i))
            .field("Name", metric.name);
        if (update)
            json.field("Update", added);
        json.field("Value", sum).field("Internal", true).field("Count Failed Values", true).endObject();
    }
    json.endArray();
}

void writeStageInfo(JsonText& json, const Stage& stage, const TaskMetrics& sums)
{
    json.beginObject()
        .field("Stage ID", stage.id)
        .field("Stage Attempt ID", 0)
        .field("Stage Name", stage.name);
    json.field("Number of Tasks", stage.tasks).key("RDD Info").beginArray();
    writeRdd(json, stage.firstRdd + 1, "MapPartitionsRDD",
             "{\"id\":\"4\",\"name\":\"WholeStageCodegen (1)\"}", stage, false);
    writeRdd(json, stage.firstRdd, stage.parents.empty() ? "FileScanRDD" : "ShuffledRowRDD",
             stage.parents.empty() ? "{\"id\":\"1\",\"name\":\"Scan parquet \"}"
                                   : "{\"id\":\"2\",\"name\":\"Exchange\"}",
             stage, true);
    json.endArray().key("Parent IDs").beginArray();
    for (std::int64_t parent : stage.parents)
        json.value(parent);
    json.endArray().field("Details", kDetails);
    if (stage.submitted != 0)
        json.field("Submission Time", stage.submitted);
    if (stage.completed != 0)
        json.field("Completion Time", stage.completed);
    if (!stage.failure.empty())
        json.field("Failure Reason", stage.failure);
    writeAccumulables(json, stage, nullptr, sums);
    json.field("Resource Profile Id", 0)
        .field("Shuffle Push Enabled", false)
        .field("Shuffle Push Mergers Count", 0);
    json.endObject();
}

void writeProperties(JsonText& json, const JobContext& context)
{
    json.key("Properties").beginObject();
    json.field("spark.rdd.scope", "{\"id\":\"5\",\"name\":\"collect\"}")
        .field("spark.rdd.scope.noOverride", "true");
    if (context.sqlExecution >= 0) {
        json.field("spark.sql.execution.id", std::to_string(context.sqlExecution));
        json.field("spark.sql.execution.root.id", std::to_string(context.sqlExecution));
    }
    json.field("spark.job.description", context.description).endObject();
}

void writeTaskInfo(JsonText& json, const Stage& stage, const Task& task, std::int64_t finished, TaskEnd end,
                   const TaskMetrics* metrics, const TaskMetrics& before)
{
    json.key("Task Info").beginObject();
    json.field("Task ID", task.id).field("Index", task.index).field("Attempt", task.attempt);
    json.field("Partition ID", task.index)
        .field("Launch Time", task.launched)
        .field("Executor ID", task.executor);
    json.field("Host", task.host).field("Locality", stage.parents.empty() ? "NODE_LOCAL" : "PROCESS_LOCAL");
    json.field("Speculative", task.speculative)
        .field("Getting Result Time", 0)
        .field("Finish Time", finished);
    json.field("Failed", finished != 0 && (end == TaskEnd::ExceptionFailure || end == TaskEnd::ExecutorLost));
    json.field("Killed", finished != 0 && end == TaskEnd::Killed);
    if (metrics) {
        writeAccumulables(json, stage, metrics, before);
    } else {
        json.key("Accumulables").beginArray().endArray();
    }
    json.endObject();
}

void writeMetrics(JsonText& json, const TaskMetrics& metrics)
{
    json.key("Task Metrics").beginObject();
    json.field("Executor Deserialize Time", metrics.deserializeTime);
    json.field("Executor Deserialize CPU Time", metrics.deserializeCpuTime);
    json.field("Executor Run Time", metrics.runTime).field("Executor CPU Time", metrics.cpuTime);
    json.field("Peak Execution Memory", metrics.peakExecutionMemory).field("Result Size", metrics.resultSize);
    json.field("JVM GC Time", metrics.gcTime)
        .field("Result Serialization Time", metrics.resultSerializationTime);
    json.field("Memory Bytes Spilled", metrics.memoryBytesSpilled);
    json.field("Disk Bytes Spilled", metrics.diskBytesSpilled);
    json.key("Shuffle Read Metrics").beginObject();
    json.field("Remote Blocks Fetched", metrics.remoteBlocksFetched);
    json.field("Local Blocks Fetched", metrics.localBlocksFetched)
        .field("Fetch Wait Time", metrics.fetchWaitTime);
    json.field("Remote Bytes Read", metrics.remoteBytesRead).field("Remote Bytes Read To Disk", 0);
    json.field("Local Bytes Read", metrics.localBytesRead).field("Total Records Read", metrics.recordsRead);
    json.field("Remote Requests Duration", metrics.fetchWaitTime).key("Push Based Shuffle").beginObject();
    for (const char* name :
         {"Corrupt Merged Block Chunks", "Merged Fetch Fallback Count", "Merged Remote Blocks Fetched",
          "Merged Local Blocks Fetched", "Merged Remote Chunks Fetched", "Merged Local Chunks Fetched",
          "Merged Remote Bytes Read", "Merged Local Bytes Read", "Merged Remote Requests Duration"})
        json.field(name, 0);
    json.endObject().endObject();
    json.key("Shuffle Write Metrics").beginObject();
    json.field("Shuffle Bytes Written", metrics.shuffleBytesWritten);
    json.field("Shuffle Write Time", metrics.shuffleWriteTime);
    json.field("Shuffle Records Written", metrics.shuffleRecordsWritten).endObject();
    json.key("Input Metrics").beginObject().field("Bytes Read", metrics.inputBytes);
    json.field("Records Read", metrics.inputRecords).endObject();
    json.key("Output Metrics").beginObject().field("Bytes Written", metrics.outputBytes);
    json.field("Records Written", metrics.outputRecords).endObject();
    json.key("Updated Blocks").beginArray().endArray().endObject();
}

void writeExecutorMetrics(JsonText& json)
{
    json.key("Task Executor Metrics").beginObject();
    for (const char* name : {"JVMHeapMemory",
                             "JVMOffHeapMemory",
                             "OnHeapExecutionMemory",
                             "OffHeapExecutionMemory",
                             "OnHeapStorageMemory",
                             "OffHeapStorageMemory",
                             "OnHeapUnifiedMemory",
                             "OffHeapUnifiedMemory",
                             "DirectPoolMemory",
                             "MappedPoolMemory",
                             "ProcessTreeJVMVMemory",
                             "ProcessTreeJVMRSSMemory",
                             "ProcessTreePythonVMemory",
                             "ProcessTreePythonRSSMemory",
                             "ProcessTreeOtherVMemory",
                             "ProcessTreeOtherRSSMemory",
                             "MinorGCCount",
                             "MinorGCTime",
                             "MajorGCCount",
                             "MajorGCTime",
                             "TotalGCTime"})
        json.field(name, 0); // as real ones are unless polling is switched on
    json.endObject();
}

void writeEndReason(JsonText& json, const Task& task, TaskEnd end, std::string_view reason)
{
    json.key("Task End Reason").beginObject();
    switch (end) {
    case TaskEnd::Success:
        json.field("Reason", "Success");
        break;
    case TaskEnd::ExceptionFailure:
        json.field("Reason", "ExceptionFailure").field("Class Name", kExceptionClass);
        json.field("Description", kExceptionText).key("Stack Trace").beginArray();
        for (const Frame& frame : kFrames) {
            json.beginObject().field("Declaring Class", frame.type).field("Method Name", frame.method);
            json.field("File Name", frame.file).field("Line Number", frame.line).endObject();
        }
        json.endArray()
            .field("Full Stack Trace", stackTrace())
            .key("Accumulator Updates")
            .beginArray()
            .endArray();
        break;
    case TaskEnd::ExecutorLost:
        json.field("Reason", "ExecutorLostFailure").field("Executor ID", task.executor);
        json.field("Exit Caused By App", true).field("Loss Reason", reason);
        break;
    case TaskEnd::Killed:
        json.field("Reason", "TaskKilled").field("Kill Reason", reason);
        json.key("Accumulator Updates").beginArray().endArray();
        break;
    }
    json.endObject();
}

/// Opens the object of an event; endObject() is the caller's.
JsonText event(std::string& line, const char* name)
{
    JsonText json(line);
    json.beginObject().field("Event", name);
    return json;
}

void writeBlockManager(JsonText& json, const Executor& executor)
{
    json.key("Block Manager ID").beginObject().field("Executor ID", executor.id).field("Host", executor.host);
    json.field("Port", executor.port).endObject();
}

std::string containerOf(const Executor& executor, const Application& application)
{
    return fmt::format("container_e17_{}_01_{:06}", std::string_view(application.id).substr(12),
                       executor.id == "driver" ? 1 : std::stoi(executor.id) + 1);
}

/// A node of a SQL plan, with the one below it.
void writePlanNode(JsonText& json, std::size_t depth, std::int64_t accumulator)
{
    static constexpr std::array<const char*, 5> kNodes{"AdaptiveSparkPlan", "HashAggregate", "Exchange",
                                                       "Filter", "Scan parquet core.orders"};
    json.beginObject().field("nodeName", kNodes[depth]);
    json.field("simpleString",
               fmt::format("{} [region#{}, amount#{}]", kNodes[depth], accumulator, accumulator + 1));
    json.key("children").beginArray();
    if (depth + 1 < kNodes.size())
        writePlanNode(json, depth + 1, accumulator + 2);
    json.endArray().key("metadata").beginObject().endObject().key("metrics").beginArray();
    json.beginObject().field("name", "number of output rows").field("accumulatorId", accumulator);
    json.field("metricType", "sum").endObject();
    json.beginObject().field("name", "duration").field("accumulatorId", accumulator + 1);
    json.field("metricType", "timing").endObject();
    json.endArray().endObject();
}

} // namespace

TaskMetrics& TaskMetrics::operator+=(const TaskMetrics& other)
{
    for (const InternalMetric& metric : kInternalMetrics)
        this->*metric.value += other.*metric.value;
    peakExecutionMemory += other.peakExecutionMemory;
    return *this;
}

void logStart(std::string& line)
{
    event(line, "SparkListenerLogStart").field("Spark Version", "3.5.1").endObject();
}

void resourceProfileAdded(std::string& line)
{
    JsonText json = event(line, "SparkListenerResourceProfileAdded");
    json.field("Resource Profile Id", 0).key("Executor Resource Requests").beginObject();
    const auto request = [&json](const char* name, std::int64_t amount) {
        json.key(name).beginObject().field("Resource Name", name).field("Amount", amount);
        json.field("Discovery Script", "").field("Vendor", "").endObject();
    };
    request("cores", 4);
    request("memory", 4096);
    request("offHeap", 0);
    json.endObject().key("Task Resource Requests").beginObject().key("cpus").beginObject();
    json.field("Resource Name", "cpus").field("Amount", 1).endObject().endObject().endObject();
}

void environmentUpdate(std::string& line, const Application& application)
{
    JsonText json = event(line, "SparkListenerEnvironmentUpdate");
    json.key("JVM Information").beginObject().field("Java Home", "/usr/lib/jvm/java-11-openjdk-amd64");
    json.field("Java Version", "11.0.22 (Debian)").field("Scala Version", "version 2.12.18").endObject();
    json.key("Spark Properties").beginObject();
    json.field("spark.app.id", application.id).field("spark.app.name", application.name);
    json.field("spark.master", "yarn")
        .field("spark.submit.deployMode", application.attempt.empty() ? "client" : "cluster");
    json.field("spark.executor.cores", "4")
        .field("spark.executor.memory", "4g")
        .field("spark.driver.memory", "2g");
    json.field("spark.eventLog.enabled", "true").field("spark.eventLog.dir", "hdfs:///spark-history");
    json.field("spark.dynamicAllocation.enabled", "true").field("spark.shuffle.service.enabled", "true");
    json.field("spark.sql.shuffle.partitions", "64")
        .field("spark.serializer", "org.apache.spark.serializer.KryoSerializer");
    json.field("spark.speculation", "true").field("spark.yarn.queue", "reports").endObject();
    json.key("Hadoop Properties").beginObject();
    for (int i = 0; i < 120; ++i)
        json.field(fmt::format("yarn.nodemanager.setting-{:03}.value", i), fmt::format("{}s", 10 + i % 50));
    json.endObject().key("System Properties").beginObject();
    json.field("java.io.tmpdir", "/tmp").field("line.separator", "\n").field("user.name", application.user);
    json.field("user.timezone", "Etc/UTC")
        .field("os.name", "Linux")
        .field("file.encoding", "UTF-8")
        .endObject();
    json.key("Metrics Properties").beginObject();
    json.field("*.sink.servlet.class", "org.apache.spark.metrics.sink.MetricsServlet");
    json.field("*.sink.servlet.path", "/metrics/json").endObject();
    json.key("Classpath Entries").beginObject();
    for (int i = 0; i < 200; ++i)
        json.field(fmt::format("/opt/spark/jars/library-{:03}-{}.{}.jar", i, 1 + i % 7, i % 13),
                   "System Classpath");
    json.endObject().endObject();
}

void applicationStart(std::string& line, const Application& application, std::int64_t time)
{
    JsonText json = event(line, "SparkListenerApplicationStart");
    json.field("App Name", application.name).field("App ID", application.id).field("Timestamp", time);
    json.field("User", application.user);
    if (!application.attempt.empty())
        json.field("App Attempt ID", application.attempt);
    json.endObject();
}

void applicationEnd(std::string& line, std::int64_t time)
{
    event(line, "SparkListenerApplicationEnd").field("Timestamp", time).endObject();
}

void executorAdded(std::string& line, const Executor& executor, const Application& application,
                   std::int64_t time)
{
    const std::string container = containerOf(executor, application);
    const std::string logs =
        fmt::format("http://{}:8042/node/containerlogs/{}/{}/", executor.host, container, application.user);
    JsonText json = event(line, "SparkListenerExecutorAdded");
    json.field("Timestamp", time).field("Executor ID", executor.id).key("Executor Info").beginObject();
    json.field("Host", executor.host).field("Total Cores", executor.cores).key("Log Urls").beginObject();
    json.field("stdout", logs + "stdout?start=-4096")
        .field("stderr", logs + "stderr?start=-4096")
        .endObject();
    json.key("Attributes")
        .beginObject()
        .field("NM_HTTP_ADDRESS", executor.host + ":8042")
        .field("USER", application.user);
    json.field("LOG_FILES", "stderr,stdout")
        .field("NM_HTTP_PORT", "8042")
        .field("CLUSTER_ID", "")
        .field("NM_PORT", "45454");
    json.field("HTTP_SCHEME", "http://")
        .field("NM_HOST", executor.host)
        .field("CONTAINER_ID", container)
        .endObject();
    json.key("Resources").beginObject().endObject().field("Resource Profile Id", 0).endObject().endObject();
}

void executorRemoved(std::string& line, const Executor& executor, std::string_view reason, std::int64_t time)
{
    JsonText json = event(line, "SparkListenerExecutorRemoved");
    json.field("Timestamp", time)
        .field("Executor ID", executor.id)
        .field("Removed Reason", reason)
        .endObject();
}

void blockManagerAdded(std::string& line, const Executor& executor, std::int64_t time)
{
    constexpr std::int64_t kMemory = 2'101'975'449;
    JsonText json = event(line, "SparkListenerBlockManagerAdded");
    writeBlockManager(json, executor);
    json.field("Maximum Memory", kMemory).field("Timestamp", time).field("Maximum Onheap Memory", kMemory);
    json.field("Maximum Offheap Memory", 0).endObject();
}

void blockManagerRemoved(std::string& line, const Executor& executor, std::int64_t time)
{
    JsonText json = event(line, "SparkListenerBlockManagerRemoved");
    writeBlockManager(json, executor);
    json.field("Timestamp", time).endObject();
}

void jobStart(std::string& line, std::int64_t job, const std::vector<Stage>& stages,
              const JobContext& context, std::int64_t time)
{
    JsonText json = event(line, "SparkListenerJobStart");
    json.field("Job ID", job).field("Submission Time", time).key("Stage Infos").beginArray();
    for (const Stage& stage : stages)
        writeStageInfo(json, stage, {});
    json.endArray().key("Stage IDs").beginArray();
    for (const Stage& stage : stages)
        json.value(stage.id);
    json.endArray();
    writeProperties(json, context);
    json.endObject();
}

void jobEnd(std::string& line, std::int64_t job, std::string_view failure, std::int64_t time)
{
    JsonText json = event(line, "SparkListenerJobEnd");
    json.field("Job ID", job).field("Completion Time", time).key("Job Result").beginObject();
    if (failure.empty()) {
        json.field("Result", "JobSucceeded");
    } else {
        json.field("Result", "JobFailed").key("Exception").beginObject().field("Message", failure);
        json.key("Stack Trace").beginArray().endArray().endObject();
    }
    json.endObject().endObject();
}

void stageSubmitted(std::string& line, const Stage& stage, const JobContext& context)
{
    JsonText json = event(line, "SparkListenerStageSubmitted");
    json.key("Stage Info");
    writeStageInfo(json, stage, {});
    writeProperties(json, context);
    json.endObject();
}

void stageCompleted(std::string& line, const Stage& stage, const TaskMetrics& sums)
{
    JsonText json = event(line, "SparkListenerStageCompleted");
    json.key("Stage Info");
    writeStageInfo(json, stage, sums);
    json.endObject();
}

void taskStart(std::string& line, const Stage& stage, const Task& task)
{
    JsonText json = event(line, "SparkListenerTaskStart");
    json.field("Stage ID", stage.id).field("Stage Attempt ID", 0);
    writeTaskInfo(json, stage, task, 0, TaskEnd::Success, nullptr, {});
    json.endObject();
}

void taskEnd(std::string& line, const Stage& stage, const Task& task, TaskEnd end, std::string_view reason,
             const TaskMetrics& metrics, const TaskMetrics& before, std::int64_t finished)
{
    // Of a task whose executor is gone nobody knows what it measured.
    const bool measured = end != TaskEnd::ExecutorLost;
    JsonText json = event(line, "SparkListenerTaskEnd");
    json.field("Stage ID", stage.id).field("Stage Attempt ID", 0);
    json.field("Task Type", stage.shuffles ? "ShuffleMapTask" : "ResultTask");
    writeEndReason(json, task, end, reason);
    writeTaskInfo(json, stage, task, finished, end, measured ? &metrics : nullptr, before);
    writeExecutorMetrics(json);
    if (measured)
        writeMetrics(json, metrics);
    json.endObject();
}

void sqlExecutionStart(std::string& line, std::int64_t execution, std::string_view description,
                       std::int64_t firstAccumulator, std::int64_t time)
{
    JsonText json = event(line, "org.apache.spark.sql.execution.ui.SparkListenerSQLExecutionStart");
    json.field("executionId", execution)
        .field("rootExecutionId", execution)
        .field("description", description);
    json.field("details", kDetails);
    json.field(
        "physicalPlanDescription",
        "== Physical Plan ==\nAdaptiveSparkPlan (5)\n+- HashAggregate (4)\n   +- Exchange (3)\n      +- "
        "Filter (2)\n"
        "         +- Scan parquet core.orders (1)\n\n\n(1) Scan parquet core.orders\nOutput [2]: [region#12, "
        "amount#13]\nBatched: true\nPushedFilters: [IsNotNull(region)]\nReadSchema: struct<region:string,"
        "amount:decimal(12,2)>\n");
    json.key("sparkPlanInfo");
    writePlanNode(json, 0, firstAccumulator);
    json.field("time", time)
        .key("modifiedConfigs")
        .beginObject()
        .endObject()
        .key("jobTags")
        .beginArray()
        .endArray();
    json.endObject();
}

void driverAccumulatorUpdates(std::string& line, std::int64_t execution, std::int64_t firstAccumulator,
                              std::int64_t files, std::int64_t bytes)
{
    JsonText json = event(line, "org.apache.spark.sql.execution.ui.SparkListenerDriverAccumUpdates");
    json.field("executionId", execution).key("accumUpdates").beginArray();
    json.beginArray().value(firstAccumulator).value(files).endArray();
    json.beginArray().value(firstAccumulator + 1).value(bytes).endArray();
    json.endArray().endObject();
}

void sqlExecutionEnd(std::string& line, std::int64_t execution, std::string_view failure, std::int64_t time)
{
    event(line, "org.apache.spark.sql.execution.ui.SparkListenerSQLExecutionEnd")
        .field("executionId", execution)
        .field("time", time)
        .field("errorMessage", failure)
        .endObject();
}

void unpersistRdd(std::string& line, std::int64_t rdd)
{
    event(line, "SparkListenerUnpersistRDD").field("RDD ID", rdd).endObject();
}

std::string stageFailure(const Stage& stage, const Task& task, TaskEnd end)
{
    return fmt::format(
        "Job aborted due to stage failure: Task {0} in stage {1}.0 failed {2} times, most recent failure: "
        "Lost task {0}.{3} in stage {1}.0 (TID {4}) ({5} executor {6}): {7}\nDriver stacktrace:",
        task.index, stage.id, task.attempt + 1, task.attempt, task.id, task.host, task.executor,
        end == TaskEnd::ExceptionFailure ? stackTrace() : "ExecutorLostFailure (executor exited)");
}

} // namespace jetlag::spark_text
