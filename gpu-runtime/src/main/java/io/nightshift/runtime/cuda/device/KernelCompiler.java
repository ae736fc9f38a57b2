package io.nightshift.runtime.cuda.device;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;
import io.nightshift.runtime.runner.DeviceException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Compiles kernel sources to machine code of one architecture. Needs no GPU and no driver.
 *
 * <p>The output is machine code, not PTX: a driver refuses PTX of a newer compiler.
 */
public final class KernelCompiler {
  private final CudaToolkit toolkit;
  private final Nvrtc nvrtc;

  /**
   * @throws DeviceException if the toolkit's compiler cannot be loaded
   */
  public KernelCompiler(CudaToolkit toolkit) {
    this.toolkit = toolkit;
    try {
      loadBuiltins(toolkit.compiler().resolveSibling(""));
      nvrtc = ResidentLibrary.open(toolkit.compiler().toString(), Nvrtc.class);
    } catch (UnsatisfiedLinkError e) {
      throw new DeviceException(toolkit.compiler() + " cannot be loaded: " + e.getMessage(), e);
    }
  }

  /** Loads the compiler's second library, which it finds by LD_LIBRARY_PATH only. */
  private static void loadBuiltins(Path folder) {
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(folder, "libnvrtc-builtins.so.13*")) {
      files.forEach(file -> ResidentLibrary.open(file.toString()));
    } catch (IOException e) {
      throw new DeviceException(folder + " cannot be read", e);
    }
  }

  /** The compiler's version, such as {@code 13.0}. */
  public String version() {
    IntByReference major = new IntByReference();
    IntByReference minor = new IntByReference();
    check(nvrtc.nvrtcVersion(major, minor), "nvrtcVersion");
    return major.getValue() + "." + minor.getValue();
  }

  /**
   * Compiles one source.
   *
   * @param architecture the architecture, such as {@code sm_90a}
   * @return a cubin
   * @throws DeviceException with the compiler's messages if the source does not compile
   */
  public byte[] compile(KernelSource source, String architecture) {
    PointerByReference program = new PointerByReference();
    Map<String, String> headers = source.headers();
    check(
        nvrtc.nvrtcCreateProgram(
            program,
            source.text(),
            source.name(),
            headers.size(),
            headers.values().toArray(String[]::new),
            headers.keySet().toArray(String[]::new)),
        "nvrtcCreateProgram(" + source.name() + ")");
    try {
      List<String> options = new ArrayList<>(source.options());
      options.add("--gpu-architecture=" + architecture);
      options.add("--include-path=" + toolkit.includes());
      int result =
          nvrtc.nvrtcCompileProgram(
              program.getValue(), options.size(), options.toArray(String[]::new));
      if (result != 0) {
        throw new DeviceException(
            "%s does not compile for %s with %s: %s%n%s"
                .formatted(
                    source.name(),
                    architecture,
                    source.options(),
                    nvrtc.nvrtcGetErrorString(result),
                    log(program.getValue())));
      }
      return cubin(program.getValue());
    } finally {
      nvrtc.nvrtcDestroyProgram(program);
    }
  }

  private String log(Pointer program) {
    LongByReference size = new LongByReference();
    check(nvrtc.nvrtcGetProgramLogSize(program, size), "nvrtcGetProgramLogSize");
    byte[] log = new byte[Math.toIntExact(size.getValue())];
    check(nvrtc.nvrtcGetProgramLog(program, log), "nvrtcGetProgramLog");
    return new String(log, StandardCharsets.UTF_8).replace("\0", "").strip();
  }

  private byte[] cubin(Pointer program) {
    LongByReference size = new LongByReference();
    check(nvrtc.nvrtcGetCUBINSize(program, size), "nvrtcGetCUBINSize");
    byte[] cubin = new byte[Math.toIntExact(size.getValue())];
    check(nvrtc.nvrtcGetCUBIN(program, cubin), "nvrtcGetCUBIN");
    return cubin;
  }

  private void check(int result, String call) {
    if (result != 0) {
      throw new DeviceException(call + " failed: " + nvrtc.nvrtcGetErrorString(result));
    }
  }
}
