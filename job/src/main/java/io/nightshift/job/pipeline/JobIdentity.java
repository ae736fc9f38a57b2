package io.nightshift.job.pipeline;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.nightshift.job.options.JobSpecification;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * Everything besides the input's rows that the answers depend on, part by part: runs of different
 * identities must not mix their outputs.
 *
 * @param parts by the names of the options that they come from
 */
record JobIdentity(Map<String, String> parts) {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  /**
   * @param model what tells the model from others
   */
  static JobIdentity of(JobSpecification job, Schema keptColumns, String model) {
    Map<String, String> parts = new LinkedHashMap<>();
    parts.put("model.path", model);
    parts.put("model.device", job.model().device().toString());
    parts.put("model.dtype", job.model().dtype().toString());
    parts.put("prompt", job.prompt().toString());
    parts.put("answer", job.answer().toString());
    parts.put("sampling", job.sampling().toString());
    parts.put("output.columns", JSON.valueToTree(columnNames(job, keptColumns)).toString());
    parts.put("output.source-columns", String.valueOf(job.output().sourceColumns()));
    parts.put("output.order", job.output().order().toString());
    parts.put("errors.path", job.errors().path().map(Object::toString).orElse("none"));
    return new JobIdentity(parts);
  }

  /**
   * The names of the kept columns. Their types may differ from file to file, and so may their
   * order, unless the job asks for one; {@link KeptColumns} says what goes together.
   */
  private static List<String> columnNames(JobSpecification job, Schema keptColumns) {
    List<String> names = keptColumns.getFields().stream().map(Field::getName).toList();
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

  byte[] toJson() throws IOException {
    return JSON.writeValueAsBytes(this);
  }

  /**
   * @throws JsonProcessingException if that is no identity
   */
  static JobIdentity fromJson(byte[] json) throws IOException {
    return JSON.readValue(json, JobIdentity.class);
  }
}
