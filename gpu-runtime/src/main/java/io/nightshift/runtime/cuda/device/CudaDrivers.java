package io.nightshift.runtime.cuda.device;

import io.nightshift.runtime.runner.DeviceException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.bytedeco.cuda.cudart.CUuuid;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.SizeTPointer;

/** Calls of the driver that need no open device. */
public final class CudaDrivers {
  /** The CUDA version of the libraries, in the driver's format: 13.0. */
  private static final int MIN_DRIVER = 13_000;

  private static final int MAX_TEXT = 256;

  private CudaDrivers() {}

  /**
   * The GPUs that the driver shows to this process, by their indexes; empty if it shows none. None
   * of them is taken.
   *
   * @throws DeviceException if there is no driver or library, or the driver is too old
   */
  public static List<Gpu> visible() {
    CudaLibraries.load();
    return IntStream.range(0, count()).mapToObj(CudaDrivers::describe).toList();
  }

  /**
   * Whether kernels of one GPU can read and write the memory of another one, over NVLink or PCI
   * Express.
   *
   * @param gpu index of the one that reads
   * @param peer index of the other one
   */
  public static boolean canAccessPeer(int gpu, int peer) {
    CudaLibraries.load();
    int[] can = new int[1];
    require(cudart.cuDeviceCanAccessPeer(can, device(gpu), device(peer)), "cuDeviceCanAccessPeer");
    return can[0] != 0;
  }

  /** The driver's handle of a device. */
  static int device(int ordinal) {
    int count = count();
    if (ordinal < 0 || ordinal >= count) {
      throw noDevice(ordinal, count);
    }
    return handle(ordinal);
  }

  private static int count() {
    int[] version = new int[1];
    require(cudart.cuDriverGetVersion(version), "cuDriverGetVersion");
    if (version[0] < MIN_DRIVER) {
      throw new DeviceException(
          "The NVIDIA driver supports CUDA %s.%s; 13.0 or newer is needed: install driver 580 or newer"
              .formatted(version[0] / 1000, version[0] % 1000 / 10));
    }
    int result = cudart.cuInit(0);
    if (result == cudart.CUDA_ERROR_NO_DEVICE) {
      return 0;
    }
    require(result, "cuInit");
    int[] count = new int[1];
    require(cudart.cuDeviceGetCount(count), "cuDeviceGetCount");
    return count[0];
  }

  private static int handle(int ordinal) {
    int[] handle = new int[1];
    require(cudart.cuDeviceGet(handle, ordinal), "cuDeviceGet");
    return handle[0];
  }

  private static DeviceException noDevice(int ordinal, int count) {
    return new DeviceException(
        "There is no GPU %s: the driver shows %s GPUs%s; set model.device to cpu, or run on a host with one"
            .formatted(ordinal, count, visibleDevices()));
  }

  /** The variable that restricts which GPUs the driver shows, for messages; empty if unset. */
  public static String visibleDevices() {
    String visible = System.getenv("CUDA_VISIBLE_DEVICES");
    return visible == null ? "" : " with CUDA_VISIBLE_DEVICES=\"" + visible + '"';
  }

  /** Describes a device that is there. */
  static Gpu describe(int ordinal) {
    int handle = handle(ordinal);
    return new Gpu(
        ordinal, name(handle), uuid(handle), pciBusId(handle), capability(handle), memory(handle));
  }

  private static String name(int handle) {
    byte[] text = new byte[MAX_TEXT];
    require(cudart.cuDeviceGetName(text, text.length, handle), "cuDeviceGetName");
    return text(text);
  }

  private static String pciBusId(int handle) {
    byte[] text = new byte[MAX_TEXT];
    require(cudart.cuDeviceGetPCIBusId(text, text.length, handle), "cuDeviceGetPCIBusId");
    return text(text).toLowerCase(Locale.ROOT);
  }

  private static String text(byte[] terminated) {
    return new String(terminated, StandardCharsets.UTF_8).split("\0", 2)[0];
  }

  private static int capability(int handle) {
    return 10 * attribute(handle, cudart.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR)
        + attribute(handle, cudart.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR);
  }

  private static long memory(int handle) {
    try (SizeTPointer bytes = new SizeTPointer(1)) {
      require(cudart.cuDeviceTotalMem(bytes, handle), "cuDeviceTotalMem");
      return bytes.get();
    }
  }

  static int attribute(int handle, int attribute) {
    int[] value = new int[1];
    require(
        cudart.cuDeviceGetAttribute(value, attribute, handle),
        "cuDeviceGetAttribute(" + attribute + ")");
    return value[0];
  }

  private static String uuid(int handle) {
    try (CUuuid uuid = new CUuuid()) {
      require(cudart.cuDeviceGetUuid(uuid, handle), "cuDeviceGetUuid");
      byte[] bytes = new byte[16];
      uuid.bytes().get(bytes);
      return HexFormat.of().formatHex(bytes);
    }
  }

  static void require(int result, String call) {
    if (result != cudart.CUDA_SUCCESS) {
      throw new DeviceException(
          "The NVIDIA driver refuses " + call + ": " + CudaCalls.describe(result));
    }
  }
}
