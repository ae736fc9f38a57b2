package io.nightshift.connectors.source;

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
final class FileSplitSerializer implements SimpleVersionedSerializer<FileSplit> {
  private static final int VERSION = 1;

  @Override
  public int getVersion() {
    return VERSION;
  }

  @Override
  public byte[] serialize(FileSplit split) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(256);
    write(split, out);
    return out.getCopyOfBuffer();
  }

  @Override
  public FileSplit deserialize(int version, byte[] bytes) throws IOException {
    checkVersion(version);
    return read(new DataInputDeserializer(bytes));
  }

  static void checkVersion(int version) throws IOException {
    if (version != VERSION) {
      throw new IOException(
          "A split of version " + version + " cannot be read; expected " + VERSION + ".");
    }
  }

  static void write(FileSplit split, DataOutputView out) throws IOException {
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
    out.writeLong(split.start());
    out.writeLong(split.end());
    out.writeLong(split.position().offset());
    out.writeLong(split.position().row());
  }

  static FileSplit read(DataInputView in) throws IOException {
    String path = in.readUTF();
    long length = in.readLong();
    long modificationTime = in.readLong();
    Map<String, @Nullable String> folders = new TreeMap<>();
    for (int left = in.readInt(); left > 0; left--) {
      String key = in.readUTF();
      folders.put(key, in.readBoolean() ? in.readUTF() : null);
    }
    long start = in.readLong();
    long end = in.readLong();
    SplitPosition position = new SplitPosition(in.readLong(), in.readLong());
    return new FileSplit(path, length, modificationTime, folders, start, end, position);
  }
}
