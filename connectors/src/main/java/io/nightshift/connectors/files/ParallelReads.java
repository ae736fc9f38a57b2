package io.nightshift.connectors.files;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Makes many small calls at a time, since object storage answers late, and many at once. */
public final class ParallelReads {
  private static final int AT_ONCE = 16;

  private ParallelReads() {}

  /** What is done with each input. */
  @FunctionalInterface
  public interface Read<T, R> {
    R read(T input) throws IOException;
  }

  /**
   * The results of reading each of {@code inputs}, in their order.
   *
   * @throws IOException of the first input, in their order, that could not be read
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
      throw new IOException("Interrupted while reading footers.", interrupted);
    }
  }
}
