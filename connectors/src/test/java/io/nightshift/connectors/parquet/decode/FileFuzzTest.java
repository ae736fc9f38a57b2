package io.nightshift.connectors.parquet.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.nightshift.connectors.arrow.ArrowMemory;
import io.nightshift.connectors.files.FileReadException;
import io.nightshift.connectors.parquet.Fixture;
import io.nightshift.connectors.parquet.PythonReaders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
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
      assertThat(failure(file)).isInstanceOf(FileReadException.class);
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
        .isInstanceOf(FileReadException.class)
        .hasMessageContaining("checksum.parquet")
        .hasStackTraceContaining("CRC");
  }

  @Test
  void aDamagedPageIsNamedWithItsColumn() throws Exception {
    List<String> files =
        PythonReaders.python(
            folder,
            """
            import itertools, random
            texts = [str(j * 7919 % 5000) for j in range(5000)]
            table = pa.table({"id": range(5000), "text": texts})
            codecs = ["snappy", "gzip", "zstd", "lz4"]
            for codec, page, dictionary in itertools.product(codecs, ["1.0", "2.0"], [True, False]):
                name = f"{codec}-{page}-{dictionary}.parquet"
                pq.write_table(table, name, compression=codec, data_page_version=page,
                    use_dictionary=dictionary)
                chunk = pq.ParquetFile(name).metadata.row_group(0).column(1)
                start = chunk.dictionary_page_offset or chunk.data_page_offset
                middle = start + chunk.total_compressed_size // 2
                damaged = bytearray(open(name, "rb").read())
                damaged[middle:middle + 200] = random.Random(1).randbytes(200)
                open(name, "wb").write(damaged)
                print(name)
            """);
    assertThat(files).hasSize(16);
    for (String file : files) {
      assertThat(failure(folder.resolve(file)))
          .as(file)
          .isInstanceOf(FileReadException.class)
          .hasMessageContaining(file + ": column text cannot be read at")
          .hasMessageContaining("row group 0")
          .hasMessageContaining("write it again or take it out of the input");
    }
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
      assertThat(failure).as(name).isInstanceOf(FileReadException.class).hasMessageContaining(name);
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
