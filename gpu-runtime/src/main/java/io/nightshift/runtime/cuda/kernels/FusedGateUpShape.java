package io.nightshift.runtime.cuda.kernels;

import io.nightshift.runtime.cuda.device.KernelLaunch;
import io.nightshift.runtime.model.Activation;
import java.util.Map;

/**
 * Geometry of {@code fused_gate_up.cu} for the gated MLP of one model. The constants must equal
 * those of the source.
 *
 * @param inputs the model's hidden size
 * @param intermediate the MLP's intermediate size
 */
public record FusedGateUpShape(int inputs, int intermediate, Activation activation) {
  /** Rows of the boxes in which matrices are copied to shared memory. */
  public static final int BOX_ROWS = 128;

  /** Columns of a box: 128 bytes. */
  static final int BOX_COLUMNS = 64;

  private static final int TILE_ROWS = BOX_ROWS;
  private static final int TILE_FEATURES = 128;
  private static final int CLUSTER = 2;
  private static final int THREADS = 288;
  private static final int STAGES = 4;
  private static final int STAGE_BYTES = 3 * BOX_ROWS * BOX_COLUMNS * Short.BYTES;
  private static final int STAGE_BARRIER_BYTES = 2 * Long.BYTES;

  /**
   * @throws IllegalArgumentException unless {@link #fits}
   */
  public FusedGateUpShape {
    if (!fits(inputs, intermediate)) {
      throw new IllegalArgumentException(
          "%s inputs and %s features; fused_gate_up takes multiples of %s and %s"
              .formatted(inputs, intermediate, BOX_COLUMNS, TILE_FEATURES));
    }
  }

  /** Whether an MLP consists of whole tiles. */
  public static boolean fits(int inputs, int intermediate) {
    return inputs % BOX_COLUMNS == 0 && intermediate % TILE_FEATURES == 0;
  }

  /** Macros of the source. */
  public Map<String, Integer> definitions() {
    return Map.of(
        "INPUTS",
        inputs,
        "INTERMEDIATE_SIZE",
        intermediate,
        "ACTIVATION",
        ActivationKernels.number(activation));
  }

  /**
   * The launch for a number of rows: persistent blocks, in clusters of two.
   *
   * @param multiprocessors number of multiprocessors of the device, at least 2
   */
  public KernelLaunch launch(int rows, int multiprocessors) {
    int clusterRows = CLUSTER * TILE_ROWS;
    int tiles = (rows + clusterRows - 1) / clusterRows * (intermediate / TILE_FEATURES);
    return new KernelLaunch(
        "fused_gate_up",
        CLUSTER * Math.min(multiprocessors / CLUSTER, tiles),
        1,
        1,
        THREADS,
        STAGES * (STAGE_BYTES + STAGE_BARRIER_BYTES));
  }
}
