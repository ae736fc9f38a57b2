package io.nightshift.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.OperatingSystemMXBean;
import io.nightshift.runtime.config.DataType;
import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.cpu.CpuModelRunner;
import io.nightshift.runtime.engine.LlmEngine;
import io.nightshift.runtime.engine.Request;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.formats.ModelFormats;
import io.nightshift.runtime.sampling.SamplingParameters;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Rows a second of the engine with the CPU runner on the workloads of {@code cpu_rows.py}: rows
 * sorted by token ids, as the plan hands them over, greedy, end of sequence ignored.
 *
 * <pre>CpuBench MODEL.gguf TOKENS.jsonl OUTPUT_TOKENS [key=value ...]</pre>
 *
 * <p>TOKENS.jsonl has a line {@code {"id": .., "ids": [..]}} for each row, as {@code
 * llama_cpp_peer.py} writes with {@code tokens=}. Keys: threads=2, step=512 (tokens), rows=N
 * (fewer), block=16, kv=65536 (tokens of the KV cache), dtype=f32|bf16, repeat=1, out=FILE (token
 * ids as JSON lines).
 */
public final class CpuBench {
  private CpuBench() {}

  /** Runs the benchmark; see the class. */
  public static void main(String[] arguments) throws IOException {
    Map<String, String> options = new HashMap<>();
    for (int i = 3; i < arguments.length; i++) {
      String[] pair = arguments[i].split("=", 2);
      options.put(pair[0], pair[1]);
    }
    int outputTokens = Integer.parseInt(arguments[2]);
    List<int[]> prompts = prompts(Path.of(arguments[1]));
    int rows = Integer.parseInt(options.getOrDefault("rows", String.valueOf(prompts.size())));
    prompts = prompts.subList(0, Math.min(rows, prompts.size()));
    EngineConfig config =
        EngineConfig.cpu()
            .withThreads(Integer.parseInt(options.getOrDefault("threads", "2")))
            .withMaxStepTokens(Integer.parseInt(options.getOrDefault("step", "512")))
            .withBlockSize(Integer.parseInt(options.getOrDefault("block", "16")))
            .withKvCacheTokens(Integer.parseInt(options.getOrDefault("kv", "65536")))
            .withDtype(
                DataType.valueOf(options.getOrDefault("dtype", "f32").toUpperCase(Locale.ROOT)));
    long start = System.nanoTime();
    try (ModelFiles files = ModelFormats.open(Path.of(arguments[0]));
        CpuModelRunner runner = new CpuModelRunner(files, config)) {
      System.out.printf(
          "loaded in %.2f s: %.1f MB of weights%n",
          (System.nanoTime() - start) / 1e9, runner.weightBytes() / 1e6);
      answer(runner, prompts.subList(0, Math.min(16, prompts.size())), 2);
      for (int i = 0; i < Integer.parseInt(options.getOrDefault("repeat", "1")); i++) {
        long cpuBegan = cpuNanoseconds();
        long began = System.nanoTime();
        List<int[]> answers = answer(runner, prompts, outputTokens);
        double seconds = (System.nanoTime() - began) / 1e9;
        double cpuSeconds = (cpuNanoseconds() - cpuBegan) / 1e9;
        System.out.printf(
            "%.2f s, %.2f rows/s, %.2f CPU s%n", seconds, prompts.size() / seconds, cpuSeconds);
        if (options.containsKey("out")) {
          write(Path.of(options.get("out")), answers);
        }
      }
      System.out.print(runner.profile());
    }
  }

  /** Answers all prompts with an engine of its own, so that no run finds another's prefixes. */
  private static List<int[]> answer(CpuModelRunner runner, List<int[]> prompts, int outputTokens) {
    EngineConfig config = EngineConfig.cpu().withMaxStepTokens(runner.maxStepTokens());
    LlmEngine engine = new LlmEngine(runner, tokens -> "", config);
    SamplingParameters sampling =
        new SamplingParameters(0, 0, 1, 0, 1, 0, outputTokens, List.of(), true, false);
    IntStream.range(0, prompts.size())
        .boxed()
        .sorted(Comparator.comparing(prompts::get, Arrays::compare))
        .forEach(row -> engine.add(new Request(row, prompts.get(row), sampling, Optional.empty())));
    List<int[]> answers = new ArrayList<>(Collections.nCopies(prompts.size(), new int[0]));
    while (engine.hasUnfinished()) {
      engine.step().forEach(done -> answers.set((int) done.id(), done.outputTokens()));
    }
    return answers;
  }

  /** CPU time of the process: what a run costs even where others share the machine. */
  private static long cpuNanoseconds() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
  }

  private static List<int[]> prompts(Path file) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    List<int[]> prompts = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      JsonNode ids = mapper.readTree(line).get("ids");
      int[] tokens = new int[ids.size()];
      for (int i = 0; i < tokens.length; i++) {
        tokens[i] = ids.get(i).asInt();
      }
      prompts.add(tokens);
    }
    return prompts;
  }

  private static void write(Path file, List<int[]> answers) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    List<String> lines = new ArrayList<>();
    for (int row = 0; row < answers.size(); row++) {
      lines.add(mapper.writeValueAsString(Map.of("id", row, "ids", answers.get(row))));
    }
    Files.write(file, lines);
  }
}
