package io.nightshift.benchmarks;

import io.nightshift.operators.infer.TaskEngine;
import io.nightshift.operators.plan.PlannedRow;
import io.nightshift.runtime.engine.Completion;
import io.nightshift.runtime.engine.FinishReason;
import io.nightshift.runtime.engine.LlmEngine;
import io.nightshift.runtime.engine.Request;
import io.nightshift.runtime.sampling.SamplingParameters;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Measures the overhead of the infer job, from work units on disk to Parquet files: its rows per
 * second, and in alternating runs those of an engine alone with the same requests in the same
 * order. Both have the same model, and each run has its own engine. Rates of both are from the
 * beginning of the first step to the end of the last one; the time of the whole job, from its
 * submission, has Flink's start and end in it too, but not the model's start.
 *
 * <pre>InferBench ROWS RUNS [MODEL]</pre>
 *
 * <p>{@link LabelRows} says what the rows are, {@link BenchModel#open} what models there are;
 * without one, {@code free}.
 */
public final class InferBench {
  private static final int WARM_UP_ROWS = 256;

  private static final SamplingParameters SAMPLING =
      new SamplingParameters(
          0,
          0,
          1,
          0,
          1,
          0,
          LabelRows.ANSWER_TOKENS,
          List.of(),
          /* ignoreEndOfSequence= */ true,
          false);

  private InferBench() {}

  /** Runs the benchmark; see the class. */
  public static void main(String[] arguments) throws Exception {
    int count = Integer.parseInt(arguments[0]);
    int runs = Integer.parseInt(arguments[1]);
    String name = arguments.length > 2 ? arguments[2] : "free";
    long began = System.nanoTime();
    try (BenchModel model = BenchModel.open(name)) {
      System.out.printf(
          "model %s made in %.1f s, %,d rows%n", name, (System.nanoTime() - began) / 1e9, count);
      List<PlannedRow> rows = LabelRows.planned(model.vocabularySize(), count);
      answer(model, rows.subList(0, Math.min(WARM_UP_ROWS, count)));
      double[] alone = new double[runs];
      double[] inJob = new double[runs];
      double[] wholeJob = new double[runs];
      for (int run = 0; run < runs; run++) {
        answer(model, rows);
        alone[run] = model.runner().secondsOfSteps();
        MeasuredInferJob.Seconds job = MeasuredInferJob.run(model, rows, SAMPLING);
        inJob[run] = job.steps();
        wholeJob[run] = job.whole();
        print("run " + (run + 1), count, alone[run], inJob[run], wholeJob[run]);
        System.out.printf(
            "  of the job's time, %.2f s before the first step and %.2f s after the last%n",
            job.start(), job.end());
      }
      print("medians", count, median(alone), median(inJob), median(wholeJob));
    }
  }

  private static void print(String what, int rows, double alone, double inJob, double wholeJob) {
    System.out.printf(
        "%s: engine alone %,.1f rows/s (%.2f s); in the job %,.1f (%.2f s), %.3f of it; the whole"
            + " job %,.1f (%.2f s), %.3f of it%n",
        what,
        rows / alone,
        alone,
        rows / inJob,
        inJob,
        alone / inJob,
        rows / wholeJob,
        wholeJob,
        alone / wholeJob);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  /** Answers rows with an engine alone, which has as many waiting as one in a job. */
  private static void answer(BenchModel model, List<PlannedRow> rows) throws Exception {
    Deque<PlannedRow> left = new ArrayDeque<>(rows);
    try (TaskEngine task = model.engine()) {
      LlmEngine engine = task.engine();
      int unfinished = 0;
      while (!left.isEmpty() || engine.hasUnfinished()) {
        for (; unfinished < model.lookAheadRows() && !left.isEmpty(); unfinished++) {
          PlannedRow row = left.remove();
          engine.add(new Request(row.sourceRow(), row.tokens(), SAMPLING, Optional.empty()));
        }
        List<Completion> completions = engine.step();
        completions.forEach(InferBench::requireAnswer);
        unfinished -= completions.size();
      }
    }
  }

  private static void requireAnswer(Completion completion) {
    if (completion.finishReason() == FinishReason.ERROR) {
      throw new IllegalStateException(
          "row " + completion.id() + " was not answered: " + completion.errorMessage());
    }
  }
}
