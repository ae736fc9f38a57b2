package io.nightshift.runtime.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.kvcache.KvCache;
import io.nightshift.runtime.runner.StepTimes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TailPolicyTest {
  private static final int BLOCK_SIZE = 4;

  /** As long for up to 16 tokens as for 16. */
  private static final StepTimes STEPWISE = tokens -> Math.max(16, tokens);

  @Test
  void theLongestOutputsStartFirstWhereAllFit() {
    Scheduler scheduler = scheduler(200, 10, 10, Optional.empty());
    addWithOutputs(scheduler, 2, 9, 5, 1, 1, 1, 1, 1);

    assertThat(firstTokens(scheduler.schedule())).containsExactly(2, 3);
  }

  @Test
  void thePlannedOrderStaysWhereNotAllFit() {
    Scheduler fewRunning = scheduler(200, 10, 2, Optional.empty());
    addWithOutputs(fewRunning, 2, 9, 5, 1, 1, 1, 1, 1);
    assertThat(firstTokens(fewRunning.schedule())).containsExactly(1, 2);

    Scheduler fewBlocks = scheduler(16, 10, 10, Optional.empty());
    addWithOutputs(fewBlocks, 2, 9, 5, 1, 1, 1, 1, 1);
    assertThat(firstTokens(fewBlocks.schedule())).containsExactly(1, 2);
  }

  @Test
  void asManyRunAsEndSoonestAndTheirPlacesAreFilledTogether() {
    Scheduler scheduler = scheduler(2_000, 64, 128, Optional.of(STEPWISE));
    addWithOutputs(scheduler, outputsOfOneLongAndManyShort());

    List<Integer> running = new ArrayList<>();
    List<Integer> started = new ArrayList<>();
    while (scheduler.waitingCount() > 0) {
      int before = scheduler.runningCount();
      SchedulerOutput step = scheduler.schedule();
      running.add(scheduler.runningCount());
      started.add(scheduler.runningCount() - before);
      append(step, scheduler);
    }
    started.remove(started.size() - 1);

    assertThat(running).allMatch(count -> count <= 16).contains(16);
    assertThat(started).allMatch(count -> count == 0 || count >= 16 / 8);
    assertThat(scheduler.counters().promptTokens()).isEqualTo(128 * 5);
  }

  @Test
  void moreToDoPutsTheEndOff() {
    Scheduler scheduler = scheduler(2_000, 64, 129, Optional.of(STEPWISE));
    addWithOutputs(scheduler, outputsOfOneLongAndManyShort());
    scheduler.schedule();
    int held = scheduler.waitingCount();
    // Far too long to run beside the others.
    scheduler.add(Sequence.generating(new int[] {1_000}, 7_000));

    scheduler.schedule();

    assertThat(held).isGreaterThan(100);
    assertThat(scheduler.waitingCount()).isLessThan(held);
    assertThat(scheduler.runningCount()).isGreaterThan(16);
  }

  /** 1,116 tokens, no more than 12 in each of the hundred steps that the long one takes. */
  private static int[] outputsOfOneLongAndManyShort() {
    int[] outputs = new int[128];
    Arrays.fill(outputs, 8);
    outputs[77] = 100;
    return outputs;
  }

  /** Gives sequences their tokens, and finishes those that have all. */
  private static void append(SchedulerOutput step, Scheduler scheduler) {
    for (ScheduledSequence part : step.sequences()) {
      Sequence sequence = part.sequence();
      if (part.last()) {
        sequence.append(0);
        if (sequence.length() == sequence.maxLength()) {
          scheduler.finish(sequence);
        }
      }
    }
  }

  private static Scheduler scheduler(
      int blocks, int stepTokens, int running, Optional<StepTimes> times) {
    return new Scheduler(
        new KvCache(blocks, BLOCK_SIZE), new SchedulerLimits(stepTokens, 100, running), times);
  }

  /** Prompts of 5 tokens that begin with 1, 2, ..., and want so many output tokens. */
  private static void addWithOutputs(Scheduler scheduler, int... outputs) {
    for (int i = 0; i < outputs.length; i++) {
      scheduler.add(Sequence.generating(new int[] {i + 1, 0, 0, 0, 0}, 5 + outputs[i]));
    }
  }

  private static int[] firstTokens(SchedulerOutput step) {
    return step.sequences().stream().mapToInt(part -> part.query().tokens()[0]).toArray();
  }
}
