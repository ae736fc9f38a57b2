package io.nightshift.runtime.model.huggingface.quantization;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.ModelResources;
import io.nightshift.runtime.model.Quantization;
import io.nightshift.runtime.model.QuantizedTensor;
import io.nightshift.runtime.model.Tensor;
import io.nightshift.runtime.model.TensorShape;
import io.nightshift.runtime.model.TensorType;
import io.nightshift.runtime.model.formats.ModelFormats;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Models that the formats' own tools have quantized, against what the tools dequantize; see {@code
 * quantized_models.py}.
 */
class QuantizedFoldersTest {
  private static final String MODELS =
      """
      tiny-llama-fp8-blocks       | FP8 in blocks of 64 x 64
      tiny-qwen2-fp8              | FP8
      tiny-llama-fbgemm-fp8       | FP8 with a scale for each row
      tiny-llama-gptq             | 4-bit GPTQ, groups of 32, act-order
      tiny-qwen2-gptq-v2          | 8-bit GPTQ, a group for each row
      tiny-llama-awq              | 4-bit AWQ, groups of 32
      tiny-llama-w4a16            | 4-bit integers, groups of 32 (compressed-tensors)
      tiny-qwen2-w4a16-asymmetric | 4-bit integers, groups of 32 (compressed-tensors)
      tiny-qwen2-w8a16-asymmetric | 8-bit integers, a scale for each row (compressed-tensors)
      tiny-llama-w8a8             | 8-bit integers, a scale for each row (compressed-tensors)
      tiny-llama-fp8-dynamic      | 8-bit floats, a scale for each row (compressed-tensors)
      """;

  @ParameterizedTest
  @CsvSource(textBlock = MODELS, delimiter = '|')
  void describesTheQuantization(String name, String description) {
    try (ModelFiles files = ModelFormats.open(ModelResources.tiny(name))) {
      assertThat(files.quantization()).hasValue(description);
      assertThat(ModelFormats.describe(ModelResources.tiny(name)).quantization())
          .hasValue(description);
    }
  }

  @ParameterizedTest
  @CsvSource(textBlock = MODELS + "tiny-qwen2-mixed|", delimiter = '|')
  void dequantizesAsTheTool(String name) throws IOException {
    try (ModelFiles files = ModelFormats.open(ModelResources.tiny(name))) {
      JsonNode goldens = goldens(name);
      assertThat(goldens.size()).isGreaterThan(7);
      goldens
          .fields()
          .forEachRemaining(
              golden -> {
                Tensor tensor = files.tensor(golden.getKey());
                assertThat(tensor).as(golden.getKey()).isInstanceOf(QuantizedTensor.class);
                assertRows(tensor, golden.getValue());
              });
    }
  }

  /** To the rounding of one multiplication and one addition. */
  private static void assertRows(Tensor tensor, JsonNode golden) {
    FloatBuffer expected = floats(golden.get("values"));
    for (JsonNode row : golden.get("rows")) {
      float[] elements = new float[tensor.columns()];
      tensor.readRows(row.intValue(), 1, elements, 0);
      for (int column = 0; column < elements.length; column++) {
        assertThat(elements[column])
            .as("%s, row %s, column %s", tensor.name(), row, column)
            .isCloseTo(expected.get(), within(1e-6f));
      }
    }
    assertThat(expected.hasRemaining()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(textBlock = MODELS + "tiny-qwen2-mixed|", delimiter = '|')
  void codesRawRowsAndRowsAreTheSameNumbers(String name) {
    try (ModelFiles files = ModelFormats.open(ModelResources.tiny(name))) {
      TensorShape.impliedBy(files.config())
          .map(shape -> files.tensor(shape.name()))
          .filter(QuantizedTensor.class::isInstance)
          .forEach(tensor -> assertSameNumbers((QuantizedTensor) tensor));
    }
  }

  private static void assertSameNumbers(QuantizedTensor tensor) {
    int columns = tensor.columns();
    Quantization quantization = tensor.quantization();
    float[] scales = new float[quantization.groupCount(columns)];
    float[] offsets = new float[scales.length];
    byte[] codes = new byte[columns];
    float[] all = new float[tensor.rows() * columns];
    tensor.readRows(0, tensor.rows(), all, 0);
    for (int row = 0; row < tensor.rows(); row++) {
      tensor.readCodes(row, codes, 0);
      tensor.readGroups(row, scales, offsets);
      float[] computed = new float[columns];
      for (int column = 0; column < columns; column++) {
        int group = quantization.group(column);
        computed[column] =
            scales[group] * quantization.codes().value(codes[column]) + offsets[group];
      }
      float[] raw = new float[columns];
      assertThat(tensor.type()).isEqualTo(TensorType.F32);
      tensor.rawRow(row).asFloatBuffer().get(raw);
      assertThat(Arrays.copyOfRange(all, row * columns, (row + 1) * columns))
          .isEqualTo(computed)
          .isEqualTo(raw);
    }
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> tensor.readCodes(tensor.rows(), codes, 0));
  }

  @ParameterizedTest
  @CsvSource({"tiny-llama-gptq", "tiny-llama-awq", "tiny-llama-w4a16"})
  void severalThreadsReadTheSame(String name) {
    try (ModelFiles files = ModelFormats.open(ModelResources.tiny(name))) {
      Tensor tensor = files.tensor("model.layers.1.mlp.gate_proj.weight");
      float[] expected = new float[tensor.rows() * tensor.columns()];
      tensor.readRows(0, tensor.rows(), expected, 0);
      try (ModelFiles again = ModelFormats.open(ModelResources.tiny(name))) {
        Tensor fresh = again.tensor("model.layers.1.mlp.gate_proj.weight");
        List<float[]> read =
            IntStream.range(0, 16)
                .parallel()
                .mapToObj(
                    ignored -> {
                      float[] elements = new float[expected.length];
                      fresh.readRows(0, fresh.rows(), elements, 0);
                      return elements;
                    })
                .toList();
        assertThat(read).allSatisfy(elements -> assertThat(elements).isEqualTo(expected));
      }
    }
  }

  private static JsonNode goldens(String name) throws IOException {
    String resource = "/goldens/quantized/" + name + ".json";
    try (InputStream stream =
        requireNonNull(QuantizedFoldersTest.class.getResourceAsStream(resource), resource)) {
      return new JsonMapper().readTree(stream);
    }
  }

  private static FloatBuffer floats(JsonNode base64) {
    try {
      return ByteBuffer.wrap(base64.binaryValue()).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
