package io.nightshift.job.hub;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Finds the local file or folder of the model that a job names, and fetches it where it must. */
public final class ModelLocator {
  private static final String HUB_PREFIX = "hf:";

  private final CacheFolders folders;
  private final Map<String, String> environment;
  private final Consumer<String> notices;

  /**
   * @param folders where models are kept on this machine
   * @param environment variables that say how the hub is reached
   * @param notices is told what is being fetched, since that may take its time
   */
  public ModelLocator(
      CacheFolders folders, Map<String, String> environment, Consumer<String> notices) {
    this.folders = folders;
    this.environment = Map.copyOf(environment);
    this.notices = notices;
  }

  /** A locator for this process's environment. */
  public static ModelLocator ofThisProcess(Consumer<String> notices) {
    Map<String, String> environment = System.getenv();
    Path home = Path.of(System.getProperty("user.home"));
    return new ModelLocator(CacheFolders.of(environment, home), environment, notices);
  }

  /**
   * @param modelPath hub name ({@code hf:OWNER/NAME}), folder or file on any Flink file system
   * @param revision of a hub name
   * @param parts how much of a hub's model has to be there
   * @return the model's folder or file on this machine
   * @throws ModelNotFoundException if there is no such model
   */
  public Path locate(String modelPath, String revision, ModelParts parts)
      throws IOException, InterruptedException {
    if (modelPath.startsWith(HUB_PREFIX)) {
      return locateHubModel(modelPath.substring(HUB_PREFIX.length()), revision, parts);
    }
    org.apache.flink.core.fs.Path path = new org.apache.flink.core.fs.Path(modelPath);
    String scheme = path.toUri().getScheme();
    if (scheme != null && !scheme.equals("file")) {
      return copy(path);
    }
    Path local = Path.of(path.getPath());
    if (!Files.exists(local)) {
      throw new ModelNotFoundException(
          modelPath + ": there is no such file or folder; correct model.path");
    }
    return local;
  }

  /** What is on this machine: model files, then hub models. */
  public List<CachedModel> cached() throws IOException {
    List<CachedModel> models = new ArrayList<>();
    for (Path file : HubCache.children(folders.files())) {
      if (file.toString().endsWith(".gguf")) {
        models.add(new CachedModel(file.toString(), file, Files.size(file)));
      }
    }
    models.addAll(new HubCache(folders.hub()).models());
    models.addAll(new HubCache(folders.huggingFace()).models());
    return models;
  }

  private Path locateHubModel(String name, String revision, ModelParts parts)
      throws IOException, InterruptedException {
    HubCache ownCache = new HubCache(folders.hub());
    for (HubCache cache : List.of(new HubCache(folders.huggingFace()), ownCache)) {
      Optional<Path> cached = cache.find(name, revision, parts);
      if (cached.isPresent()) {
        return cached.get();
      }
    }
    if (environment.getOrDefault("HF_HUB_OFFLINE", "0").matches("(?i)1|true|yes|on")) {
      throw new ModelNotFoundException(notCached(name) + "HF_HUB_OFFLINE forbids to download it");
    }
    try {
      return new HuggingFaceHub(HubClient.of(environment), ownCache, notices)
          .download(name, revision, parts);
    } catch (ModelNotFoundException e) {
      throw new ModelNotFoundException(notCached(name) + e.getMessage(), e);
    }
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

  private Path copy(org.apache.flink.core.fs.Path path) throws IOException {
    try {
      return new RemoteModel(folders.copies(), notices).copy(path);
    } catch (FileNotFoundException e) {
      throw new ModelNotFoundException(
          path + ": there is no such file or folder; correct model.path", e);
    }
  }
}
