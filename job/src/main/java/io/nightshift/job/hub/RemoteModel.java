package io.nightshift.job.hub;

import io.nightshift.job.hub.ModelCopy.CopiedFile;
import io.nightshift.job.hub.RemoteFiles.RemoteFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.flink.util.FileUtils;

/**
 * A model on another file system, copied to this machine, since weights are memory-mapped. Each
 * version of it is a folder in the cache, which appears whole or not at all: the first who needs it
 * makes it, and others wait. Versions that are no longer used stay until the user deletes them.
 */
final class RemoteModel {
  private static final String UNFINISHED = ".unfinished";

  private final Path copies;
  private final Consumer<String> notices;

  /**
   * @param copies folder for the copies
   * @param notices is told what is being copied, since that may take a while
   */
  RemoteModel(Path copies, Consumer<String> notices) {
    this.copies = copies;
    this.notices = notices;
  }

  /**
   * The local copy of a model's file or folder. Unless all parts are requested, the values of its
   * weights may be missing.
   *
   * @throws IOException if it cannot be copied; the message names the file, or the folder without
   *     space
   */
  Path copy(RemoteFiles model, ModelParts parts) throws IOException, InterruptedException {
    Path versions = copies.resolve(model.cacheName());
    return FetchLock.holding(
        versions.resolve(".lock"),
        () -> {
          Path whole = versions.resolve(model.version());
          Optional<ModelCopy> copy = intact(whole);
          if (copy.isPresent()) {
            return copy.get().model(whole);
          }
          if (parts == ModelParts.ALL) {
            return fetch(model, whole, FileCopy::whole).model(whole);
          }
          Path headers = versions.resolve(model.version() + "-headers");
          copy = intact(headers);
          return copy.isPresent()
              ? copy.get().model(headers)
              : fetch(model, headers, FileCopy::header).model(headers);
        });
  }

  private Optional<ModelCopy> intact(Path folder) throws IOException {
    Optional<ModelCopy> copy = ModelCopy.read(folder);
    if (copy.isPresent() && !copy.get().isIntact(folder)) {
      notices.accept(folder + " has changed since it was copied; copying again");
      return Optional.empty();
    }
    return copy;
  }

  @FunctionalInterface
  private interface Copying {
    CopiedFile copy(RemoteFile file, Path folder) throws IOException, InterruptedException;
  }

  /** Copies under another name, in place of what an earlier attempt may have left. */
  private ModelCopy fetch(RemoteFiles model, Path target, Copying copying)
      throws IOException, InterruptedException {
    Path unfinished = target.resolveSibling(UNFINISHED);
    FileUtils.deleteDirectory(unfinished.toFile());
    Files.createDirectory(unfinished);
    try {
      requireSpace(model, unfinished);
      notices.accept(
          String.format(
              Locale.ROOT, "Copying %s (%.1f MB)", model.address(), model.bytes() / 1_000_000.0));
      List<CopiedFile> files = new ArrayList<>();
      for (RemoteFile file : model.files()) {
        files.add(copying.copy(file, unfinished));
      }
      requireUnchanged(model);
      ModelCopy copy = new ModelCopy(model.address().toString(), model.isFolder(), files);
      copy.write(unfinished);
      FileUtils.deleteDirectory(target.toFile());
      Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
      return copy;
    } finally {
      FileUtils.deleteDirectory(unfinished.toFile());
    }
  }

  private static void requireSpace(RemoteFiles model, Path folder) throws IOException {
    long usable = Files.getFileStore(folder).getUsableSpace();
    if (usable < model.bytes()) {
      throw new IOException(
          "%s has %s bytes, and %s has space for %s: make space, or set NIGHTSHIFT_CACHE to another folder"
              .formatted(model.address(), model.bytes(), folder.getParent(), usable));
    }
  }

  private static void requireUnchanged(RemoteFiles model) throws IOException {
    if (!RemoteFiles.list(model.address()).version().equals(model.version())) {
      throw new IOException(
          model.address() + " was written while it was copied; run the job again");
    }
  }
}
