package io.nightshift.runtime.cuda.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class DeviceMatrixTest {
  private static final DeviceMatrix MATRIX = new DeviceMatrix(4096, 10, 3, DeviceElementType.BF16);
  private static final DeviceVector VECTOR = new DeviceVector(512, 12, DeviceElementType.F32);

  @Test
  void rowsStartBehindTheRowsBeforeThem() {
    assertThat(MATRIX.rows(4, 6))
        .isEqualTo(new DeviceMatrix(4096 + 4 * 3 * 2, 6, 3, DeviceElementType.BF16));
    assertThat(MATRIX.rows(10, 0).bytes()).isZero();
    assertThat(MATRIX.bytes()).isEqualTo(60);
  }

  @Test
  void rowsThatTheMatrixDoesNotHaveAreRefused() {
    assertThatThrownBy(() -> MATRIX.rows(4, 7)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> MATRIX.rows(-1, 2)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void slicesOfVectorsAreCheckedToo() {
    assertThat(VECTOR.slice(2, 10)).isEqualTo(new DeviceVector(520, 10, DeviceElementType.F32));
    assertThatThrownBy(() -> VECTOR.slice(2, 11)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void aVectorOfWholeRowsIsAMatrix() {
    assertThat(VECTOR.asRows(4)).isEqualTo(new DeviceMatrix(512, 3, 4, DeviceElementType.F32));
    assertThatThrownBy(() -> VECTOR.asRows(5)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void moreThanTwoBillionRowsHaveTheirOffsets() {
    DeviceMatrix large = new DeviceMatrix(0, 1L << 33, 128, DeviceElementType.E4M3);

    assertThat(large.rows(1L << 32, 1).address()).isEqualTo(1L << 39);
  }
}
