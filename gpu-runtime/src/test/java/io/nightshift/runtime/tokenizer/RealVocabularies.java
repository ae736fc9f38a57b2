package io.nightshift.runtime.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nightshift.runtime.model.TokenizerJson;
import io.nightshift.runtime.model.TokenizerSource;
import io.nightshift.runtime.model.gguf.GgufVocabularyFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * The vocabularies of real models that {@code tools/fetch-tokenizers} puts into the cache folder,
 * and what Hugging Face's own tokenizers make of odd texts with them: see {@code
 * src/test/python/real_tokenizer_goldens.py}.
 */
public final class RealVocabularies {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int HASH_DIGITS = 8;

  private RealVocabularies() {}

  public static Tokenizer open(String name) {
    return Tokenizers.open(source(name));
  }

  static TokenizerSource source(String name) {
    Path folder = folder(name.replace(".gguf", ""));
    if (name.endsWith(".gguf")) {
      return GgufVocabularyFile.read(folder.resolve("vocabulary.gguf"));
    }
    try {
      return new TokenizerJson(Files.readString(folder.resolve("tokenizer.json")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The tokens that end a generation according to the GGUF file. */
  static Set<Integer> endOfSequenceTokens(String name) {
    return GgufVocabularyFile.endOfSequenceTokens(folder(name).resolve("vocabulary.gguf"));
  }

  private static Path folder(String name) {
    String configured = System.getenv("NIGHTSHIFT_CACHE");
    Path cache =
        configured == null
            ? Path.of(System.getProperty("user.home"), ".cache", "nightshift")
            : Path.of(configured);
    Path folder = cache.resolve("tokenizers").resolve(name);
    if (!Files.exists(folder)) {
      throw new AssertionError(folder + " is missing: run tools/fetch-tokenizers");
    }
    return folder;
  }

  public static List<String> texts() {
    return StreamSupport.stream(read("texts.json").spliterator(), false)
        .map(JsonNode::asText)
        .toList();
  }

  /**
   * Hashes of what each text becomes.
   *
   * @param kind {@code text}, {@code chat} or {@code decoded}
   */
  static List<String> hashes(String name, String kind) {
    JsonNode goldens = read("goldens.json");
    String[] hashes = goldens.path(name.replace(".gguf", "")).path(kind).asText().split(" ", -1);
    if (name.endsWith(".gguf")) {
      goldens
          .path(name)
          .path(kind)
          .properties()
          .forEach(entry -> hashes[Integer.parseInt(entry.getKey())] = entry.getValue().asText());
    }
    return Arrays.asList(hashes);
  }

  /** The ids of some texts, by number of the text. */
  static JsonNode ids(String name) {
    return read("goldens.json").path(name).path("ids");
  }

  static String hash(int[] ids) {
    return hash(Arrays.stream(ids).mapToObj(Integer::toString).collect(Collectors.joining(",")));
  }

  static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest).substring(0, HASH_DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static JsonNode read(String file) {
    try (InputStream stream =
        RealVocabularies.class.getResourceAsStream("/tokenizer/real/" + file)) {
      return MAPPER.readTree(Objects.requireNonNull(stream, file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
