package io.nightshift.runtime.cuda.weights;

import io.nightshift.runtime.cuda.device.DeviceElementType;
import io.nightshift.runtime.cuda.device.DeviceMemory;
import io.nightshift.runtime.cuda.gemm.GemmType;
import io.nightshift.runtime.cuda.kernels.PackedMatrix;
import io.nightshift.runtime.cuda.kernels.TileFormat;
import io.nightshift.runtime.cuda.kernels.TiledWeights;
import io.nightshift.runtime.model.Quantization;
import io.nightshift.runtime.model.Quantization.ColumnGroups;
import io.nightshift.runtime.model.TensorEncodings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How the weights of a fused linear layer lie in device memory: neighbouring tensors of the same
 * encoding as one matrix.
 *
 * @param parts from the first output on
 * @param tiled whether the parts, all of them packed, are {@link TiledWeights} rather than {@link
 *     PackedMatrix} each
 */
record LinearLayout(GemmType type, int inputs, List<Part> parts, boolean tiled) {

  LinearLayout {
    parts = List.copyOf(parts);
  }

  /**
   * Rows in one encoding.
   *
   * @param encoding null for dense ones
   */
  record Part(List<TensorRows> tensors, @Nullable Quantization encoding) {
    Part {
      tensors = List.copyOf(tensors);
    }

    int rows() {
      return TensorRows.count(tensors);
    }
  }

  /** A layer whose weights are dense, however its tensors are stored. */
  static LinearLayout dense(GemmType type, LayerTensors.Linear linear) {
    return new LinearLayout(type, linear.inputs(), List.of(new Part(linear.rows(), null)), false);
  }

  /** A layer whose weights stay packed where that makes them smaller. */
  static LinearLayout of(GemmType type, LayerTensors.Linear linear, TensorEncodings encodings) {
    List<Part> parts = new ArrayList<>();
    for (TensorRows rows : linear.rows()) {
      Quantization encoding = packed(type, encodings.of(rows.tensor()));
      Part last = parts.isEmpty() ? null : parts.get(parts.size() - 1);
      if (last != null && isSame(last.encoding(), encoding)) {
        List<TensorRows> together = new ArrayList<>(last.tensors());
        together.add(rows);
        parts.set(parts.size() - 1, new Part(together, last.encoding()));
      } else {
        parts.add(new Part(List.of(rows), encoding));
      }
    }
    return new LinearLayout(type, linear.inputs(), parts, false);
  }

  /**
   * The same layer in tiles, if every tensor has whole tiles of outputs, in an encoding that fits
   * them; otherwise as it is. Outputs are sliced between tensors, and so between tiles.
   */
  LinearLayout inTiles() {
    boolean fits = parts.stream().allMatch(this::fitsTiles);
    return new LinearLayout(type, inputs, parts, fits);
  }

  private boolean fitsTiles(Part part) {
    Quantization encoding = part.encoding();
    return encoding != null
        && encoding.groups() instanceof ColumnGroups.Consecutive
        && part.tensors().stream().allMatch(rows -> rows.count() % TileFormat.OUTPUTS == 0)
        && TileFormat.fits(encoding.groupSize(), type == GemmType.FP8, part.rows(), inputs);
  }

  /** The format of a part's tiles. */
  TileFormat tileFormat(Quantization encoding) {
    return TileFormat.of(encoding.codes(), encoding.groupSize(), type == GemmType.FP8);
  }

  /**
   * The encoding that weights keep on the device; null if they become dense. 8-bit codes take as
   * much memory as the e4m3 numbers of an fp8 GEMM, which they become once, when they are loaded.
   */
  private static @Nullable Quantization packed(GemmType type, Optional<Quantization> stored) {
    return stored
        .filter(encoding -> encoding.codes().bits() < type.inputType().bytes() * Byte.SIZE)
        .orElse(null);
  }

  private static boolean isSame(@Nullable Quantization one, @Nullable Quantization other) {
    if (one == null || other == null) {
      return one == other;
    }
    return one.codes() == other.codes()
        && one.groupSize() == other.groupSize()
        && one.hasOffsets() == other.hasOffsets()
        && isSame(one.groups(), other.groups());
  }

  private static boolean isSame(ColumnGroups one, ColumnGroups other) {
    if (one instanceof ColumnGroups.Listed listed && other instanceof ColumnGroups.Listed second) {
      return Arrays.equals(listed.ofColumn(), second.ofColumn());
    }
    return one.equals(other);
  }

  int outputs() {
    return parts.stream().mapToInt(Part::rows).sum();
  }

  boolean isPacked() {
    return parts.stream().anyMatch(part -> part.encoding() != null);
  }

  /** Bytes of device memory that the weights take, with scales of channels. */
  long bytes() {
    long scales = type == GemmType.FP8 ? DeviceMemory.aligned(outputs()) : 0;
    return scales + parts.stream().mapToLong(this::bytes).sum();
  }

  private long bytes(Part part) {
    Quantization encoding = part.encoding();
    long rows = part.rows();
    if (encoding == null) {
      return DeviceMemory.aligned(rows * inputs * type.inputType().bytes());
    }
    if (tiled) {
      return DeviceMemory.aligned(tileFormat(encoding).bytes(part.rows(), inputs));
    }
    long groupBytes =
        DeviceMemory.aligned(rows * encoding.groupCount(inputs) * DeviceElementType.F16.bytes());
    return DeviceMemory.aligned(rows * PackedMatrix.codeBytes(encoding.codes(), inputs))
        + (encoding.hasOffsets() ? 2 : 1) * groupBytes
        + DeviceMemory.aligned(rows * DeviceElementType.F32.bytes())
        + (encoding.groups() instanceof ColumnGroups.Listed
            ? DeviceMemory.aligned((long) inputs * DeviceElementType.INT32.bytes())
            : 0);
  }

  /** Bytes of the matrix that the weights are unpacked to; 0 if they are not packed. */
  long unpackedBytes() {
    return isPacked() ? (long) outputs() * inputs * type.inputType().bytes() : 0;
  }
}
