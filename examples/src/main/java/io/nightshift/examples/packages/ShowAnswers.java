package io.nightshift.examples.packages;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.LocalInputFile;

/**
 * Prints the first answers in an output folder, and how many of all agree with the column {@code
 * section}.
 */
public final class ShowAnswers {
  private static final int SHOWN = 8;

  private ShowAnswers() {}

  /**
   * @param arguments the output folder
   */
  public static void main(String[] arguments) throws IOException {
    List<Group> rows = read(Path.of(arguments[0]));
    rows.sort(Comparator.comparingLong(row -> row.getLong("id", 0)));
    System.out.printf("%n%-22s %-44s %-9s %-9s%n", "package", "description", "section", "answer");
    for (int i = 0; i < SHOWN; i++) {
      Group row = rows.get(i * rows.size() / SHOWN);
      System.out.printf(
          "%-22.22s %-44.44s %-9s %-9s%n",
          row.getString("package", 0),
          row.getString("description", 0),
          row.getString("section", 0),
          answer(row));
    }
    long right =
        rows.stream().filter(row -> answer(row).equals(row.getString("section", 0))).count();
    System.out.printf(
        "%n%d of %d answers are right: accuracy %.2f (a guess: 0.14)%n",
        right, rows.size(), (double) right / rows.size());
  }

  private static String answer(Group row) {
    return row.getFieldRepetitionCount("completion") == 0 ? "-" : row.getString("completion", 0);
  }

  private static List<Group> read(Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> listed = Files.list(folder)) {
      files = listed.filter(file -> file.toString().endsWith(".parquet")).toList();
    }
    List<Group> rows = new ArrayList<>();
    for (Path file : files) {
      try (ParquetReader<Group> reader = new GroupReader(new LocalInputFile(file)).build()) {
        for (Group row = reader.read(); row != null; row = reader.read()) {
          rows.add(row);
        }
      }
    }
    return rows;
  }

  private static final class GroupReader extends ParquetReader.Builder<Group> {
    GroupReader(InputFile file) {
      super(file, new PlainParquetConfiguration());
    }

    @Override
    protected ReadSupport<Group> getReadSupport() {
      return new GroupReadSupport();
    }
  }
}
