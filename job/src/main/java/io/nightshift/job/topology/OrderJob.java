package io.nightshift.job.topology;

import io.nightshift.job.pipeline.PreparedJob;
import io.nightshift.job.run.OrderedRun;
import io.nightshift.job.run.OutputFolder;

import io.nightshift.connectors.arrow.ArrowBatch;
import io.nightshift.connectors.lease.Ownership;
import io.nightshift.connectors.parquet.OutputFiles;
import io.nightshift.connectors.parquet.sink.OrderedParquetSink;
import io.nightshift.connectors.parquet.source.ParquetSource;
import io.nightshift.job.options.JobSpecification;
import io.nightshift.operators.infer.AnswerColumns;
import io.nightshift.operators.order.InputFile;
import io.nightshift.operators.order.InputOrder;
import java.io.IOException;
import java.util.List;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The third Flink job, in batch mode, where rows are to be in the input's order: what the second
 * one has written is read, sorted and written again. It can be run any number of times, since it
 * leaves its input alone.
 */
final class OrderJob {
  private OrderJob() {}

  /**
   * @param ownership of the output
   * @param outputs folders of the rows, which wait below them
   * @param run number of this run among those that bring rows into order
   * @param input the files that rows come from, in order
   */
  static JobClient start(
      PreparedJob job,
      Ownership ownership,
      List<OutputFolder> outputs,
      int run,
      List<InputFile> input,
      StreamExecutionEnvironment environment)
      throws Exception {
    environment.setRuntimeMode(RuntimeExecutionMode.BATCH);
    environment.getConfig().enableObjectReuse();
    for (OutputFolder folder : outputs) {
      if (!OutputFiles.list(List.of(folder.unordered(run))).isEmpty()) {
        order(environment, job.specification().output(), ownership, folder, run, input);
      }
    }
    return environment.executeAsync("Nightshift order: " + job.specification().input().path());
  }

  private static void order(
      StreamExecutionEnvironment environment,
      JobSpecification.Output output,
      Ownership ownership,
      OutputFolder folder,
      int run,
      List<InputFile> input)
      throws IOException {
    ParquetSource source = ParquetSource.builder().path(folder.unordered(run).toString()).build();
    DataStream<ArrowBatch> answers =
        environment.fromSource(source, WatermarkStrategy.noWatermarks(), "read answers");
    Schema schema = written(source.schema(), output.sourceColumns());
    InputOrder.of(answers, schema, input)
        .sinkTo(
            new OrderedParquetSink(
                folder.path(),
                OrderedRun.filePrefix(run),
                schema,
                InferJob.codec(output.compression()),
                output.rowGroupSize().getBytes(),
                output.fileSize().getBytes(),
                ownership))
        .name("write in order");
  }

  /** What is written of answers that waited for their order. */
  static Schema written(Schema answers, boolean sourceColumns) {
    List<Field> fields =
        answers.getFields().stream()
            .filter(field -> sourceColumns || !isSourceColumn(field.getName()))
            .toList();
    return new Schema(fields);
  }

  private static boolean isSourceColumn(String name) {
    return name.equals(AnswerColumns.SOURCE_FILE) || name.equals(AnswerColumns.SOURCE_ROW);
  }
}
