package io.nightshift.runtime.cuda.kernels;

import io.nightshift.runtime.cuda.device.KernelLaunch;
import io.nightshift.runtime.model.ExpertsConfig;
import io.nightshift.runtime.runner.DeviceException;
import java.util.Map;

/**
 * Geometry of the kernels of a mixture of experts. The constants must equal those of the sources.
 *
 * @param hidden the model's hidden size
 * @param fp8 whether the experts' weights and inputs are e4m3, otherwise bf16
 */
public record ExpertShape(ExpertsConfig config, int hidden, boolean fp8) {
  /** Tokens of a block of the routing kernels. */
  static final int CHUNK_TOKENS = 64;

  /** Rows of the boxes in which gates and ups are copied to shared memory. */
  static final int GATE_UP_BOX_ROWS = 128;

  /** Rows of the boxes in which weights of the down projection are copied. */
  static final int DOWN_BOX_ROWS = 256;

  /** Rows of the boxes in which inputs of the down projection are copied. */
  static final int INPUT_BOX_ROWS = 64;

  private static final int MAX_EXPERTS_PER_TOKEN = 32;
  private static final int ROUTING_THREADS = 1024;
  private static final int GATE_UP_THREADS = 384;
  private static final int DOWN_THREADS = 288;
  private static final int STAGES = 4;
  private static final int STAGE_BYTES = (128 + 256) * 128;
  private static final int STAGE_BARRIER_BYTES = 2 * Long.BYTES;
  private static final int PORTABLE_THREADS = 128;
  private static final int PORTABLE_BLOCKS = 8;

  /** Bytes that rows must be multiples of, to be copied by the tensor memory accelerator. */
  private static final int ROW_ALIGNMENT = 16;

  /**
   * @throws DeviceException if a token passes more experts than the kernels can choose
   */
  public ExpertShape {
    if (config.expertsPerToken() > MAX_EXPERTS_PER_TOKEN) {
      throw new DeviceException(
          "the model passes each token through %s experts; the GPU runner takes up to %s, use device"
                  .formatted(config.expertsPerToken(), MAX_EXPERTS_PER_TOKEN)
              + " cpu");
    }
  }

  /** Whether the kernels for Hopper can read rows of these sizes. */
  boolean hasAlignedRows() {
    int bytes = fp8 ? 1 : Short.BYTES;
    return hidden * bytes % ROW_ALIGNMENT == 0
        && config.intermediateSize() * bytes % ROW_ALIGNMENT == 0;
  }

  /** Macros of the sources. */
  public Map<String, Integer> definitions() {
    return Map.of(
        "EXPERTS",
        config.experts(),
        "EXPERTS_PER_TOKEN",
        config.expertsPerToken(),
        "NORMALIZED",
        config.normalized() ? 1 : 0,
        "HIDDEN_SIZE",
        hidden,
        "INTERMEDIATE_SIZE",
        config.intermediateSize(),
        "ACTIVATION",
        ActivationKernels.number(config.activation()),
        "WEIGHTS_FP8",
        fp8 ? 1 : 0);
  }

  /** Number of blocks of the routing kernels. */
  static int chunks(int tokens) {
    return (tokens + CHUNK_TOKENS - 1) / CHUNK_TOKENS;
  }

  KernelLaunch routing(String kernel, int tokens) {
    return KernelLaunch.of(kernel, chunks(tokens), ROUTING_THREADS);
  }

  KernelLaunch gateUp(int multiprocessors) {
    return persistent("expert_gate_up", multiprocessors, GATE_UP_THREADS);
  }

  KernelLaunch down(int multiprocessors) {
    return persistent("expert_down", multiprocessors, DOWN_THREADS);
  }

  private KernelLaunch persistent(String kernel, int multiprocessors, int threads) {
    int tableBytes = 2 * (config.experts() + 1) * Integer.BYTES;
    int sharedBytes = STAGES * (STAGE_BYTES + STAGE_BARRIER_BYTES) + tableBytes;
    return new KernelLaunch(kernel, multiprocessors, 1, 1, threads, sharedBytes);
  }

  static KernelLaunch portable(String kernel, int multiprocessors) {
    return KernelLaunch.of(kernel, PORTABLE_BLOCKS * multiprocessors, PORTABLE_THREADS);
  }
}
