package io.nightshift.operators.openai;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nightshift.runtime.engine.Completion;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.function.IntFunction;

/**
 * The JSON of a choice or an embedding of a response, all but its index.
 *
 * @param tokenTexts the text of a token by its id
 * @param reasoning whether reasoning is a field of messages
 */
record ChoiceJson(IntFunction<String> tokenTexts, boolean reasoning) {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final String LOGPROBS = "logprobs";
  private static final String LOGPROB = "logprob";
  private static final String TOKEN = "token";

  String of(RequestParameters parameters, Completion completion) {
    return switch (parameters.endpoint()) {
      case CHAT_COMPLETIONS -> chat(parameters, completion).toString();
      case COMPLETIONS -> completion(parameters, completion).toString();
      case EMBEDDINGS -> embedding(parameters, completion).toString();
    };
  }

  private ObjectNode chat(RequestParameters parameters, Completion completion) {
    ObjectNode message = JSON.objectNode();
    message.put("role", "assistant");
    message.put("content", completion.text());
    message.putNull("refusal");
    if (reasoning) {
      message.put("reasoning", completion.reasoning());
    }
    ObjectNode choice = JSON.objectNode();
    choice.set("message", message);
    if (parameters.texts().logprobs()) {
      choice.set(LOGPROBS, contentLogprobs(completion));
    } else {
      choice.putNull(LOGPROBS);
    }
    return choice.put("finish_reason", completion.finishReason().columnValue());
  }

  private ObjectNode completion(RequestParameters parameters, Completion completion) {
    ObjectNode choice = JSON.objectNode();
    choice.put("text", completion.text());
    if (parameters.texts().logprobs()) {
      choice.set(LOGPROBS, textLogprobs(completion));
    } else {
      choice.putNull(LOGPROBS);
    }
    return choice.put("finish_reason", completion.finishReason().columnValue());
  }

  private static ObjectNode embedding(RequestParameters parameters, Completion completion) {
    ObjectNode embedding = JSON.objectNode().put("object", "embedding");
    float[] elements = completion.embedding();
    if (parameters.base64()) {
      ByteBuffer bytes =
          ByteBuffer.allocate(elements.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asFloatBuffer().put(elements);
      return embedding.put("embedding", Base64.getEncoder().encodeToString(bytes.array()));
    }
    ArrayNode list = embedding.putArray("embedding");
    for (float element : elements) {
      list.add(element);
    }
    return embedding;
  }

  /** As chats have them. */
  private ObjectNode contentLogprobs(Completion completion) {
    ObjectNode logprobs = JSON.objectNode();
    ArrayNode content = logprobs.putArray("content");
    int count = topCount(completion);
    for (int i = 0; i < completion.outputTokens().length; i++) {
      ObjectNode entry = token(completion.outputTokens()[i], completion.logprobs()[i]);
      ArrayNode top = entry.putArray("top_logprobs");
      for (int j = i * count; j < (i + 1) * count; j++) {
        int token = completion.topLogprobs().tokens()[j];
        if (token >= 0) {
          top.add(token(token, completion.topLogprobs().logprobs()[j]));
        }
      }
      content.add(entry);
    }
    return logprobs.putNull("refusal");
  }

  private ObjectNode token(int token, float logprob) {
    String text = tokenTexts.apply(token);
    ObjectNode entry = JSON.objectNode().put(TOKEN, text).put(LOGPROB, certain(logprob));
    if (text.indexOf('\uFFFD') >= 0) {
      return entry.putNull("bytes");
    }
    ArrayNode bytes = entry.putArray("bytes");
    for (byte unit : text.getBytes(UTF_8)) {
      bytes.add(unit & 0xFF);
    }
    return entry;
  }

  /** As completions have them. */
  private ObjectNode textLogprobs(Completion completion) {
    ObjectNode logprobs = JSON.objectNode();
    ArrayNode offsets = logprobs.putArray("text_offset");
    ArrayNode tokenLogprobs = logprobs.putArray("token_logprobs");
    ArrayNode tokens = logprobs.putArray("tokens");
    ArrayNode top = logprobs.putArray("top_logprobs");
    int count = topCount(completion);
    int offset = 0;
    for (int i = 0; i < completion.outputTokens().length; i++) {
      String text = tokenTexts.apply(completion.outputTokens()[i]);
      offsets.add(offset);
      offset += text.codePointCount(0, text.length());
      tokens.add(text);
      tokenLogprobs.add(certain(completion.logprobs()[i]));
      ObjectNode best = top.addObject();
      best.put(text, certain(completion.logprobs()[i]));
      for (int j = i * count; j < (i + 1) * count; j++) {
        int token = completion.topLogprobs().tokens()[j];
        if (token >= 0) {
          best.put(tokenTexts.apply(token), completion.topLogprobs().logprobs()[j]);
        }
      }
    }
    return logprobs;
  }

  private static int topCount(Completion completion) {
    int tokens = completion.outputTokens().length;
    return tokens == 0 ? 0 : completion.topLogprobs().tokens().length / tokens;
  }

  /** A token that was not sampled, because a constraint left no other, was certain. */
  private static float certain(float logprob) {
    return Float.isNaN(logprob) ? 0 : logprob;
  }
}
