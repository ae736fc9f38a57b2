package io.nightshift.job.hub;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nightshift.job.storage.Sha256;
import io.nightshift.runtime.files.AtomicWrite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Content hashes of large local files, each computed once. They are cached in this process and in a
 * folder until the file's metadata changes.
 */
final class FileHashes {
  private static final Logger LOG = LoggerFactory.getLogger(FileHashes.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Of this process: the client and the tasks that run in it look at the same files. */
  private static final Map<FileState, String> KNOWN = new HashMap<>();

  private final Path folder;
  private final FileHash hash;

  /**
   * @param folder where hashes are kept
   */
  FileHashes(Path folder, FileHash hash) {
    this.folder = folder;
    this.hash = hash;
  }

  /** A hash that a folder has, as JSON. */
  private record Entry(FileState file, String hash) {}

  /**
   * The hash of a file as it is now.
   *
   * @throws IOException if it cannot be read, or is being written; the message names it
   */
  String of(Path file) throws IOException {
    synchronized (KNOWN) {
      FileState state = FileState.of(file);
      Optional<String> known = Optional.ofNullable(KNOWN.get(state)).or(() -> read(state));
      if (known.isPresent()) {
        return known.get();
      }
      Instant now = Instant.now();
      String computed = hash.of(file);
      if (!FileState.of(file).equals(state)) {
        throw new IOException(file + " was written while it was read; run the job again");
      }
      if (!state.isYoung(now)) {
        KNOWN.put(state, computed);
        write(new Entry(state, computed));
      }
      return computed;
    }
  }

  private Optional<String> read(FileState state) {
    Path file = entry(state);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      Entry entry = JSON.readValue(Files.readAllBytes(file), Entry.class);
      return Optional.of(entry).filter(some -> some.file().equals(state)).map(Entry::hash);
    } catch (IOException e) {
      LOG.warn("{} cannot be read; the hash in it is computed again", file, e);
      return Optional.empty();
    }
  }

  private void write(Entry entry) {
    Path file = entry(entry.file());
    try {
      AtomicWrite.replace(file, JSON.writeValueAsBytes(entry));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an entry is texts and a number", e);
    } catch (IOException e) {
      LOG.warn("{} cannot be written; the next process computes the hash again", file, e);
    }
  }

  private Path entry(FileState state) {
    return folder.resolve(Sha256.shortName(state.path()) + ".json");
  }
}
