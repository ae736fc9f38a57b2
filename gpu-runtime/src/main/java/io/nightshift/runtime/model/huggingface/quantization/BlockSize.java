package io.nightshift.runtime.model.huggingface.quantization;

import com.fasterxml.jackson.databind.JsonNode;
import io.nightshift.runtime.model.ModelFormatException;
import io.nightshift.runtime.model.huggingface.json.JsonFile;
import java.util.Optional;

/** Rows and columns that share a scale. */
record BlockSize(int rows, int columns) {

  /**
   * Reads {@code [rows, columns]}; empty if the key is absent.
   *
   * @throws ModelFormatException if it is something else
   */
  static Optional<BlockSize> read(JsonFile json, String key) {
    return json.value(key).map(value -> of(json, key, value));
  }

  private static BlockSize of(JsonFile json, String key, JsonNode value) {
    if (!value.isArray() || value.size() != 2) {
      throw json.problem(key, "is " + JsonFile.abbreviated(value) + ", expected [rows, columns]");
    }
    BlockSize size = new BlockSize(json.toInt(key, value.get(0)), json.toInt(key, value.get(1)));
    if (size.rows <= 0 || size.columns <= 0) {
      throw json.problem(key, "is " + value + ", expected two positive numbers");
    }
    return size;
  }

  @Override
  public String toString() {
    return "blocks of %s x %s".formatted(rows, columns);
  }
}
