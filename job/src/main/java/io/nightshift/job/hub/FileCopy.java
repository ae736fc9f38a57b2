package io.nightshift.job.hub;

import io.nightshift.job.hub.ModelCopy.CopiedFile;
import io.nightshift.job.hub.RemoteFiles.RemoteFile;
import io.nightshift.job.storage.Sha256;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;

/** Copies a file of a model to this machine, or the beginning of one. */
final class FileCopy {
  /** More than the largest vocabulary takes, which is in the header of a GGUF file. */
  private static final long GGUF_HEADER_BYTES = 64L << 20;

  private static final int BUFFER_BYTES = 4 << 20;

  private final RemoteFile file;
  private final MessageDigest digest = Sha256.digest();
  private long copied;

  private FileCopy(RemoteFile file) {
    this.file = file;
  }

  /** Copies a whole file. */
  static CopiedFile whole(RemoteFile file, Path folder) throws IOException, InterruptedException {
    return new FileCopy(file).copy(folder, false);
  }

  /**
   * Copies a file without the values of weights: behind the header, the copy is a hole of the same
   * size.
   */
  static CopiedFile header(RemoteFile file, Path folder) throws IOException, InterruptedException {
    return new FileCopy(file).copy(folder, true);
  }

  private CopiedFile copy(Path folder, boolean headerOnly)
      throws IOException, InterruptedException {
    Path target = folder.resolve(file.name());
    try (ResumingInput in = new ResumingInput(file.path());
        FileChannel out =
            FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      if (headerOnly && file.name().endsWith(".gguf")) {
        transfer(in, out, Math.min(file.bytes(), GGUF_HEADER_BYTES));
      } else if (headerOnly && file.name().endsWith(".safetensors")) {
        transfer(in, out, safetensorsHeader(in, out));
      } else {
        transfer(in, out, file.bytes());
      }
      if (copied < file.bytes()) {
        out.write(ByteBuffer.allocate(1), file.bytes() - 1);
      }
      // The folder must not survive a power cut with less in it than its record says.
      out.force(true);
    }
    return CopiedFile.of(target, Sha256.hex(digest));
  }

  /** Copies the first bytes of the file, which say how long the header behind them is. */
  private long safetensorsHeader(ResumingInput in, FileChannel out)
      throws IOException, InterruptedException {
    long prefix = Math.min(Long.BYTES, file.bytes());
    ByteBuffer bytes = ByteBuffer.wrap(transfer(in, out, prefix)).order(ByteOrder.LITTLE_ENDIAN);
    long header = prefix < Long.BYTES ? 0 : bytes.getLong();
    boolean possible = header >= 0 && header <= file.bytes() - prefix;
    return possible ? prefix + header : file.bytes();
  }

  /**
   * Copies up to an offset of the file.
   *
   * @return the bytes that were read last
   */
  private byte[] transfer(ResumingInput in, FileChannel out, long end)
      throws IOException, InterruptedException {
    byte[] buffer = new byte[(int) Math.min(BUFFER_BYTES, Math.max(Long.BYTES, end - copied))];
    while (copied < end) {
      int count = in.read(buffer, (int) Math.min(buffer.length, end - copied));
      if (count < 0) {
        throw new EOFException(
            "%s ends after %s of its %s bytes; was it written just now?"
                .formatted(file.path(), copied, file.bytes()));
      }
      ByteBuffer content = ByteBuffer.wrap(buffer, 0, count);
      while (content.hasRemaining()) {
        out.write(content);
      }
      digest.update(buffer, 0, count);
      copied += count;
    }
    return buffer;
  }
}
