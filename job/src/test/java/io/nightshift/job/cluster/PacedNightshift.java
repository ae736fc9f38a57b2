package io.nightshift.job.cluster;

import io.nightshift.job.cli.NightshiftProgram;
import io.nightshift.runtime.model.PlainLlama;
import io.nightshift.runtime.runner.FakeModelRunner;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/**
 * The program with {@link PacedEngines}: the first two arguments are their speed and their tally,
 * the others those of {@link Nightshift}.
 */
public final class PacedNightshift {
  private static final List<Class<?>> CLASSES =
      List.of(
          PacedNightshift.class,
          PacedEngines.class,
          PacedRunner.class,
          FakeGpu.class,
          Tally.class,
          FakeModelRunner.class,
          PlainLlama.class);

  private PacedNightshift() {}

  /** Runs a command. */
  public static void main(String[] arguments) throws Throwable {
    PacedEngines engines = new PacedEngines(Double.parseDouble(arguments[0]), arguments[1]);
    NightshiftProgram.run(
        Arrays.copyOfRange(arguments, 2, arguments.length), (job, model) -> engines);
  }

  /** Writes a jar that has what this program has besides {@code nightshift.jar}. */
  static Path jar(Path folder) throws IOException {
    Path jar = folder.resolve("paced.jar");
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(file)) {
      Deque<Class<?>> classes = new ArrayDeque<>(CLASSES);
      while (!classes.isEmpty()) {
        Class<?> next = classes.remove();
        classes.addAll(List.of(next.getDeclaredClasses()));
        String name = next.getName().replace('.', '/') + ".class";
        entries.putNextEntry(new JarEntry(name));
        ClassLoader loader = Objects.requireNonNull(next.getClassLoader());
        try (InputStream in = Objects.requireNonNull(loader.getResourceAsStream(name))) {
          in.transferTo(entries);
        }
      }
    }
    return jar;
  }

  /**
   * Submits the program. Client and cluster share a file system, so that it is this small jar that
   * is uploaded, copied and hashed for every job, and not {@code nightshift.jar}.
   *
   * @param jar that {@link #jar} has written
   * @param options of {@code flink run}
   */
  static TestProcess submit(
      FlinkProcessCluster cluster, Path jar, List<String> options, String... arguments)
      throws IOException {
    List<String> all = new ArrayList<>(options);
    all.addAll(List.of("-C", FlinkProcessCluster.JAR.toUri().toString()));
    all.addAll(List.of("-c", PacedNightshift.class.getName()));
    return cluster.submit(jar, all, arguments);
  }
}
