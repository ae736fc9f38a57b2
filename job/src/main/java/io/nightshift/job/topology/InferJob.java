package io.nightshift.job.topology;

import io.nightshift.job.pipeline.PreparedJob;

import io.nightshift.connectors.arrow.ArrowBatch;
import io.nightshift.connectors.arrow.ArrowBatchTypeInformation;
import io.nightshift.connectors.lease.Ownership;
import io.nightshift.connectors.parquet.sink.ParquetSink;
import io.nightshift.connectors.parquet.sink.ParquetSinkBuilder;
import io.nightshift.connectors.units.Plans;
import io.nightshift.connectors.units.UnassignedRows;
import io.nightshift.connectors.units.WorkUnitSource;
import io.nightshift.job.options.Compression;
import io.nightshift.job.options.JobSpecification;
import io.nightshift.operators.infer.AnswerColumns;
import io.nightshift.operators.infer.InferenceOperatorFactory;
import io.nightshift.operators.infer.OutputForm;
import io.nightshift.operators.infer.TaskGpus;
import io.nightshift.operators.report.ErrorBound;
import java.util.List;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.operators.SlotSharingGroup;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.fs.Path;
import org.apache.flink.streaming.api.datastream.DataStreamSource;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/**
 * The second Flink job, bounded but with checkpoints: readers pull work units, engines answer their
 * rows, and output files are committed at each checkpoint.
 */
final class InferJob {
  private InferJob() {}

  /**
   * @param ownership of the output
   * @param folders where answers go, and rows with an error if they go elsewhere
   * @param rows of the plans that have no answers yet
   * @param errorBound how many rows may have errors, and those known before
   * @param embedded whether the tasks run in this process
   */
  static JobClient start(
      PreparedJob job,
      Ownership ownership,
      List<Path> folders,
      Plans plans,
      UnassignedRows rows,
      ErrorBound errorBound,
      StreamExecutionEnvironment environment,
      boolean embedded)
      throws Exception {
    environment.setRuntimeMode(RuntimeExecutionMode.STREAMING);
    environment.getConfig().enableObjectReuse();

    DataStreamSource<ArrowBatch> prompts =
        environment.fromSource(
            new WorkUnitSource(plans, rows, ownership),
            WatermarkStrategy.noWatermarks(),
            "work units");
    if (!embedded) {
      job.specification().engine().slot().ifPresent(slot -> prompts.slotSharingGroup(group(slot)));
    }

    SingleOutputStreamOperator<ArrowBatch> answers =
        prompts.transform(
            "answer",
            ArrowBatchTypeInformation.INSTANCE,
            new InferenceOperatorFactory(
                job.engines(),
                job.answer(),
                job.keptSchema(),
                job.outputForm(),
                plans.folder(),
                errorBound,
                job.lookAheadRows(),
                !embedded));

    answers.sinkTo(sink(job, ownership, folders.get(0))).name("write answers");
    if (job.outputForm().failedRowsApart()) {
      answers
          .getSideOutput(OutputForm.FAILED_ROWS)
          .sinkTo(sink(job, ownership, folders.get(1)))
          .name("write failed rows");
    }

    return environment.executeAsync("Nightshift infer: " + job.specification().input().path());
  }

  /** The slots of all tasks, which follow the source's. Flink finds TaskManagers that have such. */
  private static SlotSharingGroup group(JobSpecification.Slot slot) {
    SlotSharingGroup.Builder group =
        SlotSharingGroup.newBuilder("inference")
            .setCpuCores(slot.cpuCores())
            .setTaskHeapMemory(slot.heapMemory())
            .setTaskOffHeapMemory(slot.offHeapMemory());
    if (slot.gpus() > 0) {
      group.setExternalResource(TaskGpus.RESOURCE, slot.gpus());
    }
    return group.build();
  }

  /**
   * Where answers go, or rows without one.
   *
   * @throws IllegalArgumentException naming a kept column that cannot be written
   */
  static ParquetSink sink(PreparedJob job, Ownership ownership, Path folder) {
    return sinkBuilder(job, ownership, folder).build();
  }

  static ParquetSinkBuilder sinkBuilder(PreparedJob job, Ownership ownership, Path folder) {
    JobSpecification.Output output = job.specification().output();
    Schema schema = job.outputSchema();
    return ParquetSink.builder()
        .path(folder)
        .ownership(ownership)
        .schema(schema)
        .recordRows(AnswerColumns.unitFile(schema), AnswerColumns.unitRow(schema))
        .compression(codec(output.compression()))
        .rowGroupSize(output.rowGroupSize().getBytes());
  }

  static CompressionCodecName codec(Compression compression) {
    return switch (compression) {
      case ZSTD -> CompressionCodecName.ZSTD;
      case SNAPPY -> CompressionCodecName.SNAPPY;
      case GZIP -> CompressionCodecName.GZIP;
      case LZ4_RAW -> CompressionCodecName.LZ4_RAW;
      case NONE -> CompressionCodecName.UNCOMPRESSED;
    };
  }
}
