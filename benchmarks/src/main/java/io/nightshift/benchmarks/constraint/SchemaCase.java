package io.nightshift.benchmarks.constraint;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** A schema, and instances that are valid under it or not. */
record SchemaCase(String name, JsonNode schema, List<Instance> instances) {

  /**
   * @param description what it tests; the text itself if nothing is said
   */
  record Instance(boolean valid, JsonNode data, String description) {}
}
