package io.nightshift.runtime.cuda.kernels;

import io.nightshift.runtime.cuda.device.CudaKernel;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.device.DeviceVector;
import io.nightshift.runtime.cuda.device.KernelArguments;
import io.nightshift.runtime.cuda.device.KernelLaunch;
import io.nightshift.runtime.cuda.device.KernelLibrary;
import io.nightshift.runtime.cuda.device.KernelSource;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** The kernels of {@code unpack.cu}: packed weights to bf16 or e4m3. */
public final class UnpackKernels {
  private static final int VECTOR = 8;
  private static final int ROWS_OF_BLOCK = 8;
  private static final int WARP = 32;
  private static final int MAX_THREADS = 256;

  private final KernelLibrary library;
  private final CudaStream stream;
  private final KernelArguments arguments;
  private final Map<String, CudaKernel> byName = new HashMap<>();

  public UnpackKernels(KernelLibrary library, CudaStream stream) {
    this.library = library;
    this.stream = stream;
    arguments = library.arguments();
  }

  /**
   * Unpacks a matrix to bf16.
   *
   * @param target bf16 of the same shape
   */
  public void unpack(PackedMatrix source, DeviceMatrix target) {
    String name = "unpack_" + suffix(source) + "_bf16";
    begin(source).buffer(target);
    launch(launch(name, source), source);
  }

  /**
   * Unpacks a matrix and rounds it to 8 bits, as {@link QuantizeKernels#quantizeChannels} rounds
   * what the other {@link #unpack(PackedMatrix, DeviceMatrix) unpack} gives.
   *
   * @param channelScales e8m0 {@code [rows]}, as {@link #channelScales} computes them
   * @param target e4m3 of the same shape
   */
  public void unpack(PackedMatrix source, DeviceVector channelScales, DeviceMatrix target) {
    String name = "unpack_" + suffix(source) + "_e4m3";
    begin(source).buffer(target).buffer(channelScales);
    launch(launch(name, source), source);
  }

  /**
   * Computes the scales that rows have in 8 bits.
   *
   * @param channelScales e8m0 {@code [rows]}
   */
  public void channelScales(PackedMatrix source, DeviceVector channelScales) {
    String name = "channel_scales_" + suffix(source);
    begin(source).buffer(channelScales);
    launch(KernelLaunch.of(name, Math.toIntExact(source.rows()), MAX_THREADS), source);
  }

  private static String suffix(PackedMatrix source) {
    return source.codeType().name().toLowerCase(Locale.ROOT);
  }

  private KernelArguments begin(PackedMatrix source) {
    return arguments
        .begin()
        .buffer(source.codes())
        .buffer(source.scales())
        .buffer(source.offsets())
        .buffer(source.rowScales())
        .buffer(source.columnGroups());
  }

  private void launch(KernelLaunch launch, PackedMatrix source) {
    arguments
        .integer(Math.toIntExact(source.rows()))
        .integer(source.columns())
        .integer(source.groups())
        .integer(source.groupSize());
    byName
        .computeIfAbsent(
            launch.kernel(),
            missing -> library.kernel(KernelSource.resource("unpack", Map.of()), missing))
        .launch(stream, launch, arguments);
  }

  private static KernelLaunch launch(String kernel, PackedMatrix source) {
    int vectors = divideUp(source.columns(), VECTOR);
    int chunks = divideUp(vectors, MAX_THREADS);
    int threads = divideUp(divideUp(vectors, chunks), WARP) * WARP;
    int rowBlocks = Math.toIntExact((source.rows() + ROWS_OF_BLOCK - 1) / ROWS_OF_BLOCK);
    return new KernelLaunch(kernel, rowBlocks, chunks, 1, threads, 0);
  }

  private static int divideUp(int value, int divisor) {
    return (value + divisor - 1) / divisor;
  }
}
