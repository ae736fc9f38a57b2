package io.nightshift.runtime.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.cuda.device.CudaDevice;
import io.nightshift.runtime.cuda.device.CudaEvent;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.DeviceMemory;
import io.nightshift.runtime.cuda.device.DeviceVector;
import io.nightshift.runtime.cuda.device.KernelLibrary;
import io.nightshift.runtime.cuda.device.PinnedMemory;
import io.nightshift.runtime.model.CacheGroupTest;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.PlainLlama;
import io.nightshift.runtime.runner.BlockGroup;
import io.nightshift.runtime.runner.HostBlocks;
import io.nightshift.runtime.runner.HostCopy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many random copies of two groups, in steps that write to the cache, against copies in turn. */
@Tag("gpu")
class HostBlockCopiesTest {
  private static final int[] WINDOWS = {0, 0, 64, 0, 64, 0, 0, 64, 0, 0, 64, 0};
  private static final ModelConfig CONFIG =
      CacheGroupTest.withWindows(
          PlainLlama.config(WINDOWS.length, 1024, 8, 8, 128, 1024, 1000, 1024, 1), WINDOWS);

  private static final List<BlockGroup> SIZED =
      List.of(new BlockGroup(0, 61), new BlockGroup(64, 40));
  private static final int HOST_BLOCKS = 83;
  private static final int STEPS = 12;
  private static final int SCRATCH_BYTES = 256 << 20;

  @TempDir Path cacheFolder;

  private final Random random = new Random();

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void copiesHaveTheEffectThatTheyHaveInTurn(boolean fp8KvCache) {
    EngineConfig options =
        EngineConfig.cuda().withFp8KvCache(fp8KvCache).withHostKvCacheMemory(1 << 30);
    HostBlocks blocks =
        new HostBlocks(HOST_BLOCKS, HostKeyValueCache.blocks(CONFIG, options).groupBytes());
    try (CudaDevice device = CudaDevice.open(0);
        CudaStream steps = new CudaStream(device);
        CudaEvent evenEnd = new CudaEvent(device);
        CudaEvent oddEnd = new CudaEvent(device);
        KernelLibrary library = new KernelLibrary(device, cacheFolder);
        DeviceMemory scratch = new DeviceMemory(device, "work of steps", SCRATCH_BYTES);
        DeviceKeyValueCache cache = new DeviceKeyValueCache(device, CONFIG, options, SIZED);
        HostKeyValueCache host = new HostKeyValueCache(device, blocks);
        HostBlockCopies copies =
            new HostBlockCopies(device, library, cache, host, CONFIG, options)) {
      host.await();
      Memories expected = new Memories(cache);
      upload(device, steps, cache, expected);
      int written = -1;
      for (int step = 0; step < STEPS; step++) {
        CudaEvent end = step % 2 == 0 ? evenEnd : oddEnd;
        CudaEvent previous = step % 2 == 0 ? oddEnd : evenEnd;
        end.synchronize(); // of the step before the previous one: two are in flight
        List<HostCopy> enqueued = copies(written);
        copies.enqueue(enqueued, previous, steps);
        enqueued.forEach(expected::copy);
        // The step, which takes a while, and writes to a block.
        steps.fill(scratch.address(), step, SCRATCH_BYTES);
        written = random.nextInt(SIZED.get(0).blockCount());
        int elementBytes = (int) cache.layout().blockElementBytes();
        steps.fill(cache.elements(0).address() + (long) written * elementBytes, step, elementBytes);
        expected.write(written, step, elementBytes);
        end.record(steps);
      }
      steps.synchronize();

      for (int group = 0; group < SIZED.size(); group++) {
        byte[][] onDevice = download(device, steps, cache, group);
        for (int block = 0; block < onDevice.length; block++) {
          assertThat(onDevice[block])
              .as("block %d of group %d on the device", block, group)
              .isEqualTo(expected.device[group][block]);
        }
        for (int block = 0; block < HOST_BLOCKS; block++) {
          byte[] stored = expected.host[group][block];
          if (stored != null) {
            byte[] read = new byte[stored.length];
            host.memory(block).buffer().get((int) host.offset(block, group), read);
            assertThat(read).as("block %d of group %d on the host", block, group).isEqualTo(stored);
          }
        }
      }
    }
  }

