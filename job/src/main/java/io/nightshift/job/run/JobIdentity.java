package io.nightshift.job.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.nightshift.job.options.EvaluateOptions;
import io.nightshift.job.options.JobSpecification;
import io.nightshift.job.options.JobSpecification.BodyPrompt;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Everything besides the input's rows that the answers depend on, part by part: runs of different
 * identities must not mix their outputs.
 *
 * @param format of the parts; another version of this program may have recorded others
 * @param parts values as JSON, by the names of the options that they come from
 */
public record JobIdentity(int format, Map<String, String> parts) {
  /**
   * Format 0, without a number in the file, knew a local model by its name and size, joined lists
   * ambiguously and left engine.fp8-kv-cache out. Format 1 knew no constraints on answers, format 2
   * no messages in a column, format 3 neither tensor parallelism nor engines of different devices.
   */
  private static final int FORMAT = 4;

  private static final int UNREADABLE = -1;

  /** Characters of a value that a message has room for. */
  private static final int SHORT = 24;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ObjectMapper INDENTED =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  public JobIdentity {
    Objects.requireNonNull(parts, "What is read from a file may lack them.");
  }

  /**
   * @param keptColumns input columns that go to the output, as they were found
   * @param model what identifies the model, by part
   */
  public static JobIdentity of(
      JobSpecification job, Schema keptColumns, Map<String, String> model) {
    Map<String, String> parts = new LinkedHashMap<>();
    model.forEach((part, value) -> parts.put(part, json(value)));
    parts.put("output.columns", json(columnNames(job, keptColumns)));
    job.addedColumn().ifPresent(column -> parts.put(EvaluateOptions.COLUMN.key(), json(column)));
    OptionRoles.DECISIVE.forEach(
        (option, value) -> parts.put(option.key(), json(value.apply(job).orElse(null))));
    if (job.prompt() instanceof BodyPrompt bodies) {
      parts.put("--served-model-name", json(bodies.servedModelNames()));
    }
    return new JobIdentity(FORMAT, parts);
  }

  private static String json(@Nullable Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("options are texts, numbers and lists of them", e);
    }
  }

  /**
   * The names of the kept columns. Their types may differ from file to file, and so may their
   * order, unless the job asks for one; {@link KeptColumns} says what goes together. A column that
   * only {@code evaluate.column} names is a part of its own.
   */
  private static List<String> columnNames(JobSpecification job, Schema keptColumns) {
    List<String> names =
        keptColumns.getFields().stream()
            .map(Field::getName)
            .filter(name -> !job.addedColumn().equals(Optional.of(name)))
            .toList();
    return job.output().columns().isPresent() ? names : names.stream().sorted().toList();
  }

  /** The names of the parts in which the other one is different. */
  List<String> differences(JobIdentity other) {
    TreeSet<String> names = new TreeSet<>(parts.keySet());
    names.addAll(other.parts.keySet());
    List<String> different = new ArrayList<>(names);
    different.removeIf(name -> Objects.equals(parts.get(name), other.parts.get(name)));
    return different;
  }

  /** Describes the owner of answers that have another identity, for a message. */
  String ownerOfAnswers(JobIdentity other) {
    return other.format == format
        ? "another job, with another "
            + differences(other).stream()
                .map(part -> part + values(part, other))
                .collect(Collectors.joining(", "))
        : "a job that another version of Nightshift has recorded, so that they cannot be compared";
  }

  /** Both values of a part, unless they are long. */
  private String values(String part, JobIdentity other) {
    String there = value(other.parts.get(part));
    String here = value(parts.get(part));
    return there.length() <= SHORT && here.length() <= SHORT
        ? " (%s there, %s here)".formatted(there, here)
        : "";
  }

  private static String value(@Nullable String json) {
    return json == null || json.equals("null") ? "none" : json;
  }

  byte[] toJson() throws IOException {
    return INDENTED.writeValueAsBytes(this);
  }

  /**
   * Reads what {@link #toJson} wrote. A record of another version becomes an identity that equals
   * no job's.
   *
   * @throws JsonProcessingException if it is not the record of any version
   */
  static JobIdentity fromJson(byte[] json) throws IOException {
    JsonNode record = JSON.readTree(json);
    if (!record.path("parts").isObject()) {
      throw new JsonMappingException(null, "a job's identity has parts");
    }
    try {
      return JSON.treeToValue(record, JobIdentity.class);
    } catch (JsonProcessingException e) {
      return new JobIdentity(UNREADABLE, Map.of());
    }
  }
}
