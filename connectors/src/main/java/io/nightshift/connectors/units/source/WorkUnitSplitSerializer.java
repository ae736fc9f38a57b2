package io.nightshift.connectors.units.source;

import io.nightshift.connectors.units.RowSelection;
import io.nightshift.connectors.units.WorkUnit;
import java.io.IOException;
import java.util.BitSet;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/** Serializes splits. */
final class WorkUnitSplitSerializer implements SimpleVersionedSerializer<WorkUnitSplit> {
  private static final int VERSION = 1;

  @Override
  public int getVersion() {
    return VERSION;
  }

  @Override
  public byte[] serialize(WorkUnitSplit split) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(64);
    write(split, out);
    return out.getCopyOfBuffer();
  }

  @Override
  public WorkUnitSplit deserialize(int version, byte[] bytes) throws IOException {
    check(version);
    return read(new DataInputDeserializer(bytes));
  }

  private static void check(int version) throws IOException {
    if (version != VERSION) {
      throw new IOException("Work unit split of version " + version + ", expected " + VERSION);
    }
  }

  private static void write(WorkUnitSplit split, DataOutputSerializer out) throws IOException {
    WorkUnit unit = split.description();
    out.writeInt(split.unit());
    out.writeLong(split.rows().from());
    out.writeLong(split.rows().to());
    byte[] done = split.rows().done().toByteArray();
    out.writeInt(done.length);
    out.write(done);
    out.writeUTF(unit.file());
    out.writeInt(unit.rows());
    out.writeLong(unit.keyElements());
    out.writeLong(unit.storedElements());
    out.writeInt(unit.duplicateRows());
    out.writeInt(unit.sharedWithPrevious());
  }

  private static WorkUnitSplit read(DataInputDeserializer in) throws IOException {
    int unit = in.readInt();
    long from = in.readLong();
    long to = in.readLong();
    byte[] done = new byte[in.readInt()];
    in.readFully(done);
    WorkUnit description =
        new WorkUnit(
            in.readUTF(), in.readInt(), in.readLong(), in.readLong(), in.readInt(), in.readInt());
    return new WorkUnitSplit(unit, description, new RowSelection(from, to, BitSet.valueOf(done)));
  }
}
