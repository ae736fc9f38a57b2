package io.nightshift.runtime.cuda.kernels;

import io.nightshift.runtime.cuda.device.CudaDevice;
import io.nightshift.runtime.cuda.device.CudaKernel;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.DeviceElementType;
import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.device.DeviceMemory;
import io.nightshift.runtime.cuda.device.DeviceVector;
import io.nightshift.runtime.cuda.device.KernelArguments;
import io.nightshift.runtime.cuda.device.KernelLibrary;
import io.nightshift.runtime.cuda.device.KernelSource;
import io.nightshift.runtime.cuda.device.TensorMap;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * The kernels of {@code packed_gemm.cu}, for Hopper: GEMMs with quantized weights, which stay
 * packed up to the registers. Meant for up to some hundred rows, for which memory is the limit.
 */
public final class PackedGemmKernels implements AutoCloseable {
  private static final int HOPPER = 90;

  private final KernelLibrary library;
  private final CudaStream stream;
  private final KernelArguments arguments;
  private final int multiprocessors;
  private final DeviceMemory memory;
  private final DeviceVector partial;
  private final DeviceVector arrived;
  private final Map<PackedGemmShape, CudaKernel> kernels = new HashMap<>();
  private final Map<MapKey, TensorMap> maps = new HashMap<>();

  private record MapKey(DeviceMatrix matrix, int boxRows) {}

  /** Allocates memory for the sums of cut tiles. */
  public PackedGemmKernels(KernelLibrary library, CudaStream stream) {
    this.library = library;
    this.stream = stream;
    arguments = library.arguments();
    CudaDevice device = stream.device();
    multiprocessors = device.multiprocessors();
    memory =
        new DeviceMemory(device, "sums of GEMMs with packed weights", deviceBytes(multiprocessors));
    arrived = memory.takeVector(multiprocessors, DeviceElementType.INT32);
    partial = memory.takeVector(partialBytes(multiprocessors), DeviceElementType.UINT8);
    stream.fill(arrived.address(), 0, arrived.bytes());
  }

  /** Whether the device has the instructions. */
  public static boolean runsOn(CudaDevice device) {
    return device.computeCapability() == HOPPER;
  }

  /** Bytes of device memory that the kernels take on a device of so many multiprocessors. */
  public static long deviceBytes(int multiprocessors) {
    return DeviceMemory.aligned((long) multiprocessors * Integer.BYTES)
        + partialBytes(multiprocessors);
  }

  private static long partialBytes(int multiprocessors) {
    return multiprocessors
        * PackedGemmTile.ALL.stream().mapToLong(PackedGemmTile::sumsBytes).max().orElseThrow();
  }

  /**
   * Multiplies rows by weights. Writes {@code rows} rows of the target and no more.
   *
   * @param tile one of {@link PackedGemmTile#ALL}
   * @param source {@code [at least rows][inputs]}, of bf16, or e4m3 if the weights' format says so
   * @param target bf16 {@code [at least rows][at least outputs]}, whose first columns the outputs
   *     are; with e4m3 the sums without scales, as {@link
   *     io.nightshift.runtime.cuda.gemm.GemmType#FP8} has them
   * @param adds whether the output is added to the target's content
   * @param multiplier factor of the output
   */
  public void multiply(
      PackedGemmTile tile,
      TiledWeights weights,
      DeviceMatrix source,
      DeviceMatrix target,
      int rows,
      boolean adds,
      float multiplier) {
    PackedGemmShape shape = new PackedGemmShape(weights.format(), tile);
    kernels
        .computeIfAbsent(shape, this::load)
        .launch(
            stream,
            shape.launch(rows, weights.outputs(), weights.inputs(), multiprocessors),
            arguments
                .begin()
                .tensorMap(map(source, tile.rows()))
                .buffer(weights.tiles())
                .buffer(target)
                .buffer(partial)
                .buffer(arrived)
                .integer(rows)
                .integer(weights.outputs())
                .integer(TileFormat.inputTiles(weights.inputs()))
                .integer(target.columns())
                .integer(adds ? 1 : 0)
                .real(multiplier));
  }

  /** Compiles the kernels of some tiles for weights of a format, unless they are on disk. */
  public void compile(TileFormat format, Collection<PackedGemmTile> tiles) {
    library.compile(tiles.stream().map(tile -> source(new PackedGemmShape(format, tile))).toList());
  }

  /** A hash of the kernels of this class for weights of a format, and of other texts. */
  public static String fingerprint(TileFormat format, String... others) {
    String[] all = Arrays.copyOf(others, others.length + 1);
    all[others.length] = PackedGemmTile.ALL.toString();
    return source(new PackedGemmShape(format, PackedGemmTile.ALL.get(0))).fingerprint(all);
  }

  private static KernelSource source(PackedGemmShape shape) {
    return KernelSource.resource("packed_gemm", shape.definitions());
  }

  private CudaKernel load(PackedGemmShape shape) {
    return library.kernel(source(shape), "packed_gemm");
  }

  private TensorMap map(DeviceMatrix matrix, int boxRows) {
    return maps.computeIfAbsent(
        new MapKey(matrix, boxRows),
        key -> new TensorMap(stream.device(), key.matrix(), key.boxRows()));
  }

  @Override
  public void close() {
    memory.close();
  }
}
