package io.nightshift.operators.infer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Index.atIndex;

import io.nightshift.runtime.config.DataType;
import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.cuda.GpuCapacity;
import io.nightshift.runtime.cuda.device.Gpu;
import io.nightshift.runtime.model.CodeType;
import io.nightshift.runtime.model.LayerEncodings;
import io.nightshift.runtime.model.Quantization;
import io.nightshift.runtime.model.TensorEncodings;
import io.nightshift.runtime.model.random.ModelShape;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Llama-3.1-70B: 131 GiB of weights in bf16, 68 in fp8. */
class GpuAdviceTest {
  private static final EngineModel MODEL = unquantized(ModelShape.LLAMA_70B);
  private static final EngineModel FOUR_BITS =
      new EngineModel(
          MODEL.config(), new LayerEncodings(new Quantization(CodeType.UINT4, 128, true)));
  private static final EngineConfig BF16 = EngineConfig.cuda();
  private static final EngineConfig FP8 = BF16.withDtype(DataType.FP8);
  private static final int HOST = 8;

  /** Memory that CUDA reports of GPUs of 80 and 141 GB. */
  private static final long H100 = 79L << 30;

  private static final long H200 = 139L << 30;

  /** Tokens of the KV cache that labels for short texts want: a step's prompts and little more. */
  private static final long LABELS = 18_000;

  /** Of answers with 200 tokens. */
  private static final long SUMMARIES = 120_000;

  /** Of answers with 4,000 tokens. */
  private static final long REASONING = 2_100_000;

  private static EngineModel unquantized(ModelShape shape) {
    return new EngineModel(shape.config(), TensorEncodings.UNQUANTIZED);
  }

  private static int degree(EngineConfig config, long memory, long wanted) {
    return GpuAdvice.of(MODEL, config, memory, HOST, wanted).orElseThrow().degree();
  }

  @Test
  void aModelThatFitsWithItsCacheHasOneGpu() {
    assertThat(degree(FP8, H200, LABELS)).isEqualTo(1);
    assertThat(degree(FP8, H200, SUMMARIES)).isEqualTo(1);
    assertThat(
            GpuAdvice.of(unquantized(ModelShape.LLAMA_8B), BF16, H100, HOST, SUMMARIES)
                .orElseThrow()
                .degree())
        .isEqualTo(1);
  }

  @Test
  void fourBitsOfEachWeightFitAGpu() {
    for (EngineConfig config : List.of(BF16, FP8)) {
      GpuAdvice advice = GpuAdvice.of(FOUR_BITS, config, H100, HOST, SUMMARIES).orElseThrow();

      assertThat(advice.degree()).isEqualTo(1);
      assertThat(advice.capacity().weights()).isBetween(37L << 30, 38L << 30);
    }
  }

  @Test
  void anyOtherHasTheFewestThatHoldBoth() {
    assertThat(degree(FP8, H100, LABELS)).isEqualTo(2);
    assertThat(degree(BF16, H200, LABELS)).isEqualTo(2);
    assertThat(degree(BF16, H200, SUMMARIES)).isEqualTo(2);
    assertThat(degree(BF16, H100, LABELS)).isEqualTo(2);
    assertThat(degree(BF16, H100, SUMMARIES)).isEqualTo(4);
  }

  @Test
  void aCacheAsLargeAsTheWeightsIsNotWorthMoreGpus() {
    assertThat(degree(FP8, H200, REASONING)).isEqualTo(1);
    assertThat(degree(FP8, H100, REASONING)).isEqualTo(2);
    assertThat(degree(BF16, H200, REASONING)).isEqualTo(2);
    assertThat(degree(BF16, H100, REASONING)).isEqualTo(4);
  }

  @Test
  void withTooFewGpusItIsTheBestOfThem() {
    assertThat(GpuAdvice.of(MODEL, BF16, H100, 2, SUMMARIES).orElseThrow().degree()).isEqualTo(2);
    assertThat(GpuAdvice.of(MODEL, BF16, H100, 1, SUMMARIES)).isEmpty();
  }

  @Test
  void onlyNumbersThatDivideTheModelArePossible() {
    EngineModel phi4 = unquantized(ModelShape.PHI4); // 27 GiB; 40 heads, 10 for keys and values

    assertThat(GpuAdvice.of(phi4, BF16, 12L << 30, HOST, LABELS).orElseThrow().degree())
        .isEqualTo(5);
  }

  @Test
  void saysWhatEachGpuHolds() {
    GpuCapacity capacity = new GpuCapacity(34L << 30, 41L << 30, 536_752);

    assertThat(new GpuAdvice(4, H100, capacity, SUMMARIES).lines(2))
        .containsExactly(
            "4 GPUs of 79.0 GiB (engine.tensor-parallel: 4; the job has 2)",
            "34.0 GiB of weights on each, room for 536,752 tokens in the KV cache; the rows want"
                + " 120,000");
    assertThat(new GpuAdvice(1, H200, capacity, REASONING).lines(1))
        .containsExactly(
            "1 GPU of 139.0 GiB (engine.tensor-parallel: 1)",
            "34.0 GiB of weights, room for 536,752 tokens in the KV cache; the rows want 2,100,000,"
                + " so that fewer are answered at a time");
  }

  @Test
  void isForTheSmallestOfTheGpus() {
    List<Gpu> gpus = List.of(gpu(0, H200), gpu(1, H100));

    assertThat(GpuAdvice.lines(gpus, MODEL, FP8, SUMMARIES))
        .hasSize(2)
        .first()
        .isEqualTo("2 GPUs of 79.0 GiB (engine.tensor-parallel: 2; the job has 1)");
    assertThat(GpuAdvice.lines(List.of(gpu(0, H100)), MODEL, BF16, SUMMARIES))
        .containsExactly(
            "the model does not fit a GPU of 79.0 GiB: use larger GPUs, or model.dtype fp8");
  }

  private static Gpu gpu(int index, long memory) {
    return new Gpu(index, "NVIDIA H200", "uuid " + index, "0000:1b:00." + index, 90, memory);
  }

  @Test
  void withoutGpusItIsForUsualOnes() {
    assertThat(GpuAdvice.lines(List.of(), MODEL, BF16, SUMMARIES))
        .hasSize(4)
        .contains("4 GPUs of 79.0 GiB (engine.tensor-parallel: 4; the job has 1)", atIndex(0))
        .contains("2 GPUs of 139.0 GiB (engine.tensor-parallel: 2; the job has 1)", atIndex(2));
  }
}
