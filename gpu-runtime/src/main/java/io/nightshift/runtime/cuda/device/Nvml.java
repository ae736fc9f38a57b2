package io.nightshift.runtime.cuda.device;

import com.sun.jna.Library;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;

/**
 * The functions of NVIDIA's management library that are used. It is a part of the driver, beside
 * CUDA's own. Through JNA, as {@link Nvrtc}: four functions need no wrapper of a megabyte.
 *
 * @see <a href="https://docs.nvidia.com/deploy/nvml-api/">NVML's documentation</a>
 */
interface Nvml extends Library {

  int SUCCESS = 0;

  int nvmlInit_v2();

  int nvmlDeviceGetHandleByPciBusId_v2(String pciBusId, PointerByReference device);

  /**
   * Energy of the whole GPU since the driver was loaded, in millijoules. From Volta on.
   *
   * @param device handle
   */
  int nvmlDeviceGetTotalEnergyConsumption(Pointer device, LongByReference millijoules);

  String nvmlErrorString(int result);
}
