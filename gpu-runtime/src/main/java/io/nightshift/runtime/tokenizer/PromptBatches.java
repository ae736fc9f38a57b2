package io.nightshift.runtime.tokenizer;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;

/** Encodes a batch of prompts on a fixed number of threads, including the caller's. */
final class PromptBatches implements AutoCloseable {

  private final int helpers;
  private final ExecutorService executor;

  PromptBatches(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("a tokenizer needs at least 1 thread, not " + threads);
    }
    helpers = threads - 1;
    executor =
        Executors.newFixedThreadPool(
            Math.max(1, helpers), // started on demand
            work -> {
              Thread thread = new Thread(work, "tokenizer");
              thread.setDaemon(true);
              return thread;
            });
  }

  <P> List<int[]> encode(List<P> prompts, Function<P, int[]> encoder) {
    int[][] encoded = new int[prompts.size()][];
    AtomicInteger next = new AtomicInteger();
    Runnable work =
        () -> {
          for (int i = next.getAndIncrement(); i < encoded.length; i = next.getAndIncrement()) {
            encoded[i] = encoder.apply(prompts.get(i));
          }
        };
    List<CompletableFuture<Void>> helping =
        Stream.generate(() -> CompletableFuture.runAsync(work, executor))
            .limit(Math.min(helpers, Math.max(0, prompts.size() - 1)))
            .toList();
    work.run();
    try {
      helping.forEach(CompletableFuture::join);
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
    return Arrays.asList(encoded);
  }

  @Override
  public void close() {
    executor.shutdown();
  }
}
