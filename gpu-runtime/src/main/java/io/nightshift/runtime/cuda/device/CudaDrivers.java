package io.nightshift.runtime.cuda.device;

import io.nightshift.runtime.runner.DeviceException;
import java.util.HexFormat;
import org.bytedeco.cuda.cudart.CUuuid;
import org.bytedeco.cuda.global.cudart;

/** Calls of the driver that need no open device. */
final class CudaDrivers {
  /** The CUDA version of the libraries, in the driver's format: 13.0. */
  private static final int MIN_DRIVER = 13_000;

  private CudaDrivers() {}

  /** The driver's handle of a device. */
  static int device(int ordinal) {
    int[] version = new int[1];
    require(cudart.cuDriverGetVersion(version), "cuDriverGetVersion");
    if (version[0] < MIN_DRIVER) {
      throw new DeviceException(
          "The NVIDIA driver supports CUDA %s.%s; 13.0 or newer is needed: install driver 580 or newer"
              .formatted(version[0] / 1000, version[0] % 1000 / 10));
    }
    int result = cudart.cuInit(0);
    if (result == cudart.CUDA_ERROR_NO_DEVICE) {
      throw noDevice(ordinal, 0);
    }
    require(result, "cuInit");
    int[] count = new int[1];
    require(cudart.cuDeviceGetCount(count), "cuDeviceGetCount");
    if (ordinal < 0 || ordinal >= count[0]) {
      throw noDevice(ordinal, count[0]);
    }
    int[] handle = new int[1];
    require(cudart.cuDeviceGet(handle, ordinal), "cuDeviceGet");
    return handle[0];
  }

  private static DeviceException noDevice(int ordinal, int count) {
    String visible = System.getenv("CUDA_VISIBLE_DEVICES");
    return new DeviceException(
        "There is no GPU %s: the driver shows %s GPUs%s; set model.device to cpu, or run on a host with one"
            .formatted(
                ordinal,
                count,
                visible == null ? "" : " with CUDA_VISIBLE_DEVICES=\"" + visible + '"'));
  }

  /** The device's UUID, which is the same in every process. */
  static String uuid(int handle) {
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
