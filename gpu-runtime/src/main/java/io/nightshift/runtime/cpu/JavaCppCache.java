package io.nightshift.runtime.cpu;

import java.io.IOException;
import java.nio.file.Path;
import org.bytedeco.javacpp.Loader;

/** Where JavaCPP unpacks native libraries, those of CUDA as well. */
public final class JavaCppCache {
  private JavaCppCache() {}

  /**
   * The folder of the libraries in a jar, which exists if one of them has been loaded.
   *
   * @param jar name of the jar's file
   * @throws IOException if JavaCPP has no folder to unpack to
   */
  public static Path folder(String jar) throws IOException {
    return Loader.getCacheDir().toPath().resolve(jar);
  }
}
