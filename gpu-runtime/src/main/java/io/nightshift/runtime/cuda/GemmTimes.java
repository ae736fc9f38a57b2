package io.nightshift.runtime.cuda;

import io.nightshift.runtime.cuda.gemm.Gemm;
import io.nightshift.runtime.runner.StepTimes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Times of steps: those that the GEMMs of all layers took when their algorithms were chosen. */
final class GemmTimes implements StepTimes {
  private final GemmRunner gemms;
  private final List<DecoderGemms> layers;
  private final Map<Integer, Double> known = new HashMap<>();

  GemmTimes(GemmRunner gemms, List<DecoderGemms> layers) {
    this.gemms = gemms;
    this.layers = layers;
  }

  @Override
  public double seconds(int tokens) {
    return known.computeIfAbsent(Gemm.roundRows(tokens), this::sum);
  }

  private double sum(int tokens) {
    double seconds = 0;
    for (DecoderGemms layer : layers) {
      for (LayerGemm gemm : layer.layer()) {
        seconds += gemms.seconds(gemm, tokens);
      }
      seconds += layer.experts().map(experts -> experts.seconds(tokens)).orElse(0.0);
    }
    return seconds;
  }
}
