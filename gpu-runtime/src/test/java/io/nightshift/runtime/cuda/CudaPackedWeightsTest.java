package io.nightshift.runtime.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.config.DataType;
import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.cpu.CpuModelRunner;
import io.nightshift.runtime.model.CodeType;
import io.nightshift.runtime.model.ExpertsConfig;
import io.nightshift.runtime.model.LayerEncodings;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.Quantization;
import io.nightshift.runtime.model.Quantization.ColumnGroups;
import io.nightshift.runtime.model.RealModel;
import io.nightshift.runtime.model.TensorEncodings;
import io.nightshift.runtime.model.formats.ModelFormats;
import io.nightshift.runtime.model.random.RandomModelFiles;
import io.nightshift.runtime.runner.Logits;
import io.nightshift.runtime.runner.LogitsRequest;
import io.nightshift.runtime.runner.ModelRunner;
import io.nightshift.runtime.runner.QuantizedModelFiles;
import io.nightshift.runtime.runner.RandomSteps;
import io.nightshift.runtime.runner.StepBatch;
import io.nightshift.runtime.runner.StepSequence;
import io.nightshift.runtime.runner.TinyModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Models whose weights stay packed on the GPU, of every family and in every encoding. */
@Tag("gpu")
class CudaPackedWeightsTest {
  private static final Quantization UINT4 = new Quantization(CodeType.UINT4, 32, true);

  private static final EngineConfig OPTIONS =
      EngineConfig.cuda()
          .withBlockSize(8)
          .withKvCacheTokens(8 * 96)
          .withMaxStepTokens(96)
          .withLogitsRows(40);

  static Stream<Quantization> encodings() {
    return Stream.of(CodeType.values())
        .flatMap(
            codes ->
                Stream.of(
                    new Quantization(codes, 16, true),
                    new Quantization(codes, 64, false),
                    new Quantization(codes, 1 << 20, codes == CodeType.UINT4)))
        // Codes without a sign and without offsets stand for positive numbers alone.
        .filter(encoding -> encoding.codes() != CodeType.UINT4 || encoding.hasOffsets());
  }

  static Stream<Arguments> modelsAndEncodings() {
    return Stream.of(TinyModel.values())
        .flatMap(
            model ->
                Stream.of(UINT4, new Quantization(CodeType.INT8, 64, false))
                    .map(encoding -> Arguments.of(model, encoding)));
  }

  /** As {@link CudaModelRunnerTest}, against the reference with the same rounded weights. */
  @ParameterizedTest
  @MethodSource("modelsAndEncodings")
  void computesTheReferencesLogits(TinyModel model, Quantization encoding) {
    assertIsTheReferences(model, new LayerEncodings(encoding));
  }

  @ParameterizedTest
  @MethodSource("encodings")
  void computesTheReferencesLogitsInEveryEncoding(Quantization encoding) {
    assertIsTheReferences(TinyModel.QWEN2, new LayerEncodings(encoding));
  }

  @ParameterizedTest
  @EnumSource(names = {"LLAMA", "QWEN3_MOE", "GEMMA3"})
  void tensorsOfALayerMayDiffer(TinyModel model) {
    Random random = new Random(7);
    assertIsTheReferences(model, mixed(model, random));
  }

  /** Encodings that change from one tensor to the next, with listed groups among them, and none. */
  private static TensorEncodings mixed(TinyModel model, Random random) {
    List<Integer> columns = new ArrayList<>();
    try (ModelFiles files = model.open()) {
      columns.add(files.config().hiddenSize());
    }
    int[] listed = random.ints(columns.get(0), 0, (columns.get(0) + 15) / 16).toArray();
    return tensor -> {
      if (!tensor.endsWith("_proj.weight")) {
        return Optional.empty();
      }
      if (tensor.endsWith("q_proj.weight") || tensor.endsWith("gate_proj.weight")) {
        return Optional.of(
            new Quantization(CodeType.UINT4, 16, true, new ColumnGroups.Listed(listed)));
      }
      return tensor.endsWith("k_proj.weight")
          ? Optional.empty()
          : Optional.of(new Quantization(CodeType.INT8, 32, tensor.endsWith("v_proj.weight")));
    };
  }

  private static void assertIsTheReferences(TinyModel model, TensorEncodings encodings) {
    try (ModelFiles files = new QuantizedModelFiles(model.open(), encodings);
        ModelRunner runner = new CudaModelRunner(files, OPTIONS)) {
      boolean experts =
          files.config().layers().stream()
              .anyMatch(layer -> layer.feedForward() instanceof ExpertsConfig);
      // Unlike weights that are stored in bf16, those that are unpacked to it are rounded.
      new RandomSteps(files, runner, 11, 0.5).run(24, 240, experts ? 0.08 : 0.04);
    }
  }

  @Test
  void randomWeightsOfTheDeviceAreThoseOfTheFiles() {
    assertSameRandomWeights(DataType.BF16);
  }

  /** 8-bit codes become dense. */
  @Test
  void randomWeightsOfTheDeviceAreThoseOfTheFilesInFp8() {
    assertSameRandomWeights(DataType.FP8);
  }

