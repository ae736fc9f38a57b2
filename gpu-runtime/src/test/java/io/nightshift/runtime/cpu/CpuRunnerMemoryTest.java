package io.nightshift.runtime.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.runtime.config.DataType;
import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.cpu.onednn.NativeMemory;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.ModelResources;
import io.nightshift.runtime.model.RealModel;
import io.nightshift.runtime.model.formats.ModelFormats;
import io.nightshift.runtime.runner.DeviceException;
import io.nightshift.runtime.runner.LogitsRequest;
import io.nightshift.runtime.runner.StepBatch;
import io.nightshift.runtime.runner.StepSequence;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CpuRunnerMemoryTest {
  private static final EngineConfig OPTIONS =
      EngineConfig.cpu()
          .withDtype(DataType.F32)
          .withThreads(2)
          .withKvCacheTokens(1024)
          .withMaxStepTokens(64);

  @Test
  void refusesAModelThatDoesNotFitWithAllFigures() throws Exception {
    long before = NativeMemory.allocatedBytes();
    try (ModelFiles files = tinyModel()) {
      assertThatThrownBy(() -> new CpuModelRunner(files, OPTIONS.withMemoryLimit(1 << 20)))
          .isInstanceOf(DeviceException.class)
          .hasMessageMatching(
              "The model needs .* MiB of memory: .* MiB of weights, .* MiB of KV cache for 1024"
                  + " tokens, .* MiB of activations for steps of 64 tokens. The limit is 1.0 MiB:"
                  + " raise engine.memory-limit, or lower engine.kv-cache-memory,"
                  + " engine.host-kv-cache-memory or engine.max-step-tokens");
    }
    assertThat(NativeMemory.allocatedBytes()).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"tiny-llama", "tiny-gemma2", "tiny-olmo2", "tiny-gpt-oss", "tiny-gpt-oss-mxfp4"})
  void takesNoMoreThanItPlanned(String model) {
    long before = NativeMemory.allocatedBytes();
    try (ModelFiles files = ModelFormats.open(ModelResources.tiny(model));
        CpuModelRunner runner = new CpuModelRunner(files, OPTIONS)) {
      long planned = runner.plannedBytes();
      run(runner);
      assertThat(NativeMemory.allocatedBytes() - before).isPositive().isLessThanOrEqualTo(planned);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"F32", "BF16"})
  void quantizedWeightsTakeLittleMoreThanTheirFile(DataType type) throws Exception {
    Path file = RealModel.smolLm2();
    long before = NativeMemory.allocatedBytes();
    try (ModelFiles files = ModelFormats.open(file);
        CpuModelRunner runner = new CpuModelRunner(files, OPTIONS.withDtype(type))) {
      run(runner);
      assertThat(NativeMemory.allocatedBytes() - before).isLessThanOrEqualTo(runner.plannedBytes());
      // Q4_1 has 5 bits an element in the file. Here it has 6 in f32, and padding of the offsets'
      // matrix, from 18 and 48 rows to 32 and 48. The embedding is Q8_0 with 8.5 and 9 bits.
      assertThat(runner.weightBytes()).isLessThan(Files.size(file) * 5 / 4);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"tiny-llama", "tiny-gemma2", "tiny-olmo2", "tiny-gpt-oss", "tiny-gpt-oss-mxfp4"})
  void aStepAllocatesNothingNativeOnceItsSizeWasSeen(String model) {
    try (ModelFiles files = ModelFormats.open(ModelResources.tiny(model));
        // One thread: with more, it is random which of them creates a kernel first.
        CpuModelRunner runner = new CpuModelRunner(files, OPTIONS.withThreads(1))) {
      run(runner);
      long allocated = NativeMemory.allocatedBytes();
      long tracked = Pointer.totalBytes();
      for (int i = 0; i < 50; i++) {
        run(runner);
      }
      assertThat(NativeMemory.allocatedBytes()).isEqualTo(allocated);
      assertThat(Pointer.totalBytes()).isEqualTo(tracked);
    }
  }

  @Test
  void openingAndClosingLeaksNothing() throws Exception {
    try (ModelFiles files = tinyModel()) {
      openAndClose(files, 5);
      long allocated = NativeMemory.allocatedBytes();
      long tracked = Pointer.totalBytes();
      long threads = Thread.activeCount();
      long resident = Pointer.physicalBytes();
      openAndClose(files, 40);
      assertThat(NativeMemory.allocatedBytes()).isEqualTo(allocated);
      assertThat(Pointer.totalBytes()).isEqualTo(tracked);
      assertThat((long) Thread.activeCount()).isLessThanOrEqualTo(threads + OPTIONS.threads());
      // 40 leaked runners would need more; the Java heap and code cache may grow.
      assertThat(Pointer.physicalBytes() - resident).isLessThan(64L << 20);
    }
  }

  private static void openAndClose(ModelFiles files, int times) {
    for (int i = 0; i < times; i++) {
      try (CpuModelRunner runner = new CpuModelRunner(files, OPTIONS)) {
        run(runner);
      }
    }
  }

  private static void run(CpuModelRunner runner) {
    int[] tokens = IntStream.range(0, 64).toArray();
    int[] blocks = {5, 4, 3, 2};
    runner.run(
        new StepBatch(
            List.of(new StepSequence(tokens, 64, blocks, null)),
            List.of(),
            List.of(new LogitsRequest(63, null))));
  }

  private static ModelFiles tinyModel() throws Exception {
    return ModelFormats.open(
        Path.of(CpuRunnerMemoryTest.class.getResource("/models/tiny-llama.gguf").toURI()));
  }
}
