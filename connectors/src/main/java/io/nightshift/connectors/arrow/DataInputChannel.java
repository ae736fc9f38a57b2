package io.nightshift.connectors.arrow;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import org.apache.flink.core.memory.DataInputView;

/**
 * Lets Arrow read from Flink's input. Flink's inputs only fill arrays, so off-heap buffers are
 * filled through an array that stays in the processor's cache.
 */
final class DataInputChannel implements ReadableByteChannel {
  static final int CHUNK = 8 * 1024;

  private final DataInputView source;
  private final byte[] chunk = new byte[CHUNK];

  DataInputChannel(DataInputView source) {
    this.source = source;
  }

  /** Fills {@code target}; throws an {@link java.io.EOFException} if the input ends earlier. */
  @Override
  public int read(ByteBuffer target) throws IOException {
    int length = target.remaining();
    if (target.hasArray()) {
      source.readFully(target.array(), target.arrayOffset() + target.position(), length);
      target.position(target.limit());
    } else {
      while (target.hasRemaining()) {
        int part = Math.min(target.remaining(), chunk.length);
        source.readFully(chunk, 0, part);
        target.put(chunk, 0, part);
      }
    }
    return length;
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public void close() {}
}
