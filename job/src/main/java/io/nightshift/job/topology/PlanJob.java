package io.nightshift.job.topology;

import io.nightshift.job.pipeline.PreparedJob;
import io.nightshift.job.run.InputChanges;

import io.nightshift.connectors.arrow.ArrowBatch;
import io.nightshift.connectors.lease.Ownership;
import io.nightshift.connectors.parquet.source.ParquetSource;
import io.nightshift.operators.plan.ManifestSink;
import io.nightshift.operators.plan.PrefixPlan;
import io.nightshift.operators.tokenize.PromptKey;
import io.nightshift.operators.tokenize.RowPayload;
import io.nightshift.operators.tokenize.TokenizeFunction;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.fs.Path;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The first Flink job, in batch mode: rows become prompts, prompts become token ids, and these are
 * sorted over the whole data set, range by range, and cut into work units.
 */
final class PlanJob {
  private PlanJob() {}

  static JobClient start(
      PreparedJob job, Path planFolder, Ownership ownership, StreamExecutionEnvironment environment)
      throws Exception {
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
                    job.model().source(),
                    job.columnsRead(),
                    job.keptSchema(),
                    job.promptLimit()))
            .returns(TokenizeFunction.ROW_TYPE)
            .name("render and tokenize");

    PrefixPlan.of(
            prompts,
            job.inputs().rows(),
            planFolder,
            job.keptSchema(),
            job.specification().plan().unitTokens(),
            job.expectedAnswerTokens())
        .sinkTo(
            new ManifestSink(
                planFolder, InputChanges.asPlanned(job.inputs()), job.keptSchema(), ownership))
        .setParallelism(1)
        .name("write manifest");

    return environment.executeAsync("Nightshift plan: " + job.specification().input().path());
  }
}
