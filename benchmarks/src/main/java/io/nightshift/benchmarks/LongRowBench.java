package io.nightshift.benchmarks;

import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.cuda.kernels.AttentionPlanner;
import io.nightshift.runtime.cuda.kernels.AttentionShape;
import io.nightshift.runtime.engine.LlmEngine;
import io.nightshift.runtime.engine.Request;
import io.nightshift.runtime.runner.ForwardBatch;
import io.nightshift.runtime.runner.ForwardingModelRunner;
import io.nightshift.runtime.runner.Logits;
import io.nightshift.runtime.runner.StepBatch;
import io.nightshift.runtime.runner.StepBounds;
import io.nightshift.runtime.sampling.SamplingParameters;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Optional;

/**
 * What the host does for rows of up to 128k tokens: scheduling, blocks and prefix tree, and for
 * each step the checks, slots and attention tiles that are computed for a GPU. The model takes no
 * time. Prints, for rows of ever more tokens, the milliseconds of a row's prompt, in steps of 8,192
 * and 1,024 tokens, and the microseconds of a step that decodes three such rows.
 *
 * <p>Arguments: {@code LENGTH [LENGTH ...]}.
 */
public final class LongRowBench {
  private static final int ROWS = 3;
  private static final int OUTPUT_TOKENS = 256;
  private static final int REPETITIONS = 5;
  private static final int MULTIPROCESSORS = 132;
  private static final int MAX_PARTIALS = 20_000;

  /** The thread's own time: other work on the machine is no part of it. */
  private static final ThreadMXBean CLOCK = ManagementFactory.getThreadMXBean();

  private LongRowBench() {}

  /** Runs it. */
  public static void main(String[] arguments) {
    System.out.println("tokens  prompt in steps of 8192, ms  of 1024, ms  decode step, us");
    for (String length : arguments) {
      int tokens = Integer.parseInt(length);
      double[] best = {Double.MAX_VALUE, Double.MAX_VALUE, Double.MAX_VALUE};
      for (int repetition = 0; repetition < REPETITIONS; repetition++) {
        best[0] = Math.min(best[0], run(tokens, 8192, 1)[0] / ROWS * 1e3);
        double[] small = run(tokens, 1024, OUTPUT_TOKENS);
        best[1] = Math.min(best[1], small[0] / ROWS * 1e3);
        best[2] = Math.min(best[2], small[1] / OUTPUT_TOKENS * 1e6);
      }
      System.out.printf("%6d  %10.2f  %10.2f  %10.1f%n", tokens, best[0], best[1], best[2]);
    }
  }

  /** Seconds of the thread until all prompts are computed, and from then on. */
  private static double[] run(int tokens, int stepTokens, int outputTokens) {
    PlanningRunner runner = new PlanningRunner(stepTokens);
    try (LlmEngine engine = new LlmEngine(runner, output -> "", EngineConfig.cpu())) {
      for (int row = 0; row < ROWS; row++) {
        int[] prompt = new int[tokens];
        for (int i = 0; i < tokens; i++) {
          prompt[i] = 16 + (i * 31 + row * 7) % 1000;
        }
        SamplingParameters greedy = SamplingParameters.greedy(outputTokens);
        engine.add(new Request(row, prompt, greedy, Optional.empty()));
      }
      long start = CLOCK.getCurrentThreadCpuTime();
      long prefilled = start;
      while (engine.hasUnfinished()) {
        engine.step();
        if (runner.lastTokens > ROWS) {
          prefilled = CLOCK.getCurrentThreadCpuTime();
        }
      }
      return new double[] {
        (prefilled - start) / 1e9, (CLOCK.getCurrentThreadCpuTime() - prefilled) / 1e9
      };
    }
  }

  /** Does what the CUDA runner does on the host before it launches a step. */
  private static final class PlanningRunner extends ForwardingModelRunner {
    private final AttentionPlanner planner =
        new AttentionPlanner(
            new AttentionShape(128, 4, false, true), 8, 16, 0, MULTIPROCESSORS, MAX_PARTIALS);

    private final int stepTokens;
    private int lastTokens;

    PlanningRunner(int stepTokens) {
      super(new InstantRunner());
      this.stepTokens = stepTokens;
    }

    @Override
    public int maxStepTokens() {
      return stepTokens;
    }

    @Override
    public Logits run(StepBatch batch) {
      ForwardBatch forward = new ForwardBatch(batch, StepBounds.of(this));
      lastTokens = forward.tokens();
      planner.plan(forward, forward.allRows());
      planner.plan(forward, forward.logitsRows());
      return super.run(batch);
    }
  }
}
