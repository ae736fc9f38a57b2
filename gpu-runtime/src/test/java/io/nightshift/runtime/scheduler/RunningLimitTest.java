package io.nightshift.runtime.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.nightshift.runtime.runner.StepTimes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RunningLimitTest {
  private static final StepTimes STEPWISE = tokens -> 16 * ((tokens + 15) / 16);

  @Test
  void allAtOnceWhereStepsCostTheSameOrTokensDo() {
    int[] outputs = {50, 40, 7, 7, 3, 1, 1, 1};

    assertThat(new RunningLimit(outputs, 0, tokens -> 1).best()).isEqualTo(8);
    assertThat(new RunningLimit(outputs, 0, tokens -> tokens).best()).isEqualTo(8);
  }

  @Test
  void fewerWhereTheLongestOutputWouldBeAlone() {
    int[] outputs = oneLongAndManyShort();

    int best = new RunningLimit(outputs, 0, STEPWISE).best();

    // 2,040 tokens in 120 steps: 17 a step, and steps of 16 tokens cost no more than one of 1.
    assertThat(best).isBetween(15, 32);
    assertThat(new RunningLimit(outputs, 0, STEPWISE).seconds(best))
        .isLessThan(0.7 * new RunningLimit(outputs, 0, STEPWISE).seconds(241));
  }

  @Test
  void neverFewerThanRunAlready() {
    int[] outputs = oneLongAndManyShort();

    assertThat(new RunningLimit(outputs, 100, STEPWISE).best()).isGreaterThanOrEqualTo(100);
  }

  @Test
  void timesAreThoseOfStepAfterStep() {
    Random random = new Random();
    for (int run = 0; run < 200; run++) {
      int count = 1 + random.nextInt(40);
      int[] outputs = random.ints(count, 0, 30).toArray();
      int width = 1 + random.nextInt(count);

      assertThat(new RunningLimit(outputs, 0, STEPWISE).seconds(width))
          .as("%s, %d at a time", Arrays.toString(outputs), width)
          .isCloseTo(simulated(outputs, width), within(1e-6));
    }
  }

  private static int[] oneLongAndManyShort() {
    int[] outputs = new int[241];
    Arrays.fill(outputs, 8);
    outputs[0] = 120;
    return outputs;
  }

  /** Runs the sequences in steps of a token each, the next one wherever one has ended. */
  private static double simulated(int[] outputs, int width) {
    List<Integer> waiting = new ArrayList<>(Arrays.stream(outputs).boxed().toList());
    List<Integer> running = new ArrayList<>();
    double seconds = 0;
    while (true) {
      running.removeIf(left -> left == 0);
      while (running.size() < width && !waiting.isEmpty()) {
        int next = waiting.remove(0);
        if (next > 0) {
          running.add(next);
        }
      }
      if (running.isEmpty()) {
        return seconds;
      }
      seconds += STEPWISE.seconds(running.size());
      running.replaceAll(left -> left - 1);
    }
  }
}
