package io.nightshift.runtime.cuda.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.runtime.cuda.device.CachedCompiler;
import io.nightshift.runtime.cuda.device.KernelCompiler;
import io.nightshift.runtime.cuda.device.KernelLaunch;
import io.nightshift.runtime.cuda.device.KernelSource;
import io.nightshift.runtime.model.CodeType;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whether {@link PackedGemmShape} and {@link TileFormat} and the sources have the same geometry.
 */
class PackedGemmShapeTest {

  @ParameterizedTest
  @EnumSource(CodeType.class)
  void launchesWhatTheSourceWants(CodeType type) {
    KernelCompiler compiler = CachedCompiler.open();
    // Tiles differ in the same way for all types.
    List<PackedGemmTile> tiles =
        type == CodeType.UINT4
            ? PackedGemmTile.ALL
            : List.of(PackedGemmTile.candidates(64).get(0), PackedGemmTile.candidates(256).get(0));
    for (TileFormat format :
        List.of(new TileFormat(type, 128, false), new TileFormat(type, 32, true))) {
      tiles.parallelStream()
          .map(tile -> new PackedGemmShape(format, tile))
          .forEach(shape -> compiler.compile(geometry(shape), "sm_90a"));
      compiler.compile(KernelSource.resource("weight_tiles", format.definitions()), "sm_90a");
    }
  }

  private static KernelSource geometry(PackedGemmShape shape) {
    KernelLaunch launch = shape.launch(1000, 4096, 4096, 132);
    KernelSource kernel = KernelSource.resource("packed_gemm", shape.definitions());
    String text =
        """
        %s
        static_assert(THREADS == %s, "as in Java");
        static_assert(SHARED_BYTES == %s && SHARED_BYTES <= 227 * 1024, "as in Java");
        static_assert(TILE_BYTES == %s && TILE_OUTPUTS == %s && TILE_INPUTS == %s, "as in Java");
        static_assert(sizeof(Sums) * CONSUMER_THREADS == %s, "as in Java");
        static_assert(Rows::ALL_BYTES / (ROWS * PANEL_BYTES) >= 2 && CODE_STAGES >= 2, "it fetches ahead");
        """
            .formatted(
                kernel.text(),
                launch.threads(),
                launch.sharedBytes(),
                shape.format().tileBytes(),
                TileFormat.OUTPUTS,
                TileFormat.INPUTS,
                shape.tile().sumsBytes());
    return new KernelSource("geometry.cu", text, kernel.headers(), kernel.options());
  }

  @Test
  void sharesTheWorkAmongAllMultiprocessors() {
    PackedGemmShape shape =
        new PackedGemmShape(
            new TileFormat(CodeType.UINT4, 128, false), new PackedGemmTile(4, 1, 64));
    assertThat(shape.launch(64, 4096, 4096, 132).gridX()).isEqualTo(132);
    assertThat(shape.launch(1, 256, 4096, 132).gridX()).isEqualTo(32);
    assertThat(shape.launch(65, 256, 4096, 132).gridX()).isEqualTo(64);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 8",
    "8, 8",
    "9, 16",
    "33, 64",
    "64, 64",
    "65, 128",
    "129, 192",
    "193, 256",
    "257, 192",
    "1000, 256",
    "1024, 256"
  })
  void choosesTilesThatWasteLittle(int rows, int tileRows) {
    assertThat(PackedGemmTile.candidates(rows).get(0).rows()).isEqualTo(tileRows);
  }

  @ParameterizedTest
  @CsvSource({"32, 32", "64, 64", "128, 128", "256, 128", "4096, 128", "576, 64", "96, 32"})
  void cutsLargeGroups(int groupSize, int inTile) {
    assertThat(TileFormat.of(CodeType.UINT4, groupSize, true).groupSize()).isEqualTo(inTile);
    assertThat(TileFormat.fits(groupSize, true, 64, 4096)).isTrue();
  }

  @Test
  void takesWholeGroupsAndAlignedRows() {
    assertThat(TileFormat.fits(16, false, 64, 4096)).isTrue();
    assertThat(TileFormat.fits(16, true, 64, 4096)).isFalse();
    assertThat(TileFormat.fits(100, false, 64, 4096)).isFalse();
    assertThat(TileFormat.fits(128, false, 63, 4096)).isFalse();
    assertThat(TileFormat.fits(128, false, 64, 4090)).isFalse();
    assertThatThrownBy(() -> new TileFormat(CodeType.UINT4, 16, true))
        .hasMessageStartingWith("groups of 16 inputs; tiles have 32, 64 or 128");
  }

  @Test
  void takesBytesOfCodesAndGroups() {
    TileFormat format = new TileFormat(CodeType.UINT4, 128, false);
    assertThat(format.bytes(4096, 4096)).isEqualTo(64L * 32 * (4096 + 256));
    assertThat(format.bytes(65, 129)).isEqualTo(2L * 2 * (4096 + 256));
    assertThat(new TileFormat(CodeType.INT8, 32, true).bytes(64, 128)).isEqualTo(8192 + 1024);
  }
}
