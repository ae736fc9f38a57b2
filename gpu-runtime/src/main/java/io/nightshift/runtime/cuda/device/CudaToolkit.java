package io.nightshift.runtime.cuda.device;

import io.nightshift.runtime.runner.DeviceException;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The location of a CUDA toolkit.
 *
 * @param compiler the NVRTC library
 * @param includes the folder of {@code cuda_bf16.h}
 */
public record CudaToolkit(Path compiler, Path includes) {
  private static final String COMPILER = "libnvrtc.so.13";
  private static final String HEADER = "cuda_bf16.h";

  /**
   * Finds the toolkit that CUDA_HOME or CUDA_PATH names, or the one whose libraries are on
   * LD_LIBRARY_PATH, or the one in /usr/local/cuda.
   *
   * @throws DeviceException if there is none
   */
  public static CudaToolkit find() {
    List<Path> roots = new ArrayList<>();
    Stream.of("CUDA_HOME", "CUDA_PATH")
        .map(System::getenv)
        .filter(value -> value != null && !value.isEmpty())
        .forEach(value -> roots.add(Path.of(value)));
    String libraries = System.getenv("LD_LIBRARY_PATH");
    if (libraries != null) {
      for (String folder : libraries.split(File.pathSeparator, -1)) {
        Path parent = folder.isEmpty() ? null : Path.of(folder).toAbsolutePath().getParent();
        if (parent != null) {
          roots.add(parent);
        }
      }
    }
    roots.add(Path.of("/usr/local/cuda"));
    return roots.stream()
        .map(CudaToolkit::in)
        .flatMap(Stream::ofNullable)
        .findFirst()
        .orElseThrow(
            () ->
                new DeviceException(
                    "device cuda: no CUDA 13 compiler: none of "
                        + roots
                        + " has lib64/"
                        + COMPILER
                        + " and include/"
                        + HEADER
                        + "; install packages cuda-nvrtc-13-0 and cuda-cudart-dev-13-0, or set"
                        + " CUDA_HOME"));
  }

  /** The toolkit in a folder, or null if there is none. */
  public static @Nullable CudaToolkit in(Path root) {
    Path includes = root.resolve("include");
    if (!Files.exists(includes.resolve(HEADER))) {
      return null;
    }
    return Stream.of("lib64", "lib")
        .map(folder -> root.resolve(folder).resolve(COMPILER))
        .filter(Files::exists)
        .findFirst()
        .map(compiler -> new CudaToolkit(compiler, includes))
        .orElse(null);
  }
}
