package io.nightshift.job.topology;

import io.nightshift.connectors.lease.Ownership;
import io.nightshift.connectors.parquet.compaction.FileMerger;
import io.nightshift.connectors.parquet.sink.FileLayout;
import io.nightshift.connectors.parquet.sink.OrderedParquetSink;
import io.nightshift.connectors.parquet.sink.ParquetSink;
import io.nightshift.connectors.parquet.sink.ParquetSinkBuilder;
import io.nightshift.job.options.Compression;
import io.nightshift.job.options.JobSpecification;
import io.nightshift.operators.infer.AnswerSchema;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.flink.core.fs.Path;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/**
 * How answers are written to Parquet files.
 *
 * @param schema of answered rows
 * @param sourceColumns whether rows in the input's order keep their source columns
 * @param codec of the pages
 * @param rowGroupBytes size of a row group before compression
 * @param fileBytes size at which a file of ordered rows ends
 */
public record AnswerFileFormat(
    Schema schema,
    boolean sourceColumns,
    CompressionCodecName codec,
    long rowGroupBytes,
    long fileBytes) {

  /** The format that a job's options for its output ask for. */
  public static AnswerFileFormat of(Schema schema, JobSpecification.Output output) {
    return new AnswerFileFormat(
        schema,
        output.sourceColumns(),
        codec(output.compression()),
        output.rowGroupSize().getBytes(),
        output.fileSize().getBytes());
  }

  /**
   * A sink for answers, or for rows with an error.
   *
   * @param ownership of the output
   * @throws IllegalArgumentException naming a kept column that cannot be written
   */
  public ParquetSink sink(Ownership ownership, Path folder) {
    return builder(ownership, folder).build();
  }

  private ParquetSinkBuilder builder(Ownership ownership, Path folder) {
    return ParquetSink.builder()
        .path(folder)
        .ownership(ownership)
        .schema(schema)
        .recordRows(AnswerSchema.unitFile(schema), AnswerSchema.unitRow(schema))
        .compression(codec)
        .rowGroupSize(rowGroupBytes);
  }

  /** Writes a file without rows, which has the columns of the answers. */
  public void writeEmptyFile(Ownership ownership, Path folder, String name) throws IOException {
    builder(ownership, folder).schema(visible(schema)).writeEmptyFile(name);
  }

  /**
   * A sink for rows in the order of the input.
   *
   * @param answers schema of the rows as they were before they were ordered
   * @param filePrefix what the names of the files begin with
   */
  OrderedParquetSink orderedSink(
      Ownership ownership, Path folder, Schema answers, String filePrefix) {
    return new OrderedParquetSink(
        folder, filePrefix, visible(answers), layout(), fileBytes, ownership);
  }

  /** What merges small files of answers for a run. */
  public FileMerger merger(String runId) {
    return new FileMerger(layout(), runId);
  }

  /** Files that are read again have lost what only the schema of the answers says. */
  private FileLayout layout() {
    Map<String, Integer> listSizes = new TreeMap<>();
    for (Field field : schema.getFields()) {
      if (field.getType() instanceof ArrowType.FixedSizeList list) {
        listSizes.put(field.getName(), list.getListSize());
      }
    }
    return new FileLayout(codec, rowGroupBytes, listSizes);
  }

  /**
   * The columns that remain once rows are ordered: source columns only if the job asks for them.
   */
  Schema visible(Schema answers) {
    List<Field> fields =
        answers.getFields().stream()
            .filter(field -> sourceColumns || !isSourceColumn(field.getName()))
            .toList();
    return new Schema(fields);
  }

  private static boolean isSourceColumn(String name) {
    return name.equals(AnswerSchema.SOURCE_FILE) || name.equals(AnswerSchema.SOURCE_ROW);
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
