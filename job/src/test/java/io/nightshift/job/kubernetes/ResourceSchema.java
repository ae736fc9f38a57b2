package io.nightshift.job.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The schema of a resource of Flink's Kubernetes operator. Kubernetes drops fields that a
 * resource's schema does not have; here, they are errors.
 */
final class ResourceSchema {
  /** Where the build puts it. */
  private static final Path FLINK_DEPLOYMENT =
      Path.of("target/operator/META-INF/fabric8/flinkdeployments.flink.apache.org-v1.yml");

  private final JsonNode openApi;
  private final Schema schema;

  private ResourceSchema(JsonNode openApi) {
    this.openApi = openApi;
    this.schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(strict(openApi.deepCopy()).toString(), InputFormat.JSON);
  }

  /** The resource without what Kubernetes itself has in every resource. */
  static ResourceSchema flinkDeployment() throws IOException {
    JsonNode definition = new YAMLMapper().readTree(FLINK_DEPLOYMENT.toFile());
    JsonNode openApi = definition.at("/spec/versions/0/schema/openAPIV3Schema");
    // The versions of Flink are those that this release of the operator knows.
    ((ObjectNode) openApi.at("/properties/spec/properties/flinkVersion")).remove("enum");
    return new ResourceSchema(openApi);
  }

  /** The schema of a part, such as {@code spec.podTemplate}. */
  ResourceSchema of(String path) {
    JsonNode part = openApi.at("/properties/" + path.replace(".", "/properties/"));
    if (part.isMissingNode()) {
      throw new IllegalArgumentException("there is no " + path);
    }
    return new ResourceSchema(part);
  }

  /** What is wrong, with the places of fields. */
  List<String> errors(JsonNode resource) throws IOException {
    return schema
        .validate(new ObjectMapper().writeValueAsString(resource), InputFormat.JSON)
        .stream()
        .map(Error::toString)
        .toList();
  }

  /**
   * Closes all objects whose fields are listed, and translates what OpenAPI says in its own words.
   */
  private static JsonNode strict(JsonNode node) {
    node.forEach(ResourceSchema::strict);
    if (node instanceof ObjectNode schema) {
      if (schema.path("properties").isObject() && !schema.has("additionalProperties")) {
        schema.put("additionalProperties", false);
      }
      if (schema.path("x-kubernetes-int-or-string").asBoolean()) {
        schema.putArray("type").add("integer").add("string");
        schema.remove(List.of("anyOf", "x-kubernetes-int-or-string"));
      }
    }
    return node;
  }
}
