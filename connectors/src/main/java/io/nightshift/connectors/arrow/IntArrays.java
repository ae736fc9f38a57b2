package io.nightshift.connectors.arrow;

import java.nio.ByteOrder;
import java.nio.IntBuffer;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.IntVector;

/** Bulk copies of integers between arrays and vectors, whose own methods check every access. */
public final class IntArrays {
  private IntArrays() {}

  /**
   * Copies values out of a vector; the content of null elements is undefined.
   *
   * @param start of the values in the vector
   * @param target is filled from {@code from} to its end
   */
  public static void read(IntVector vector, int start, int[] target, int from) {
    int count = target.length - from;
    if (count > 0) {
      values(vector, start, count).get(target, from, count);
    }
  }

  /**
   * Copies an array into a vector, which grows as needed.
   *
   * @param start of the values in the vector
   */
  public static void write(int[] values, IntVector vector, int start) {
    int end = start + values.length;
    while (vector.getValueCapacity() < end) {
      vector.reAlloc();
    }
    if (values.length > 0) {
      values(vector, start, values.length).put(values);
      setValid(vector.getValidityBuffer(), start, end);
    }
  }

  private static IntBuffer values(IntVector vector, int start, int count) {
    return vector
        .getDataBuffer()
        .nioBuffer((long) start * Integer.BYTES, count * Integer.BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .asIntBuffer();
  }

  private static void setValid(ArrowBuf validity, int start, int end) {
    int bit = start;
    for (; bit < end && bit % Byte.SIZE != 0; bit++) {
      BitVectorHelper.setBit(validity, bit);
    }
    int bytes = (end - bit) / Byte.SIZE;
    validity.setOne(bit / Byte.SIZE, bytes);
    for (bit += bytes * Byte.SIZE; bit < end; bit++) {
      BitVectorHelper.setBit(validity, bit);
    }
  }
}
