package io.nightshift.runtime.cuda.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CubinCacheTest {
  @TempDir private Path folder;

  @Test
  void compilesOnceForEachSourceArchitectureAndCompiler() {
    KernelSource source = new KernelSource("a.cu", "x", Map.of("h", "y"), List.of("-Dz"));
    KernelSource otherHeader = new KernelSource("a.cu", "x", Map.of("h", "z"), List.of("-Dz"));
    KernelSource otherOption = new KernelSource("a.cu", "x", Map.of("h", "y"), List.of("-Dy"));

    assertThat(get(source, "sm_80", "13.0", 1)).isEqualTo(1);
    assertThat(get(source, "sm_80", "13.0", 2)).isEqualTo(1);
    assertThat(get(source, "sm_90a", "13.0", 3)).isEqualTo(3);
    assertThat(get(source, "sm_80", "13.1", 4)).isEqualTo(4);
    assertThat(get(otherHeader, "sm_80", "13.0", 5)).isEqualTo(5);
    assertThat(get(otherOption, "sm_80", "13.0", 6)).isEqualTo(6);
  }

  /** What a cache of its own, as in another process, gives where compiling would give a number. */
  private int get(KernelSource source, String architecture, String version, int compiled) {
    CubinCache cache = new CubinCache(folder.resolve("new"));
    return cache.get(source, architecture, version, () -> new byte[] {(byte) compiled})[0];
  }
}
