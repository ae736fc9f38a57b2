package io.nightshift.runtime.model.huggingface.quantization;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * The blocks of rows that were read last, of all matrices of a model. A matrix whose rows are
 * columns in the file is read in blocks, since a page of the file has elements of many rows. The
 * cache is large enough for some blocks for each thread that loads weights. Thread-safe.
 */
final class RowBlockCache {
  private static final int CAPACITY = 48;

  private final Map<Key, CompletableFuture<RowBlock>> blocks =
      new LinkedHashMap<>(2 * CAPACITY, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, CompletableFuture<RowBlock>> eldest) {
          return size() > CAPACITY;
        }
      };

  private record Key(TransposedMatrix matrix, int block) {}

  /** The block, decoded now if it is not there; another thread that wants it waits. */
  RowBlock get(TransposedMatrix matrix, int block, Supplier<RowBlock> decode) {
    CompletableFuture<RowBlock> mine = new CompletableFuture<>();
    CompletableFuture<RowBlock> found;
    Key key = new Key(matrix, block);
    synchronized (blocks) {
      found = blocks.putIfAbsent(key, mine);
    }
    if (found != null) {
      return found.join();
    }
    try {
      mine.complete(decode.get());
    } catch (RuntimeException | Error e) {
      mine.completeExceptionally(e);
      synchronized (blocks) {
        blocks.remove(key);
      }
      throw e;
    }
    return mine.join();
  }
}
