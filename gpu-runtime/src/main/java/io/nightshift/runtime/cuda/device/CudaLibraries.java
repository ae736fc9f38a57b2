package io.nightshift.runtime.cuda.device;

import io.nightshift.runtime.runner.DeviceException;
import io.nightshift.runtime.runner.JavaCppFailure;
import org.bytedeco.cuda.global.cublas;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.Loader;

/**
 * Loads the CUDA libraries of the host. Each library is looked up separately first, so that an
 * error names the missing one rather than the class that needs it.
 */
final class CudaLibraries {
  private static final String TOOLKIT =
      "install NVIDIA's CUDA 13 libraries (package cuda-libraries-13-0, or a container image with"
          + " them) and put their folder on LD_LIBRARY_PATH, for instance"
          + " LD_LIBRARY_PATH=/usr/local/cuda/lib64";

  private CudaLibraries() {}

  /**
   * @throws DeviceException if a library is missing, with its name and the remedy
   */
  static synchronized void load() {
    require(
        "libcuda.so.1",
        "there is no NVIDIA driver on this host; install driver 580 or newer, start the container"
            + " with its GPUs (--gpus all), or set model.device to cpu");
    require("libcudart.so.13", TOOLKIT);
    require("libcublasLt.so.13", TOOLKIT);
    require("libcublas.so.13", TOOLKIT);
    try {
      Loader.load(cudart.class);
      Loader.load(cublas.class);
    } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
      throw JavaCppFailure.explain(
          "org.bytedeco:cuda", Loader.getPlatform(), Loader::getCacheDir, e);
    }
  }

  private static void require(String library, String remedy) {
    try {
      ResidentLibrary.open(library);
    } catch (UnsatisfiedLinkError e) {
      throw new DeviceException(
          "device cuda: " + library + " cannot be loaded: " + remedy + " (" + firstLine(e) + ")",
          e);
    }
  }

  private static String firstLine(UnsatisfiedLinkError error) {
    return String.valueOf(error.getMessage()).split("\n", 2)[0];
  }
}
