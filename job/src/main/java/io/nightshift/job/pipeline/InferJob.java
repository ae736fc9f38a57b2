package io.nightshift.job.pipeline;

import io.nightshift.connectors.arrow.ArrowBatch;
import io.nightshift.connectors.arrow.ArrowBatchTypeInformation;
import io.nightshift.connectors.parquet.sink.ParquetSink;
import io.nightshift.connectors.units.PlanManifest;
import io.nightshift.connectors.units.WorkUnitSource;
import io.nightshift.job.options.Compression;
import io.nightshift.job.options.JobSpecification;
import io.nightshift.operators.infer.AnswerColumns;
import io.nightshift.operators.infer.EngineFactory;
import io.nightshift.operators.infer.InferenceOperatorFactory;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.fs.Path;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/**
 * The second Flink job, bounded but with checkpoints: readers pull work units, engines answer their
 * rows, and output files are committed at each checkpoint.
 */
final class InferJob {
  private InferJob() {}

  static JobClient start(
      PreparedJob job,
      EngineFactory engines,
      PlanManifest plan,
      Path planFolder,
      Configuration flink)
      throws Exception {
    StreamExecutionEnvironment environment =
        StreamExecutionEnvironment.getExecutionEnvironment(flink);
    environment.setRuntimeMode(RuntimeExecutionMode.STREAMING);
    environment.getConfig().enableObjectReuse();

    DataStream<ArrowBatch> units =
        environment.fromSource(
            new WorkUnitSource(planFolder, plan.units()),
            WatermarkStrategy.noWatermarks(),
            "work units");

    DataStream<ArrowBatch> answers =
        units.transform(
            "answer",
            ArrowBatchTypeInformation.INSTANCE,
            new InferenceOperatorFactory(
                engines,
                job.answer(),
                plan.keptColumns(),
                planFolder,
                plan.units(),
                job.lookAheadRows()));

    answers.sinkTo(sink(job)).name("write answers");

    return environment.executeAsync("Nightshift infer: " + job.specification().input().path());
  }

  /**
   * Where the answers go.
   *
   * @throws IllegalArgumentException naming a kept column that cannot be written
   */
  static ParquetSink sink(PreparedJob job) {
    JobSpecification.Output output = job.specification().output();
    return ParquetSink.builder()
        .path(output.path())
        .schema(AnswerColumns.outputSchema(job.keptSchema(), job.answer().choices() != null))
        .compression(codec(output.compression()))
        .rowGroupSize(output.rowGroupSize().getBytes())
        .build();
  }

  private static CompressionCodecName codec(Compression compression) {
    return switch (compression) {
      case ZSTD -> CompressionCodecName.ZSTD;
      case SNAPPY -> CompressionCodecName.SNAPPY;
      case GZIP -> CompressionCodecName.GZIP;
      case LZ4_RAW -> CompressionCodecName.LZ4_RAW;
      case NONE -> CompressionCodecName.UNCOMPRESSED;
    };
  }
}
