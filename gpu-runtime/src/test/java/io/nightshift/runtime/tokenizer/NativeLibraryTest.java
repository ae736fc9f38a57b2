package io.nightshift.runtime.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.files.JobClassLoader;
import io.nightshift.runtime.model.TokenizerJson;
import java.io.IOException;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeLibraryTest {

  private static final String WORDS =
      """
      {"model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "ab": 2}, "merges": ["a b"]},
       "decoder": {"type": "Fuse"}}
      """;

  /** Loads the library and encodes; run in other JVMs and by other class loaders. */
  public static final class Probe implements Runnable {
    public static void main(String[] arguments) {
      new Probe().run();
      System.out.println("encoded");
    }

    @Override
    public void run() {
      try (Tokenizer tokenizer = Tokenizers.open(new TokenizerJson(WORDS))) {
        if (!Arrays.equals(tokenizer.encode("aba"), new int[] {2, 0})) {
          throw new AssertionError(Arrays.toString(tokenizer.encode("aba")));
        }
      }
    }
  }

  @TempDir Path folder;

  @Test
  void everyClassLoaderGetsTheLibrary() throws Exception {
    // What Flink does for every job that runs in the same process.
    for (int i = 0; i < 2; i++) {
      try (URLClassLoader loader = JobClassLoader.open()) {
        Class<?> probe = loader.loadClass(Probe.class.getName());
        assertThat(probe).isNotSameAs(Probe.class);
        ((Runnable) probe.getDeclaredConstructor().newInstance()).run();
      }
    }
  }

  @Test
  void processesNeedNoHomeAndLeaveNothingBehind() throws Exception {
    String noHome = "-Duser.home=" + folder.resolve("missing");
    Path temporary = Files.createDirectory(folder.resolve("tmp"));
    Process first = probe(noHome, "-Djava.io.tmpdir=" + temporary);
    Process second = probe(noHome, "-Djava.io.tmpdir=" + temporary);

    assertThat(output(first)).endsWith("encoded\n");
    assertThat(output(second)).endsWith("encoded\n");
    assertThat(temporary).isEmptyDirectory();
    assertThat(folder.resolve("missing")).doesNotExist();
  }

  @Test
  void anUnusableTemporaryFolderIsNamedWithTheRemedy() throws Exception {
    Path missing = folder.resolve("missing");

    assertThat(output(probe("-Djava.io.tmpdir=" + missing)))
        .contains("cannot load the tokenizer library from the temporary folder " + missing)
        .contains("-Djava.io.tmpdir");
  }

  private static Process probe(String... options) throws IOException {
    String[] command = new String[options.length + 4];
    command[0] = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    System.arraycopy(options, 0, command, 1, options.length);
    command[options.length + 1] = "-cp";
    command[options.length + 2] = System.getProperty("java.class.path");
    command[options.length + 3] = Probe.class.getName();
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  private static String output(Process process) throws IOException, InterruptedException {
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output;
  }
}
