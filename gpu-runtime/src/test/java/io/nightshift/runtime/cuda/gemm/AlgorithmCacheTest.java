package io.nightshift.runtime.cuda.gemm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AlgorithmCacheTest {
  private static final Gemm SHAPE = new Gemm(64, 4096, 6144, GemmType.BF16_TO_F32);
  private static final TimedAlgorithm ALGORITHM =
      new TimedAlgorithm(
          new Algorithm(List.of(1L, -2L, 3L, Long.MIN_VALUE, 5L, 6L, 7L, 8L)), 12_345e-9);

  @TempDir private Path folder;

  @Test
  void keepsAlgorithmsForADeviceAndALibrary() {
    AlgorithmCache cache = open("NVIDIA H200", 130_100);
    cache.put(SHAPE, ALGORITHM);
    cache.save();

    assertThat(open("NVIDIA H200", 130_100).get(SHAPE)).contains(ALGORITHM);
    assertThat(open("NVIDIA H100", 130_100).get(SHAPE)).isEmpty();
    assertThat(open("NVIDIA H200", 130_200).get(SHAPE)).isEmpty();
  }

  @Test
  void aGemmThatAddsHasItsOwnAlgorithm() {
    TimedAlgorithm other = new TimedAlgorithm(new Algorithm(Collections.nCopies(8, 9L)), 1e-6);
    AlgorithmCache cache = open("d", 1);
    cache.put(SHAPE.adding(), other);
    cache.save();

    assertThat(open("d", 1).get(SHAPE)).isEmpty();

    cache.put(SHAPE, ALGORITHM);
    cache.save();

    assertThat(open("d", 1).get(SHAPE)).contains(ALGORITHM);
    assertThat(open("d", 1).get(SHAPE.adding())).contains(other);
  }

  @Test
  void aMultiplierMakesNoDifference() {
    AlgorithmCache cache = open("d", 1);
    cache.put(SHAPE.times(0.5f), ALGORITHM);
    cache.save();

    assertThat(open("d", 1).get(SHAPE)).contains(ALGORITHM);
    assertThat(open("d", 1).get(SHAPE.times(3))).contains(ALGORITHM);
  }

  @Test
  void leavesOutLinesThatAreNoneOfItsOwn() throws IOException {
    AlgorithmCache cache = open("d", 1);
    cache.put(SHAPE, ALGORITHM);
    cache.save();
    try (Stream<Path> files = Files.list(folder)) {
      Path file = files.findFirst().orElseThrow();
      Files.writeString(file, "BF16 64 40", StandardOpenOption.APPEND);
    }

    assertThat(open("d", 1).get(SHAPE)).contains(ALGORITHM);
  }

  private AlgorithmCache open(String device, long library) {
    return new AlgorithmCache(folder, device, library);
  }
}
