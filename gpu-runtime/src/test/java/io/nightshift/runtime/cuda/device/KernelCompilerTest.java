package io.nightshift.runtime.cuda.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.runtime.runner.DeviceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every kernel compiles for every architecture, and for the sizes of models of each kind. */
class KernelCompilerTest {
  private static final Path SOURCES =
      Path.of("src/main/resources/io/nightshift/runtime/cuda/kernels");

  /** Sources whose instructions are Hopper's alone. */
  private static final List<String> HOPPER = List.of("attention_warpgroup", "fused_gate_up");

  /** Sources that depend on a model's sizes. */
  private static final List<String> SIZED =
      List.of("activation", "attention", "blocks", "norm", "quantize", "rotary");

  /** Sources for mixtures of experts, which every architecture runs. */
  private static final List<String> EXPERTS = List.of("expert_portable", "expert_routing", "norm");

  /** Those of Hopper alone. */
  private static final List<String> HOPPER_EXPERTS = List.of("expert_down", "expert_gate_up");

  /** Sources for quantized weights, which {@code PackedGemmShapeTest} compiles. */
  private static final List<String> PACKED = List.of("packed_gemm", "weight_tiles");

  /** A model of 8 billion parameters. */
  private static final Map<String, Integer> LARGE = sizes(4096, 14_336, 128, 4, 16);

  /** A tiny one, whose heads fill no tile, with all that kernels can do. */
  private static final Map<String, Integer> TINY =
      with(
          sizes(40, 100, 20, 5, 4),
          Map.of(
              "ACTIVATION",
              2,
              "NORM_DELTA",
              1,
              "MULTIPLY",
              1,
              "ROPE_DIMENSIONS",
              12,
              "NORM_ALL_HEADS",
              1,
              "SOFT_CAP",
              1,
              "SINKS",
              1));

  /** A model of a billion parameters with 8-bit keys and values, and layers without rotation. */
  private static final Map<String, Integer> FP8_CACHE =
      with(
          sizes(2048, 8192, 64, 4, 16),
          Map.of("KV_FP8", 1, "SINKS", 1, "ACTIVATION", 2, "ROPE_DIMENSIONS", 0));

  /** A model with large heads. */
  private static final Map<String, Integer> LARGE_HEADS =
      with(
          sizes(3584, 14_336, 256, 2, 16), Map.of("SOFT_CAP", 1, "ACTIVATION", 1, "NORM_DELTA", 1));

  private static Map<String, Integer> sizes(
      int hidden, int intermediate, int head, int group, int block) {
    Map<String, Integer> sizes = new HashMap<>();
    sizes.put("HIDDEN_SIZE", hidden);
    sizes.put("INPUTS", hidden);
    sizes.put("INTERMEDIATE_SIZE", intermediate);
    sizes.put("COLUMNS", hidden);
    sizes.put("HEAD_SIZE", head);
    sizes.put("ROPE_DIMENSIONS", head);
    sizes.put("QUERY_GROUP", group);
    sizes.put("BLOCK_SIZE", block);
    sizes.put("LOGITS_F32", 1);
    for (String feature :
        List.of(
            "KV_FP8",
            "ACTIVATION",
            "NORM_DELTA",
            "MULTIPLY",
            "NORM_ALL_HEADS",
            "SOFT_CAP",
            "SINKS")) {
      sizes.put(feature, 0);
    }
    sizes.put("RANKS", 1);
    return sizes;
  }

  private static Map<String, Integer> with(
      Map<String, Integer> sizes, Map<String, Integer> features) {
    Map<String, Integer> all = new HashMap<>(sizes);
    all.putAll(features);
    return all;
  }

  /** A mixture of experts. */
  private static Map<String, Integer> experts(
      int hidden, int intermediate, int experts, int perToken, int activation, int fp8) {
    return Map.of(
        "HIDDEN_SIZE",
        hidden,
        "INTERMEDIATE_SIZE",
        intermediate,
        "EXPERTS",
        experts,
        "EXPERTS_PER_TOKEN",
        perToken,
        "NORMALIZED",
        activation == 0 ? 0 : 1,
        "ACTIVATION",
        activation,
        "WEIGHTS_FP8",
        fp8,
        "COMBINE",
        1,
        "NORM_DELTA",
        activation == 1 ? 1 : 0);
  }

