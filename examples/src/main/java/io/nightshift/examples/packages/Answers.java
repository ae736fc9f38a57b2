package io.nightshift.examples.packages;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.LocalInputFile;

/** Reads the rows of an output folder. */
final class Answers {
  private Answers() {}

  /** All rows, by their ids. */
  static List<Group> read(Path folder) throws IOException {
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
    rows.sort(Comparator.comparingLong(row -> row.getLong("id", 0)));
    return rows;
  }

  /** The answer, or {@code -} for a row with an error. */
  static String answer(Group row) {
    return row.getFieldRepetitionCount("completion") == 0 ? "-" : row.getString("completion", 0);
  }

  /** The probability of each choice; none for a row with an error. */
  static Map<String, Double> probabilities(Group row) {
    Map<String, Double> result = new HashMap<>();
    if (row.getFieldRepetitionCount("choice_probabilities") > 0) {
      Group map = row.getGroup("choice_probabilities", 0);
      for (int i = 0; i < map.getFieldRepetitionCount(0); i++) {
        Group entry = map.getGroup(0, i);
        result.put(entry.getString(0, 0), Double.parseDouble(entry.getValueToString(1, 0)));
      }
    }
    return result;
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
