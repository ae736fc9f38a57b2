package io.nightshift.runtime.tokenizer;

import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Loads the native library of Hugging Face's tokenizers from the jar that carries it.
 *
 * <p>DJL's own loader is passed by: it unpacks into a folder below the user's home that all
 * processes share, it downloads another build where it sees a GPU, and it leaves the second class
 * loader of a JVM (the second job on a Flink TaskManager) without a library. Here every load
 * unpacks to a file of its own in {@code java.io.tmpdir}, which is deleted as soon as it is mapped:
 * no network, no home, nothing shared, nothing left behind.
 */
final class NativeLibrary {

  private static @Nullable TokenizersLibrary instance;

  private NativeLibrary() {}

  /**
   * The native functions.
   *
   * @throws IllegalStateException if there is no library for this platform, or it cannot be
   *     unpacked or loaded
   */
  static synchronized TokenizersLibrary get() {
    // Not in a static initializer, which would tell the reason of a failure the first time only.
    if (instance == null) {
      instance = load();
    }
    return instance;
  }

  private static TokenizersLibrary load() {
    // A native function is looked up in the libraries of its class's own loader.
    if (TokenizersLibrary.class.getClassLoader() != NativeLibrary.class.getClassLoader()) {
      throw new IllegalStateException(
          "ai.djl.huggingface:tokenizers and Nightshift were loaded by different class loaders;"
              + " put both into the same jar or the same lib folder");
    }
    String resource = "/native/lib/" + platform() + "/cpu/" + System.mapLibraryName("tokenizers");
    String folder = System.getProperty("java.io.tmpdir");
    try (InputStream library = TokenizersLibrary.class.getResourceAsStream(resource)) {
      if (library == null) {
        throw new IllegalStateException(
            "the tokenizer library has no build for "
                + platform()
                + "; expected one of linux-x86_64, linux-aarch64, osx-aarch64");
      }
      Path file = Files.createTempFile(Path.of(folder), "nightshift-tokenizers", ".so");
      try {
        Files.copy(library, file, StandardCopyOption.REPLACE_EXISTING);
        System.load(file.toString());
      } finally {
        Files.delete(file);
      }
    } catch (IOException | UnsatisfiedLinkError e) {
      throw new IllegalStateException(
          "cannot load the tokenizer library from the temporary folder "
              + folder
              + ": "
              + e.getMessage()
              + "; it needs 16 MB in a folder that allows execution, set another with"
              + " -Djava.io.tmpdir",
          e);
    }
    return TokenizersLibrary.LIB;
  }

  private static String platform() {
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String processor = System.getProperty("os.arch");
    return (system.startsWith("mac") ? "osx" : system)
        + "-"
        + (processor.equals("amd64") ? "x86_64" : processor);
  }
}
