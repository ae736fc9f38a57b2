package io.nightshift.job.cluster;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** A process that a test has started, with what it prints in two files. */
final class TestProcess implements AutoCloseable {
  /** Longer than anything here takes on a loaded machine; then the test fails. */
  private static final long PATIENCE_SECONDS = LongForm.choose(240L, 1200L);

  private static final long POLL_MILLISECONDS = 50;

  private final String name;
  private final Process process;
  private final Path out;
  private final Path err;

  private TestProcess(String name, Process process, Path out, Path err) {
    this.name = name;
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /**
   * @param folder for the files
   * @param name of the process, and of the files
   * @param environment added to this process's own
   */
  static TestProcess start(
      Path folder, String name, List<String> command, Map<String, String> environment)
      throws IOException {
    Path out = folder.resolve(name + ".out");
    Path err = folder.resolve(name + ".err");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().putAll(environment);
    return new TestProcess(name, builder.start(), out, err);
  }

  /** Waits until something has become true, as long as this process lives. */
  void await(String what, BooleanSupplier condition) throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!condition.getAsBoolean()) {
      if (!isAlive()) {
        throw new IOException(name + " ended before " + what + ":\n" + tail());
      }
      if (System.nanoTime() > end) {
        throw new IOException("no " + what + " in " + PATIENCE_SECONDS + " s:\n" + tail());
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MILLISECONDS);
    }
  }

  /** Waits for the process to end by itself. */
  Ended ended() throws IOException, InterruptedException {
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      kill();
      throw new IOException(name + " did not end in " + PATIENCE_SECONDS + " s:\n" + tail());
    }
    return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  boolean isAlive() {
    return process.isAlive();
  }

  long pid() {
    return process.pid();
  }

  /**
   * Whether it has such a thread.
   *
   * @param thread its name, of which Linux keeps 15 characters
   */
  boolean hasThread(String thread) {
    File[] tasks = new File("/proc/" + pid() + "/task").listFiles();
    return Stream.of(Objects.requireNonNull(tasks, "tasks of " + name))
        .anyMatch(task -> nameOf(task.toPath()).equals(thread));
  }

  /** Empty if the thread has ended since it was listed. */
  private static String nameOf(Path task) {
    try {
      return Files.readString(task.resolve("comm")).strip();
    } catch (IOException e) {
      return "";
    }
  }

  /** What the process has written to standard error so far. */
  String err() throws IOException {
    return Files.readString(err);
  }

  /** What the process has written to standard output so far. */
  String out() throws IOException {
    return Files.readString(out);
  }

  /** Sends a signal by its name: {@code STOP}, {@code CONT}. */
  void signal(String name) throws IOException, InterruptedException {
    Commands.run("kill", "-" + name, Long.toString(pid()));
  }

  /** SIGKILL: the process can do nothing about it. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** SIGTERM, and some time to end in peace. */
  void terminate() throws InterruptedException {
    process.destroy();
    process.waitFor(30, TimeUnit.SECONDS);
  }

  private String tail() throws IOException {
    String text = Files.readString(out) + Files.readString(err);
    return text.substring(Math.max(0, text.length() - 4000));
  }

  @Override
  public void close() throws InterruptedException {
    kill();
  }

  /** A process that has ended. */
  record Ended(int status, String out, String err) {}
}
