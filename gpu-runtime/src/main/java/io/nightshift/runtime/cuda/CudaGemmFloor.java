package io.nightshift.runtime.cuda;

import io.nightshift.runtime.cuda.device.CudaEvent;
import io.nightshift.runtime.cuda.device.CudaGraph;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.runner.GemmFloor;
import java.util.List;

/**
 * Times the GEMMs of all layers, one after the other in a CUDA graph that is replayed: a sustained
 * rate, at the clocks that GEMMs leave the GPU, with weights that come from memory, packed ones as
 * steps multiply them. Inputs are what the last step left in the arena, since GEMMs of zeros run
 * faster. None adds to the residual stream: what the addition costs is not the GEMM's. Experts are
 * drawn as often as the tokens of all steps so far have chosen them, and the activation of their
 * gates and ups is part of their GEMM.
 */
final class CudaGemmFloor implements GemmFloor {
  private static final double MIN_SECONDS = 0.1;
  private static final int MIN_REPLAYS = 3;

  private final CudaStream stream;
  private final GemmRunner gemms;
  private final List<DecoderGemms> layers;

  CudaGemmFloor(CudaStream stream, GemmRunner gemms, List<DecoderGemms> layers) {
    this.stream = stream;
    this.gemms = gemms;
    this.layers = layers;
  }

  @Override
  public double seconds(int tokens) {
    for (DecoderGemms layer : layers) {
      layer.experts().ifPresent(experts -> experts.draw(tokens));
    }
    try (CudaGraph graph = stream.capture(() -> multiplyAll(tokens));
        CudaEvent start = new CudaEvent(stream.device());
        CudaEvent end = new CudaEvent(stream.device())) {
      double best = Double.POSITIVE_INFINITY;
      double total = 0;
      for (int replay = 0; replay < MIN_REPLAYS || total < MIN_SECONDS; replay++) {
        start.record(stream);
        graph.launch(stream);
        end.record(stream);
        end.synchronize();
        double seconds = end.secondsSince(start);
        best = Math.min(best, seconds);
        total += seconds;
      }
      return best;
    }
  }

  private void multiplyAll(int tokens) {
    for (DecoderGemms layer : layers) {
      for (LayerGemm gemm : layer.layer()) {
        gemms.run(gemm.overwriting(), tokens);
      }
      layer.experts().ifPresent(ExpertGemms::multiplyDrawn);
    }
  }
}
