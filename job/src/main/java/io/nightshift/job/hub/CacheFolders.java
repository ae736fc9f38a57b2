package io.nightshift.job.hub;

import io.nightshift.job.storage.LocalFolder;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where models are kept on this machine.
 *
 * @param nightshift {@code $NIGHTSHIFT_CACHE}, or {@code ~/.cache/nightshift}
 * @param huggingFace {@code $HF_HUB_CACHE}, {@code $HF_HOME/hub} or {@code
 *     ~/.cache/huggingface/hub}, as Hugging Face's own libraries have it; only read
 */
public record CacheFolders(Path nightshift, Path huggingFace) {

  /**
   * @param environment the process's environment variables
   * @param home the user's home folder
   */
  public static CacheFolders of(Map<String, String> environment, Path home) {
    Path nightshift =
        folder(environment, "NIGHTSHIFT_CACHE").orElse(home.resolve(".cache/nightshift"));
    Path huggingFace =
        folder(environment, "HF_HUB_CACHE")
            .or(() -> folder(environment, "HF_HOME").map(folder -> folder.resolve("hub")))
            .orElse(home.resolve(".cache/huggingface/hub"));
    return new CacheFolders(nightshift, huggingFace);
  }

  /** Model files that were fetched one by one. */
  public Path files() {
    return nightshift.resolve("models");
  }

  /** Models that were downloaded from the hub, laid out as in {@link #huggingFace}. */
  public Path hub() {
    return nightshift.resolve("hub");
  }

  /** Copies of models from other file systems. */
  public Path copies() {
    return nightshift.resolve("copies");
  }

  /** Content hashes of local model files. */
  public Path hashes() {
    return nightshift.resolve("hashes");
  }

  /**
   * Checks that a model can be written to a cache.
   *
   * @param modelPath of the model, for the message
   * @param cache one of these folders
   * @throws ModelNotFoundException if not
   */
  void requireWritable(String modelPath, Path cache) throws ModelNotFoundException {
    Optional<String> problem = LocalFolder.problem(cache);
    if (problem.isPresent()) {
      throw new ModelNotFoundException(
          "%s has to be copied to this machine, but %s %s: set NIGHTSHIFT_CACHE to a folder that can be written"
              .formatted(modelPath, cache, problem.get()));
    }
  }

  private static Optional<Path> folder(Map<String, String> environment, String variable) {
    return Optional.ofNullable(environment.get(variable))
        .filter(value -> !value.isBlank())
        .map(Path::of);
  }
}
