package io.nightshift.job.topology;

import io.nightshift.connectors.arrow.ArrowBatch;
import io.nightshift.connectors.input.ArrowSourceBuilder;
import io.nightshift.connectors.lease.Ownership;
import io.nightshift.connectors.parquet.input.ParquetInputs;
import io.nightshift.connectors.parquet.output.OutputFiles;
import io.nightshift.connectors.source.ArrowSource;
import io.nightshift.operators.infer.AnswerSchema;
import io.nightshift.operators.order.InputOrder;
import io.nightshift.operators.order.SourceColumns;
import io.nightshift.operators.order.SourceFile;
import java.io.IOException;
import java.util.List;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.fs.Path;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The third Flink job, in batch mode, if rows are to be in the input's order: reads what the second
 * one has written, sorts it and writes it again. It can be run any number of times, since it leaves
 * its input alone.
 *
 * @param input path of the input, which the job is named after
 * @param format how answers are written
 * @param ownership of the output
 */
public record OrderJob(String input, AnswerFileFormat format, Ownership ownership) {

  /**
   * Where rows are read and written.
   *
   * @param unordered folder of the rows as they were answered
   * @param ordered folder of the rows in the input's order
   */
  public record Folder(Path unordered, Path ordered) {}

  /**
   * Submits the job.
   *
   * @param filePrefix what the names of the ordered files begin with
   * @param inputFiles the files that rows come from, in order
   */
  public JobClient start(
      List<Folder> folders,
      String filePrefix,
      List<SourceFile> inputFiles,
      StreamExecutionEnvironment environment)
      throws Exception {
    environment.setRuntimeMode(RuntimeExecutionMode.BATCH);
    environment.getConfig().enableObjectReuse();
    for (Folder folder : folders) {
      if (!OutputFiles.list(List.of(folder.unordered())).isEmpty()) {
        order(folder, filePrefix, inputFiles, environment);
      }
    }
    return environment.executeAsync("Nightshift order: " + input);
  }

  private void order(
      Folder folder,
      String filePrefix,
      List<SourceFile> inputFiles,
      StreamExecutionEnvironment environment)
      throws IOException {
    ArrowSource source =
        ArrowSourceBuilder.of(ParquetInputs.inspect(folder.unordered().toString())).build();
    DataStream<ArrowBatch> answers =
        environment.fromSource(source, WatermarkStrategy.noWatermarks(), "read answers");
    SourceColumns columns = new SourceColumns(AnswerSchema.SOURCE_FILE, AnswerSchema.SOURCE_ROW);
    InputOrder.of(answers, columns, format.visible(source.schema()), inputFiles)
        .sinkTo(format.orderedSink(ownership, folder.ordered(), source.schema(), filePrefix))
        .name("write in order");
  }
}
