package io.nightshift.runtime.model.gguf;

import io.nightshift.runtime.model.ModelFormatException;
import io.nightshift.runtime.model.TensorType;
import io.nightshift.runtime.model.weights.MappedFile;
import io.nightshift.runtime.model.weights.StoredTensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The header of a GGUF file of version 2 or 3: magic, version, counts, metadata pairs, tensor
 * infos. The tensors' data follow at the next aligned offset.
 *
 * @param tensors by name in the file; all are inside the file and do not overlap
 */
record GgufHeader(GgufMetadata metadata, Map<String, StoredTensor> tensors) {
  private static final int MAGIC = 0x46554747; // "GGUF", little-endian
  private static final int DEFAULT_ALIGNMENT = 32;
  private static final int MAX_DIMENSIONS = 4;

  /**
   * @throws ModelFormatException if the header is invalid or inconsistent with the file's size
   */
  static GgufHeader read(MappedFile file) {
    GgufCursor cursor = new GgufCursor(file, 0);
    if (cursor.readInt() != MAGIC) {
      throw cursor.problem("does not start with \"GGUF\": this is no GGUF file");
    }
    int version = cursor.readInt();
    if (Integer.reverseBytes(version) == 2 || Integer.reverseBytes(version) == 3) {
      throw cursor.problem("is big-endian; expected a little-endian GGUF file");
    }
    if (version != 2 && version != 3) {
      throw cursor.problem(
          "has version " + Integer.toUnsignedString(version) + ", expected GGUF version 2 or 3");
    }
    long tensorCount = cursor.readLong();
    long pairCount = cursor.readLong();
    requireCount(cursor, "tensors", tensorCount);
    requireCount(cursor, "metadata pairs", pairCount);
    GgufMetadata metadata = new GgufMetadata(file, cursor, pairCount);
    List<StoredTensor> infos = new ArrayList<>();
    for (long i = 0; i < tensorCount; i++) {
      infos.add(readTensorInfo(file, cursor, i));
    }
    return new GgufHeader(metadata, place(infos, dataStart(cursor, metadata), alignment(metadata)));
  }

  private static void requireCount(GgufCursor cursor, String what, long count) {
    if (count < 0) {
      throw cursor.problem("claims " + Long.toUnsignedString(count) + " " + what);
    }
  }

  /** Reads a tensor info, whose offset is relative to the start of the data. */
  private static StoredTensor readTensorInfo(MappedFile file, GgufCursor cursor, long index) {
    String name = cursor.in("tensor info " + index).readString();
    cursor.in("tensor \"" + name + '"');
    int dimensions = cursor.readInt();
    if (dimensions < 1 || dimensions > MAX_DIMENSIONS) {
      throw cursor.problem(
          "has %s dimensions, expected 1 to %s"
              .formatted(Integer.toUnsignedString(dimensions), MAX_DIMENSIONS));
    }
    List<Long> shape = new ArrayList<>();
    for (int i = 0; i < dimensions; i++) {
      long extent = cursor.readLong();
      if (extent <= 0) {
        throw cursor.problem("has a dimension of " + Long.toUnsignedString(extent));
      }
      shape.add(extent);
    }
    Collections.reverse(shape); // GGUF has the innermost dimension first.
    TensorType type = GgmlTypes.of(cursor.readInt(), cursor);
    return new StoredTensor(file, name, type, shape, cursor.readLong());
  }

  private static int alignment(GgufMetadata metadata) {
    String key = "general.alignment";
    int alignment = metadata.integer(key).orElse(DEFAULT_ALIGNMENT);
    if (alignment < 8 || alignment % 8 != 0) {
      throw metadata.problem(key, alignment + ", expected a multiple of 8");
    }
    return alignment;
  }

  private static long dataStart(GgufCursor cursor, GgufMetadata metadata) {
    long alignment = alignment(metadata);
    return (cursor.position() + alignment - 1) / alignment * alignment;
  }

