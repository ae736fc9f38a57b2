package io.nightshift.runtime.cuda;

import io.nightshift.runtime.cuda.device.CudaDrivers;
import io.nightshift.runtime.cuda.device.Gpu;
import io.nightshift.runtime.runner.DeviceException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The GPUs of an engine: one for each rank of its model, in the order of the ranks.
 *
 * @param gpus at least one
 */
public record GpuGroup(List<Gpu> gpus) {
  public GpuGroup {
    gpus = List.copyOf(gpus);
  }

  /** Whether two GPUs can read each other's memory. */
  @FunctionalInterface
  interface PeerAccess {
    /**
     * @param gpu index of the one that reads
     * @param peer index of the one whose memory it reads
     */
    boolean of(int gpu, int peer);
  }

  /** Indexes of the GPUs. */
  public List<Integer> indexes() {
    return gpus.stream().map(Gpu::index).toList();
  }

  /**
   * Checks that ranks on these GPUs can work together: the GPUs are alike, and can read each
   * other's memory. None of them is taken.
   *
   * @throws DeviceException if not; the message names two of them and says why
   */
  public void requireTogether() {
    requireTogether(CudaDrivers::canAccessPeer);
  }

  void requireTogether(PeerAccess access) {
    Gpu first = gpus.get(0);
    for (Gpu gpu : gpus) {
      if (!gpu.name().equals(first.name()) || gpu.memory() != first.memory()) {
        throw new DeviceException(
            "%s with %s and %s with %s cannot share a model: its ranks wait for each other and hold equal shares, so their GPUs must be of one kind. Name GPUs of one kind"
                .formatted(first, first.memoryText(), gpu, gpu.memoryText()));
      }
    }
    for (Gpu gpu : gpus) {
      for (Gpu peer : gpus) {
        if (gpu.index() != peer.index() && !access.of(gpu.index(), peer.index())) {
          throw new DeviceException(
              "%s cannot read the memory of %s, which ranks of a model do after every layer: name GPUs that are connected by NVLink or a common PCI Express switch (nvidia-smi topo -p2p r shows which are)"
                  .formatted(gpu, peer));
        }
      }
    }
  }

  /** {@code GPU 0 (NVIDIA H200)}, or {@code GPUs 0+1 (NVIDIA H200)}. */
  @Override
  public String toString() {
    return gpus.size() == 1
        ? gpus.get(0).toString()
        : "GPUs %s (%s)"
            .formatted(
                gpus.stream()
                    .map(gpu -> String.valueOf(gpu.index()))
                    .collect(Collectors.joining("+")),
                gpus.stream().map(Gpu::name).distinct().collect(Collectors.joining(", ")));
  }
}
