package io.nightshift.operators.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.ToIntFunction;

/**
 * Makes the output line of a line whose requests have been answered.
 *
 * @param created when responses were made, in seconds since the epoch
 * @param fingerprint of the model and of how it is computed
 */
record ResponseLine(long created, String fingerprint) {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final ObjectMapper JSON = JsonMapper.builder().build();

  /**
   * An output line.
   *
   * @param failed whether it is an error response
   */
  record Line(String json, boolean failed) {}

  /**
   * The output line of a line.
   *
   * @param requests of the line, in order
   */
  Line of(List<AnsweredRequest> requests) {
    AnsweredRequest first = requests.get(0);
    Optional<AnsweredRequest> failed =
        requests.stream().filter(request -> request.errorCode() != null).findFirst();
    ObjectNode response = NODES.objectNode();
    response.put("status_code", failed.map(ResponseLine::status).orElse(200));
    response.put("request_id", "req_" + id());
    response.set("body", failed.map(ResponseLine::error).orElseGet(() -> body(requests)));
    ObjectNode line = NODES.objectNode();
    line.put("id", "batch_req_" + id());
    line.put("custom_id", first.customId());
    line.set("response", response);
    line.putNull("error");
    return new Line(line.toString(), failed.isPresent());
  }

  private static String id() {
    return UUID.randomUUID().toString().replace("-", "");
  }

  private static int status(AnsweredRequest request) {
    return ErrorCodes.status(Objects.requireNonNull(request.errorCode()));
  }

  private static ObjectNode error(AnsweredRequest request) {
    String code = Objects.requireNonNull(request.errorCode());
    ObjectNode error = NODES.objectNode();
    error.put("message", request.errorMessage());
    error.put("type", ErrorCodes.type(code));
    error.put("param", request.errorParameter());
    error.put("code", ErrorCodes.response(code));
    ObjectNode body = NODES.objectNode();
    body.set("error", error);
    return body;
  }

  private ObjectNode body(List<AnsweredRequest> requests) {
    RequestParameters parameters =
        RequestParameters.fromJson(Objects.requireNonNull(requests.get(0).parameters()));
    Endpoint endpoint = parameters.endpoint();
    ObjectNode body = NODES.objectNode();
    body.put("id", endpoint.idPrefix() + id());
    body.put("object", endpoint.object());
    body.put("created", created);
    body.put("model", parameters.model());
    ArrayNode items = body.putArray(endpoint == Endpoint.EMBEDDINGS ? "data" : "choices");
    for (AnsweredRequest request : requests) {
      ObjectNode item = NODES.objectNode().put("index", request.part());
      item.setAll((ObjectNode) json(Objects.requireNonNull(request.choice())));
      items.add(item);
    }
    body.set("usage", usage(parameters, requests));
    if (endpoint != Endpoint.EMBEDDINGS) {
      body.put("system_fingerprint", fingerprint);
    }
    return body;
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("no choice that an engine's task has written: " + text, e);
    }
  }

  /** A prompt with several answers counts once. */
  private static ObjectNode usage(RequestParameters parameters, List<AnsweredRequest> requests) {
    List<AnsweredRequest> prompts =
        requests.stream().filter(request -> request.part() % parameters.choices() == 0).toList();
    int promptTokens = sum(prompts, AnsweredRequest::promptTokens);
    int outputTokens = sum(requests, AnsweredRequest::outputTokens);
    ObjectNode usage = NODES.objectNode();
    usage.put("prompt_tokens", promptTokens);
    if (parameters.embedding() == null) {
      usage.put("completion_tokens", outputTokens);
    }
    usage.put("total_tokens", promptTokens + outputTokens);
    usage
        .putObject("prompt_tokens_details")
        .put("cached_tokens", sum(prompts, AnsweredRequest::cachedTokens));
    return usage;
  }

  private static int sum(List<AnsweredRequest> requests, ToIntFunction<AnsweredRequest> count) {
    return requests.stream().mapToInt(count).sum();
  }
}
