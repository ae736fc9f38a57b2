package io.nightshift.runtime.cuda;

import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.constraint.mask.TokenMask;
import io.nightshift.runtime.cuda.device.CudaDevice;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.DeviceElementType;
import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.device.DeviceMemory;
import io.nightshift.runtime.cuda.device.PinnedMemory;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.runner.DeviceException;
import io.nightshift.runtime.runner.StepInputs;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Masks on the device, as bit sets of the vocabulary. A mask that is there already is not copied
 * again. One step at a time uses them: its masks are placed once the step before is done.
 */
final class DeviceMasks implements AutoCloseable {
  private final int words;
  private final MaskSlots slots;
  private final PinnedMemory host;
  private final DeviceMemory device;
  private final DeviceMatrix bitSets;

  DeviceMasks(CudaDevice owner, ModelConfig config, EngineConfig options) {
    words = StepInputs.ofTokenSet(config.vocabularySize());
    int count = count(options);
    slots = new MaskSlots(count);
    int bytes = bytes(config, options);
    host = new PinnedMemory(owner, bytes);
    device = new DeviceMemory(owner, "masks", bytes);
    bitSets = device.takeMatrix(count, words, DeviceElementType.INT32);
  }

  /** As many masks as a step has logits rows. */
  private static int count(EngineConfig options) {
    return Math.min(options.maxStepLogits(), options.maxStepTokens());
  }

  /**
   * Bytes of device memory.
   *
   * @throws DeviceException if they exceed the maximum size of a buffer
   */
  static int bytes(ModelConfig config, EngineConfig options) {
    long bytes =
        (long) count(options) * StepInputs.ofTokenSet(config.vocabularySize()) * Integer.BYTES;
    if (bytes > Integer.MAX_VALUE) {
      throw new DeviceException(
          "Steps of %s logits rows have masks of up to %s bytes, and 2 GiB are the limit; let fewer sequences run at a time"
              .formatted(count(options), bytes));
    }
    return (int) bytes;
  }

  /** The masks of all slots, {@code u32 [slots][ceil(vocabulary / 32)]}. */
  DeviceMatrix bitSets() {
    return bitSets;
  }

  /** Starts another step; the one before must be done. */
  void begin() {
    slots.begin();
  }

  /** Returns the index of the bit set that the mask has once {@link #copy} is done. */
  int place(TokenMask mask) {
    int before = slots.filled().size();
    int slot = slots.place(mask);
    if (slots.filled().size() > before) {
      write(mask, slot);
    }
    return slot;
  }

  private void write(TokenMask mask, int slot) {
    int[] bits = new int[words];
    long[] source = mask.words();
    // A tokenizer may have fewer tokens than the model's padded vocabulary.
    for (int i = 0; i < Math.min(words, 2 * source.length); i++) {
      bits[i] = (int) (source[i / 2] >>> Integer.SIZE * (i % 2));
    }
    ByteBuffer target = host.buffer();
    target.position(slot * words * Integer.BYTES);
    target.asIntBuffer().put(bits);
  }

  /** Enqueues the copy of the step's new masks. */
  void copy(CudaStream stream) {
    List<Integer> filled = slots.filled();
    int first = 0;
    for (int i = 1; i <= filled.size(); i++) {
      if (i == filled.size() || filled.get(i) != filled.get(i - 1) + 1) {
        long offset = (long) filled.get(first) * words * Integer.BYTES;
        long bytes = (long) (i - first) * words * Integer.BYTES;
        stream.copyToDevice(host, offset, device.address() + offset, bytes);
        first = i;
      }
    }
  }

  @Override
  public void close() {
    host.close();
    device.close();
  }
}
