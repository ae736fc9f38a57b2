package io.nightshift.operators.jinja;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nightshift.runtime.model.TokenizerJson;
import io.nightshift.runtime.tokenizer.RenderedPrompt;
import io.nightshift.runtime.tokenizer.Tokenizer;
import io.nightshift.runtime.tokenizer.Tokenizers;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A tokenizer with a token for each byte, and with the control tokens that a test wants. */
final class ControlTokenProbe implements AutoCloseable {
  private static final int BYTES = 256;

  private final List<String> controlTokens;
  private final Tokenizer tokenizer;

  ControlTokenProbe(String... controlTokens) {
    this.controlTokens = List.of(controlTokens);
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode json = mapper.createObjectNode();
    ObjectNode model = json.putObject("model");
    model.put("type", "BPE").put("unk_token", "<0x00>").put("byte_fallback", true);
    ObjectNode vocabulary = model.putObject("vocab");
    for (int i = 0; i < BYTES; i++) {
      vocabulary.put(String.format(Locale.ROOT, "<0x%02X>", i), i);
    }
    model.putArray("merges");
    ArrayNode decoders = json.putObject("decoder").put("type", "Sequence").putArray("decoders");
    decoders.addObject().put("type", "ByteFallback");
    decoders.addObject().put("type", "Fuse");
    ArrayNode added = json.putArray("added_tokens");
    for (int i = 0; i < controlTokens.length; i++) {
      added
          .addObject()
          .put("id", BYTES + i)
          .put("content", controlTokens[i])
          .put("special", true)
          .put("normalized", false)
          .put("lstrip", false)
          .put("rstrip", false)
          .put("single_word", false);
    }
    this.tokenizer = Tokenizers.open(new TokenizerJson(json.toString()));
  }

  private int[] encode(TemplateText rendered) {
    return tokenizer.encodePrompt(new RenderedPrompt(rendered.text(), rendered.literals()));
  }

  /** The control tokens of a rendered text, in order. */
  List<String> controlTokens(TemplateText rendered) {
    List<String> found = new ArrayList<>();
    for (int id : encode(rendered)) {
      if (id >= BYTES) {
        found.add(controlTokens.get(id - BYTES));
      }
    }
    return found;
  }

  /** The text that the tokens of a rendered text stand for, control tokens included. */
  String text(TemplateText rendered) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int id : encode(rendered)) {
      bytes.writeBytes(
          id < BYTES
              ? new byte[] {(byte) id}
              : controlTokens.get(id - BYTES).getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
