package io.nightshift.runtime.model.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.nightshift.runtime.model.ModelFormatException;
import io.nightshift.runtime.model.Tensor;
import io.nightshift.runtime.model.TensorShape;
import io.nightshift.runtime.model.TensorType;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MappedFileTest {
  @TempDir private Path folder;

  @Test
  void readsAcrossEverySegmentBoundaryOfALargeFile() throws IOException {
    Path path = folder.resolve("sparse");
    long size = (5L << 30) + 3;
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.setLength(size); // A hole: nothing is written to the disk.
      for (long gibibyte = 1; gibibyte <= 5; gibibyte++) {
        file.seek((gibibyte << 30) - 2);
        file.write(new byte[] {1, 2, 3, (byte) gibibyte});
      }
    }
    try (MappedFile file = MappedFile.open(path)) {
      assertThat(file.size()).isEqualTo(size);
      for (long gibibyte = 1; gibibyte <= 5; gibibyte++) {
        long offset = (gibibyte << 30) - 2;
        assertThat(file.getInt(offset)).isEqualTo((int) gibibyte << 24 | 0x030201);
        byte[] bytes = new byte[4];
        file.read(offset, bytes, 4);
        assertThat(bytes).containsExactly(1, 2, 3, (byte) gibibyte);
        assertThat(file.slice(offset, 4).get(3)).isEqualTo((byte) gibibyte);
      }
      assertThat(file.slice(1, MappedFile.MAX_RANGE).remaining()).isEqualTo(MappedFile.MAX_RANGE);
      assertThatExceptionOfType(IndexOutOfBoundsException.class)
          .isThrownBy(() -> file.getInt(size - 3));
    }
  }

  @Test
  void readsATensorOfMoreThanTwoGigabytes() throws IOException {
    Path path = folder.resolve("sparse");
    int columns = 1_000_000;
    int rows = 700;
    long start = 64;
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.setLength(start + (long) rows * columns * Float.BYTES);
      for (int row = 0; row < rows; row++) {
        file.seek(start + ((long) row * columns + columns - 1) * Float.BYTES);
        file.writeInt(Integer.reverseBytes(Float.floatToIntBits(row)));
      }
    }
    try (MappedFile file = MappedFile.open(path)) {
      Tensor tensor =
          MappedTensor.of(
              new StoredTensor(
                  file, "t", TensorType.F32, List.of((long) rows, (long) columns), start),
              new TensorShape("t", rows, columns),
              RowOrder.AS_STORED);
      float[] row = new float[columns];
      for (int i = 0; i < rows; i += 69) {
        tensor.readRows(i, 1, row, 0);
        assertThat(row[columns - 1]).isEqualTo(i);
        assertThat(tensor.rawRow(i).getFloat(4 * (columns - 1))).isEqualTo(i);
      }
    }
  }

  @Test
  void refusesToReadWhenClosed() throws IOException {
    Path path = Files.write(folder.resolve("file"), new byte[8]);
    MappedFile file = MappedFile.open(path);
    file.close();
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> file.getLong(0))
        .withMessageContaining(path.toString());
  }

  @Test
  void namesAFileThatDoesNotExist() {
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> MappedFile.open(folder.resolve("nothing")))
        .withMessageContaining("nothing: no such file");
  }
}
