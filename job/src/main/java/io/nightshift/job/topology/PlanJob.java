package io.nightshift.job.topology;

import io.nightshift.connectors.arrow.ArrowBatch;
import io.nightshift.connectors.input.ArrowSourceBuilder;
import io.nightshift.connectors.input.InputFiles;
import io.nightshift.connectors.lease.Ownership;
import io.nightshift.connectors.source.ArrowSource;
import io.nightshift.operators.plan.ManifestSink;
import io.nightshift.operators.plan.PlannedFile;
import io.nightshift.operators.plan.PrefixPlan;
import io.nightshift.operators.tokenize.PromptKey;
import io.nightshift.operators.tokenize.RowPayload;
import io.nightshift.operators.tokenize.TokenizeFunction;
import java.util.List;
import org.apache.arrow.vector.types.pojo.Schema;
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
 *
 * @param input path of the input, which the job is named after
 * @param files of the input that are planned
 * @param prompts how prompts are made from rows
 * @param keptSchema schema of the input columns that go to the output
 * @param unitTokens prompt tokens of a work unit
 * @param answerTokens tokens that an answer is expected to have
 */
public record PlanJob(
    String input,
    InputFiles files,
    Prompts prompts,
    Schema keptSchema,
    int unitTokens,
    int answerTokens) {

  /**
   * Submits the job.
   *
   * @param planFolder where the plan goes
   * @param ownership of the output
   */
  public JobClient start(
      Path planFolder, Ownership ownership, StreamExecutionEnvironment environment)
      throws Exception {
    environment.setRuntimeMode(RuntimeExecutionMode.BATCH);
    environment.getConfig().enableObjectReuse();

    ArrowSource source =
        ArrowSourceBuilder.of(files).columns(prompts.columns()).rowOrigin(true).build();
    DataStream<ArrowBatch> rows =
        environment.fromSource(source, WatermarkStrategy.noWatermarks(), "read");

    SingleOutputStreamOperator<Tuple2<PromptKey, RowPayload>> tokenized =
        rows.flatMap(
                new TokenizeFunction(
                    prompts.source(),
                    prompts.model(),
                    prompts.columns(),
                    keptSchema,
                    prompts.limit()))
            .returns(TokenizeFunction.ROW_TYPE)
            .name("render and tokenize");

    PrefixPlan.of(tokenized, files.rows(), planFolder, keptSchema, unitTokens, answerTokens)
        .sinkTo(new ManifestSink(planFolder, plannedFiles(), keptSchema, ownership))
        .setParallelism(1)
        .name("write manifest");

    return environment.executeAsync("Nightshift plan: " + input);
  }

  private List<PlannedFile> plannedFiles() {
    return files.files().stream()
        .map(
            file ->
                new PlannedFile(
                    file.path(), file.length(), file.modificationTime(), file.rowNumbers()))
        .toList();
  }
}