  /** In the first step every host block is stored, so that later ones load what is known. */
  private List<HostCopy> copies(int written) {
    List<HostCopy> copies = new ArrayList<>();
    if (written < 0) {
      for (int block = 0; block < HOST_BLOCKS; block++) {
        for (int group = 0; group < SIZED.size(); group++) {
          int source = block % SIZED.get(group).blockCount();
          copies.add(new HostCopy(true, group, source, block, false));
        }
      }
    }
    for (int i = random.nextInt(300); i >= 0; i--) {
      int group = random.nextInt(SIZED.size());
      int block = random.nextInt(SIZED.get(group).blockCount());
      copies.add(
          new HostCopy(
              random.nextBoolean(),
              group,
              block,
              random.nextInt(HOST_BLOCKS),
              group == 0 && block == written));
    }
    return copies;
  }

  /** What the memories should have: blocks as they are in host memory. */
  private final class Memories {
    final byte[][][] device = new byte[SIZED.size()][][];
    final byte[][][] host = new byte[SIZED.size()][HOST_BLOCKS][];

    Memories(DeviceKeyValueCache cache) {
      for (int group = 0; group < SIZED.size(); group++) {
        device[group] = new byte[SIZED.get(group).blockCount()][(int) cache.blockBytes(group)];
        for (byte[] block : device[group]) {
          random.nextBytes(block);
        }
      }
    }

    void copy(HostCopy copy) {
      byte[][] onDevice = device[copy.group()];
      byte[][] onHost = host[copy.group()];
      if (copy.toHost()) {
        onHost[copy.hostBlock()] = onDevice[copy.block()].clone();
      } else {
        onDevice[copy.block()] = onHost[copy.hostBlock()].clone();
      }
    }

    /** Overwrites the first plane of a block. */
    void write(int block, int value, int bytes) {
      Arrays.fill(device[0][block], 0, bytes, (byte) value);
    }
  }

  private static void upload(
      CudaDevice device, CudaStream stream, DeviceKeyValueCache cache, Memories memories) {
    for (int group = 0; group < SIZED.size(); group++) {
      int elementBytes = (int) cache.layout().blockElementBytes();
      int scaleBytes = (int) cache.layout().blockScaleBytes();
      int planes = cache.planes(group);
      int blocks = SIZED.get(group).blockCount();
      DeviceVector scales = cache.scales(group);
      try (PinnedMemory pinned = new PinnedMemory(device, (int) cache.elements(group).bytes());
          PinnedMemory pinnedScales = new PinnedMemory(device, planes * blocks * scaleBytes)) {
        for (int block = 0; block < blocks; block++) {
          byte[] bytes = memories.device[group][block];
          for (int plane = 0; plane < planes; plane++) {
            int row = plane * blocks + block;
            pinned.buffer().put(row * elementBytes, bytes, plane * elementBytes, elementBytes);
            pinnedScales
                .buffer()
                .put(
                    row * scaleBytes,
                    bytes,
                    planes * elementBytes + plane * scaleBytes,
                    scaleBytes);
          }
        }
        stream.copyToDevice(pinned, cache.elements(group).address(), pinned.bytes());
        if (scales != null) {
          stream.copyToDevice(pinnedScales, scales.address(), pinnedScales.bytes());
        }
        stream.synchronize();
      }
    }
  }

  private static byte[][] download(
      CudaDevice device, CudaStream stream, DeviceKeyValueCache cache, int group) {
    int elementBytes = (int) cache.layout().blockElementBytes();
    int scaleBytes = (int) cache.layout().blockScaleBytes();
    int planes = cache.planes(group);
    int blocks = SIZED.get(group).blockCount();
    byte[][] result = new byte[blocks][(int) cache.blockBytes(group)];
    DeviceVector scales = cache.scales(group);
    try (PinnedMemory pinned = new PinnedMemory(device, (int) cache.elements(group).bytes());
        PinnedMemory pinnedScales = new PinnedMemory(device, planes * blocks * scaleBytes)) {
      stream.copyToHost(cache.elements(group).address(), pinned, 0, pinned.bytes());
      if (scales != null) {
        stream.copyToHost(scales.address(), pinnedScales, 0, pinnedScales.bytes());
      }
      stream.synchronize();
      for (int block = 0; block < blocks; block++) {
        for (int plane = 0; plane < planes; plane++) {
          int row = plane * blocks + block;
          pinned
              .buffer()
              .get(row * elementBytes, result[block], plane * elementBytes, elementBytes);
          pinnedScales
              .buffer()
              .get(
                  row * scaleBytes,
                  result[block],
                  planes * elementBytes + plane * scaleBytes,
                  scaleBytes);
        }
      }
    }
    return result;
  }
}
