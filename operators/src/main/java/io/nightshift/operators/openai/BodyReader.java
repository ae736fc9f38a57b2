package io.nightshift.operators.openai;

import com.fasterxml.jackson.databind.JsonNode;
import io.nightshift.operators.render.ChatRenderer;
import io.nightshift.operators.tokenize.RowPrompt;
import io.nightshift.runtime.constraint.ConstraintSpecification;
import io.nightshift.runtime.engine.EmbeddingParameters;
import io.nightshift.runtime.sampling.SamplingParameters;
import io.nightshift.runtime.tokenizer.RenderedPrompt;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads bodies. Every parameter is honored, makes no difference, or is an error by its name. Not
 * thread-safe.
 */
final class BodyReader {
  /** The maximum in OpenAI's API. */
  private static final int MAX_CHOICES = 128;

  /** The maximum number of inputs in OpenAI's API. */
  private static final int MAX_INPUTS = 2048;

  /** The default of {@code max_tokens} in OpenAI's API for completions. */
  private static final int MAX_TOKENS_OF_COMPLETION = 16;

  private static final int[] NO_TOKENS = {};

  private final ServedModel served;
  private final BodyDefaults defaults;
  private final Optional<Conversation> chat;
  private final String answerStart;
  private final BodyLimits limits;
  private final AnswerFormat format = new AnswerFormat(new ConstraintCheck());

  /**
   * @param chat the model's chat template; empty if it has none
   * @param answerStart what the model would write before an answer that is constrained from its
   *     first token; empty if nothing
   */
  BodyReader(
      ServedModel served,
      BodyDefaults defaults,
      Optional<ChatRenderer> chat,
      String answerStart,
      BodyLimits limits) {
    this.served = served;
    this.defaults = defaults;
    this.chat = chat.map(Conversation::new);
    this.answerStart = answerStart;
    this.limits = limits;
  }

  /** Reads the body of a line. */
  Body read(BatchLine line) throws BodyException {
    BodyFields fields = new BodyFields("", line.body());
    String model = served.nameFor(fields.text("model").orElse(null));
    if (line.endpoint() != Endpoint.EMBEDDINGS && !defaults.generates()) {
      throw BodyException.unsupported(
          line.endpoint().prompt(),
          "the model has no output projection (lm_head.weight), so that it can embed only");
    }
    requirePromptOf(line.endpoint(), fields);
    Body body =
        switch (line.endpoint()) {
          case CHAT_COMPLETIONS -> chat(fields, model);
          case COMPLETIONS -> completion(fields, model);
          case EMBEDDINGS -> embedding(fields, model);
        };
    fields.requireAllRead("docs/batch.md lists what is");
    return body;
  }

  private static void requirePromptOf(Endpoint endpoint, BodyFields body) throws BodyException {
    if (body.keys().contains(endpoint.prompt())) {
      return;
    }
    for (Endpoint other : Endpoint.values()) {
      if (body.keys().contains(other.prompt())) {
        throw BodyException.missing(endpoint.prompt(), other);
      }
    }
    throw BodyException.missing(endpoint.prompt());
  }

  private Body chat(BodyFields body, String model) throws BodyException {
    if (chat.isEmpty()) {
      throw BodyException.unsupported(
          Endpoint.CHAT_COMPLETIONS.prompt(),
          "the model has no chat template; use /v1/completions");
    }
    RenderedPrompt prompt = chat.get().render(body);
    Optional<Long> topLogprobs = topLogprobs(body);
    Optional<Long> limit = body.integer("max_completion_tokens", 1, Integer.MAX_VALUE);
    Optional<Long> oldLimit = body.integer("max_tokens", 1, Integer.MAX_VALUE);
    if (limit.isPresent() && oldLimit.isPresent() && !limit.equals(oldLimit)) {
      throw BodyException.invalidValue(
          "max_tokens", "is not what max_completion_tokens is, which replaces it; remove it");
    }
    int maxTokens =
        limit
            .or(() -> oldLimit)
            .map(Long::intValue)
            .orElse(defaults.givenMaxTokens().orElse(limits.maxPositions()));
    RequestParameters parameters =
        text(Endpoint.CHAT_COMPLETIONS, body, model, maxTokens, topLogprobs);
    RenderedPrompt begun =
        parameters.constraint().isPresent() ? prompt.followedBy(answerStart) : prompt;
    return new Body(parameters, List.of(new RowPrompt.Text(begun, false)));
  }

