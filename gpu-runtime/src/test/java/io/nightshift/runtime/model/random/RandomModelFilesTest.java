package io.nightshift.runtime.model.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.nightshift.runtime.model.CodeType;
import io.nightshift.runtime.model.LayerEncodings;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFormatException;
import io.nightshift.runtime.model.Quantization;
import io.nightshift.runtime.model.QuantizedTensor;
import io.nightshift.runtime.model.Tensor;
import io.nightshift.runtime.model.TensorShape;
import java.nio.FloatBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RandomModelFilesTest {

  @ParameterizedTest
  @EnumSource
  void hasEveryTensorOfItsShape(ModelShape shape) {
    RandomModelFiles files = new RandomModelFiles("random", shape.config());

    TensorShape.impliedBy(shape.config())
        .forEach(
            expected -> {
              Tensor tensor = files.tensor(expected.name());
              assertThat(tensor.rows()).isEqualTo(expected.rows());
              assertThat(tensor.columns()).isEqualTo(expected.columns());
              tensor.readRows(tensor.rows() - 1, 1, new float[tensor.columns()], 0);
            });
  }

  @Test
  void shapesAreThoseOfTheModels() {
    assertThat(parameters(ModelShape.LLAMA_1B.config())).isEqualTo(1_235_814_400L);
    assertThat(parameters(ModelShape.LLAMA_8B.config())).isEqualTo(8_030_261_248L);
    assertThat(parameters(ModelShape.LLAMA_70B.config())).isEqualTo(70_553_706_496L);
    assertThat(parameters(ModelShape.QWEN3_30B_A3B.config())).isEqualTo(30_532_122_624L);
    assertThat(parameters(ModelShape.GEMMA3_4B.config())).isEqualTo(3_880_263_168L);
    assertThat(parameters(ModelShape.PHI4.config())).isEqualTo(14_659_507_200L);
  }

  private static long parameters(ModelConfig config) {
    return TensorShape.impliedBy(config)
        .mapToLong(tensor -> (long) tensor.rows() * tensor.columns())
        .sum();
  }

  @ParameterizedTest
  @EnumSource(names = {"UINT4", "E2M1", "IQ4", "INT8"})
  void quantizedMatricesHaveTheSameStandardDeviation(CodeType codes) {
    Quantization encoding = new Quantization(codes, 48, codes == CodeType.UINT4);
    RandomModelFiles files =
        new RandomModelFiles("random", ModelShape.LLAMA_1B.config(), new LayerEncodings(encoding));
    Tensor matrix = files.tensor("model.layers.3.mlp.down_proj.weight");
    float[] values = new float[100 * matrix.columns()];
    matrix.readRows(7, 100, values, 0);

    double squares = 0;
    for (float value : values) {
      squares += (double) value * value;
    }
    assertThat(((QuantizedTensor) matrix).quantization()).isEqualTo(encoding);
    assertThat(Math.sqrt(squares / values.length))
        .isCloseTo(RandomModelFiles.STANDARD_DEVIATION, within(2e-4));
    assertThat(files.tensor("model.embed_tokens.weight")).isNotInstanceOf(QuantizedTensor.class);
  }

  @ParameterizedTest
  @EnumSource(names = {"UINT4", "E2M1", "IQ4", "INT8"})
  void rowsOfQuantizedMatricesAreTheirCodesTimesScales(CodeType codes) {
    Quantization encoding = new Quantization(codes, 48, codes == CodeType.UINT4);
    RandomModelFiles files =
        new RandomModelFiles("random", ModelShape.LLAMA_1B.config(), new LayerEncodings(encoding));
    QuantizedTensor matrix = (QuantizedTensor) files.tensor("model.layers.3.mlp.up_proj.weight");
    int columns = matrix.columns();
    byte[] rowCodes = new byte[columns];
    float[] scales = new float[encoding.groupCount(columns)];
    float[] offsets = new float[scales.length];
    float[] read = new float[2 * columns];
    matrix.readRows(5, 2, read, 0);
    for (int row = 0; row < 2; row++) {
      matrix.readCodes(5 + row, rowCodes, 0);
      matrix.readGroups(5 + row, scales, offsets);
      FloatBuffer raw = matrix.rawRow(5 + row).asFloatBuffer();
      for (int column = 0; column < columns; column++) {
        float expected = scales[column / 48] * codes.value(rowCodes[column]) + offsets[column / 48];
        assertThat(read[row * columns + column]).isCloseTo(expected, within(1e-7f));
        assertThat(raw.get(column)).isEqualTo(read[row * columns + column]);
      }
    }
  }

  @Test
  void matricesAreNormalAndNormsAreOnes() {
    RandomModelFiles files = new RandomModelFiles("random", ModelShape.LLAMA_1B.config());
    Tensor matrix = files.tensor("model.layers.3.mlp.down_proj.weight");
    float[] values = new float[100 * matrix.columns()];
    matrix.readRows(7, 100, values, 0);

    double sum = 0;
    double squares = 0;
    int withinOne = 0;
    for (float value : values) {
      sum += value;
      squares += value * value;
      withinOne += Math.abs(value) < 0.02 ? 1 : 0;
    }
    assertThat(sum / values.length).isCloseTo(0, within(2e-4));
    assertThat(Math.sqrt(squares / values.length)).isCloseTo(0.02, within(2e-4));
    assertThat((double) withinOne / values.length).isCloseTo(0.6827, within(5e-3));

    float[] norm = new float[2048];
    files.tensor("model.norm.weight").readRows(0, 1, norm, 0);
    assertThat(norm).containsOnly(1);
  }

  @Test
  void aRowIsTheSameEachTimeAndUnlikeOthers() {
    ModelConfig config = ModelShape.LLAMA_1B.config();
    Tensor queries =
        new RandomModelFiles("a", config).tensor("model.layers.0.self_attn.q_proj.weight");
    Tensor again =
        new RandomModelFiles("b", config).tensor("model.layers.0.self_attn.q_proj.weight");
    Tensor next =
        new RandomModelFiles("a", config).tensor("model.layers.1.self_attn.q_proj.weight");

    assertThat(row(queries, 5)).isEqualTo(row(again, 5));
    assertThat(row(queries, 5)).isNotEqualTo(row(queries, 6)).isNotEqualTo(row(next, 5));
    FloatBuffer raw = queries.rawRow(5).asFloatBuffer();
    assertThat(raw).isEqualTo(FloatBuffer.wrap(row(queries, 5)));
  }

  private static float[] row(Tensor tensor, int row) {
    float[] values = new float[tensor.columns()];
    tensor.readRows(row, 1, values, 0);
    return values;
  }

  @Test
  void refusesWhatRandomWeightsDoNotHave() {
    RandomModelFiles files = new RandomModelFiles("random 1b", ModelShape.LLAMA_1B.config());

    assertThatThrownBy(() -> files.tensor("lm_head.weight"))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("lm_head.weight");
    assertThatThrownBy(files::tokenizerSource)
        .isInstanceOf(ModelFormatException.class)
        .hasMessage("random 1b: random weights have no tokenizer");
  }
}
