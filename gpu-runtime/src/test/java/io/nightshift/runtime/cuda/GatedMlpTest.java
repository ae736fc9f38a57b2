package io.nightshift.runtime.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.runtime.config.DataType;
import io.nightshift.runtime.cuda.GatedMlp.Fusion;
import io.nightshift.runtime.cuda.device.CudaGraph;
import io.nightshift.runtime.cuda.gemm.Gemm;
import io.nightshift.runtime.model.Activation;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The gated MLP, fused and unfused, against double precision, in a stream and in a graph. */
@Tag("gpu")
class GatedMlpTest {
  private static final int LAYER = 1;
  private static final List<Integer> ROW_COUNTS = List.of(1, 127, 129, 1000);
  private static final List<Integer> ROUNDED = ROW_COUNTS.stream().map(Gemm::roundRows).toList();

  @TempDir private Path cacheFolder;

  /** The last MLPs have no whole tiles. */
  @ParameterizedTest
  @CsvSource({
    "4096, 14336, SILU, true",
    "2048, 8192, GELU_TANH, true",
    "64, 256, SILU, true",
    "512, 1024, CLAMPED_SWIGLU, true",
    "40, 100, SILU, false",
    "40, 100, GELU_TANH, false"
  })
  void computesTheSameEitherWay(
      int hidden, int intermediate, Activation activation, boolean wholeTiles) {
    try (GatedMlpFixture fixture =
        new GatedMlpFixture(hidden, intermediate, activation, DataType.BF16, cacheFolder)) {
      GatedMlp mlp = fixture.mlp();
      assertThat(mlp.hasChoice()).isEqualTo(wholeTiles && fixture.isHopper());
      fixture.prepareGemms(ROUNDED);
      for (int rows : ROW_COUNTS) {
        fixture.makeInputs(LAYER, rows);
        check(fixture, Fusion.UNFUSED, rows);
        if (mlp.hasChoice()) {
          check(fixture, Fusion.FUSED, rows);
        }
      }
    }
  }

  private static void check(GatedMlpFixture fixture, Fusion fusion, int rows) {
    fixture.poisonOutput();
    fixture.mlp().gateUp(fusion, LAYER, rows);
    fixture.assertOutput();
    fixture.poisonOutput();
    try (CudaGraph graph =
        fixture.stream().capture(() -> fixture.mlp().gateUp(fusion, LAYER, rows))) {
      graph.launch(fixture.stream());
      fixture.assertOutput();
    }
  }

  @Test
  void keepsItsChoices() {
    try (GatedMlpFixture fixture =
        new GatedMlpFixture(512, 1024, Activation.SILU, DataType.BF16, cacheFolder)) {
      fixture.prepareGemms(ROUNDED);
      fixture.mlp().prepare(ROUNDED);
      fixture.makeInputs(LAYER, 127);
      fixture.poisonOutput();
      fixture.mlp().gateUp(LAYER, 127);
      fixture.assertOutput();

      GatedMlp other = fixture.anotherMlp();
      assertThat(ROW_COUNTS.stream().map(other::fusion))
          .isEqualTo(ROW_COUNTS.stream().map(fixture.mlp()::fusion).toList());
      if (other.hasChoice()) {
        assertThatThrownBy(() -> other.gateUp(LAYER, 500))
            .isInstanceOf(IllegalStateException.class)
            .hasMessage("500 rows are not prepared");
      }
    }
  }

  @Test
  void isNotFusedForEightBitWeights() {
    try (GatedMlpFixture fixture =
        new GatedMlpFixture(512, 1024, Activation.SILU, DataType.FP8, cacheFolder)) {
      assertThat(fixture.mlp().hasChoice()).isFalse();
      assertThat(fixture.mlp().fusion(500)).isEqualTo(Fusion.UNFUSED);
    }
  }
}
