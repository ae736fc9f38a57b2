package io.nightshift.runtime.cuda.device;

import static io.nightshift.runtime.cuda.device.CudaCalls.check;

import java.nio.ByteBuffer;
import java.util.Locale;
import org.bytedeco.cuda.cudart.CUtensorMap;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.BytePointer;

/**
 * The driver's description of a matrix in device memory (CUtensorMap), from which Hopper's tensor
 * memory accelerator copies boxes to shared memory. A row of a box has 128 bytes, whose 16-byte
 * chunks are permuted there by the row's number ("128-byte swizzle"). Elements of a box outside of
 * the matrix are zero. A kernel parameter, passed by value.
 */
public final class TensorMap {
  /** Bytes of a box's row. */
  private static final int BOX_ROW_BYTES = 128;

  private static final int BYTES = 128;
  private static final int ALIGNMENT = 64;

  private final long[] words = new long[BYTES / Long.BYTES];

  /**
   * Describes a matrix.
   *
   * @param matrix bf16, or of bytes such as e4m3; it and its rows are aligned to 16 bytes
   * @param boxRows rows of a box, at most 256; it has as many columns as 128 bytes hold
   * @throws io.nightshift.runtime.runner.DeviceException if the driver refuses it, for instance
   *     because the device is older than Hopper
   */
  public TensorMap(CudaDevice device, DeviceMatrix matrix, int boxRows) {
    long address = matrix.address();
    int rows = matrix.rowCount();
    int columns = matrix.columns();
    int boxColumns = BOX_ROW_BYTES / matrix.type().bytes();
    try (BytePointer memory = new BytePointer(BYTES + ALIGNMENT)) {
      long aligned = (memory.address() + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
      CUtensorMap map = new CUtensorMap(new DeviceAddress(aligned));
      // The driver's first dimension is the contiguous one.
      int dimensions = 2;
      check(
          cudart.cuTensorMapEncodeTiled(
              map,
              matrix.type() == DeviceElementType.BF16
                  ? cudart.CU_TENSOR_MAP_DATA_TYPE_BFLOAT16
                  : cudart.CU_TENSOR_MAP_DATA_TYPE_UINT8,
              dimensions,
              new DeviceAddress(address),
              new long[] {columns, rows},
              new long[] {matrix.rowBytes()},
              new int[] {boxColumns, boxRows},
              new int[] {1, 1},
              cudart.CU_TENSOR_MAP_INTERLEAVE_NONE,
              cudart.CU_TENSOR_MAP_SWIZZLE_128B,
              cudart.CU_TENSOR_MAP_L2_PROMOTION_L2_256B,
              cudart.CU_TENSOR_MAP_FLOAT_OOB_FILL_NONE),
          device,
          String.format(
              Locale.ROOT,
              "cuTensorMapEncodeTiled(%s [%d, %d] at %#x, boxes of [%d, %d])",
              matrix.type(),
              rows,
              columns,
              address,
              boxRows,
              boxColumns));
      for (int i = 0; i < words.length; i++) {
        words[i] = map.opaque(i);
      }
    }
  }

  void putInto(ByteBuffer target) {
    for (long word : words) {
      target.putLong(word);
    }
  }
}
