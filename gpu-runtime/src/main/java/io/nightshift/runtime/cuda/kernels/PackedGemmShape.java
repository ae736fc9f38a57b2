package io.nightshift.runtime.cuda.kernels;

import io.nightshift.runtime.cuda.device.KernelLaunch;
import java.util.HashMap;
import java.util.Map;

/**
 * Geometry of {@code packed_gemm.cu} for weights of one format. The constants must equal those of
 * the source.
 */
public record PackedGemmShape(TileFormat format, PackedGemmTile tile) {
  private static final int WARPGROUP = 128;
  private static final int PANEL_BYTES = 128;
  private static final int STAGE_BARRIER_BYTES = 2 * Long.BYTES;
  private static final int MAX_ROW_STAGES = 32;
  private static final int MAX_CODE_STAGES = 16;

  /** Shared memory of a block on Hopper: 227 KiB. */
  private static final int SHARED_BYTES = 227 * 1024;

  private int blockTiles() {
    return tile.warpgroups() * tile.weightTiles();
  }

  private int codeStageBytes() {
    return blockTiles() * format.tileBytes() + STAGE_BARRIER_BYTES;
  }

  private int rowStageBytes() {
    return tile.rows() * PANEL_BYTES + STAGE_BARRIER_BYTES;
  }

  private int stagesBytes() {
    return SHARED_BYTES - format.tableBytes();
  }

  /** Stages of weights: one more than rows have, if memory is left for it. */
  private int codeStages() {
    int panels = TileFormat.INPUTS * (format.fp8() ? 1 : Short.BYTES) / PANEL_BYTES;
    int even = stagesBytes() / (codeStageBytes() + panels * rowStageBytes());
    boolean hasMore = rowStages(even + 1) >= panels * even;
    return Math.min(MAX_CODE_STAGES, hasMore ? even + 1 : even);
  }

  /** Stages of rows: what is left. */
  private int rowStages(int codeStages) {
    int left = stagesBytes() - codeStages * codeStageBytes();
    return Math.min(MAX_ROW_STAGES, left / rowStageBytes());
  }

  /** Macros of the source. */
  public Map<String, Integer> definitions() {
    Map<String, Integer> definitions = new HashMap<>(format.definitions());
    definitions.put("WARPGROUPS", tile.warpgroups());
    definitions.put("WARPGROUP_TILES", tile.weightTiles());
    definitions.put("ROWS", tile.rows());
    definitions.put("ROW_STAGES", rowStages(codeStages()));
    definitions.put("CODE_STAGES", codeStages());
    return definitions;
  }

  /**
   * The launch for a number of rows: persistent blocks that share the work evenly.
   *
   * @param multiprocessors number of multiprocessors of the device
   */
  public KernelLaunch launch(int rows, int outputs, int inputs, int multiprocessors) {
    int rowTiles = (rows + tile.rows() - 1) / tile.rows();
    int outputTiles = (TileFormat.outputTiles(outputs) + blockTiles() - 1) / blockTiles();
    long parts = (long) rowTiles * outputTiles * TileFormat.inputTiles(inputs);
    return new KernelLaunch(
        "packed_gemm",
        (int) Math.min(multiprocessors, parts),
        1,
        1,
        (tile.warpgroups() + 1) * WARPGROUP,
        codeStages() * codeStageBytes()
            + rowStages(codeStages()) * rowStageBytes()
            + format.tableBytes());
  }
}
