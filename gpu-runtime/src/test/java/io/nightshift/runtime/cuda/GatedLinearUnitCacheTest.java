package io.nightshift.runtime.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.cuda.GatedLinearUnit.Way;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GatedLinearUnitCacheTest {
  @TempDir private Path folder;

  @Test
  void keepsWaysByNumberOfRows() throws IOException {
    GatedLinearUnitCache cache = new GatedLinearUnitCache(folder, "abc");
    cache.put(1024, Way.ONE_KERNEL);
    cache.put(512, Way.TWO_KERNELS);
    cache.save();

    assertThat(folder.resolve("gated-linear-unit-abc.txt"))
        .hasContent("512 TWO_KERNELS\n1024 ONE_KERNEL\n");
    GatedLinearUnitCache again = new GatedLinearUnitCache(folder, "abc");
    assertThat(again.get(512)).contains(Way.TWO_KERNELS);
    assertThat(again.get(1024)).contains(Way.ONE_KERNEL);
    assertThat(again.get(256)).isEmpty();
    assertThat(new GatedLinearUnitCache(folder, "abd").get(512)).isEmpty();
  }

  @Test
  void leavesOutLinesThatAreNoneOfItsOwn() throws IOException {
    Path file = folder.resolve("gated-linear-unit-abc.txt");
    Files.writeString(file, "512 TWO_KERNELS\n1024 THREE_KERNELS\n-8 ONE_KERNEL\n2048 ONE_K");

    GatedLinearUnitCache cache = new GatedLinearUnitCache(folder, "abc");
    assertThat(cache.get(512)).contains(Way.TWO_KERNELS);
    assertThat(cache.get(1024)).isEmpty();
    assertThat(cache.get(2048)).isEmpty();
    cache.put(1024, Way.ONE_KERNEL);
    cache.save();

    assertThat(file).hasContent("512 TWO_KERNELS\n1024 ONE_KERNEL\n");
  }

  @Test
  void writesOnlyWhatIsNew() throws IOException {
    GatedLinearUnitCache cache = new GatedLinearUnitCache(folder, "abc");
    cache.save();
    assertThat(folder).isEmptyDirectory();
    cache.put(512, Way.ONE_KERNEL);
    cache.save();
    Path file = folder.resolve("gated-linear-unit-abc.txt");
    Files.writeString(file, "256 ONE_KERNEL\n", StandardOpenOption.APPEND);
    cache.put(512, Way.ONE_KERNEL);
    cache.save();

    assertThat(file).hasContent("512 ONE_KERNEL\n256 ONE_KERNEL\n");
  }
}
