package io.nightshift.runtime.model.weights;

import io.nightshift.runtime.model.ModelFormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A read-only, little-endian memory mapping of a file of any size. Accesses are checked against the
 * size of the file when it was opened. Thread-safe.
 *
 * <p>The file must not shrink while it is mapped: a read of the removed part throws an {@link
 * InternalError}.
 *
 * <p>A Java buffer is limited to 2 GiB. The file is mapped as segments that start every GiB and are
 * up to 2 GiB long, so that any range of up to 1 GiB is contiguous in one of them.
 */
public final class MappedFile implements AutoCloseable {
  private static final int SEGMENT_SHIFT = 30;
  private static final int SEGMENT_MASK = (1 << SEGMENT_SHIFT) - 1;

  /** Maximum length of a range, in bytes. */
  public static final int MAX_RANGE = 1 << SEGMENT_SHIFT;

  private final Path path;
  private final long size;
  private volatile ByteBuffer @Nullable [] segments;

  private MappedFile(Path path, long size, ByteBuffer[] segments) {
    this.path = path;
    this.size = size;
    this.segments = segments;
  }

  /**
   * Maps a whole file.
   *
   * @throws ModelFormatException if the file does not exist or cannot be read
   */
  public static MappedFile open(Path path) {
    if (!Files.isRegularFile(path)) {
      throw new ModelFormatException(path + ": no such file");
    }
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      long size = channel.size();
      ByteBuffer[] segments =
          new ByteBuffer[Math.toIntExact((size + SEGMENT_MASK) >> SEGMENT_SHIFT)];
      for (int i = 0; i < segments.length; i++) {
        long start = (long) i << SEGMENT_SHIFT;
        long length = Math.min(size - start, Integer.MAX_VALUE);
        segments[i] = channel.map(MapMode.READ_ONLY, start, length).order(ByteOrder.LITTLE_ENDIAN);
      }
      return new MappedFile(path, size, segments);
    } catch (IOException e) {
      throw new ModelFormatException(path + ": cannot be read: " + e.getMessage(), e);
    }
  }

  public Path path() {
    return path;
  }

  public long size() {
    return size;
  }

  public int getByte(long offset) {
    return segment(offset, Byte.BYTES).get(indexInSegment(offset));
  }

  public int getShort(long offset) {
    return segment(offset, Short.BYTES).getShort(indexInSegment(offset));
  }

  public int getInt(long offset) {
    return segment(offset, Integer.BYTES).getInt(indexInSegment(offset));
  }

  public long getLong(long offset) {
    return segment(offset, Long.BYTES).getLong(indexInSegment(offset));
  }

  /** Copies {@code length} bytes, at most {@link #MAX_RANGE}, to the start of {@code target}. */
  public void read(long offset, byte[] target, int length) {
    segment(offset, length).get(indexInSegment(offset), target, 0, length);
  }

  /** A read-only view of {@code length} bytes, at most {@link #MAX_RANGE}. */
  public ByteBuffer slice(long offset, int length) {
    return segment(offset, length)
        .slice(indexInSegment(offset), length)
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Closes the file. A later garbage collection unmaps it: unmapping now would crash the JVM if
   * another thread is still reading.
   */
  @Override
  public void close() {
    segments = null;
  }

  private ByteBuffer segment(long offset, int length) {
    ByteBuffer[] mapped = segments;
    if (mapped == null) {
      throw new IllegalStateException(path + " has been closed");
    }
    Objects.checkFromIndexSize(offset, length, size);
    return mapped[(int) (offset >> SEGMENT_SHIFT)];
  }

  private static int indexInSegment(long offset) {
    return (int) offset & SEGMENT_MASK;
  }
}
