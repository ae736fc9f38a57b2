package io.nightshift.runtime.model;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A copy of a GGUF file with other metadata. Tensors stay as they are, or get one more. */
public final class EditedGguf {
  private static final int ALIGNMENT = 32;
  private static final int HEADER = 24;
  private static final int UINT32 = 4;
  private static final int FLOAT32 = 6;
  private static final int BOOL = 7;
  private static final int STRING = 8;
  private static final int ARRAY = 9;
  private static final int INT32 = 5;

  private final ByteBuffer original;
  private final Map<String, byte[]> pairs = new LinkedHashMap<>();
  private final byte[] tensorInfos;
  private final byte[] data;
  private final ByteArrayOutputStream addedInfos = new ByteArrayOutputStream();
  private final ByteArrayOutputStream addedData = new ByteArrayOutputStream();
  private int addedTensors;

  private EditedGguf(byte[] bytes) {
    original = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long tensors = original.getLong(8);
    original.position(HEADER);
    for (long i = original.getLong(16); i > 0; i--) {
      String key = readString();
      int start = original.position();
      skipValue(original.getInt());
      pairs.put(key, slice(start));
    }
    int start = original.position();
    for (long i = 0; i < tensors; i++) {
      readString();
      int dimensions = original.getInt();
      skip(dimensions * Long.BYTES + Integer.BYTES + Long.BYTES);
    }
    tensorInfos = slice(start);
    original.position((original.position() + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
    data = new byte[original.remaining()];
    original.get(data);
  }

  public static EditedGguf copyOf(Path path) {
    try {
      return new EditedGguf(Files.readAllBytes(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public EditedGguf remove(String key) {
    if (pairs.remove(key) == null) {
      throw new AssertionError("the file has no " + key);
    }
    return this;
  }

  /**
   * Sets a pair.
   *
   * @param value an Integer (as uint32), Float, Boolean, String, String[], int[] or float[]
   */
  public EditedGguf put(String key, Object value) {
    pairs.put(key, encode(value));
    return this;
  }

  /** Adds a vector of f32. */
  public EditedGguf addTensor(String name, float... elements) {
    ByteBuffer info = buffer(Long.BYTES + name.length() + 2 * Integer.BYTES + 2 * Long.BYTES);
    info.putLong(name.length()).put(name.getBytes(StandardCharsets.UTF_8));
    info.putInt(1).putLong(elements.length).putInt(0);
    info.putLong(aligned(data.length) + addedData.size());
    addedInfos.writeBytes(info.array());
    ByteBuffer values = buffer(aligned(elements.length * Float.BYTES));
    for (float element : elements) {
      values.putFloat(element);
    }
    addedData.writeBytes(values.array());
    addedTensors++;
    return this;
  }

  public Path write(Path target) {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    ByteBuffer header = buffer(HEADER).put(original.array(), 0, 8);
    header.putLong(original.getLong(8) + addedTensors).putLong(pairs.size());
    file.writeBytes(header.array());
    pairs.forEach(
        (key, value) -> {
          file.writeBytes(string(key));
          file.writeBytes(value);
        });
    file.writeBytes(tensorInfos);
    file.writeBytes(addedInfos.toByteArray());
    pad(file);
    file.writeBytes(data);
    if (addedTensors > 0) {
      pad(file);
      file.writeBytes(addedData.toByteArray());
    }
    try {
      return Files.write(target, file.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] encode(Object value) {
    if (value instanceof Integer number) {
      return buffer(8).putInt(UINT32).putInt(number).array();
    } else if (value instanceof Float number) {
      return buffer(8).putInt(FLOAT32).putFloat(number).array();
    } else if (value instanceof Boolean flag) {
      return buffer(5).putInt(BOOL).put((byte) (flag ? 1 : 0)).array();
    } else if (value instanceof String text) {
      byte[] encoded = string(text);
      return buffer(4 + encoded.length).putInt(STRING).put(encoded).array();
    } else if (value instanceof String[] texts) {
      List<byte[]> encoded = List.of(texts).stream().map(EditedGguf::string).toList();
      int bytes = encoded.stream().mapToInt(text -> text.length).sum();
      ByteBuffer array = array(STRING, texts.length, bytes);
      encoded.forEach(array::put);
      return array.array();
    } else if (value instanceof int[] numbers) {
      ByteBuffer array = array(INT32, numbers.length, numbers.length * Integer.BYTES);
      for (int number : numbers) {
        array.putInt(number);
      }
      return array.array();
    }
    float[] numbers = (float[]) value;
    ByteBuffer array = array(FLOAT32, numbers.length, numbers.length * Float.BYTES);
    for (float number : numbers) {
      array.putFloat(number);
    }
    return array.array();
  }

  private static ByteBuffer array(int type, int count, int bytes) {
    return buffer(16 + bytes).putInt(ARRAY).putInt(type).putLong(count);
  }

  private static byte[] string(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return buffer(Long.BYTES + bytes.length).putLong(bytes.length).put(bytes).array();
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static int aligned(int bytes) {
    return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  private static void pad(ByteArrayOutputStream file) {
    file.writeBytes(new byte[aligned(file.size()) - file.size()]);
  }

  private String readString() {
    byte[] bytes = new byte[(int) original.getLong()];
    original.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private void skipValue(int type) {
    switch (type) {
      case STRING -> readString();
      case ARRAY -> {
        int elements = original.getInt();
        for (long i = original.getLong(); i > 0; i--) {
          skipValue(elements);
        }
      }
      case 0, 1, BOOL -> skip(1);
      case 2, 3 -> skip(2);
      case UINT32, INT32, FLOAT32 -> skip(4);
      default -> skip(8);
    }
  }

  private void skip(int bytes) {
    original.position(original.position() + bytes);
  }

  private byte[] slice(int start) {
    byte[] bytes = new byte[original.position() - start];
    original.get(start, bytes);
    return bytes;
  }
}