  private static void assertSameRandomWeights(DataType dtype) {
    for (CodeType codes : List.of(CodeType.UINT4, CodeType.E2M1, CodeType.IQ4, CodeType.INT8)) {
      TensorEncodings encodings =
          new LayerEncodings(new Quantization(codes, 128, codes == CodeType.UINT4));
      EngineConfig options = CudaPrecisionTest.OPTIONS.withDtype(dtype);
      float[][] made;
      try (ModelRunner runner =
          CudaModelRunner.withRandomWeights(CudaPrecisionTest.CONFIG, encodings, options)) {
        made = CudaPrecisionTest.logits(runner);
      }
      try (ModelRunner runner =
          new CudaModelRunner(
              new RandomModelFiles("random", CudaPrecisionTest.CONFIG, encodings), options)) {
        assertThat(CudaPrecisionTest.logits(runner)).isDeepEqualTo(made);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"UINT4", "E2M1", "IQ4", "INT8"})
  void fp8IsCloseToBf16(CodeType codes) {
    TensorEncodings encodings =
        new LayerEncodings(new Quantization(codes, 64, codes == CodeType.UINT4));
    float[][] bf16 = randomLogits(encodings, DataType.BF16);
    assertThat(error(randomLogits(encodings, DataType.FP8), bf16)).isLessThan(0.15);
  }

  /** In tiles, on Hopper. */
  @ParameterizedTest
  @EnumSource(names = {"UINT4", "E2M1", "IQ4", "INT8"})
  void isCloseToTheCpuInF32(CodeType codes) {
    TensorEncodings encodings =
        new LayerEncodings(new Quantization(codes, 64, codes == CodeType.UINT4));
    float[][] expected;
    try (ModelRunner runner =
        new CpuModelRunner(
            new RandomModelFiles("random", CudaPrecisionTest.CONFIG, encodings),
            EngineConfig.cpu()
                .withDtype(DataType.F32)
                .withThreads(2)
                .withKvCacheTokens(1024)
                .withMaxStepTokens(512))) {
      expected = CudaPrecisionTest.logits(runner);
    }
    assertThat(error(randomLogits(encodings, DataType.BF16), expected)).isLessThan(0.03);
    assertThat(error(randomLogits(encodings, DataType.FP8), expected)).isLessThan(0.16);
  }

  private static float[][] randomLogits(TensorEncodings encodings, DataType dtype) {
    EngineConfig options = CudaPrecisionTest.OPTIONS.withDtype(dtype);
    try (ModelRunner runner =
        new CudaModelRunner(
            new RandomModelFiles("random", CudaPrecisionTest.CONFIG, encodings), options)) {
      return CudaPrecisionTest.logits(runner);
    }
  }

  /** SmolLM2 as Q4_1: 4-bit codes with offsets, against the CPU in f32. */
  @Test
  void aRealModelIsCloseToTheCpuInF32() {
    float[][] expected;
    try (ModelFiles files = ModelFormats.open(RealModel.smolLm2());
        ModelRunner runner =
            new CpuModelRunner(
                files,
                EngineConfig.cpu()
                    .withDtype(DataType.F32)
                    .withThreads(2)
                    .withKvCacheTokens(1024)
                    .withMaxStepTokens(512))) {
      expected = realLogits(runner);
    }
    assertThat(error(realLogits(DataType.BF16), expected)).isLessThan(0.025);
    assertThat(error(realLogits(DataType.FP8), expected)).isLessThan(0.2);
  }

  private static float[][] realLogits(DataType dtype) {
    EngineConfig options =
        EngineConfig.cuda().withDtype(dtype).withKvCacheTokens(1024).withMaxStepTokens(512);
    try (ModelFiles files = ModelFormats.open(RealModel.smolLm2());
        CudaModelRunner runner = new CudaModelRunner(files, options)) {
      for (int tokens : new int[] {1, 77, 512}) {
        assertThat(runner.stepTimes().orElseThrow().seconds(tokens)).isPositive();
        assertThat(runner.gemmFloor().seconds(tokens)).isPositive();
      }
      return realLogits(runner);
    }
  }

  /** Of sequences of tokens that texts have most often. */
  private static float[][] realLogits(ModelRunner runner) {
    Random random = new Random(3);
    int length = 48;
    List<StepSequence> sequences = new ArrayList<>();
    List<LogitsRequest> requests = new ArrayList<>();
    int blocks = (length + runner.blockSize() - 1) / runner.blockSize();
    for (int s = 0; s < 7; s++) {
      int[] tokens = random.ints(length, 300, 4000).toArray();
      int[] table = IntStream.range(blocks * s, blocks * (s + 1)).toArray();
      sequences.add(new StepSequence(tokens, length, table, null));
      requests.add(new LogitsRequest(length * (s + 1) - 1, null));
    }
    Logits logits = runner.run(new StepBatch(sequences, List.of(), requests));
    float[][] rows = new float[requests.size()][runner.config().vocabularySize()];
    for (int row = 0; row < rows.length; row++) {
      logits.read(row, rows[row]);
    }
    return rows;
  }

  /** Root mean square of the difference, over that of what is expected. */
  private static double error(float[][] actual, float[][] expected) {
    double squares = 0;
    double differences = 0;
    for (int row = 0; row < expected.length; row++) {
      for (int i = 0; i < expected[row].length; i++) {
        double difference = actual[row][i] - expected[row][i];
        differences += difference * difference;
        squares += (double) expected[row][i] * expected[row][i];
      }
    }
    return Math.sqrt(differences / squares);
  }
}
