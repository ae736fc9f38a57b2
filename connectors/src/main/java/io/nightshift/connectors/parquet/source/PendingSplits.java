package io.nightshift.connectors.parquet.source;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/** The enumerator's state: the splits that no reader has, in the order they will be handed out. */
public record PendingSplits(List<ParquetSplit> splits) {
  public PendingSplits {
    splits = List.copyOf(splits);
  }

  /** Writes the state into checkpoints, in the version of {@link ParquetSplitSerializer}. */
  static final class Serializer implements SimpleVersionedSerializer<PendingSplits> {
    @Override
    public int getVersion() {
      return new ParquetSplitSerializer().getVersion();
    }

    @Override
    public byte[] serialize(PendingSplits pending) throws IOException {
      DataOutputSerializer out = new DataOutputSerializer(1024);
      out.writeInt(pending.splits().size());
      for (ParquetSplit split : pending.splits()) {
        ParquetSplitSerializer.write(split, out);
      }
      return out.getCopyOfBuffer();
    }

    @Override
    public PendingSplits deserialize(int version, byte[] bytes) throws IOException {
      ParquetSplitSerializer.checkVersion(version);
      DataInputDeserializer in = new DataInputDeserializer(bytes);
      List<ParquetSplit> splits = new ArrayList<>();
      for (int left = in.readInt(); left > 0; left--) {
        splits.add(ParquetSplitSerializer.read(in));
      }
      return new PendingSplits(splits);
    }
  }
}
