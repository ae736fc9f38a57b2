package io.nightshift.runtime.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.runtime.bench.ModelShape;
import io.nightshift.runtime.cuda.device.CudaToolkit;
import io.nightshift.runtime.cuda.device.KernelCompiler;
import io.nightshift.runtime.cuda.device.KernelSource;
import io.nightshift.runtime.runner.DeviceException;
import io.nightshift.runtime.runner.LogitsRequest;
import io.nightshift.runtime.runner.ModelRunner;
import io.nightshift.runtime.runner.StepBatch;
import io.nightshift.runtime.runner.StepSequence;
import java.util.List;
import java.util.Map;
import org.bytedeco.cuda.cudart.CUfunc_st;
import org.bytedeco.cuda.cudart.CUmod_st;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerPointer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Faults of the device and the memory, and what comes after them in the same process. */
@Tag("gpu")
class CudaFaultTest {
  private static final CudaRunnerOptions OPTIONS =
      CudaRunnerOptions.defaults().withKvCacheTokens(1024).withMaxStepTokens(64);

  @Test
  void anEngineAfterALostContextIsAsGoodAsTheFirst() {
    float[] expected;
    try (ModelRunner runner = open()) {
      expected = logits(runner);
      writeWhereNoMemoryIs();
      assertThatThrownBy(() -> logits(runner))
          .isInstanceOf(DeviceException.class)
          .hasMessageContaining("GPU 0")
          .hasMessageContaining("CUDA_ERROR_ILLEGAL_ADDRESS")
          .hasMessageContaining("made anew");
    }
    try (ModelRunner runner = open()) {
      assertThat(logits(runner)).isEqualTo(expected);
    }
  }

  @Test
  void aCacheThatDoesNotFitIsRefusedWithAllFigures() {
    assertThatThrownBy(
            () ->
                CudaModelRunner.withRandomWeights(
                    ModelShape.LLAMA_1B.config(), OPTIONS.withKvCacheTokens(1_000_000_000)))
        .isInstanceOf(DeviceException.class)
        .hasMessageContainingAll("GPU 0", "GiB more than", "of weights", "of KV cache");
    open().close();
  }

  @Test
  void aSecondEngineOnTheSameDeviceIsRefused() {
    try (ModelRunner first = open()) {
      assertThatThrownBy(CudaFaultTest::open)
          .isInstanceOf(DeviceException.class)
          .hasMessageContaining("held by another engine");
      assertThat(logits(first)).isNotEmpty();
    }
  }

  private static ModelRunner open() {
    return CudaModelRunner.withRandomWeights(CudaPrecisionTest.CONFIG, OPTIONS);
  }

  private static float[] logits(ModelRunner runner) {
    StepSequence sequence = new StepSequence(new int[] {3, 1, 4, 1, 5}, 5, new int[] {2}, null);
    float[] row = new float[runner.config().vocabularySize()];
    runner
        .run(new StepBatch(List.of(sequence), List.of(), List.of(new LogitsRequest(4, null))))
        .read(0, row);
    return row;
  }

  /** A kernel of a faulty program, in the context of the runner that this thread has opened. */
  private static void writeWhereNoMemoryIs() {
    String text = "extern \"C\" __global__ void fault() { *(volatile int*)64 = 1; }";
    KernelSource source = new KernelSource("fault.cu", text, Map.of(), List.of());
    byte[] cubin = new KernelCompiler(CudaToolkit.find()).compile(source, "sm_90a");
    CUmod_st module = new CUmod_st();
    CUfunc_st function = new CUfunc_st();
    try (BytePointer image = new BytePointer(cubin)) {
      assertThat(cudart.cuModuleLoadData(module, image)).isZero();
    }
    assertThat(cudart.cuModuleGetFunction(function, module, "fault")).isZero();
    PointerPointer<?> none = null;
    assertThat(cudart.cuLaunchKernel(function, 1, 1, 1, 1, 1, 1, 0, (CUstream_st) null, none, none))
        .isZero();
  }
}
