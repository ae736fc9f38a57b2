package io.nightshift.runtime.cpu.onednn;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import io.nightshift.runtime.runner.DeviceException;

/** Calls into the C and OpenMP libraries that oneDNN's interface does not offer. */
final class SystemLibraries {
  private static final int MADV_HUGEPAGE = 14;

  private SystemLibraries() {}

  /**
   * Requests huge pages for a range that starts at a page boundary. This is only advice: if the
   * kernel has none, it uses small pages.
   */
  static void adviseHugePages(long address, long bytes) {
    Function madvise = NativeLibrary.getInstance("c").getFunction("madvise");
    madvise.invokeInt(new Object[] {new Pointer(address), bytes, MADV_HUGEPAGE});
  }

  /**
   * Makes the calling thread run its OpenMP regions alone. OpenMP has this setting per thread.
   *
   * @param openMp path of the OpenMP library that oneDNN was loaded with
   * @throws DeviceException if the library cannot be called
   */
  static void useOneOpenMpThread(String openMp) {
    try {
      NativeLibrary library = NativeLibrary.getInstance(openMp);
      library.getFunction("omp_set_num_threads").invokeVoid(new Object[] {1});
      int threads = library.getFunction("omp_get_max_threads").invokeInt(new Object[0]);
      if (threads != 1) {
        throw new DeviceException(
            "OpenMP library " + openMp + " uses " + threads + " threads although 1 was requested");
      }
    } catch (UnsatisfiedLinkError e) {
      throw new DeviceException("Cannot limit the threads of the OpenMP library " + openMp, e);
    }
  }
}
