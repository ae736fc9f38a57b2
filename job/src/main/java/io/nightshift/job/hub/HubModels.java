package io.nightshift.job.hub;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Finds the models of the Hugging Face hub in the local caches, and downloads them otherwise. */
final class HubModels {
  private final CacheFolders folders;
  private final Map<String, String> environment;
  private final Consumer<String> notices;

  /**
   * @param folders where models are kept on this machine
   * @param environment variables that say how the hub is reached
   * @param notices is told what is being downloaded, since that may take a while
   */
  HubModels(CacheFolders folders, Map<String, String> environment, Consumer<String> notices) {
    this.folders = folders;
    this.environment = environment;
    this.notices = notices;
  }

  /**
   * Finds a model.
   *
   * @param modelPath {@code hf:OWNER/NAME}
   * @param revision branch, tag or commit
   * @return its folder, which has the name of a commit
   * @throws ModelNotFoundException if there is no such model, or it cannot be downloaded
   */
  Path locate(String modelPath, String revision, ModelParts parts)
      throws IOException, InterruptedException {
    String name = name(modelPath);
    if (!HubNames.isRevision(revision)) {
      throw new ModelNotFoundException(
          "model.revision " + revision + " is not a branch, tag or commit of hf:" + name);
    }
    HubCache ownCache = new HubCache(folders.hub());
    for (HubCache cache : List.of(new HubCache(folders.huggingFace()), ownCache)) {
      Optional<Path> cached = cache.find(name, revision, parts);
      if (cached.isPresent()) {
        return cached.get();
      }
    }
    if (environment.getOrDefault("HF_HUB_OFFLINE", "0").matches("(?i)1|true|yes|on")) {
      throw new ModelNotFoundException(notCached(name) + "HF_HUB_OFFLINE forbids downloading it");
    }
    folders.requireWritable(HubNames.PREFIX + name, folders.hub());
    try {
      return new HuggingFaceHub(HubClient.of(environment), ownCache, notices)
          .download(name, revision, parts);
    } catch (ModelNotFoundException e) {
      throw new ModelNotFoundException(notCached(name) + e.getMessage(), e);
    }
  }

  private static String name(String modelPath) throws ModelNotFoundException {
    if (!HubNames.isValid(modelPath)) {
      throw new ModelNotFoundException(
          modelPath + " is not the name of a model on the hub; write hf:OWNER/NAME");
    }
    return HubNames.name(modelPath);
  }

  private String notCached(String name) {
    return "hf:"
        + name
        + " is neither in "
        + folders.huggingFace()
        + " nor in "
        + folders.hub()
        + ", and it cannot be downloaded: ";
  }

  /** The models that are on this machine. */
  List<CachedModel> cached() throws IOException {
    List<CachedModel> models = new ArrayList<>(new HubCache(folders.hub()).models());
    models.addAll(new HubCache(folders.huggingFace()).models());
    return models;
  }
}
