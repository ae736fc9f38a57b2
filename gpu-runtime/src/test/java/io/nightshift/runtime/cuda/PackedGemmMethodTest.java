package io.nightshift.runtime.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.runtime.cuda.PackedGemmMethod.Fused;
import io.nightshift.runtime.cuda.PackedGemmMethod.Unpacked;
import io.nightshift.runtime.cuda.kernels.PackedGemmTile;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PackedGemmMethodTest {

  @Test
  void areKeptOnDisk(@TempDir Path folder) {
    Path file = folder.resolve("methods.txt");
    ChoiceCache<PackedGemmMethod> cache = new ChoiceCache<>(file, PackedGemmMethod::parse);
    int rows = 8;
    for (PackedGemmTile tile : PackedGemmTile.ALL) {
      cache.put(rows++, new Fused(tile, 1_234_567));
    }
    cache.put(rows, new Unpacked());
    cache.save();

    ChoiceCache<PackedGemmMethod> again = new ChoiceCache<>(file, PackedGemmMethod::parse);
    assertThat(again.get(rows)).contains(new Unpacked());
    rows = 8;
    for (PackedGemmTile tile : PackedGemmTile.ALL) {
      assertThat(again.get(rows++)).contains(new Fused(tile, 1_234_567));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "FUSED", "FUSED 2 1 128", "FUSED 9 9 128 100", "UNPACKED 5"})
  void othersAreNone(String text) {
    assertThatThrownBy(() -> PackedGemmMethod.parse(text))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void candidatesOfAFewRowsAreSmall() {
    assertThat(PackedGemmTile.candidates(8))
        .contains(new PackedGemmTile(2, 2, 8), new PackedGemmTile(2, 1, 8));
    assertThat(PackedGemmTile.candidates(100))
        .contains(new PackedGemmTile(2, 2, 128), new PackedGemmTile(2, 1, 128));
  }
}
