package io.nightshift.job.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A folder of models in the layout of Hugging Face's hub cache: {@code models--OWNER--NAME} with
 * {@code refs/REVISION}, a file that holds a commit, and {@code snapshots/COMMIT/}, the files.
 *
 * @see <a href="https://huggingface.co/docs/huggingface_hub/guides/manage-cache">the layout</a>
 */
final class HubCache {
  private static final String PREFIX = "models--";

  private final Path root;

  HubCache(Path root) {
    this.root = root;
  }

  /**
   * The folder of a model, if the cache has all files that are needed.
   *
   * @param name {@code OWNER/NAME}
   * @param revision branch, tag or commit, as {@link HubNames#isRevision} accepts it
   */
  Optional<Path> find(String name, String revision, ModelParts parts) throws IOException {
    Path snapshot = snapshot(name, commit(name, revision).orElse(revision));
    return isComplete(snapshot, parts) ? Optional.of(snapshot) : Optional.empty();
  }

  /** The folder for the files of a commit, whether it exists or not. */
  Path snapshot(String name, String commit) {
    return model(name).resolve("snapshots").resolve(commit);
  }

  /** The lock file of a model's folder, at the path that Hugging Face's own libraries use. */
  Path lock(String name) {
    return root.resolve(".locks").resolve(model(name).getFileName() + ".lock");
  }

  /** Records the commit of a revision. */
  void setCommit(String name, String revision, String commit) throws IOException {
    Path file = model(name).resolve("refs").resolve(revision);
    Files.createDirectories(file.resolveSibling("."));
    Files.writeString(file, commit);
  }

  /** Every model that can be run, by name. */
  List<CachedModel> models() throws IOException {
    List<CachedModel> models = new ArrayList<>();
    for (Path folder : children(root)) {
      String folderName = folder.getFileName().toString();
      if (folderName.startsWith(PREFIX)) {
        String name = folderName.substring(PREFIX.length()).replace("--", "/");
        for (Path snapshot : children(folder.resolve("snapshots"))) {
          if (isComplete(snapshot, ModelParts.ALL)) {
            models.add(new CachedModel("hf:" + name, snapshot, size(snapshot)));
          }
        }
      }
    }
    return models;
  }

  private Path model(String name) {
    return root.resolve(PREFIX + name.replace("/", "--"));
  }

  private Optional<String> commit(String name, String revision) throws IOException {
    Path file = model(name).resolve("refs").resolve(revision);
    return Files.isRegularFile(file)
        ? Optional.of(Files.readString(file).strip()).filter(HubNames::isSegment)
        : Optional.empty();
  }

  private static boolean isComplete(Path snapshot, ModelParts parts) throws IOException {
    boolean described =
        Files.exists(snapshot.resolve("config.json"))
            && Files.exists(snapshot.resolve("tokenizer.json"));
    return described && (parts == ModelParts.WITHOUT_WEIGHTS || hasWeights(snapshot));
  }

  private static boolean hasWeights(Path snapshot) throws IOException {
    Path index = snapshot.resolve("model.safetensors.index.json");
    if (!Files.exists(index)) {
      return Files.exists(snapshot.resolve("model.safetensors"));
    }
    for (JsonNode shard : new ObjectMapper().readTree(index.toFile()).path("weight_map")) {
      if (!Files.exists(snapshot.resolve(shard.asText()))) {
        return false;
      }
    }
    return true;
  }

  private static long size(Path snapshot) throws IOException {
    long bytes = 0;
    for (Path file : children(snapshot)) {
      bytes += Files.size(file);
    }
    return bytes;
  }

  static List<Path> children(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> children = Files.list(folder)) {
      return children.sorted().toList();
    }
  }
}
