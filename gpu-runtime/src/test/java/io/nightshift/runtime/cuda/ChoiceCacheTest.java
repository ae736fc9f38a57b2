package io.nightshift.runtime.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.cuda.GatedMlp.Fusion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChoiceCacheTest {
  @TempDir private Path folder;

  @Test
  void keepsFusionByNumberOfRows() throws IOException {
    ChoiceCache<Fusion> cache = GatedMlp.fusions(folder, "abc");
    cache.put(1024, Fusion.FUSED);
    cache.put(512, Fusion.UNFUSED);
    cache.save();

    assertThat(folder.resolve("gated-linear-unit-abc.txt")).hasContent("512 UNFUSED\n1024 FUSED\n");
    ChoiceCache<Fusion> again = GatedMlp.fusions(folder, "abc");
    assertThat(again.get(512)).contains(Fusion.UNFUSED);
    assertThat(again.get(1024)).contains(Fusion.FUSED);
    assertThat(again.get(256)).isEmpty();
    assertThat(GatedMlp.fusions(folder, "abd").get(512)).isEmpty();
  }

  @Test
  void leavesOutLinesThatAreNoneOfItsOwn() throws IOException {
    Path file = folder.resolve("gated-linear-unit-abc.txt");
    Files.writeString(file, "512 UNFUSED\n1024 THREE_KERNELS\n-8 FUSED\n2048 ONE_K");

    ChoiceCache<Fusion> cache = GatedMlp.fusions(folder, "abc");
    assertThat(cache.get(512)).contains(Fusion.UNFUSED);
    assertThat(cache.get(1024)).isEmpty();
    assertThat(cache.get(2048)).isEmpty();
    cache.put(1024, Fusion.FUSED);
    cache.save();

    assertThat(file).hasContent("512 UNFUSED\n1024 FUSED\n");
  }

  @Test
  void writesOnlyWhatIsNew() throws IOException {
    ChoiceCache<Fusion> cache = GatedMlp.fusions(folder, "abc");
    cache.save();
    assertThat(folder).isEmptyDirectory();
    cache.put(512, Fusion.FUSED);
    cache.save();
    Path file = folder.resolve("gated-linear-unit-abc.txt");
    Files.writeString(file, "256 FUSED\n", StandardOpenOption.APPEND);
    cache.put(512, Fusion.FUSED);
    cache.save();

    assertThat(file).hasContent("512 FUSED\n256 FUSED\n");
  }
}
