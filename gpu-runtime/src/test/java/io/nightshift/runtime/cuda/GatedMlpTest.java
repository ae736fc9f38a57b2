package io.nightshift.runtime.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.runtime.config.DataType;
import io.nightshift.runtime.cuda.GatedMlp.Way;
import io.nightshift.runtime.cuda.device.CudaGraph;
import io.nightshift.runtime.cuda.gemm.Gemm;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Both ways of the unit against double precision, in a stream and in a graph. */
@Tag("gpu")
class GatedMlpTest {
  private static final int LAYER = 1;
  private static final List<Integer> ROW_COUNTS = List.of(1, 127, 129, 1000);
  private static final List<Integer> ROUNDED = ROW_COUNTS.stream().map(Gemm::roundRows).toList();

  @TempDir private Path cacheFolder;

  /** The last one consists of no whole tiles. */
  @ParameterizedTest
  @CsvSource({"4096, 14336, true", "2048, 8192, true", "64, 256, true", "40, 100, false"})
  void computesTheSameEitherWay(int hidden, int intermediate, boolean wholeTiles) {
    try (GatedMlpFixture fixture =
        new GatedMlpFixture(hidden, intermediate, DataType.BF16, cacheFolder)) {
      GatedMlp unit = fixture.unit();
      assertThat(unit.hasChoice()).isEqualTo(wholeTiles && fixture.isHopper());
      fixture.prepareProducts(ROUNDED);
      for (int rows : ROW_COUNTS) {
        fixture.makeInputs(LAYER, rows);
        check(fixture, Way.UNFUSED, rows);
        if (unit.hasChoice()) {
          check(fixture, Way.FUSED, rows);
        }
      }
    }
  }

  private static void check(GatedMlpFixture fixture, Way way, int rows) {
    fixture.poisonOutput();
    fixture.unit().run(way, LAYER, rows);
    fixture.assertOutput();
    fixture.poisonOutput();
    try (CudaGraph graph = fixture.stream().capture(() -> fixture.unit().run(way, LAYER, rows))) {
      graph.launch(fixture.stream());
      fixture.assertOutput();
    }
  }

  @Test
  void keepsItsChoices() {
    try (GatedMlpFixture fixture = new GatedMlpFixture(512, 1024, DataType.BF16, cacheFolder)) {
      fixture.prepareProducts(ROUNDED);
      fixture.unit().prepare(ROUNDED);
      fixture.makeInputs(LAYER, 127);
      fixture.poisonOutput();
      fixture.unit().run(LAYER, 127);
      fixture.assertOutput();

      try (GatedMlp other = fixture.anotherUnit()) {
        assertThat(ROW_COUNTS.stream().map(other::way))
            .isEqualTo(ROW_COUNTS.stream().map(fixture.unit()::way).toList());
        if (other.hasChoice()) {
          assertThatThrownBy(() -> other.run(LAYER, 500))
              .isInstanceOf(IllegalStateException.class)
              .hasMessage("500 rows are not prepared");
        }
      }
    }
  }

  @Test
  void hasOneWayOnlyForEightBitWeights() {
    try (GatedMlpFixture fixture = new GatedMlpFixture(512, 1024, DataType.FP8, cacheFolder)) {
      assertThat(fixture.unit().hasChoice()).isFalse();
      assertThat(fixture.unit().way(500)).isEqualTo(Way.UNFUSED);
    }
  }
}
