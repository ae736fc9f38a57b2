package io.nightshift.connectors.parquet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The files that write_parquet_fixtures.py wrote, and what other readers found in them. */
public record Fixture(String name, Path parquet, List<String> columns, List<JsonNode> rows) {
  public static final Path FOLDER = Path.of("src/test/resources/parquet");

  /** All fixtures with expected rows. */
  public static List<Fixture> all() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".json"))
          .sorted()
          .map(name -> of(name.substring(0, name.length() - ".json".length())))
          .toList();
    }
  }

  public static Fixture of(String name) {
    try {
      JsonNode expected = new ObjectMapper().readTree(FOLDER.resolve(name + ".json").toFile());
      List<String> columns = new ArrayList<>();
      expected.get("columns").forEach(column -> columns.add(column.asText()));
      List<JsonNode> rows = new ArrayList<>();
      expected.get("rows").forEach(rows::add);
      return new Fixture(name, FOLDER.resolve(name + ".parquet"), columns, rows);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
