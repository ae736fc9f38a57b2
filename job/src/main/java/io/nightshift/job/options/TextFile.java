package io.nightshift.job.options;

import io.nightshift.connectors.files.LocalFileNames;
import io.nightshift.connectors.files.UnknownCharactersException;
import io.nightshift.job.storage.StorageFailure;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;

/** Reads the text of a file from any Flink file system. */
final class TextFile {
  /** Job files and schemas are written by hand: what is larger is another file by mistake. */
  private static final int MAX_BYTES = 1 << 20;

  private TextFile() {}

  /**
   * Reads a file.
   *
   * @param kind of the file, for messages
   * @throws InvalidJobException if the file is missing, unreadable, too large or not UTF-8
   */
  static String read(Path file, String kind) {
    try {
      LocalFileNames.requireKnown(file);
      FileSystem fileSystem = file.getFileSystem();
      FileStatus status = fileSystem.getFileStatus(file);
      if (status.isDir()) {
        throw new InvalidJobException(file + ": is a folder; name a " + kind + " in it");
      }
      if (status.getLen() > MAX_BYTES) {
        throw new InvalidJobException(
            file
                + ": too large for a "
                + kind
                + ": "
                + status.getLen()
                + " bytes, at most "
                + MAX_BYTES);
      }
      try (FSDataInputStream stream = fileSystem.open(file)) {
        byte[] bytes = stream.readNBytes(MAX_BYTES);
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      }
    } catch (InvalidJobException e) {
      throw e;
    } catch (UnknownCharactersException e) {
      throw new InvalidJobException(String.valueOf(e.getMessage()), e);
    } catch (FileNotFoundException e) {
      throw new InvalidJobException(file + ": there is no such " + kind, e);
    } catch (CharacterCodingException e) {
      throw new InvalidJobException(
          file + ": the " + kind + " is not valid UTF-8; save it as UTF-8", e);
    } catch (IOException | RuntimeException e) { // Flink's native S3 plugin throws both.
      String message =
          StorageFailure.of(e)
              .map(failure -> failure.message(file))
              .orElseGet(() -> file + ": cannot read the " + kind + ": " + e.getMessage());
      throw new InvalidJobException(message, e);
    }
  }
}
