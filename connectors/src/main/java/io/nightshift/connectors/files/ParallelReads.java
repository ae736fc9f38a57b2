package io.nightshift.connectors.files;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Runs many small reads in parallel, because object storage has a high latency. */
public final class ParallelReads {
  private static final int AT_ONCE = 16;

  private ParallelReads() {}

  /** A read of one input. */
  @FunctionalInterface
  public interface Read<T, R> {
    R read(T input) throws IOException;
  }

  /**
   * Reads each of {@code inputs} and returns the results in the same order.
   *
   * @throws IOException of the first input that could not be read
   */
  public static <T, R> List<R> map(List<T> inputs, Read<T, R> read) throws IOException {
    if (inputs.isEmpty()) {
      return List.of();
    }
    ExecutorService threads = Executors.newFixedThreadPool(Math.min(AT_ONCE, inputs.size()));
    try {
      List<Future<R>> reads = new ArrayList<>();
      for (T input : inputs) {
        reads.add(threads.submit(() -> read.read(input)));
      }
      List<R> results = new ArrayList<>();
      for (Future<R> result : reads) {
        results.add(await(result));
      }
      return results;
    } finally {
      threads.shutdownNow();
    }
  }

  private static <R> R await(Future<R> read) throws IOException {
    try {
      return read.get();
    } catch (ExecutionException failure) {
      if (failure.getCause() instanceof IOException cause) {
        throw cause;
      }
      throw new IOException(failure.getCause());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while reading files.", interrupted);
    }
  }
}
