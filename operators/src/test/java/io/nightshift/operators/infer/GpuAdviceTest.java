package io.nightshift.operators.infer;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.config.DataType;
import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.random.ModelShape;
import org.junit.jupiter.api.Test;

/** Llama-3.1-70B: 131 GiB of weights in bf16, 67 in fp8. */
class GpuAdviceTest {
  private static final ModelConfig MODEL = ModelShape.LLAMA_70B.config();
  private static final EngineConfig BF16 = EngineConfig.cuda();
  private static final EngineConfig FP8 = BF16.withDtype(DataType.FP8);
  private static final int GPUS = 8;

  /** Memory that CUDA reports of GPUs of 80 and 141 GB. */
  private static final long H100 = 79L << 30;

  private static final long H200 = 139L << 30;

  /** Of labels for short texts: a step's prompts and little more. */
  private static final long FEW = 18_000;

  /** Of answers with 200 tokens. */
  private static final long MANY = 120_000;

  private static int degree(EngineConfig config, long memory, long wanted) {
    return GpuAdvice.of(MODEL, config, memory, GPUS, wanted).orElseThrow().degree();
  }

  @Test
  void isTheFewestGpusThatHoldModelAndCache() {
    for (EngineConfig config : java.util.List.of(BF16, FP8))
      for (long memory : new long[] {H100, H200})
        for (long wanted : new long[] {1, FEW, MANY, 10_000_000})
          System.out.println(config.dtype() + " " + GpuAdvice.of(MODEL, config, memory, GPUS, wanted).orElseThrow());
  }
}
