package io.nightshift.operators.openai;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.nightshift.runtime.constraint.ConstraintSpecification;
import io.nightshift.runtime.engine.EmbeddingParameters;
import io.nightshift.runtime.sampling.SamplingParameters;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a body asks for besides its prompts. It travels with the row as JSON: bodies that ask for
 * the same have the same text.
 *
 * @param model as the body names it, or the served name
 * @param sampling how tokens are sampled; null for an embedding
 * @param seed of the body; null if it has none
 * @param schema JSON schema that answers are valid under; null without one
 * @param spaces whether these have spaces after colons and commas
 * @param regex that answers match; null without one
 * @param embedding how the prompt is embedded; null if answers are texts
 * @param base64 whether the embedding is written in base64
 * @param choices number of answers to each prompt
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record RequestParameters(
    Endpoint endpoint,
    String model,
    @Nullable SamplingParameters sampling,
    @Nullable Long seed,
    @Nullable String schema,
    boolean spaces,
    @Nullable String regex,
    @Nullable EmbeddingParameters embedding,
    boolean base64,
    int choices) {

  private static final ObjectMapper JSON = JsonMapper.builder().build();

  /** What a body for texts asks for. */
  static RequestParameters text(
      Endpoint endpoint,
      String model,
      SamplingParameters sampling,
      @Nullable Long seed,
      Optional<ConstraintSpecification> constraint,
      int choices) {
    ConstraintSpecification.@Nullable JsonSchema schema =
        constraint.orElse(null) instanceof ConstraintSpecification.JsonSchema json ? json : null;
    @Nullable String regex =
        constraint.orElse(null) instanceof ConstraintSpecification.Regex text
            ? text.pattern()
            : null;
    return new RequestParameters(
        endpoint,
        model,
        sampling,
        seed,
        schema == null ? null : schema.schema(),
        schema != null && schema.spaces(),
        regex,
        null,
        false,
        choices);
  }

  /** What a body for embeddings asks for. */
  static RequestParameters embedding(String model, EmbeddingParameters embedding, boolean base64) {
    return new RequestParameters(
        Endpoint.EMBEDDINGS, model, null, null, null, false, null, embedding, base64, 1);
  }

  /** What answers conform to. */
  Optional<ConstraintSpecification> constraint() {
    if (schema != null) {
      return Optional.of(new ConstraintSpecification.JsonSchema(schema, spaces));
    }
    return Optional.ofNullable(regex).map(ConstraintSpecification.Regex::new);
  }

  /** How tokens are sampled, of a body that asks for texts. */
  SamplingParameters texts() {
    return Objects.requireNonNull(sampling, "A body asks for texts or for embeddings.");
  }

  /** Whether the prompt alone decides the answer. */
  boolean greedy() {
    return sampling == null || sampling.temperature() == 0;
  }

  String toJson() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("records of texts and numbers can be written", e);
    }
  }

  static RequestParameters fromJson(String json) {
    try {
      return JSON.readValue(json, RequestParameters.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("no parameters that a plan has written: " + json, e);
    }
  }
}
