package io.nightshift.runtime.cpu.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.files.JobClassLoader;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Native threads of kernels, which the operating system names as the thread that began them. */
class OpenMpThreadsTest {
  private static final String CACHE = "org.bytedeco.javacpp.cachedir";

  @TempDir private Path folder = Path.of("");

  /** Runs a kernel on a thread of its own and returns how many threads of its name there are. */
  public static final class Probe implements Callable<Long> {
    private static final String NAME = "openmp-probe";
    private static final int ROWS = 1024;

    @Override
    public Long call() throws Exception {
      FutureTask<Long> threads = new FutureTask<>(Probe::run);
      new Thread(threads, NAME).start();
      return threads.get();
    }

    private static long run() throws Exception {
      try (OneDnn library = new OneDnn();
          NativeMemory matrix = NativeMemory.allocate(4L * ROWS * ROWS, "a matrix")) {
        library.useCallingThreadOnly();
        try (KernelCache kernels = new KernelCache(library)) {
          kernels.softmax(ROWS, ROWS).run(matrix.address(), matrix.address());
        }
      }
      try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
        List<Path> names = tasks.map(task -> task.resolve("comm")).filter(Files::exists).toList();
        long count = 0;
        for (Path name : names) {
          count += Files.readString(name).strip().equals(NAME) ? 1 : 0;
        }
        return count;
      }
    }
  }

  /** As in a TaskManager, where each job has a class loader and copies of the libraries. */
  @Test
  void kernelsOfEveryClassLoaderRunOnTheCallingThread() throws Exception {
    String before = System.getProperty(CACHE, "");
    try {
      for (String job : List.of("first", "second")) {
        System.setProperty(CACHE, folder.resolve(job).toString());
        try (URLClassLoader loader = JobClassLoader.open()) {
          Class<?> probe = loader.loadClass(Probe.class.getName());
          Object threads = ((Callable<?>) probe.getDeclaredConstructor().newInstance()).call();
          assertThat(threads).as("threads of the %s job", job).isEqualTo(1L);
        }
      }
    } finally {
      if (before.isEmpty()) {
        System.clearProperty(CACHE);
      } else {
        System.setProperty(CACHE, before);
      }
    }
  }
}
