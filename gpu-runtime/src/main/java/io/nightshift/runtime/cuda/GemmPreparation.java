package io.nightshift.runtime.cuda;

import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.gemm.Gemm;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Prepares all GEMMs that steps may run, so that none is timed, and no code loaded, in the middle
 * of a run. Overwrites the arena.
 */
final class GemmPreparation {
  private final CudaStream stream;
  private final GemmRunner gemms;
  private final List<DecoderGemms> layers;

  GemmPreparation(CudaStream stream, GemmRunner gemms, List<DecoderGemms> layers) {
    this.stream = stream;
    this.gemms = gemms;
    this.layers = layers;
  }

  /**
   * Prepares the GEMMs of all layers.
   *
   * @param rowCounts rounded, in ascending order
   */
  void prepareLayers(List<Integer> rowCounts) {
    List<List<LayerGemm>> all = layers.stream().map(DecoderGemms::all).toList();
    for (List<List<LayerGemm>> family : families(all)) {
      family.get(0).forEach(gemm -> fill(gemm, last(rowCounts)));
    }
    prepareEach(all, rowCounts);
  }

  /**
   * Prepares the projection to logits.
   *
   * @param rowCounts rounded, in ascending order
   */
  void prepareLogits(LayerGemm logits, List<Integer> rowCounts) {
    fill(logits, last(rowCounts));
    prepareSame(List.of(logits), rowCounts);
  }

  /**
   * Prepares the GEMMs that {@link CudaGemmFloor} runs and steps do not: those that add to the
   * residual stream in steps, overwriting it. They are timed with the arena's content.
   */
  void prepareFloor(int maxRows) {
    prepareEach(
        layers.stream().map(GemmPreparation::overwriting).toList(), Gemm.roundedRows(maxRows));
  }

  private static List<LayerGemm> overwriting(DecoderGemms layer) {
    return layer.layer().stream().filter(LayerGemm::adds).map(LayerGemm::overwriting).toList();
  }

  /** Prepares the GEMMs of layers, with the layers of one family in one rotation of operands. */
  private void prepareEach(List<List<LayerGemm>> all, List<Integer> rowCounts) {
    for (List<List<LayerGemm>> family : families(all)) {
      for (int i = 0; i < family.get(0).size(); i++) {
        int index = i;
        prepareSame(family.stream().map(layer -> layer.get(index)).toList(), rowCounts);
      }
    }
  }

  /** Layers whose GEMMs have the same shapes. */
  private static Collection<List<List<LayerGemm>>> families(List<List<LayerGemm>> all) {
    Map<List<Gemm>, List<List<LayerGemm>>> families =
        all.stream()
            .collect(
                Collectors.groupingBy(
                    layer -> layer.stream().map(gemm -> gemm.shape(1)).toList(),
                    LinkedHashMap::new,
                    Collectors.toList()));
    return families.values();
  }

  /**
   * Prepares GEMMs of one shape.
   *
   * @param same one for each layer, with its weights
   */
  private void prepareSame(List<LayerGemm> same, List<Integer> rowCounts) {
    gemms
        .library()
        .prepare(
            stream,
            rowCounts.stream().map(same.get(0)::shape).toList(),
            same.stream().map(gemms::operands).toList());
    gemms.prepare(same, rowCounts);
  }

  /**
   * Fills the input of a GEMM with numbers that look like weights: GEMMs of zeros take less power
   * and run faster. The target of a GEMM that adds is read too, and stays finite: adding to bf16
   * again and again changes nothing any more once the summand is a 512th of the sum.
   */
  private void fill(LayerGemm gemm, int rows) {
    DeviceMatrix weights = gemms.unpack(gemm.linear()).weights();
    fill(gemm.source().rows(0, Gemm.roundRows(rows)), weights);
    if (gemm.adds()) {
      fill(gemm.target().rows(0, Gemm.roundRows(rows)), weights);
    }
  }

  private void fill(DeviceMatrix target, DeviceMatrix weights) {
    for (long done = 0; done < target.bytes(); done += weights.bytes()) {
      long bytes = Math.min(weights.bytes(), target.bytes() - done);
      stream.copy(weights.address(), target.address() + done, bytes);
    }
  }

  private static int last(List<Integer> rowCounts) {
    return rowCounts.get(rowCounts.size() - 1);
  }
}
