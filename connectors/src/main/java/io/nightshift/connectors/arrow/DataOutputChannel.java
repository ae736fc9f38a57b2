package io.nightshift.connectors.arrow;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.core.memory.MemorySegmentFactory;
import org.apache.flink.core.memory.MemorySegmentWritable;

/**
 * Lets Arrow write into Flink's output: directly from off-heap memory if the output supports it
 * (the network's does), otherwise through a small array.
 */
final class DataOutputChannel implements WritableByteChannel {
  private final DataOutputView target;

  DataOutputChannel(DataOutputView target) {
    this.target = target;
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    int length = source.remaining();
    if (source.hasArray()) {
      target.write(source.array(), source.arrayOffset() + source.position(), length);
      source.position(source.limit());
    } else if (target instanceof MemorySegmentWritable segments) {
      segments.write(MemorySegmentFactory.wrapOffHeapMemory(source.slice()), 0, length);
      source.position(source.limit());
    } else {
      byte[] chunk = new byte[Math.min(length, DataInputChannel.CHUNK)];
      while (source.hasRemaining()) {
        int part = Math.min(source.remaining(), chunk.length);
        source.get(chunk, 0, part);
        target.write(chunk, 0, part);
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
