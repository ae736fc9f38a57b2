package io.nightshift.runtime.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.runtime.kvcache.KvCache;
import io.nightshift.runtime.runner.BlockGroup;
import io.nightshift.runtime.runner.StepSequence;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SchedulerTest {

  private static final int BLOCK_SIZE = 4;

  private static Scheduler scheduler(int blocks, int stepTokens, int running) {
    return new Scheduler(
        new KvCache(blocks, BLOCK_SIZE),
        new SchedulerLimits(stepTokens, 100, running),
        Optional.empty());
  }

  /** A prompt that shares nothing with one of another {@code first} token. */
  private static int[] prompt(int first, int length) {
    return IntStream.range(0, length).map(i -> i == 0 ? first : i).toArray();
  }

  private static Sequence generating(Scheduler scheduler, int first, int length) {
    Sequence sequence = Sequence.generating(prompt(first, length), 1000);
    scheduler.add(sequence);
    return sequence;
  }

  /** The query lengths of the next step; sequences that are complete get a token. */
  private static List<Integer> step(Scheduler scheduler) {
    List<ScheduledSequence> scheduled = scheduler.schedule().sequences();
    scheduled.stream().filter(ScheduledSequence::last).forEach(part -> part.sequence().append(0));
    return scheduled.stream().map(part -> part.query().tokens().length).toList();
  }

  @Test
  void stepsMixDecodesAndChunksOfPromptsWithinTheBudget() {
    Scheduler scheduler = scheduler(100, 10, 10);
    generating(scheduler, 1, 6);
    generating(scheduler, 2, 13);
    generating(scheduler, 3, 3);

    assertThat(step(scheduler)).containsExactly(6, 4);
    assertThat(step(scheduler)).containsExactly(1, 9);
    assertThat(step(scheduler)).containsExactly(1, 1, 3);
    assertThat(step(scheduler)).containsExactly(1, 1, 1);
  }

  @Test
  void runningSequencesAreLimited() {
    Scheduler scheduler = scheduler(100, 100, 2);
    Sequence first = generating(scheduler, 1, 5);
    generating(scheduler, 2, 5);
    generating(scheduler, 3, 5);

    assertThat(step(scheduler)).containsExactly(5, 5);
    assertThat(step(scheduler)).containsExactly(1, 1);
    scheduler.finish(first);
    assertThat(step(scheduler)).containsExactly(1, 5);
  }

  @Test
  void aSequenceIsAdmittedOnlyWithBlocksForItsWholePromptAndOneForEachDecode() {
    Scheduler scheduler = scheduler(6, 100, 10);
    Sequence first = generating(scheduler, 1, 8);
    generating(scheduler, 2, 16);

    // Two blocks and four would fit, but not with a spare one for the first sequence.
    assertThat(step(scheduler)).containsExactly(8);
    assertThat(scheduler.waitingCount()).isEqualTo(1);
    scheduler.finish(first);
    assertThat(step(scheduler)).containsExactly(16);
  }

  @Test
  void theLastAdmittedIsPreemptedAndFindsItsPromptAgain() {
    Scheduler scheduler = scheduler(7, 100, 10);
    Sequence first = generating(scheduler, 1, 8);
    Sequence second = generating(scheduler, 2, 8);
    step(scheduler);
    // Both grow by a block every fourth step; the pool has seven.
    while (scheduler.counters().preemptions() == 0) {
      assertThat(first.length()).isLessThan(17);
      step(scheduler);
    }
    assertThat(first.blocks).isNotNull();
    assertThat(second.blocks).isNull();
    assertThat(scheduler.waitingCount()).isEqualTo(1);
    assertThat(second.outputLength()).isPositive();

    scheduler.finish(first);
    int outputs = second.outputLength();
    // The first sequence has taken the last block of the pool only: the second's prompt is there.
    assertThat(step(scheduler)).containsExactly(outputs);
    assertThat(second.cachedTokens()).isZero();
    assertThat(scheduler.counters().recomputedTokens()).isEqualTo(outputs - 1);
  }

  @Test
  void neighborsOfTheSameStepShareWholeBlocks() {
    Scheduler scheduler = scheduler(100, 100, 10);
    for (int last = 0; last < 3; last++) {
      int[] prompt = Arrays.copyOf(prompt(1, 10), 12);
      prompt[11] = last;
      scheduler.add(Sequence.generating(prompt, 1000));
    }

    List<ScheduledSequence> scheduled = scheduler.schedule().sequences();

    assertThat(scheduled)
        .extracting(part -> part.query().tokens().length)
        .containsExactly(12, 4, 4);
    assertThat(scheduled.get(1).query().blocks(0))
        .startsWith(scheduled.get(0).query().blocks(0)[0]);
    assertThat(scheduler.counters().cachedTokens()).isEqualTo(16);
    assertThat(scheduler.counters().promptTokens()).isEqualTo(20);
  }

  @Test
  void aTreeGoesWithTheLastTokenOrWaits() {
    Scheduler scheduler = scheduler(100, 10, 10);
    TokenTree tree = new TokenTree(new int[] {7, 8, 9}, new int[] {-1, 0, 0}, 4);
    scheduler.add(Sequence.scoring(prompt(1, 9), tree));

    ScheduledSequence first = scheduler.schedule().sequences().get(0);
    assertThat(first.last()).isFalse();
    assertThat(first.query().tokens()).hasSize(8);

    ScheduledSequence second = scheduler.schedule().sequences().get(0);
    assertThat(second.last()).isTrue();
    assertThat(second.query().tokens()).containsExactly(8, 7, 8, 9);
    assertThat(second.query().contextLength()).isEqualTo(12);
    assertThat(second.query().treeParents()).containsExactly(-1, 0, 0);
    assertThat(second.ordinaryTokens()).isEqualTo(1);
  }

  @Test
  void aTokenThatOnlyTheDeviceKnowsIsComputedInTheNextStep() {
    Scheduler scheduler = scheduler(100, 20, 10);
    Sequence sequence = generating(scheduler, 1, 5);
    scheduler.schedule();
    sequence.appendUnknown(7);

    ScheduledSequence next = scheduler.schedule().sequences().get(0);
    assertThat(next.query().tokens()).containsExactly(StepSequence.sampledBefore(7));
    assertThat(next.query().contextLength()).isEqualTo(6);
    sequence.appendUnknown(0);
    assertThat(sequence.outputLength()).isZero();
    sequence.append(11);
    assertThat(sequence.outputTokens()).containsExactly(11);
    sequence.append(12);
    assertThat(sequence.outputTokens()).containsExactly(11, 12);
    assertThat(scheduler.schedule().sequences().get(0).query().tokens()).containsExactly(12);
  }

  @Test
  void nothingIsScheduledOfASequenceThatWaitsForItsLastToken() {
    Scheduler scheduler = scheduler(100, 20, 10);
    Sequence sequence = Sequence.generating(prompt(1, 5), 6);
    scheduler.add(sequence);
    scheduler.schedule();
    sequence.appendUnknown(0);

    assertThat(scheduler.schedule().sequences()).isEmpty();
    scheduler.finish(sequence);
    assertThat(scheduler.hasUnfinished()).isFalse();
  }

  @Test
  void aSequenceMayEndWhileItWaitsAfterAPreemption() {
    Scheduler scheduler = scheduler(5, 100, 10);
    Sequence first = generating(scheduler, 1, 8);
    Sequence second = generating(scheduler, 2, 7);
    scheduler.schedule();
    first.appendUnknown(0);
    second.appendUnknown(1);
    while (scheduler.counters().preemptions() == 0) {
      scheduler.schedule();
      first.append(3);
      first.appendUnknown(0);
    }
    scheduler.finish(second);
    assertThat(scheduler.waitingCount()).isZero();
    scheduler.finish(first);
    assertThat(scheduler.hasUnfinished()).isFalse();
  }

  @Test
  void logitsAreLimitedToo() {
    Scheduler scheduler =
        new Scheduler(
            new KvCache(100, BLOCK_SIZE), new SchedulerLimits(100, 2, 10), Optional.empty());
    generating(scheduler, 1, 5);
    generating(scheduler, 2, 5);
    generating(scheduler, 3, 5);
    assertThat(step(scheduler)).containsExactly(5, 5);
    assertThat(step(scheduler)).containsExactly(1, 1);
  }

  @Test
  void inputsAreLimitedTooButOneSequenceAlwaysGoes() {
    Scheduler scheduler =
        new Scheduler(
            new KvCache(100, BLOCK_SIZE), new SchedulerLimits(100, 100, 10, 5), Optional.empty());
    Sequence large = generating(scheduler, 1, 40);
    generating(scheduler, 2, 8);
    generating(scheduler, 3, 12);
    scheduler.add(Sequence.generating(prompt(4, 4), 1000, 3, false));

    assertThat(step(scheduler)).containsExactly(40);
    scheduler.finish(large);
    assertThat(step(scheduler)).containsExactly(8, 12);
    // One more token each would take a third and a fourth block.
    assertThat(step(scheduler)).containsExactly(1);
    assertThat(scheduler.waitingCount()).isEqualTo(1);
  }

  private static Scheduler scheduler(int stepTokens, int running, BlockGroup... groups) {
    return new Scheduler(
        new KvCache(List.of(groups), BLOCK_SIZE, stepTokens),
        new SchedulerLimits(stepTokens, 100, running),
        Optional.empty());
  }

  @Test
  void aWindowOfBlocksIsEnoughForAnyPrompt() {
    // A step of 8 tokens and a window of 6 touch at most five blocks of 4.
    Scheduler scheduler = scheduler(8, 10, new BlockGroup(6, 5));
    Sequence sequence = generating(scheduler, 1, 100);

    for (int computed = 8; computed <= 96; computed += 8) {
      StepSequence query = scheduler.schedule().sequences().get(0).query();
      assertThat(query.contextLength()).isEqualTo(computed);
      int seen = Math.max(0, computed - 8 - 5) / BLOCK_SIZE;
      int[] blocks = query.blocks(0);
      assertThat(blocks).hasSize(computed / BLOCK_SIZE);
      assertThat(Arrays.stream(blocks, 0, seen)).allMatch(block -> block == StepSequence.FREED);
      assertThat(Arrays.copyOfRange(blocks, seen, blocks.length))
          .doesNotContain(StepSequence.FREED)
          .doesNotHaveDuplicates();
    }
    assertThat(step(scheduler)).containsExactly(4);
    for (int token = 0; token < 50; token++) {
      assertThat(step(scheduler)).containsExactly(1);
    }
    scheduler.finish(sequence);
  }

  @Test
  void aTokenThatIsComputedAgainWithATreeStillHasItsWindow() {
    Scheduler scheduler = scheduler(20, 10, new BlockGroup(0, 10), new BlockGroup(1, 10));
    Sequence sequence = generating(scheduler, 1, 8);
    scheduler.schedule();
    sequence.appendUnknown(0);
    scheduler.schedule();

    // The step in flight was for nothing: a field is scored after the prompt instead.
    sequence.scoreTree(new TokenTree(new int[] {7}, new int[] {-1}, 1));

    StepSequence query = scheduler.schedule().sequences().get(0).query();
    assertThat(query.tokens()).containsExactly(7, 7);
    assertThat(query.blocks(1)[0]).isEqualTo(StepSequence.FREED);
    assertThat(query.blocks(1)[1]).isNotEqualTo(StepSequence.FREED);
  }

  @Test
  void aGroupWithAWindowLimitsHowManyRun() {
    // Three windows of two blocks each, where the group without a window has room for ten.
    Scheduler scheduler = scheduler(8, 10, new BlockGroup(0, 40), new BlockGroup(5, 9));
    for (int first = 1; first <= 10; first++) {
      generating(scheduler, first, 12);
    }
    int most = 0;
    for (int i = 0; i < 40; i++) {
      step(scheduler);
      most = Math.max(most, scheduler.runningCount());
    }
    assertThat(most).isBetween(2, 4);
  }

  @Test
  void whatCanNeverFitIsAnErrorAndNoEndlessLoop() {
    Scheduler scheduler = scheduler(2, 10, 10);
    generating(scheduler, 1, 9);
    assertThatThrownBy(scheduler::schedule)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("nothing can be scheduled: 1 waiting, 0 running, 2 of 2 blocks available");
  }
}
