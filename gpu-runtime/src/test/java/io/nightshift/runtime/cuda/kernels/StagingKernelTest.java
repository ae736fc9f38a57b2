package io.nightshift.runtime.cuda.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.cuda.device.DeviceElementType;
import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.device.DeviceVector;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code staging.cu} against copies on the host. */
@Tag("gpu")
class StagingKernelTest {
  private static final int UNIT = 16;

  @TempDir Path cacheFolder;

  private final Random random = new Random();

  @ParameterizedTest
  @CsvSource({
    "128, 8, 16, true, 64, 19, 7",
    "128, 8, 16, false, 24, 19, 7",
    "64, 2, 16, true, 8, 150, 128",
    "20, 1, 4, true, 2, 5, 3",
    "7, 3, 8, false, 6, 40, 1",
    "256, 5, 32, true, 10, 11, 11"
  })
  void movesBlocksAndNothingElse(
      int headSize, int heads, int blockSize, boolean fp8, int planes, int blocks, int moved) {
    KeyValueCacheLayout layout = new KeyValueCacheLayout(headSize, heads, blockSize, fp8);
    int elementBytes = (int) layout.blockElementBytes();
    int scaleBytes = (int) layout.blockScaleBytes();
    int blockBytes = planes * (elementBytes + scaleBytes);
    byte[] elements = randomBytes(planes * blocks * elementBytes);
    byte[] scales = randomBytes(planes * blocks * scaleBytes);
    List<Integer> numbers = shuffled(blocks).subList(0, moved);
    int[] offsets = offsets(moved, blockBytes);
    StagedBlocks staged = new StagedBlocks();
    staged.add(blocks, 0);
    staged.clear();
    for (int i = 0; i < moved; i++) {
      staged.add(numbers.get(i), offsets[i]);
    }
    int stagingBytes = moved * (blockBytes + UNIT) + UNIT;

    try (DeviceKernels kernels = new DeviceKernels(cacheFolder)) {
      StagingKernels staging = new StagingKernels(kernels.library(), layout);
      long target = kernels.poisoned(stagingBytes);
      Cache cache = new Cache(kernels, layout, elements, scales, planes * blocks);
      staging.gather(kernels.stream(), cache.elements, cache.scales, planes, staged, target);

      byte[] expected = new byte[stagingBytes];
      Arrays.fill(expected, (byte) 0xFF);
      for (int i = 0; i < moved; i++) {
        int block = numbers.get(i);
        for (int plane = 0; plane < planes; plane++) {
          int row = plane * blocks + block;
          int scaleOffset = offsets[i] + planes * elementBytes + plane * scaleBytes;
          System.arraycopy(
              elements,
              row * elementBytes,
              expected,
              offsets[i] + plane * elementBytes,
              elementBytes);
          System.arraycopy(scales, row * scaleBytes, expected, scaleOffset, scaleBytes);
        }
      }
      assertThat(kernels.readBytes(target, stagingBytes)).isEqualTo(expected);

      byte[] other = randomBytes(stagingBytes);
      staging.scatter(
          kernels.stream(),
          cache.elements,
          cache.scales,
          planes,
          staged,
          kernels.upload(ByteBuffer.wrap(other)));
      for (int i = 0; i < moved; i++) {
        int block = numbers.get(i);
        for (int plane = 0; plane < planes; plane++) {
          int row = plane * blocks + block;
          int scaleOffset = offsets[i] + planes * elementBytes + plane * scaleBytes;
          System.arraycopy(
              other, offsets[i] + plane * elementBytes, elements, row * elementBytes, elementBytes);
          System.arraycopy(other, scaleOffset, scales, row * scaleBytes, scaleBytes);
        }
      }
      assertThat(kernels.readBytes(cache.elements.address(), elements.length)).isEqualTo(elements);
      if (cache.scales != null) {
        assertThat(kernels.readBytes(cache.scales.address(), scales.length)).isEqualTo(scales);
      }
    }
  }

  private static final class Cache {
    final DeviceMatrix elements;
    final @Nullable DeviceVector scales;

    Cache(
        DeviceKernels kernels, KeyValueCacheLayout layout, byte[] elements, byte[] scales, int n) {
      this.elements =
          new DeviceMatrix(
              kernels.bytes(elements),
              layout.rows(n),
              KeyValueCacheLayout.headStride(layout.headSize()),
              layout.type());
      this.scales =
          layout.fp8()
              ? new DeviceVector(kernels.bytes(scales), layout.rows(n), DeviceElementType.F32)
              : null;
    }
  }

  private byte[] randomBytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }

  private List<Integer> shuffled(int count) {
    List<Integer> numbers = IntStream.range(0, count).boxed().collect(Collectors.toList());
    Collections.shuffle(numbers, random);
    return numbers;
  }

  /** Offsets in any order, with a gap before each block. */
  private int[] offsets(int count, int blockBytes) {
    return shuffled(count).stream().mapToInt(i -> UNIT + i * (blockBytes + UNIT)).toArray();
  }
}
