package io.nightshift.runtime.model.weights;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.nightshift.runtime.model.ModelFormatException;
import io.nightshift.runtime.model.Quantization;
import io.nightshift.runtime.model.QuantizedTensor;
import io.nightshift.runtime.model.Tensor;
import io.nightshift.runtime.model.TensorShape;
import io.nightshift.runtime.model.TensorType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The goldens come from ggml's Python package; see {@code decoder_goldens.py}. */
class MappedTensorTest {
  @TempDir private Path temporary;

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"U8", "I8", "I32", "I64", "F8_E4M3", "F8_E8M0"})
  void decodesRandomBlocksAsGgml(TensorType type) throws IOException {
    JsonNode golden = goldens().path(type.name());
    byte[] blocks = golden.path("blocks").binaryValue();
    float[] expected = floats(golden.path("floats").binaryValue());
    int count = blocks.length / type.blockBytes();
    assertThat(expected).hasSize(count * type.blockElements()).isNotEmpty();

    int rows = type.blockElements() == 1 ? 1 : 2;
    Tensor tensor = tensor(type, rows, expected.length / rows, blocks);
    float[] decoded = new float[expected.length + 2];
    tensor.readRows(0, rows, decoded, 1);

    assertSame(decoded, 1, expected);
    assertThat(decoded[0]).isZero();
    assertThat(decoded[decoded.length - 1]).isZero();
    assertThat(tensor instanceof QuantizedTensor).isEqualTo(type.blockElements() > 1);
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.MATCH_ANY,
      names = {"Q.*", "IQ.*"})
  void scalesThatAreNotFiniteAreRefused(TensorType type) throws IOException {
    byte[] blocks = new byte[2 * type.blockBytes()];
    Arrays.fill(blocks, type.blockBytes(), blocks.length, (byte) 0xff); // NaN in 16 bits
    QuantizedTensor tensor = (QuantizedTensor) tensor(type, 2, type.blockElements(), blocks);
    float[] numbers = new float[2 * type.blockElements()];
    int groups = tensor.quantization().groupCount(type.blockElements());

    tensor.readRows(0, 1, numbers, 0);
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> tensor.readRows(0, 2, numbers, 0))
        .withMessageContaining("the scale of row 1, group 0 is NaN")
        .withMessageContaining("get or quantize it again");
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> tensor.readGroups(1, new float[groups], new float[groups]))
        .withMessageContaining("the scale of row 1, group 0 is NaN");
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.MATCH_ANY,
      names = {"Q.*", "IQ.*", ".*FP4"})
  void codesScalesAndOffsetsMakeTheSameNumbers(TensorType type) throws IOException {
    JsonNode golden = goldens().path(type.name());
    byte[] blocks = golden.path("blocks").binaryValue();
    float[] expected = floats(golden.path("floats").binaryValue());
    int columns = expected.length / 2;
    QuantizedTensor tensor = (QuantizedTensor) tensor(type, 2, columns, blocks);
    Quantization quantization = tensor.quantization();
    int groups = quantization.groupCount(columns);
    float[] scales = new float[groups];
    float[] offsets = new float[groups];
    byte[] codes = new byte[columns + 1];
    float[] computed = new float[expected.length];
    for (int row = 0; row < 2; row++) {
      tensor.readCodes(row, codes, 1);
      tensor.readGroups(row, scales, offsets);
      for (int column = 0; column < columns; column++) {
        int group = quantization.group(column);
        computed[row * columns + column] =
            scales[group] * quantization.codes().value(codes[1 + column]) + offsets[group];
      }
      if (!quantization.hasOffsets()) {
        assertThat(offsets).containsOnly(0);
      }
    }

    assertSame(computed, 0, expected);
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> tensor.readCodes(0, codes, 2));
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> tensor.readGroups(2, scales, offsets));
  }

  /** Bit by bit, but for the sign of zeros. */
  private static void assertSame(float[] actual, int from, float[] expected) {
    for (int i = 0; i < expected.length; i++) {
      assertThat(Float.floatToRawIntBits(actual[from + i] + 0f))
          .as("element %d: %s, expected %s", i, actual[from + i], expected[i])
          .isEqualTo(Float.floatToRawIntBits(expected[i] + 0f));
    }
  }

  private Tensor tensor(TensorType type, int rows, int columns, byte[] bytes) throws IOException {
    Path file = Files.write(temporary.resolve("tensor"), bytes);
    StoredTensor stored =
        new StoredTensor(
            MappedFile.open(file), "tensor", type, List.of((long) rows, (long) columns), 0);
    return MappedTensor.of(stored, new TensorShape("tensor", rows, columns), RowOrder.AS_STORED);
  }

  private static JsonNode goldens() throws IOException {
    try (InputStream stream =
        requireNonNull(MappedTensorTest.class.getResourceAsStream("/goldens/decoders.json"))) {
      return new JsonMapper().readTree(stream);
    }
  }

  private static float[] floats(byte[] bytes) {
    float[] floats = new float[bytes.length / Float.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(floats);
    return floats;
  }
}
