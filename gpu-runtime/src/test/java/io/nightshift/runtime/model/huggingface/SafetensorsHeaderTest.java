package io.nightshift.runtime.model.huggingface;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.nightshift.runtime.model.ModelFormatException;
import io.nightshift.runtime.model.TensorType;
import io.nightshift.runtime.model.weights.MappedFile;
import io.nightshift.runtime.model.weights.StoredTensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsHeaderTest {
  @TempDir private Path folder;

  @Test
  void readsTensorsInTheOrderOfTheirData() {
    MappedFile file =
        file(
            """
            {"b": {"dtype": "F16", "shape": [2, 3], "data_offsets": [4, 16]},
             "a": {"dtype": "F32", "shape": [], "data_offsets": [0, 4]},
             "__metadata__": {"format": "pt"}}
            """,
            16);
    long dataStart = file.size() - 16;
    Map<String, StoredTensor> tensors = SafetensorsHeader.read(file);
    assertThat(tensors.keySet()).containsExactly("a", "b");
    assertThat(tensors.get("b"))
        .isEqualTo(new StoredTensor(file, "b", TensorType.F16, List.of(2L, 3L), dataStart + 4));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[4] | [0, 16] | [2] | [12, 20] | tensor \"b\": its data begin at byte .*, where the tensor before ends",
        "[4] | [0, 16] | [1] | [20, 24] | tensor \"b\": its data begin at byte .*, where the tensor before ends",
        "[4] | [0, 16] | [2] | [12, 24] | b.data_offsets: 12 bytes for shape \\[2] of F32",
        "[4] | [0, 16] | [2] | [24, 16] | b.data_offsets: .* expected \\[begin, end]",
        "[4] | [0, 16] | [2] | [16]     | b.data_offsets: .* expected \\[begin, end]",
        "[4] | [0, 16] | [2] | 16       | b.data_offsets: expected an array of integers",
        "[4] | [0, 16] | [2] | [16, 99] | b.data_offsets: .* the file has 24 bytes of data; is it truncated.*",
        "[4] | [0, 16] | [2] | [16, 1e99] | b.data_offsets: expected an array of integers",
        "[4] | [0, 16] | [4294967296, 4294967296] | [16, 24] | b.shape: is impossible",
        "[4] | [0, 16] | [1, 1] | [16, 20] | data: the last tensor ends at byte .* of .*",
      })
  void namesTheTensorAndTheContradiction(
      String shapeA, String offsetsA, String shapeB, String offsetsB, String problem) {
    MappedFile file =
        file(
            """
            {"a": {"dtype": "F32", "shape": %s, "data_offsets": %s},
             "b": {"dtype": "F32", "shape": %s, "data_offsets": %s}}
            """
                .formatted(shapeA, offsetsA, shapeB, offsetsB),
            24);
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> SafetensorsHeader.read(file))
        .withMessageStartingWith(file.path().toString())
        .withMessageMatching("(?s).*" + problem + ".*");
  }

  @Test
  void namesAMissingField() {
    MappedFile file = file("{\"a\": {\"dtype\": \"F32\", \"data_offsets\": [0, 4]}}", 4);
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> SafetensorsHeader.read(file))
        .withMessageContaining("a.shape: is missing");
  }

  @Test
  void refusesATensorThatIsNull() {
    MappedFile file = file("{\"a\": null}", 0);
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> SafetensorsHeader.read(file))
        .withMessageContaining("a: is null");
  }

  private MappedFile file(String header, int dataBytes) {
    byte[] json = header.getBytes(UTF_8);
    ByteBuffer content =
        ByteBuffer.allocate(Long.BYTES + json.length + dataBytes)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(json.length)
            .put(json);
    try {
      return MappedFile.open(Files.write(folder.resolve("file.safetensors"), content.array()));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
