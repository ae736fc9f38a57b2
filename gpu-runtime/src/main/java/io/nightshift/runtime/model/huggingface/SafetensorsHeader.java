package io.nightshift.runtime.model.huggingface;

import com.fasterxml.jackson.databind.JsonNode;
import io.nightshift.runtime.model.ModelFormatException;
import io.nightshift.runtime.model.TensorType;
import io.nightshift.runtime.model.huggingface.json.JsonFile;
import io.nightshift.runtime.model.weights.MappedFile;
import io.nightshift.runtime.model.weights.StoredTensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The header of a safetensors file: its length in 8 bytes, followed by JSON with the type, shape
 * and data offsets of each tensor.
 *
 * @see <a href="https://github.com/huggingface/safetensors#format">The format</a>
 */
final class SafetensorsHeader {
  /** Limit of the reference implementation. */
  private static final long MAX_HEADER_BYTES = 100_000_000;

  private static final Map<String, TensorType> TYPES =
      Map.of(
          "F32", TensorType.F32,
          "F16", TensorType.F16,
          "BF16", TensorType.BF16,
          "F8_E4M3", TensorType.F8_E4M3,
          "F8_E8M0", TensorType.F8_E8M0,
          "U8", TensorType.U8,
          "I8", TensorType.I8,
          "I32", TensorType.I32,
          "I64", TensorType.I64);

  private SafetensorsHeader() {}

  /**
   * The tensors of a file by name, in the order of their data.
   *
   * @throws ModelFormatException if the header is invalid or inconsistent with the file's size
   */
  static Map<String, StoredTensor> read(MappedFile file) {
    if (file.size() < Long.BYTES) {
      throw problem(
          file, "header", "the file has %s bytes; is it truncated?".formatted(file.size()));
    }
    long headerBytes = file.getLong(0);
    long dataStart = Long.BYTES + headerBytes;
    if (headerBytes < 0 || headerBytes > MAX_HEADER_BYTES || dataStart > file.size()) {
      throw problem(
          file,
          "header",
          "claims %s bytes, the file has %s; is it truncated, or no safetensors file?"
              .formatted(Long.toUnsignedString(headerBytes), file.size()));
    }
    byte[] json = new byte[(int) headerBytes];
    file.read(Long.BYTES, json, json.length);
    JsonFile header = JsonFile.parse(file.path(), json);
    List<Entry> entries = new ArrayList<>();
    for (String name : header.keys()) {
      if (!name.equals("__metadata__")) {
        entries.add(
            entry(
                file,
                dataStart,
                name,
                header.child(name).orElseThrow(() -> header.problem(name, "is null"))));
      }
    }
    return inFileOrder(file, dataStart, entries);
  }

  /**
   * @param end offset of the byte after the tensor's data in the file
   */
  private record Entry(StoredTensor tensor, long end) {}

  private static Entry entry(MappedFile file, long dataStart, String name, JsonFile description) {
    String dtype = description.requiredString("dtype");
    TensorType type = TYPES.get(dtype);
    if (type == null) {
      throw description.problem(
          "dtype",
          "%s is not supported, expected one of %s"
              .formatted(dtype, new TreeSet<>(TYPES.keySet())));
    }
    List<Long> shape = longs(description, "shape");
    List<Long> offsets = longs(description, "data_offsets");
    long dataBytes = file.size() - dataStart;
    if (offsets.size() != 2 || offsets.get(0) > offsets.get(1)) {
      throw description.problem("data_offsets", offsets + ", expected [begin, end]");
    }
    if (offsets.get(1) > dataBytes) {
      throw description.problem(
          "data_offsets",
          "%s, but the file has %s bytes of data; is it truncated?".formatted(offsets, dataBytes));
    }
    long bytes = offsets.get(1) - offsets.get(0);
    if (bytesOf(type, shape, description) != bytes) {
      throw description.problem(
          "data_offsets", "%s bytes for shape %s of %s".formatted(bytes, shape, type));
    }
    long offset = dataStart + offsets.get(0);
    return new Entry(new StoredTensor(file, name, type, shape, offset), offset + bytes);
  }

  private static long bytesOf(TensorType type, List<Long> shape, JsonFile description) {
    try {
      return shape.stream().reduce((long) type.blockBytes(), Math::multiplyExact);
    } catch (ArithmeticException e) {
      throw description.problem("shape", "is impossible: " + shape);
    }
  }

  /** The format requires that tensors fill the data without gaps or overlap. */
  private static Map<String, StoredTensor> inFileOrder(
      MappedFile file, long dataStart, List<Entry> entries) {
    entries.sort(
        Comparator.comparingLong((Entry entry) -> entry.tensor().offset())
            .thenComparingLong(Entry::end));
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    long end = dataStart;
    for (Entry entry : entries) {
      if (entry.tensor().offset() != end) {
        throw problem(
            file,
            "tensor \"" + entry.tensor().name() + '"',
            "its data begin at byte %s, expected %s, where the tensor before ends"
                .formatted(entry.tensor().offset(), end));
      }
      end = entry.end();
      tensors.put(entry.tensor().name(), entry.tensor());
    }
    if (end != file.size()) {
      throw problem(
          file, "data", "the last tensor ends at byte %s of %s".formatted(end, file.size()));
    }
    return tensors;
  }

  private static List<Long> longs(JsonFile description, String key) {
    JsonNode array =
        description.value(key).orElseThrow(() -> description.problem(key, "is missing"));
    List<Long> values = new ArrayList<>();
    boolean valid = array.isArray();
    for (JsonNode element : array) {
      valid &= element.isIntegralNumber() && element.canConvertToLong() && element.longValue() >= 0;
      values.add(element.longValue());
    }
    if (!valid) {
      throw description.problem(key, "expected an array of integers that are not negative");
    }
    return values;
  }

  private static ModelFormatException problem(MappedFile file, String place, String problem) {
    return new ModelFormatException(file.path(), place, problem);
  }
}