  private static Optional<Long> topLogprobs(BodyFields body) throws BodyException {
    boolean logprobs = body.flag("logprobs", false);
    Optional<Long> top = body.integer("top_logprobs", 0, SamplingParameters.MAX_TOP_LOGPROBS);
    if (!logprobs && top.orElse(0L) > 0) {
      throw BodyException.invalidValue("top_logprobs", "needs logprobs to be true");
    }
    return logprobs ? top.or(() -> Optional.of(0L)) : Optional.empty();
  }

  private Body completion(BodyFields body, String model) throws BodyException {
    List<RowPrompt.Content> prompts = prompts(body, Endpoint.COMPLETIONS.prompt());
    Optional<Long> topLogprobs = body.integer("logprobs", 0, SamplingParameters.MAX_TOP_LOGPROBS);
    int maxTokens =
        body.integer("max_tokens", 1, Integer.MAX_VALUE)
            .map(Long::intValue)
            .orElse(defaults.givenMaxTokens().orElse(MAX_TOKENS_OF_COMPLETION));
    return new Body(text(Endpoint.COMPLETIONS, body, model, maxTokens, topLogprobs), prompts);
  }

  private RequestParameters text(
      Endpoint endpoint, BodyFields body, String model, int maxTokens, Optional<Long> topLogprobs)
      throws BodyException {
    SamplingParameters sampling =
        new SamplingFields(body, defaults.sampling()).read(maxTokens, topLogprobs);
    Optional<ConstraintSpecification> constraint = format.read(body);
    if (constraint.isPresent() && !sampling.stop().isEmpty()) {
      throw BodyException.unsupported(
          "stop", "it would cut the answer short of what response_format demands; remove one");
    }
    @Nullable Long seed = body.integer("seed", Long.MIN_VALUE, Long.MAX_VALUE).orElse(null);
    int choices = body.integer("n", 1, MAX_CHOICES).map(Long::intValue).orElse(1);
    return RequestParameters.text(endpoint, model, sampling, seed, constraint, choices);
  }

  private Body embedding(BodyFields body, String model) throws BodyException {
    List<RowPrompt.Content> inputs = prompts(body, Endpoint.EMBEDDINGS.prompt());
    EmbeddingParameters given = defaults.embedding();
    int dimensions =
        body.integer("dimensions", 1, limits.hiddenSize())
            .map(Long::intValue)
            .orElse(given.dimensions());
    String encoding = body.text("encoding_format").orElse("float");
    if (!encoding.equals("float") && !encoding.equals("base64")) {
      throw BodyException.unsupported("encoding_format", "use float or base64, not " + encoding);
    }
    return new Body(
        RequestParameters.embedding(
            model,
            new EmbeddingParameters(given.pooling(), dimensions, given.normalize()),
            encoding.equals("base64")),
        inputs);
  }

  /** A prompt, or a list of them; each is a text or a list of token ids. */
  private List<RowPrompt.Content> prompts(BodyFields body, String key) throws BodyException {
    JsonNode given = body.require(key);
    if (!given.isArray() || isTokens(given)) {
      return List.of(prompt(key, given));
    }
    if (given.size() > MAX_INPUTS || given.isEmpty()) {
      throw BodyException.invalidValue(
          key, "has %s items; it may have 1 to %s".formatted(given.size(), MAX_INPUTS));
    }
    List<RowPrompt.Content> prompts = new ArrayList<>();
    for (int i = 0; i < given.size(); i++) {
      prompts.add(prompt(key + "[" + i + "]", given.get(i)));
    }
    return prompts;
  }

  private RowPrompt.Content prompt(String name, JsonNode given) throws BodyException {
    if (given.isTextual()) {
      return new RowPrompt.Text(new RenderedPrompt(given.textValue(), NO_TOKENS), true);
    }
    if (!given.isArray() || !isTokens(given)) {
      throw BodyException.invalidType(name, "a string or a list of token ids, or a list of these");
    }
    int[] tokens = new int[given.size()];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = token(name + "[" + i + "]", given.get(i));
    }
    return new RowPrompt.Tokens(tokens);
  }

  private int token(String name, JsonNode id) throws BodyException {
    if (!id.canConvertToInt() || id.intValue() < 0 || id.intValue() >= limits.vocabularySize()) {
      throw BodyException.invalidValue(
          name,
          "is the token id %s; the model's vocabulary has %s tokens, with ids from 0 to %s"
              .formatted(id.asText(), limits.vocabularySize(), limits.vocabularySize() - 1));
    }
    return id.intValue();
  }

  private static boolean isTokens(JsonNode list) {
    for (JsonNode item : list) {
      if (!item.isIntegralNumber()) {
        return false;
      }
    }
    return !list.isEmpty();
  }
}