  @Test
  void everyKernelFirstWaitsForTheOneBeforeIt() throws IOException {
    Pattern kernel = Pattern.compile("extern \"C\" __global__[^{]*\\{[\\s\\\\]*(\\w+\\(\\);)?");
    for (String name : names()) {
      String text = Files.readString(SOURCES.resolve(name + ".cu"));
      assertThat(kernel.matcher(text).results().map(match -> match.group(1)))
          .as(name)
          .isNotEmpty()
          .containsOnly("awaitStream();");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sm_80", "sm_90a", "sm_100a"})
  void compilesEverySource(String architecture) throws IOException {
    SortedSet<String> names = names();
    names.removeAll(List.of("expert_portable", "expert_routing"));
    names.removeAll(HOPPER_EXPERTS);
    names.removeAll(PACKED);
    if (!architecture.equals("sm_90a")) {
      names.removeAll(HOPPER);
    }
    compile(names, architecture, LARGE);
    compile(SIZED, architecture, TINY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sm_80", "sm_90a", "sm_100a"})
  void compilesMixturesOfExperts(String architecture) {
    List<Map<String, Integer>> models =
        List.of(
            experts(2048, 768, 128, 8, 0, 0),
            experts(2048, 768, 128, 8, 0, 1),
            experts(2880, 2880, 32, 4, 2, 1),
            experts(40, 24, 5, 2, 1, 0));
    for (Map<String, Integer> model : models) {
      compile(EXPERTS, architecture, model);
      if (architecture.equals("sm_90a")) {
        compile(HOPPER_EXPERTS, architecture, model);
      }
    }
    compile(EXPERTS, architecture, experts(39, 25, 1024, 32, 0, 1));
  }

  @Test
  void compilesSourcesForOtherSizes() {
    compile(SIZED, "sm_90a", FP8_CACHE);
    compile(HOPPER, "sm_90a", FP8_CACHE);
    compile(HOPPER, "sm_90a", LARGE_HEADS);
    compile(List.of("attention", "norm", "rotary"), "sm_90a", LARGE_HEADS);
    compile(List.of("attention"), "sm_90a", with(LARGE_HEADS, Map.of("KV_FP8", 1)));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4, 8})
  void compilesSourcesForRanks(int ranks) {
    for (Map<String, Integer> model :
        List.of(LARGE, TINY, experts(2048, 384, 128, 8, 0, 1), experts(40, 12, 5, 2, 1, 0))) {
      compile(List.of("norm", "exchange"), "sm_90a", with(model, Map.of("RANKS", ranks)));
    }
    compile(List.of("norm", "exchange"), "sm_80", with(LARGE, Map.of("RANKS", ranks)));
  }

  @Test
  void refusesHoppersSourcesForOthers() {
    for (String name : HOPPER) {
      KernelSource source = KernelSource.resource(name, LARGE);

      assertThatThrownBy(() -> CachedCompiler.open().compile(source, "sm_100a"))
          .isInstanceOf(DeviceException.class)
          .hasMessageContaining("instructions of sm_90a alone");
    }
  }

  private static void compile(
      Collection<String> names, String architecture, Map<String, Integer> sizes) {
    KernelCompiler compiler = CachedCompiler.open();
    names.parallelStream()
        .forEach(
            name ->
                assertThat(compiler.compile(KernelSource.resource(name, sizes), architecture))
                    .as(name)
                    .startsWith((byte) 0x7f, (byte) 'E', (byte) 'L', (byte) 'F'));
  }

  @Test
  void saysWhatIsWrongWithASource() {
    KernelSource wrong =
        new KernelSource("wrong.cu", "__global__ void f() { int x = y; }", Map.of(), List.of());

    assertThatThrownBy(() -> CachedCompiler.open().compile(wrong, "sm_80"))
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining("wrong.cu does not compile for sm_80")
        .hasMessageContaining("\"y\" is undefined");
  }

  private static SortedSet<String> names() throws IOException {
    try (Stream<Path> files = Files.list(SOURCES)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".cu"))
          .map(name -> name.substring(0, name.length() - 3))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }
}
