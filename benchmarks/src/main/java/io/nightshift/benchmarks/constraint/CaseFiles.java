package io.nightshift.benchmarks.constraint;

import com.fasterxml.jackson.databind.JsonNode;
import io.nightshift.benchmarks.constraint.SchemaCase.Instance;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * Files of schemas and instances, by their names without {@code .xz} or {@code .gz}:
 *
 * <ul>
 *   <li>{@code .jsonl}: a line {@code {name, schema, tests: [{valid, data}]}} for each schema, as
 *       <a href="https://github.com/guidance-ai/jsonschemabench">MaskBench</a> has them;
 *   <li>{@code .json}: {@code [{description, schema, tests: [{description, data, valid}]}]}, as <a
 *       href="https://github.com/json-schema-org/JSON-Schema-Test-Suite">JSON Schema's own test
 *       suite</a> has them;
 *   <li>{@code .tar} or a folder: all {@code .json} files in it.
 * </ul>
 */
final class CaseFiles {
  private CaseFiles() {}

  /**
   * Hands over each schema, in the order of the files.
   *
   * @throws IllegalArgumentException if the file is of no such form
   */
  static void read(Path path, Consumer<SchemaCase> consumer) throws IOException {
    if (Files.isDirectory(path)) {
      for (Path file : jsonFiles(path)) {
        readSuite(path.relativize(file).toString(), Files.readString(file), consumer);
      }
      return;
    }
    String name = path.getFileName().toString().replaceFirst("\\.(xz|gz)$", "");
    try (InputStream content = open(path)) {
      if (name.endsWith(".jsonl")) {
        readLines(content, consumer);
      } else if (name.endsWith(".tar")) {
        readTar(content, consumer);
      } else if (name.endsWith(".json")) {
        readSuite(name, text(content), consumer);
      } else {
        throw new IllegalArgumentException(
            path
                + ": use a folder, or a .jsonl, .json or .tar file, which may end with .xz or .gz");
      }
    }
  }

  private static List<Path> jsonFiles(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    }
  }

  private static InputStream open(Path path) throws IOException {
    InputStream file = new BufferedInputStream(Files.newInputStream(path));
    if (path.toString().endsWith(".xz")) {
      return new XZInputStream(file);
    }
    return path.toString().endsWith(".gz") ? new GZIPInputStream(file) : file;
  }

  private static String text(InputStream content) throws IOException {
    return new String(content.readAllBytes(), StandardCharsets.UTF_8);
  }

  private static void readLines(InputStream content, Consumer<SchemaCase> consumer)
      throws IOException {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(content, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (!line.isBlank()) {
        JsonNode schema = JsonTexts.read(line);
        consumer.accept(schemaCase(schema.path("name").asText(), schema));
      }
    }
  }

  private static void readTar(InputStream content, Consumer<SchemaCase> consumer)
      throws IOException {
    TarArchiveInputStream tar = new TarArchiveInputStream(content);
    for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
      if (entry.getName().endsWith(".json")) {
        readSuite(entry.getName(), text(tar), consumer);
      }
    }
  }

  private static void readSuite(String file, String json, Consumer<SchemaCase> consumer)
      throws IOException {
    JsonNode groups = JsonTexts.read(json);
    // The suite's folder also has schemas that its tests refer to.
    if (groups.isArray()) {
      for (JsonNode group : groups) {
        consumer.accept(schemaCase(file + ": " + group.path("description").asText(), group));
      }
    }
  }

  private static SchemaCase schemaCase(String name, JsonNode json) {
    if (!json.has("schema") || !json.path("tests").isArray()) {
      throw new IllegalArgumentException(name + " has no schema, or no list of tests");
    }
    // Before draft 6, 1.0 is no integer: the text decides, and not the value.
    boolean asGiven = json.path("schema").path("$schema").asText().contains("/draft-04/");
    List<Instance> instances = new ArrayList<>();
    for (JsonNode test : json.path("tests")) {
      JsonNode given = test.path("data");
      JsonNode data = asGiven ? given : JsonTexts.withShortestNumbers(given);
      String description = test.path("description").asText(JsonTexts.text(data));
      instances.add(new Instance(test.path("valid").booleanValue(), data, description));
    }
    return new SchemaCase(name, json.path("schema"), instances);
  }
}
