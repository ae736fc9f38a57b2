package io.nightshift.runtime.model.huggingface;

import io.nightshift.runtime.model.ModelFormatException;
import io.nightshift.runtime.model.huggingface.json.JsonFile;
import io.nightshift.runtime.model.weights.MappedFile;
import io.nightshift.runtime.model.weights.StoredTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The weights of a Hugging Face folder: {@code model.safetensors} or the shards that {@code
 * model.safetensors.index.json} lists.
 */
final class SafetensorsFolder implements AutoCloseable {
  private static final String SINGLE = "model.safetensors";
  private static final String INDEX = "model.safetensors.index.json";

  private final List<MappedFile> files = new ArrayList<>();
  private final Map<String, StoredTensor> tensors = new HashMap<>();

  private SafetensorsFolder() {}

  /**
   * @throws ModelFormatException if there are no safetensors files, a shard is missing, or a shard
   *     lacks a tensor of the index
   */
  static SafetensorsFolder open(Path folder) {
    SafetensorsFolder weights = new SafetensorsFolder();
    try {
      if (Files.exists(folder.resolve(SINGLE))) {
        weights.add(folder.resolve(SINGLE));
      } else if (Files.exists(folder.resolve(INDEX))) {
        weights.addShards(folder, folder.resolve(INDEX));
      } else {
        throw missing(folder);
      }
      return weights;
    } catch (RuntimeException e) {
      weights.close();
      throw e;
    }
  }

  /** Whether a folder has weights, with all shards that an index lists. */
  static boolean isComplete(Path folder) {
    if (Files.exists(folder.resolve(SINGLE))) {
      return true;
    }
    return JsonFile.readIfExists(folder.resolve(INDEX))
        .flatMap(index -> index.child("weight_map"))
        .filter(
            shards ->
                StreamSupport.stream(shards.keys().spliterator(), false)
                    .map(shards::requiredString)
                    .distinct()
                    .allMatch(shard -> Files.isRegularFile(folder.resolve(shard))))
        .isPresent();
  }

  Map<String, StoredTensor> tensors() {
    return tensors;
  }

  @Override
  public void close() {
    files.forEach(MappedFile::close);
  }

  private void add(Path path) {
    MappedFile file = MappedFile.open(path);
    files.add(file);
    SafetensorsHeader.read(file)
        .forEach(
            (name, tensor) -> {
              StoredTensor other = tensors.put(name, tensor);
              if (other != null) {
                throw new ModelFormatException(
                    path, "tensor \"" + name + '"', "is in " + other.file().path() + " too");
              }
            });
  }

  private void addShards(Path folder, Path indexPath) {
    JsonFile index = JsonFile.read(indexPath);
    JsonFile weightMap =
        index.child("weight_map").orElseThrow(() -> index.problem("weight_map", "is missing"));
    Map<String, String> shardOfTensor = new TreeMap<>();
    for (String tensor : weightMap.keys()) {
      shardOfTensor.put(tensor, weightMap.requiredString(tensor));
    }
    shardOfTensor.values().stream()
        .distinct()
        .sorted()
        .forEach(shard -> add(shardPath(folder, indexPath, shard)));
    shardOfTensor.forEach(
        (name, shard) -> {
          StoredTensor tensor = tensors.get(name);
          if (tensor == null || !tensor.file().path().endsWith(shard)) {
            throw weightMap.problem(name, "is not in " + shard);
          }
        });
  }

  private static Path shardPath(Path folder, Path index, String shard) {
    if (shard.contains("/") || shard.contains("\\") || shard.indexOf('\0') >= 0) {
      throw new ModelFormatException(
          index, "weight_map", "\"" + shard + "\" is no name of a file in the same folder");
    }
    Path path = folder.resolve(shard);
    if (!Files.isRegularFile(path)) {
      throw new ModelFormatException(
          index, "weight_map", "names " + shard + ", which is missing in the folder");
    }
    return path;
  }

  private static ModelFormatException missing(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      List<String> pickles =
          entries
              .map(entry -> String.valueOf(entry.getFileName()))
              .filter(name -> name.matches(".*\\.(bin|pt|pth|pkl|ckpt)"))
              .sorted()
              .toList();
      if (!pickles.isEmpty()) {
        return new ModelFormatException(
            folder
                + ": has weights as Python pickles only ("
                + String.join(", ", pickles)
                + "), which may run any code when they are read; convert them to safetensors with"
                + " transformers: AutoModelForCausalLM.from_pretrained(folder)"
                + ".save_pretrained(folder, safe_serialization=True)");
      }
    } catch (IOException e) {
      return new ModelFormatException(folder + ": cannot be listed: " + e.getMessage(), e);
    }
    return new ModelFormatException(
        folder + ": has no weights, expected " + SINGLE + " or " + INDEX + " with its shards");
  }
}
