package io.nightshift.runtime.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.cuda.device.CudaToolkit;
import io.nightshift.runtime.cuda.device.KernelCompiler;
import io.nightshift.runtime.cuda.device.KernelSource;
import io.nightshift.runtime.model.random.ModelShape;
import io.nightshift.runtime.runner.DeviceException;
import io.nightshift.runtime.runner.DeviceLostException;
import io.nightshift.runtime.runner.LogitsRequest;
import io.nightshift.runtime.runner.ModelRunner;
import io.nightshift.runtime.runner.StepBatch;
import io.nightshift.runtime.runner.StepSequence;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.assertj.core.api.ThrowableAssert;
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
  private static final EngineConfig OPTIONS =
      EngineConfig.cuda().withKvCacheTokens(1024).withMaxStepTokens(64);

  @Test
  void aLostDeviceIsLostToItsProcessOnly() throws Exception {
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                System.getProperty("java.class.path") + ":" + testClassPath(),
                FaultyProgram.class.getName())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    try (ModelRunner runner = open()) {
      assertThat(logits(runner)).isNotEmpty();
    }
  }

  /** What the launcher of tests has loaded these classes from. */
  private static String testClassPath() {
    ClassLoader loader = CudaFaultTest.class.getClassLoader();
    return loader instanceof URLClassLoader urls
        ? Arrays.stream(urls.getURLs()).map(URL::getPath).collect(Collectors.joining(":"))
        : "";
  }

  /** Loses its device in the middle of a run, and checks how it learns of that. */
  static final class FaultyProgram {
    private FaultyProgram() {}

    public static void main(String... arguments) {
      try (ModelRunner runner = open()) {
        logits(runner);
        writeWhereNoMemoryIs();
        assertLost(() -> logits(runner));
      }
      assertLost(CudaFaultTest::open);
    }

    private static void assertLost(ThrowableAssert.ThrowingCallable call) {
      assertThatThrownBy(call)
          .isInstanceOf(DeviceLostException.class)
          .hasMessageContainingAll("GPU 0", "CUDA_ERROR_ILLEGAL_ADDRESS", "has lost the device");
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
