package io.nightshift.connectors.parquet.source;

import io.nightshift.connectors.parquet.decode.RowPosition;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

/** Writes splits into checkpoints and to readers. */
final class ParquetSplitSerializer implements SimpleVersionedSerializer<ParquetSplit> {
  private static final int VERSION = 1;

  @Override
  public int getVersion() {
    return VERSION;
  }

  @Override
  public byte[] serialize(ParquetSplit split) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(256);
    write(split, out);
    return out.getCopyOfBuffer();
  }

  @Override
  public ParquetSplit deserialize(int version, byte[] bytes) throws IOException {
    checkVersion(version);
    return read(new DataInputDeserializer(bytes));
  }

  static void checkVersion(int version) throws IOException {
    if (version != VERSION) {
      throw new IOException(
          "A Parquet split of version " + version + " cannot be read; expected " + VERSION + ".");
    }
  }

  static void write(ParquetSplit split, DataOutputView out) throws IOException {
    out.writeUTF(split.path());
    out.writeLong(split.length());
    out.writeLong(split.modificationTime());
    out.writeInt(split.folders().size());
    for (Map.Entry<String, @Nullable String> folder : split.folders().entrySet()) {
      out.writeUTF(folder.getKey());
      String value = folder.getValue();
      out.writeBoolean(value != null);
      if (value != null) {
        out.writeUTF(value);
      }
    }
    out.writeInt(split.firstRowGroup());
    out.writeInt(split.endRowGroup());
    out.writeInt(split.position().rowGroup());
    out.writeLong(split.position().row());
  }

  static ParquetSplit read(DataInputView in) throws IOException {
    String path = in.readUTF();
    long length = in.readLong();
    long modificationTime = in.readLong();
    Map<String, @Nullable String> folders = new TreeMap<>();
    for (int left = in.readInt(); left > 0; left--) {
      String key = in.readUTF();
      folders.put(key, in.readBoolean() ? in.readUTF() : null);
    }
    int firstRowGroup = in.readInt();
    int endRowGroup = in.readInt();
    RowPosition position = new RowPosition(in.readInt(), in.readLong());
    return new ParquetSplit(
        path, length, modificationTime, folders, firstRowGroup, endRowGroup, position);
  }
}
