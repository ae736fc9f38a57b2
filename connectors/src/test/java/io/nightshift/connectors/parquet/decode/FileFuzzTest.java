package io.nightshift.connectors.parquet.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.nightshift.connectors.arrow.ArrowMemory;
import io.nightshift.connectors.parquet.Fixture;
import io.nightshift.connectors.parquet.file.ParquetReadException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Damaged files: an exception that names the file, or rows; never a hang, a crash or a leak. */
class FileFuzzTest {
  private static final Duration HANG = Duration.ofSeconds(30);
  private static final int MUTATIONS = 60;
  private static final long BATCH_BYTES = 1L << 20;

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pyarrow-numbers-v2",
        "pyarrow-nested",
        "pyarrow-encodings-1",
        "pyarrow-encodings-2",
        "pyarrow-codec-gzip",
        "pyarrow-codec-lz4",
        "duckdb-nested-zstd",
        "polars-snappy"
      })
  void aMutatedFileIsReadOrNamed(String name) throws IOException {
    byte[] sound = Files.readAllBytes(Fixture.of(name).parquet());
    Random random = new Random(name.hashCode());
    for (int i = 0; i < MUTATIONS; i++) {
      check(name + "-" + i + ".parquet", mutate(sound, random));
    }
  }

  @Test
  void aTruncatedFileIsNamed() throws IOException {
    byte[] sound = Files.readAllBytes(Fixture.of("pyarrow-nested").parquet());
    for (int length = 0; length < sound.length; length += 1 + sound.length / 60) {
      Path file = folder.resolve("cut-" + length + ".parquet");
      Files.write(file, Arrays.copyOf(sound, length));
      assertThat(failure(file)).isInstanceOf(ParquetReadException.class);
    }
  }

  @Test
  void aFlippedBitUnderAChecksumIsFound() throws IOException {
    Path file = folder.resolve("checksum.parquet");
    byte[] bytes = Files.readAllBytes(Fixture.of("pyarrow-encodings-1").parquet());
    int firstPageData = 200;
    bytes[firstPageData] ^= 1;
    Files.write(file, bytes);
    assertThat(failure(file))
        .isInstanceOf(ParquetReadException.class)
        .hasMessageContaining("checksum.parquet")
        .hasStackTraceContaining("CRC");
  }

  /** Half of the mutations hit the footer, where lies about sizes are. */
  private static byte[] mutate(byte[] sound, Random random) {
    byte[] bytes = sound.clone();
    int footer = Math.min(sound.length / 2, 2000);
    for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
      int place =
          random.nextBoolean()
              ? random.nextInt(bytes.length)
              : bytes.length - 1 - random.nextInt(footer);
      bytes[place] = random.nextBoolean() ? (byte) random.nextInt() : (byte) 0xff;
    }
    return bytes;
  }

  private void check(String name, byte[] bytes) throws IOException {
    Path file = folder.resolve(name);
    Files.write(file, bytes);
    Throwable failure = failure(file);
    if (failure != null) {
      assertThat(failure)
          .as(name)
          .isInstanceOf(ParquetReadException.class)
          .hasMessageContaining(name);
    }
    assertThat(ArrowMemory.allocator().getAllocatedMemory()).as(name).isZero();
    Files.delete(file);
  }

  private static @Nullable Throwable failure(Path file) {
    return assertTimeoutPreemptively(
        HANG,
        () -> {
          try {
            Batches.read(file, 100, BATCH_BYTES);
            return null;
          } catch (Throwable failure) {
            return failure;
          }
        });
  }
}
