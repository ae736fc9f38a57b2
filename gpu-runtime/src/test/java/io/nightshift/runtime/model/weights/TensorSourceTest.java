package io.nightshift.runtime.model.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.nightshift.runtime.model.ModelFormatException;
import io.nightshift.runtime.model.Tensor;
import io.nightshift.runtime.model.TensorShape;
import io.nightshift.runtime.model.TensorType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A stack of {@link #MATRICES} random matrices in a file, seen as the tensors of a model. */
class TensorSourceTest {
  private static final int MATRICES = 3;
  private static final int ROWS = 10;
  private static final int COLUMNS = 64;
  private static final List<Long> STACK = List.of(3L, 10L, 64L);
  private static final float[] E2M1 = {0, 0.5f, 1, 1.5f, 2, 3, 4, 6};

  private final Random random = new Random();
  private final float[] numbers = new float[MATRICES * ROWS * COLUMNS];

  @TempDir private Path temporary;

  /** Numbers that f16 and bf16 represent exactly. */
  @BeforeEach
  void drawNumbers() {
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (random.nextInt(255) - 127) / 16f;
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F16", "BF16"})
  void readsRowsOfAStack(TensorType type) throws IOException {
    StoredTensors stored = stored(type, STACK);
    int matrix = random.nextInt(MATRICES);
    RowOrder everySecond = RowOrder.strided(matrix * ROWS + 1, 2);
    Tensor tensor =
        new StackedRows("stack", STACK, everySecond)
            .open(stored, new TensorShape("up", ROWS / 2, COLUMNS));

    assertMatches(tensor, (row, column) -> number(matrix, 2 * row + 1, column));
    assertThat(tensor.type()).isEqualTo(type);
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F16", "BF16"})
  void readsColumnsOfAStack(TensorType type) throws IOException {
    StoredTensors stored = stored(type, STACK);
    int matrix = random.nextInt(MATRICES);
    Tensor tensor =
        new StackedColumns("stack", STACK, matrix, RowOrder.strided(1, 2))
            .open(stored, new TensorShape("up", COLUMNS / 2, ROWS));

    assertMatches(tensor, (row, column) -> number(matrix, column, 2 * row + 1));
    assertThat(tensor.type()).isEqualTo(type);
  }

  @Test
  void readsElementsOfARow() throws IOException {
    List<Long> shape = List.of((long) MATRICES * ROWS, (long) COLUMNS);
    StoredTensors stored = stored(TensorType.BF16, shape);
    int row = random.nextInt(MATRICES * ROWS);
    Tensor tensor =
        new StackedElements("stack", shape, row, RowOrder.strided(1, 2))
            .open(stored, new TensorShape("bias", 1, COLUMNS / 2));

    assertMatches(tensor, (ignored, column) -> numbers[row * COLUMNS + 2 * column + 1]);
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F16", "BF16"})
  void addsAConstant(TensorType type) throws IOException {
    StoredTensors stored = stored(type, List.of((long) numbers.length));
    Tensor tensor =
        TensorSource.whole("stack")
            .plus(1)
            .open(stored, new TensorShape("norm", 1, numbers.length));

    assertMatches(tensor, (row, column) -> numbers[column] + 1);
    assertThat(tensor.type()).isEqualTo(TensorType.F32);
  }

  /** The expected numbers are computed bit by bit: sign, two of exponent, one of fraction. */
  @Test
  void readsMxfp4WithScalesApart() throws IOException {
    byte[] pairs = new byte[MATRICES * ROWS * COLUMNS / 2];
    byte[] scales = new byte[MATRICES * ROWS * COLUMNS / 32];
    random.nextBytes(pairs);
    random.nextBytes(scales);
    for (int i = 0; i < scales.length; i++) {
      scales[i] = (byte) Math.min(scales[i] & 0xFF, 252);
    }
    StoredTensors stored =
        new StoredTensors(
            temporary,
            Map.of(
                "up_blocks", bytes("up_blocks", pairs, List.of(3L, 10L, 2L, 16L)),
                "up_scales", bytes("up_scales", scales, List.of(3L, 10L, 2L))));
    int matrix = random.nextInt(MATRICES);
    Tensor tensor =
        new Mxfp4Rows("up", MATRICES, ROWS, RowOrder.strided(matrix * ROWS, 2))
            .open(stored, new TensorShape("gate", ROWS / 2, COLUMNS));

    assertMatches(
        tensor,
        (row, column) -> {
          int element = (matrix * ROWS + 2 * row) * COLUMNS + column;
          int code = pairs[element / 2] >> (element % 2 * 4) & 15;
          float magnitude =
              E2M1[code & 7] * (float) Math.pow(2, (scales[element / 32] & 0xFF) - 127);
          return (code & 8) == 0 ? magnitude : -magnitude;
        });
    assertThat(tensor.type()).isEqualTo(TensorType.BF16);
  }

  @Test
  void namesFileAndTensorOfAWrongShape() throws IOException {
    StoredTensors stored = stored(TensorType.F32, STACK);
    TensorShape part = new TensorShape("up", ROWS, COLUMNS);

    assertRefused(
        new StackedRows("stack", List.of(4L, 10L, 64L), RowOrder.AS_STORED),
        stored,
        part,
        "has shape [3, 10, 64], the model's configuration implies [4, 10, 64]");
    assertRefused(
        TensorSource.whole("stack"),
        stored,
        part,
        "has shape [3, 10, 64], the model's configuration implies [10, 64]");
    assertRefused(new Mxfp4Rows("stack", 3, 10, RowOrder.AS_STORED), stored, part, "is missing");
  }

  @Test
  void bytesAreNoNumbers() throws IOException {
    StoredTensors stored =
        new StoredTensors(
            temporary, Map.of("stack", bytes("stack", new byte[640], List.of(10L, 64L))));

    assertRefused(
        TensorSource.whole("stack"),
        stored,
        new TensorShape("up", ROWS, COLUMNS),
        "is of type U8, expected floating-point numbers");
  }

  private static void assertRefused(
      TensorSource source, StoredTensors stored, TensorShape shape, String problem) {
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> source.open(stored, shape))
        .withMessageContaining("stack")
        .withMessageContaining(problem);
  }

  private interface Elements {
    float at(int row, int column);
  }

  /** All rows at once, one by one, and as raw bytes. */
  private static void assertMatches(Tensor tensor, Elements expected) {
    float[] all = new float[tensor.rows() * tensor.columns() + 2];
    tensor.readRows(0, tensor.rows(), all, 1);
    assertThat(all[0]).isZero();
    assertThat(all[all.length - 1]).isZero();
    float[] one = new float[tensor.columns()];
    float[] raw = new float[tensor.columns()];
    for (int row = 0; row < tensor.rows(); row++) {
      tensor.readRows(row, 1, one, 0);
      ByteBuffer buffer = tensor.rawRow(row);
      byte[] bytes = new byte[buffer.remaining()];
      buffer.get(bytes);
      FloatDecoder.of(tensor.type()).decode(bytes, tensor.columns(), raw, 0);
      int start = 1 + row * tensor.columns();
      assertThat(Arrays.copyOfRange(all, start, start + tensor.columns()))
          .isEqualTo(one)
          .isEqualTo(raw);
      for (int column = 0; column < tensor.columns(); column++) {
        assertThat(one[column]).isEqualTo(expected.at(row, column));
      }
    }
  }

  private float number(int matrix, int row, int column) {
    return numbers[(matrix * ROWS + row) * COLUMNS + column];
  }

  private StoredTensors stored(TensorType type, List<Long> shape) throws IOException {
    int elementBytes = type.blockBytes();
    ByteBuffer bytes =
        ByteBuffer.allocate(numbers.length * elementBytes).order(ByteOrder.LITTLE_ENDIAN);
    for (float number : numbers) {
      switch (type) {
        case F32 -> bytes.putFloat(number);
        case BF16 -> bytes.putShort((short) (Float.floatToRawIntBits(number) >>> 16));
        default -> bytes.putShort(half(number));
      }
    }
    StoredTensor tensor = file("stack", bytes.array(), type, shape);
    return new StoredTensors(temporary, Map.of("stack", tensor));
  }

  /** For numbers in f16's normal range that it represents exactly, and 0. */
  private static short half(float number) {
    int bits = Float.floatToRawIntBits(number);
    int sign = bits >>> 16 & 0x8000;
    return (short) (number == 0 ? sign : sign | ((bits & 0x7FFFFFFF) >>> 13) - (112 << 10));
  }

  private StoredTensor bytes(String name, byte[] bytes, List<Long> shape) throws IOException {
    return file(name, bytes, TensorType.U8, shape);
  }

  /** The tensor begins somewhere in the file. */
  private StoredTensor file(String name, byte[] bytes, TensorType type, List<Long> shape)
      throws IOException {
    int offset = random.nextInt(100);
    byte[] content = new byte[offset + bytes.length];
    System.arraycopy(bytes, 0, content, offset, bytes.length);
    Path path = Files.write(temporary.resolve(name), content);
    return new StoredTensor(MappedFile.open(path), name, type, shape, offset);
  }
}
