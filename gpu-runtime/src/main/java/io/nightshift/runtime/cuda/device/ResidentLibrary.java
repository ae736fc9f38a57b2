package io.nightshift.runtime.cuda.device;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.util.Map;

/**
 * Opens NVIDIA's libraries so that they stay in the process until it ends.
 *
 * <p>JNA closes a library once its object is garbage, and the JVM those of a job once the job's
 * classes are. The linker would then unload it while CUDA contexts, and threads that have run its
 * code, still exist.
 */
final class ResidentLibrary {
  private static final int RTLD_LAZY = 1;
  private static final int RTLD_GLOBAL = 0x100;
  private static final int RTLD_NODELETE = 0x1000;

  private static final Map<String, Integer> OPTIONS =
      Map.of(Library.OPTION_OPEN_FLAGS, RTLD_LAZY | RTLD_GLOBAL | RTLD_NODELETE);

  private ResidentLibrary() {}

  /**
   * Opens a library that others depend on.
   *
   * @param library its path, or the name by which the linker finds it
   * @throws UnsatisfiedLinkError if it cannot be loaded
   */
  static void open(String library) {
    NativeLibrary.getInstance(library, OPTIONS);
  }

  /**
   * Opens a library to call its functions.
   *
   * @param library its path, or the name by which the linker finds it
   * @throws UnsatisfiedLinkError if it cannot be loaded
   */
  static <T extends Library> T open(String library, Class<T> functions) {
    return Native.load(library, functions, OPTIONS);
  }
}
