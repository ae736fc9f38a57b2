package io.nightshift.runtime.cpu;

import io.nightshift.runtime.model.CodeType;
import io.nightshift.runtime.model.Quantization;
import io.nightshift.runtime.model.QuantizedTensor;
import java.util.SplittableRandom;

/** A matrix of random codes, scales and offsets. */
final class RandomQuantizedTensor implements QuantizedTensor {
  private final String name;
  private final Quantization quantization;
  private final int columns;
  private final byte[][] codes;
  private final float[][] scales;
  private final float[][] offsets;

  RandomQuantizedTensor(
      String name, Quantization quantization, int rows, int columns, SplittableRandom random) {
    this.name = name;
    this.quantization = quantization;
    this.columns = columns;
    int groups = quantization.groupCount(columns);
    float largest = 16 / Math.abs(quantization.codes().value((byte) 0x7E));
    codes = new byte[rows][columns];
    scales = new float[rows][groups];
    offsets = new float[rows][groups];
    for (int row = 0; row < rows; row++) {
      random.nextBytes(codes[row]);
      for (int column = 0; column < columns; column++) {
        codes[row][column] = code(codes[row][column]);
      }
      for (int group = 0; group < groups; group++) {
        scales[row][group] = (float) random.nextDouble(0.001, 0.01) * largest;
        offsets[row][group] = quantization.hasOffsets() ? (float) random.nextDouble(-0.1, 0.1) : 0;
      }
    }
  }

  /** Of 4 bits, if the type has so many; no NaN. */
  private byte code(byte random) {
    if (quantization.codes().bits() == 4) {
      return (byte) (random & 0x0F);
    }
    return quantization.codes() == CodeType.E4M3 && (random & 0x7F) == 0x7F ? 0 : random;
  }

  /** The offsets of a format whose codes are centered at 8, as Q4_0's are. */
  RandomQuantizedTensor withCenteredOffsets() {
    for (int row = 0; row < rows(); row++) {
      for (int group = 0; group < scales[row].length; group++) {
        offsets[row][group] = -8 * scales[row][group];
      }
    }
    return this;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int rows() {
    return codes.length;
  }

  @Override
  public int columns() {
    return columns;
  }

  @Override
  public Quantization quantization() {
    return quantization;
  }

  @Override
  public void readCodes(int row, byte[] target, int offset) {
    System.arraycopy(codes[row], 0, target, offset, columns);
  }

  @Override
  public void readGroups(int row, float[] targetScales, float[] targetOffsets) {
    System.arraycopy(scales[row], 0, targetScales, 0, scales[row].length);
    System.arraycopy(offsets[row], 0, targetOffsets, 0, offsets[row].length);
  }
}
