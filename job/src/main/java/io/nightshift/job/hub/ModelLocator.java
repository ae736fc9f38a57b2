package io.nightshift.job.hub;

import io.nightshift.connectors.files.LocalFileNames;
import io.nightshift.connectors.files.Location;
import io.nightshift.connectors.files.UnknownCharactersException;
import io.nightshift.job.storage.PathText;
import io.nightshift.job.storage.StorageFailure;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Finds the local file or folder of the model that a job names, and fetches it if necessary. */
public final class ModelLocator {
  private final CacheFolders folders;
  private final HubModels hub;
  private final Consumer<String> notices;

  /**
   * @param folders where models are kept on this machine
   * @param environment variables that say how the hub is reached
   * @param notices is told what is being fetched, since that may take a while
   */
  public ModelLocator(
      CacheFolders folders, Map<String, String> environment, Consumer<String> notices) {
    this.folders = folders;
    this.hub = new HubModels(folders, Map.copyOf(environment), notices);
    this.notices = notices;
  }

  /** A locator for this process's environment. */
  public static ModelLocator ofThisProcess(Consumer<String> notices) {
    Map<String, String> environment = System.getenv();
    Path home = Path.of(System.getProperty("user.home"));
    return new ModelLocator(CacheFolders.of(environment, home), environment, notices);
  }

  /**
   * Locates a model as it is now.
   *
   * @param modelPath hub name ({@code hf:OWNER/NAME}), folder or file on any Flink file system
   * @param revision of a hub name
   * @param parts how much of the model has to be on this machine
   * @throws ModelNotFoundException if there is no such model
   */
  public LocatedModel locate(String modelPath, String revision, ModelParts parts)
      throws IOException, InterruptedException {
    if (HubNames.isHubPath(modelPath)) {
      Path snapshot = hub.locate(modelPath, revision, parts);
      String commit = snapshot.getFileName().toString();
      return new LocatedModel(
          snapshot,
          PinnedModel.ofVersion(modelPath, commit),
          Map.of("model.path", modelPath, "model.revision", commit));
    }
    if (isRemote(modelPath)) {
      RemoteFiles files = list(modelPath);
      folders.requireWritable(modelPath, folders.copies());
      return new LocatedModel(
          new RemoteModel(folders.copies(), notices).copy(files, parts),
          PinnedModel.ofVersion(modelPath, files.version()),
          Map.of("model.path", files.identity()));
    }
    Path local = locateLocal(modelPath);
    Map<String, String> content = content(local, ModelParts.ALL);
    return new LocatedModel(local, PinnedModel.ofContent(modelPath, content), content);
  }

  /**
   * Locates the model that a job was submitted with.
   *
   * @throws ModelMismatchException if it has changed since then, or is another one here
   */
  Path locate(PinnedModel model, ModelParts parts) throws IOException, InterruptedException {
    String modelPath = model.modelPath();
    if (HubNames.isHubPath(modelPath)) {
      return hub.locate(modelPath, model.version(), parts);
    }
    if (isRemote(modelPath)) {
      RemoteFiles files = list(modelPath);
      if (!files.version().equals(model.version())) {
        throw new ModelMismatchException(
            modelPath + " has been written since the job was submitted; run the job again");
      }
      return new RemoteModel(folders.copies(), notices).copy(files, parts);
    }
    Path local = locateLocal(modelPath);
    model.requireSame(local, content(local, parts));
    return local;
  }

  private Map<String, String> content(Path local, ModelParts parts) throws IOException {
    try {
      return new LocalModel(local, new FileHashes(folders.hashes(), FileHash.DEFAULT))
          .identity(parts);
    } catch (AccessDeniedException e) {
      throw new ModelNotFoundException(
          e.getFile() + ": this user may not read it; change its permissions, or use another model",
          e);
    }
  }

  private static boolean isRemote(String modelPath) {
    return !Location.isLocal(PathText.parse(modelPath));
  }

  private static RemoteFiles list(String modelPath) throws IOException {
    try {
      return RemoteFiles.list(PathText.parse(modelPath));
    } catch (FileNotFoundException e) {
      throw notThere(modelPath);
    } catch (IOException | RuntimeException e) { // Flink's native S3 plugin throws both.
      Optional<StorageFailure> failure = StorageFailure.of(e);
      if (failure.isPresent()) {
        throw new ModelNotFoundException(failure.get().message("the model " + modelPath), e);
      }
      throw e;
    }
  }

  private static Path locateLocal(String modelPath) throws IOException {
    org.apache.flink.core.fs.Path path = PathText.parse(modelPath);
    try {
      LocalFileNames.requireKnown(path);
    } catch (UnknownCharactersException e) {
      throw new ModelNotFoundException("the model's path " + e.getMessage(), e);
    }
    Path local = Path.of(path.getPath());
    if (!Files.exists(local)) {
      throw notThere(modelPath);
    }
    return local;
  }

  private static ModelNotFoundException notThere(String modelPath) {
    return new ModelNotFoundException(
        modelPath
            + ": there is no such file or folder; give the path of a model, or a name on the hub as"
            + " hf:OWNER/NAME");
  }

  /** The models on this machine: model files, then hub models. */
  public List<CachedModel> cached() throws IOException {
    List<CachedModel> models = new ArrayList<>();
    for (Path file : HubCache.children(folders.files())) {
      if (file.toString().endsWith(".gguf")) {
        models.add(new CachedModel(file.toString(), file, Files.size(file)));
      }
    }
    models.addAll(hub.cached());
    return models;
  }
}
