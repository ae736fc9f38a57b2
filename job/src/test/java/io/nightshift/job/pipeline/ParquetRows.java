package io.nightshift.job.pipeline;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/**
 * Rows written and read by parquet-java's own example classes, which share no code with our source
 * and sink.
 */
public final class ParquetRows {
  private ParquetRows() {}

  /**
   * Writes a file.
   *
   * @param schema in Parquet's own notation
   * @param fill sets the values of a row, given its number
   */
  public static void write(Path file, String schema, int rows, BiConsumer<Integer, Group> fill)
      throws IOException {
    MessageType type = MessageTypeParser.parseMessageType(schema);
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new LocalOutputFile(file)).withType(type).build()) {
      for (int row = 0; row < rows; row++) {
        Group group = new SimpleGroup(type);
        fill.accept(row, group);
        writer.write(group);
      }
    }
  }

  /** The rows of a file, or of all files of a folder of answers, by their column {@code id}. */
  public static List<Group> read(Path folder) throws IOException {
    List<Group> rows = readInOrder(folder);
    rows.sort(Comparator.comparingLong(row -> row.getLong("id", 0)));
    return rows;
  }

  /** The rows of all files of a folder, file by file in the order of their names. */
  public static List<Group> readInOrder(Path folder) throws IOException {
    List<Group> rows = new ArrayList<>();
    forEach(folder, rows::add);
    return rows;
  }

  /** The schema of a file. */
  static MessageType schema(Path file) throws IOException {
    try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(file))) {
      return reader.getFileMetaData().getSchema();
    }
  }

  /** Does something with each row of all files of a folder, in that order. */
  public static void forEach(Path folder, Consumer<Group> action) throws IOException {
    for (Path file : files(folder)) {
      try (ParquetReader<Group> reader =
          ParquetReader.builder(new GroupReadSupport(), new org.apache.hadoop.fs.Path(file.toUri()))
              .withConf(new Configuration(false))
              .build()) {
        for (Group row = reader.read(); row != null; row = reader.read()) {
          action.accept(row);
        }
      }
    }
  }

  /**
   * The files of a folder that readers of Parquet would read; none if there is no folder; a file
   * itself.
   */
  public static List<Path> files(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return List.of();
    }
    if (!Files.isDirectory(folder)) {
      return List.of(folder);
    }
    try (var files = Files.list(folder)) {
      return files
          .filter(file -> !file.getFileName().toString().matches("[._].*"))
          .sorted()
          .toList();
    }
  }
}
