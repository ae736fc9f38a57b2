package io.nightshift.job.hub;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nightshift.job.storage.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * A model in a folder or file of this machine, which may be replaced at any time: it is identified
 * by its content, not by its path.
 *
 * @param path its file or folder
 * @param hashes of its weights
 */
record LocalModel(Path path, FileHashes hashes) {
  private static final String SINGLE = "model.safetensors";
  private static final String INDEX = "model.safetensors.index.json";

  /**
   * What identifies the model, by part, each with a name for messages.
   *
   * @param parts {@link ModelParts#WITHOUT_WEIGHTS} to leave out what only weights decide, if these
   *     are separate files
   */
  Map<String, String> identity(ModelParts parts) throws IOException {
    if (!Files.isDirectory(path)) {
      return Map.of("model.path", Files.isRegularFile(path) ? hashes.of(path) : "no file");
    }
    Map<String, String> identity = new LinkedHashMap<>();
    identity.put(
        "model.path (configuration and tokenizer)",
        hash(HuggingFaceFiles.DESCRIPTION, FileHash.DEFAULT::of));
    if (parts != ModelParts.WITHOUT_WEIGHTS) {
      identity.put("model.path (weights)", hash(weights(), hashes::of));
    }
    return identity;
  }

  @FunctionalInterface
  private interface Hashing {
    String of(Path file) throws IOException;
  }

  private String hash(Collection<String> names, Hashing hashing) throws IOException {
    StringBuilder text = new StringBuilder();
    for (String name : new TreeSet<>(names)) {
      Path file = path.resolve(name);
      if (Files.isRegularFile(file)) {
        text.append(name).append(' ').append(hashing.of(file)).append('\n');
      }
    }
    return "sha256:" + Sha256.of(text.toString());
  }

  /** The files of the weights: a single one, or those of the index. */
  private List<String> weights() throws IOException {
    Path index = path.resolve(INDEX);
    if (Files.exists(path.resolve(SINGLE)) || !Files.exists(index)) {
      return List.of(SINGLE);
    }
    TreeSet<String> names = new TreeSet<>(List.of(INDEX));
    try {
      for (JsonNode shard : new ObjectMapper().readTree(index.toFile()).path("weight_map")) {
        names.add(shard.asText());
      }
    } catch (JsonProcessingException e) {
      // The model is refused when it is opened.
      return List.of(INDEX);
    }
    return List.copyOf(names);
  }
}
