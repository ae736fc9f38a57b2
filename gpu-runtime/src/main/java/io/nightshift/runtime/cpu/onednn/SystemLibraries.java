package io.nightshift.runtime.cpu.onednn;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import io.nightshift.runtime.runner.DeviceException;

/** The few calls into the C and OpenMP libraries that oneDNN's own interface has no word for. */
final class SystemLibraries {
  private static final int MADV_HUGEPAGE = 14;

  private SystemLibraries() {}

  /**
   * Asks for huge pages behind a range that starts on a page. Only advice: where the kernel has
   * none to give, small pages serve.
   */
  static void adviseHugePages(long address, long bytes) {
    Function madvise = NativeLibrary.getInstance("c").getFunction("madvise");
    madvise.invokeInt(new Object[] {new Pointer(address), bytes, MADV_HUGEPAGE});
  }

  /**
   * Makes OpenMP regions that the calling thread enters run in that thread alone. OpenMP keeps this
   * setting for each thread.
   *
   * @param openMp path of the OpenMP library that oneDNN was loaded with
   * @throws DeviceException if the library cannot be reached
   */
  static void useOneOpenMpThread(String openMp) {
    try {
      NativeLibrary library = NativeLibrary.getInstance(openMp);
      library.getFunction("omp_set_num_threads").invokeVoid(new Object[] {1});
      int threads = library.getFunction("omp_get_max_threads").invokeInt(new Object[0]);
      if (threads != 1) {
        throw new DeviceException(
            "OpenMP library " + openMp + " keeps " + threads + " threads where 1 was asked for");
      }
    } catch (UnsatisfiedLinkError e) {
      throw new DeviceException("Cannot bound the threads of the OpenMP library " + openMp, e);
    }
  }
}
