package io.nightshift.connectors.units.source;

import io.nightshift.connectors.units.source.UnassignedRows.Range;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/**
 * Serializes the enumerator's state: 16 bytes per range, and the bits of units that are partly
 * done.
 */
final class UnassignedRowsSerializer implements SimpleVersionedSerializer<UnassignedRows> {
  private static final int VERSION = 2;

  @Override
  public int getVersion() {
    return VERSION;
  }

  @Override
  public byte[] serialize(UnassignedRows state) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(64);
    out.writeInt(state.ranges().size());
    for (Range range : state.ranges()) {
      out.writeLong(range.from());
      out.writeLong(range.to());
    }
    out.writeInt(state.done().size());
    for (Map.Entry<Integer, BitSet> unit : state.done().entrySet()) {
      byte[] rows = unit.getValue().toByteArray();
      out.writeInt(unit.getKey());
      out.writeInt(rows.length);
      out.write(rows);
    }
    return out.getCopyOfBuffer();
  }

  @Override
  public UnassignedRows deserialize(int version, byte[] bytes) throws IOException {
    if (version != VERSION) {
      throw new IOException(
          "State of the work unit source of version %s, expected %s: run the job again without it"
              .formatted(version, VERSION));
    }
    DataInputDeserializer in = new DataInputDeserializer(bytes);
    List<Range> ranges = new ArrayList<>();
    for (int remaining = in.readInt(); remaining > 0; remaining--) {
      ranges.add(new Range(in.readLong(), in.readLong()));
    }
    Map<Integer, BitSet> done = new TreeMap<>();
    for (int remaining = in.readInt(); remaining > 0; remaining--) {
      int unit = in.readInt();
      byte[] rows = new byte[in.readInt()];
      in.readFully(rows);
      done.put(unit, BitSet.valueOf(rows));
    }
    return new UnassignedRows(ranges, done);
  }
}
