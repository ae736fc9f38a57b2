package io.nightshift.runtime.cuda.weights;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.cuda.gemm.GemmType;
import io.nightshift.runtime.model.CodeType;
import io.nightshift.runtime.model.ExpertsConfig;
import io.nightshift.runtime.model.LayerEncodings;
import io.nightshift.runtime.model.Quantization;
import io.nightshift.runtime.model.Quantization.ColumnGroups;
import io.nightshift.runtime.model.TensorEncodings;
import io.nightshift.runtime.model.random.ModelShape;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WeightLayoutTest {
  private static final long GIBIBYTE = 1L << 30;
  private static final Quantization UINT4 = new Quantization(CodeType.UINT4, 128, true);
  private static final Quantization INT8 = new Quantization(CodeType.INT8, 32, false);

  /** Of gate and up of 70b, the largest linear layer. */
  private static final long LARGEST = 2L * 28_672 * 8192;

  @Test
  void seventyBillionWeightsOfFourBitsTakeFortyGigabytes() {
    WeightLayout layout = layout(GemmType.BF16, new LayerEncodings(UINT4));

    // Half a byte, and 4 bytes for each 128; 4.2 GB of embedding and output projection.
    assertThat(layout.bytes()).isBetween(37 * GIBIBYTE, 38 * GIBIBYTE);
    assertThat(layout.unpackedBytes()).isEqualTo(2 * LARGEST);
    assertThat(layout(GemmType.FP8, new LayerEncodings(UINT4)).unpackedBytes()).isEqualTo(LARGEST);
  }

  @Test
  void eightBitCodesArePackedOnlyForWiderProducts() {
    assertThat(layout(GemmType.BF16, new LayerEncodings(INT8)).unpackedBytes())
        .isEqualTo(2 * LARGEST);
    assertThat(layout(GemmType.FP8, new LayerEncodings(INT8)).unpackedBytes()).isZero();
    assertThat(layout(GemmType.FP8, new LayerEncodings(INT8)).bytes())
        .isEqualTo(layout(GemmType.FP8, TensorEncodings.UNQUANTIZED).bytes());
    assertThat(layout(GemmType.BF16, TensorEncodings.UNQUANTIZED).unpackedBytes()).isZero();
  }

  @Test
  void neighboursOfOneEncodingAreOneMatrix() {
    LayerTensors.Linear linear = new LayerTensors(ModelShape.LLAMA_70B.config(), 0).queryKeyValue();

    assertThat(parts(linear, new LayerEncodings(UINT4))).containsExactly(8192 + 2 * 1024);
    assertThat(parts(linear, TensorEncodings.UNQUANTIZED)).containsExactly(8192 + 2 * 1024);
    assertThat(parts(linear, name -> Optional.of(name.contains("v_proj") ? INT8 : UINT4)))
        .containsExactly(8192 + 1024, 1024);
    assertThat(parts(linear, name -> Optional.of(listed(name.contains("v_proj") ? 1 : 0))))
        .containsExactly(8192 + 1024, 1024);
    assertThat(
            parts(linear, name -> name.contains("k_proj") ? Optional.empty() : Optional.of(UINT4)))
        .containsExactly(8192, 1024, 1024);
  }

  private static Quantization listed(int group) {
    int[] groups = new int[8192];
    groups[0] = group;
    return new Quantization(CodeType.UINT4, 128, true, new ColumnGroups.Listed(groups));
  }

  private static List<Integer> parts(LayerTensors.Linear linear, TensorEncodings encodings) {
    return LinearLayout.of(GemmType.BF16, linear, encodings).parts().stream()
        .map(LinearLayout.Part::rows)
        .toList();
  }

  private static WeightLayout layout(GemmType type, TensorEncodings encodings) {
    return new WeightLayout(ModelShape.LLAMA_70B.config(), type, encodings, false);
  }

  @Test
  void wholeTilesOfConsecutiveGroupsAreTiled() {
    LayerTensors tensors = new LayerTensors(ModelShape.LLAMA_70B.config(), 0);
    LayerTensors.Linear linear = tensors.queryKeyValue();

    assertThat(isTiled(GemmType.BF16, linear, new LayerEncodings(UINT4))).isTrue();
    assertThat(isTiled(GemmType.FP8, linear, new LayerEncodings(UINT4))).isTrue();
    assertThat(isTiled(GemmType.BF16, linear, new LayerEncodings(INT8))).isTrue();
    assertThat(isTiled(GemmType.BF16, linear, TensorEncodings.UNQUANTIZED)).isFalse();
    assertThat(isTiled(GemmType.BF16, linear, name -> Optional.of(listed(1)))).isFalse();
    TensorEncodings mixed = name -> Optional.of(name.contains("v_proj") ? INT8 : UINT4);
    assertThat(isTiled(GemmType.BF16, linear, mixed)).isTrue();
    // 8-bit codes become dense.
    assertThat(isTiled(GemmType.FP8, linear, mixed)).isFalse();
    Quantization small = new Quantization(CodeType.UINT4, 16, true);
    assertThat(isTiled(GemmType.BF16, linear, new LayerEncodings(small))).isTrue();
    assertThat(isTiled(GemmType.FP8, linear, new LayerEncodings(small))).isFalse();
  }

  @Test
  void tensorsThatEndWithinATileAreNotTiled() {
    for (int keys : new int[] {96, 128}) {
      LayerTensors.Linear linear =
          new LayerTensors.Linear(
              256,
              List.of(
                  TensorRows.all("model.layers.0.self_attn.q_proj.weight", 256),
                  TensorRows.all("model.layers.0.self_attn.k_proj.weight", keys),
                  TensorRows.all("model.layers.0.self_attn.v_proj.weight", keys)));
      assertThat(isTiled(GemmType.BF16, linear, new LayerEncodings(UINT4))).isEqualTo(keys == 128);
    }
  }

  @Test
  void expertsAreRowMajor() {
    WeightLayout layout =
        new WeightLayout(
            ModelShape.QWEN3_30B_A3B.config(), GemmType.BF16, new LayerEncodings(UINT4), true);
    LayerTensors tensors = new LayerTensors(ModelShape.QWEN3_30B_A3B.config(), 0);

    assertThat(layout.hasTiles()).isTrue();
    assertThat(layout.linear(tensors.attentionOutput()).tiled()).isTrue();
    ExpertsConfig experts =
        (ExpertsConfig) ModelShape.QWEN3_30B_A3B.config().layers().get(0).feedForward();
    assertThat(layout.experts(tensors.gateUp(experts)).tiled()).isFalse();
  }

  private static boolean isTiled(
      GemmType type, LayerTensors.Linear linear, TensorEncodings encodings) {
    return LinearLayout.of(type, linear, encodings).inTiles().tiled();
  }
}