  /** Makes offsets relative to the file and checks that the data exist and do not overlap. */
  private static Map<String, StoredTensor> place(
      List<StoredTensor> infos, long dataStart, int alignment) {
    List<StoredTensor> inFileOrder = new ArrayList<>(infos);
    inFileOrder.sort(Comparator.comparingLong(StoredTensor::offset));
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    long end = dataStart;
    for (StoredTensor info : inFileOrder) {
      if (info.offset() < 0 || info.offset() % alignment != 0) {
        throw problem(
            info,
            "its data begin %s bytes into the data, expected a multiple of %s"
                .formatted(Long.toUnsignedString(info.offset()), alignment));
      }
      long size = info.file().size();
      long start = dataStart + info.offset();
      if (start < dataStart || start > size) {
        throw problem(
            info,
            "its data begin %s bytes into the data, but the file ends at byte %s; is it truncated?"
                .formatted(Long.toUnsignedString(info.offset()), size));
      }
      if (start < end) {
        throw problem(info, "its data begin at byte %s, inside another's".formatted(start));
      }
      long bytes = bytes(info);
      if (bytes > size - start) {
        throw problem(
            info,
            "needs %s bytes from byte %s on, but the file ends at byte %s; is it truncated?"
                .formatted(bytes, start, size));
      }
      end = start + bytes;
      StoredTensor placed =
          new StoredTensor(info.file(), info.name(), info.type(), info.shape(), start);
      if (tensors.put(info.name(), placed) != null) {
        throw problem(info, "occurs twice");
      }
    }
    return tensors;
  }

  private static long bytes(StoredTensor info) {
    TensorType type = info.type();
    long columns = info.shape().get(info.shape().size() - 1);
    if (columns % type.blockElements() != 0) {
      throw problem(
          info,
          "rows of %s elements are no multiple of the %s elements in a block of %s"
              .formatted(columns, type.blockElements(), type));
    }
    try {
      long blocks = columns / type.blockElements();
      for (long extent : info.shape().subList(0, info.shape().size() - 1)) {
        blocks = Math.multiplyExact(blocks, extent);
      }
      return Math.multiplyExact(blocks, type.blockBytes());
    } catch (ArithmeticException e) {
      throw problem(info, "has an impossible shape " + info.shape());
    }
  }

  private static ModelFormatException problem(StoredTensor info, String problem) {
    return new ModelFormatException(info.file().path(), "tensor \"" + info.name() + '"', problem);
  }

  /** ggml's numbers of element types. */
  static final class GgmlTypes {
    private static final Map<Integer, TensorType> BY_NUMBER =
        Map.ofEntries(
            Map.entry(0, TensorType.F32),
            Map.entry(1, TensorType.F16),
            Map.entry(2, TensorType.Q4_0),
            Map.entry(3, TensorType.Q4_1),
            Map.entry(6, TensorType.Q5_0),
            Map.entry(7, TensorType.Q5_1),
            Map.entry(8, TensorType.Q8_0),
            Map.entry(10, TensorType.Q2_K),
            Map.entry(11, TensorType.Q3_K),
            Map.entry(12, TensorType.Q4_K),
            Map.entry(13, TensorType.Q5_K),
            Map.entry(14, TensorType.Q6_K),
            Map.entry(20, TensorType.IQ4_NL),
            Map.entry(23, TensorType.IQ4_XS),
            Map.entry(30, TensorType.BF16),
            Map.entry(39, TensorType.MXFP4),
            Map.entry(40, TensorType.NVFP4));

    private GgmlTypes() {}

    /** All of them, in their order. */
    static List<TensorType> types() {
      return BY_NUMBER.values().stream().sorted().toList();
    }

    static TensorType of(int number, GgufCursor cursor) {
      TensorType type = BY_NUMBER.get(number);
      if (type == null) {
        String supported = types().stream().map(Enum::name).collect(Collectors.joining(", "));
        throw cursor.problem(
            "has ggml type number %s; supported are %s; use another quantization"
                .formatted(Integer.toUnsignedString(number), supported));
      }
      return type;
    }
  }
}
