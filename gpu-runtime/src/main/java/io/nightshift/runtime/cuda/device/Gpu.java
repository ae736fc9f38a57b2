package io.nightshift.runtime.cuda.device;

/**
 * A GPU as the driver describes it, to processes that have not taken it as well.
 *
 * @param index number of the GPU among those that CUDA_VISIBLE_DEVICES makes visible
 * @param name {@code NVIDIA H200}
 * @param uuid the same in every process
 * @param pciBusId {@code 0000:1b:00.0}, as in the names of {@code /sys/bus/pci/devices}
 * @param computeCapability major version times ten plus minor version: 90 for Hopper
 * @param memory bytes in total
 */
public record Gpu(
    int index, String name, String uuid, String pciBusId, int computeCapability, long memory) {

  /** Size of the memory as text. */
  public String memoryText() {
    return ByteCount.text(memory);
  }

  @Override
  public String toString() {
    return "GPU " + index + " (" + name + ")";
  }
}
