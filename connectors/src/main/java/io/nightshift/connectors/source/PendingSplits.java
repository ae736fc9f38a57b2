package io.nightshift.connectors.source;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/** The enumerator's state: the splits that no reader has, in the order they will be handed out. */
public record PendingSplits(List<FileSplit> splits) implements Serializable {
  public PendingSplits {
    splits = List.copyOf(splits);
  }

  /** Writes the state into checkpoints, in the version of {@link FileSplitSerializer}. */
  static final class Serializer implements SimpleVersionedSerializer<PendingSplits> {
    @Override
    public int getVersion() {
      return new FileSplitSerializer().getVersion();
    }

    @Override
    public byte[] serialize(PendingSplits pending) throws IOException {
      DataOutputSerializer out = new DataOutputSerializer(1024);
      out.writeInt(pending.splits().size());
      for (FileSplit split : pending.splits()) {
        FileSplitSerializer.write(split, out);
      }
      return out.getCopyOfBuffer();
    }

    @Override
    public PendingSplits deserialize(int version, byte[] bytes) throws IOException {
      FileSplitSerializer.checkVersion(version);
      DataInputDeserializer in = new DataInputDeserializer(bytes);
      List<FileSplit> splits = new ArrayList<>();
      for (int left = in.readInt(); left > 0; left--) {
        splits.add(FileSplitSerializer.read(in));
      }
      return new PendingSplits(splits);
    }
  }
}
