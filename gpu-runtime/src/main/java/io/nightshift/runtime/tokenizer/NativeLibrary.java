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
 * Loads the native library of Hugging Face's tokenizers from DJL's jar.
 *
 * <p>DJL's own loader is not used: it unpacks into a folder in the user's home that all processes
 * share, downloads another build if it detects a GPU, and fails for the second class loader of a
 * JVM (the second job on a Flink TaskManager). This loader unpacks into a new file in {@code
 * java.io.tmpdir} each time and deletes it once it is mapped.
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
    // Not in a static initializer, which would report the cause of a failure only the first time.
    if (instance == null) {
      instance = load();
    }
    return instance;
  }

  private static TokenizersLibrary load() {
    // The JVM resolves a native method in the libraries of the defining class loader.
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
