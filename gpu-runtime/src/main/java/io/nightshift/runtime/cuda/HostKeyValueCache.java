package io.nightshift.runtime.cuda;

import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.cuda.device.ByteCount;
import io.nightshift.runtime.cuda.device.CudaDevice;
import io.nightshift.runtime.cuda.device.PinnedMemory;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.runner.DeviceException;
import io.nightshift.runtime.runner.HostBlocks;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Blocks of the KV cache in pinned host memory: {@code [block][group][layer][2: keys,
 * values][head][slot][headStride]} in the type of the device's cache. With e4m3, the scales {@code
 * [layer][2][head][slot]} of a group follow its elements.
 *
 * <p>The memory is allocated in several pieces at once, in the background: pinning takes seconds
 * for tens of gigabytes.
 */
final class HostKeyValueCache implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HostKeyValueCache.class);

  private static final long PIECE_BYTES = 1L << 30;
  private static final int MAX_THREADS = 8;

  private final HostBlocks blocks;
  private final int pieceBlocks;
  private final List<CompletableFuture<PinnedMemory>> pieces = new ArrayList<>();
  private final long started = System.nanoTime();

  HostKeyValueCache(CudaDevice device, HostBlocks blocks) {
    this.blocks = blocks;
    pieceBlocks = (int) Math.max(1, PIECE_BYTES / blocks.blockBytes());
    ExecutorService threads = Executors.newFixedThreadPool(MAX_THREADS);
    for (int first = 0; first < blocks.count(); first += pieceBlocks) {
      int count = Math.min(pieceBlocks, blocks.count() - first);
      int bytes = Math.toIntExact(count * blocks.blockBytes());
      pieces.add(
          CompletableFuture.supplyAsync(
              () -> {
                device.makeCurrent();
                return new PinnedMemory(device, bytes);
              },
              threads));
    }
    threads.shutdown();
  }

  /** The blocks of {@link EngineConfig#hostKvCacheMemory}. */
  static HostBlocks blocks(ModelConfig config, EngineConfig options) {
    return HostBlocks.of(config, options, DeviceKeyValueCache.bytes(config, options, 1));
  }

  /**
   * Waits for the memory.
   *
   * @throws io.nightshift.runtime.runner.DeviceException if the host does not have it
   */
  void await() {
    try {
      pieces.forEach(CompletableFuture::join);
    } catch (CompletionException e) {
      throw new DeviceException(
          "engine.host-kv-cache-memory: %s could not be pinned; use less. %s"
              .formatted(ByteCount.text(blocks.bytes()), e.getCause()),
          e);
    }
    LOG.info(
        "KV cache in host memory: {} blocks, {}, pinned in {} s",
        blocks.count(),
        ByteCount.text(blocks.bytes()),
        (System.nanoTime() - started) / 1_000_000_000.0);
  }

  /** The memory that has a block. */
  PinnedMemory memory(int block) {
    return pieces.get(block / pieceBlocks).join();
  }

  /** Offset of the part of a group in a block, from the start of the block's memory. */
  long offset(int block, int group) {
    return block % pieceBlocks * blocks.blockBytes() + blocks.offset(group);
  }

  @Override
  public void close() {
    for (CompletableFuture<PinnedMemory> piece : pieces) {
      piece
          .handle(
              (memory, failure) -> {
                if (memory != null) {
                  memory.close();
                }
                return failure == null;
              })
          .join();
    }
  }
}
