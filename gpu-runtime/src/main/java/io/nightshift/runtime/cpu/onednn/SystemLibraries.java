package io.nightshift.runtime.cpu.onednn;

import com.sun.jna.Function;
import com.sun.jna.Library;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import io.nightshift.runtime.runner.DeviceException;
import java.util.Map;

/** Calls into the C and OpenMP libraries that oneDNN's interface does not offer. */
final class SystemLibraries {
  private static final int MADV_HUGEPAGE = 14;

  /** Without RTLD_GLOBAL, which is JNA's default: symbols of jobs' copies must not mix. */
  private static final int RTLD_LAZY = 1;

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
   * Makes the calling thread run its OpenMP regions alone. OpenMP has this setting per thread, and
   * a process can have loaded several OpenMP libraries: in a TaskManager, each job brings a copy,
   * and the linker binds oneDNN to the first. The functions are therefore looked up in the
   * dependencies of the library that calls them, which is closed again: it would stay in the
   * process after its job.
   *
   * @param library path of a loaded library that depends on OpenMP
   * @throws DeviceException if the functions cannot be called
   */
  static synchronized void useOneOpenMpThread(String library) {
    try (NativeLibrary loaded =
        NativeLibrary.getInstance(library, Map.of(Library.OPTION_OPEN_FLAGS, RTLD_LAZY))) {
      loaded.getFunction("omp_set_num_threads").invokeVoid(new Object[] {1});
      int threads = loaded.getFunction("omp_get_max_threads").invokeInt(new Object[0]);
      if (threads != 1) {
        throw new DeviceException(
            "OpenMP library of "
                + library
                + " uses "
                + threads
                + " threads although 1 was requested");
      }
    } catch (UnsatisfiedLinkError e) {
      throw new DeviceException("Cannot limit the threads of the OpenMP library of " + library, e);
    }
  }
}
