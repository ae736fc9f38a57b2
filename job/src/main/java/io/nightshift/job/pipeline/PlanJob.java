package io.nightshift.job.pipeline;

import io.nightshift.connectors.arrow.ArrowBatch;
import io.nightshift.connectors.parquet.source.ParquetSource;
import io.nightshift.connectors.units.WorkUnit;
import io.nightshift.operators.plan.CutUnitsOperator;
import io.nightshift.operators.plan.ManifestSink;
import io.nightshift.operators.tokenize.PromptKey;
import io.nightshift.operators.tokenize.RowPayload;
import io.nightshift.operators.tokenize.TokenizeFunction;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.operators.Order;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.fs.Path;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The first Flink job, in batch mode: rows become prompts, prompts become token ids, and these are
 * sorted over the whole data set and cut into work units.
 */
final class PlanJob {
  private PlanJob() {}

  static JobClient start(PreparedJob job, Path planFolder, Configuration flink) throws Exception {
    StreamExecutionEnvironment environment =
        StreamExecutionEnvironment.getExecutionEnvironment(flink);
    environment.setRuntimeMode(RuntimeExecutionMode.BATCH);
    environment.getConfig().enableObjectReuse();

    ParquetSource source =
        ParquetSource.builder()
            .inputs(job.inputs())
            .columns(job.columnsRead())
            .rowOrigin(true)
            .build();
    DataStream<ArrowBatch> rows =
        environment.fromSource(source, WatermarkStrategy.noWatermarks(), "read");

    SingleOutputStreamOperator<Tuple2<PromptKey, RowPayload>> prompts =
        rows.flatMap(
                new TokenizeFunction(
                    job.prompt(),
                    Clock.fixed(Instant.now(), ZoneId.systemDefault()),
                    job.modelPath().toString(),
                    job.keptColumns(),
                    job.maxPromptTokens()))
            .returns(TokenizeFunction.ROW_TYPE)
            .name("render and tokenize");

    SingleOutputStreamOperator<Tuple2<PromptKey, RowPayload>> sorted =
        prompts
            .global()
            .map(row -> row)
            .returns(TokenizeFunction.ROW_TYPE)
            .setParallelism(1)
            .name("gather")
            .fullWindowPartition()
            .sortPartition("f0", Order.ASCENDING)
            .setParallelism(1)
            .name("sort by tokens");

    sorted
        .transform(
            "cut work units",
            TypeInformation.of(WorkUnit.class),
            new CutUnitsOperator(
                planFolder, job.keptSchema(), job.specification().plan().unitTokens()))
        .setParallelism(1)
        .sinkTo(new ManifestSink(planFolder, job.fingerprint(), job.keptSchema()))
        .setParallelism(1)
        .name("write manifest");

    return environment.executeAsync("Nightshift plan: " + job.specification().input().path());
  }
}
