package io.nightshift.runtime.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.runner.HostCopy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HostCopyBatchTest {
  private static final long BLOCK_BYTES = 10;
  private static final int GROUPS = 2;
  private static final int DEVICE_BLOCKS = 7;
  private static final int HOST_BLOCKS = 9;

  private static HostCopy store(int block, int hostBlock) {
    return new HostCopy(true, 0, block, hostBlock, false);
  }

  private static HostCopy load(int hostBlock, int block) {
    return new HostCopy(false, 0, block, hostBlock, false);
  }

  private static List<HostCopyBatch> batches(long mostBytes, HostCopy... copies) {
    return HostCopyBatch.of(List.of(copies), group -> BLOCK_BYTES, mostBytes);
  }

  @Test
  void blocksThatLeaveAndComeInTurnShareBatches() {
    assertThat(batches(30, store(1, 8), load(3, 1), store(2, 7), load(4, 2)))
        .containsExactly(
            new HostCopyBatch(true, false, false, List.of(store(2, 7), store(1, 8))),
            new HostCopyBatch(false, false, false, List.of(load(3, 1), load(4, 2))));
  }

  @Test
  void aBatchHasRoomForSoManyBytes() {
    assertThat(batches(25, store(1, 1), store(2, 2), store(3, 3), load(4, 4)))
        .extracting(batch -> batch.copies().size())
        .containsExactly(2, 1, 1);
    assertThat(
            HostCopyBatch.of(
                List.of(
                    new HostCopy(true, 0, 1, 1, false),
                    new HostCopy(true, 1, 1, 1, false),
                    new HostCopy(true, 0, 2, 2, false)),
                group -> group == 0 ? 5 : 20,
                25))
        .extracting(batch -> batch.copies().size())
        .containsExactly(2, 1);
  }

  @Test
  void whatWaitsForTheStepBeforeHoldsUpNothingBeforeIt() {
    HostCopy late = new HostCopy(true, 0, 3, 3, true);

    assertThat(batches(100, store(1, 1), load(2, 2), late, load(4, 4)))
        .extracting(HostCopyBatch::afterPrevious)
        .containsExactly(false, false, true, true);
  }

  @Test
  void aBlockThatCameAndLeavesWaits() {
    assertThat(batches(100, load(2, 2), store(2, 5), store(3, 6), store(4, 7)))
        .extracting(HostCopyBatch::afterLoads)
        .containsExactly(false, true);
    assertThat(batches(20, load(2, 2), store(4, 2), store(3, 6), store(5, 7)))
        .extracting(HostCopyBatch::afterLoads)
        .containsExactly(false, true, false);
  }

  /** In any order of the four streams that {@link HostBlockCopies} allows. */
  @Test
  void batchesHaveTheEffectOfCopiesInTurn() {
    Random random = new Random();
    for (int i = 0; i < 2000; i++) {
      List<HostCopy> copies = copies(random);
      long mostBytes = BLOCK_BYTES * (1 + random.nextInt(8));
      int[] expected = memory(random);
      int[] inBatches = expected.clone();
      copies.forEach(copy -> expected[target(copy)] = expected[source(copy)]);

      run(HostCopyBatch.of(copies, group -> BLOCK_BYTES, mostBytes), inBatches, random);

      assertThat(inBatches).as(copies.toString()).isEqualTo(expected);
    }
  }

  private static List<HostCopy> copies(Random random) {
    List<HostCopy> copies = new ArrayList<>();
    for (int i = random.nextInt(30); i >= 0; i--) {
      copies.add(
          new HostCopy(
              random.nextBoolean(),
              random.nextInt(GROUPS),
              random.nextInt(DEVICE_BLOCKS),
              random.nextInt(HOST_BLOCKS),
              random.nextInt(20) == 0));
    }
    return copies;
  }

  private static int[] memory(Random random) {
    return random.ints(GROUPS * (DEVICE_BLOCKS + HOST_BLOCKS)).toArray();
  }

  private static int device(HostCopy copy) {
    return copy.group() * (DEVICE_BLOCKS + HOST_BLOCKS) + copy.block();
  }

  private static int host(HostCopy copy) {
    return copy.group() * (DEVICE_BLOCKS + HOST_BLOCKS) + DEVICE_BLOCKS + copy.hostBlock();
  }

  private static int source(HostCopy copy) {
    return copy.toHost() ? device(copy) : host(copy);
  }

  private static int target(HostCopy copy) {
    return copy.toHost() ? host(copy) : device(copy);
  }

  /** A batch fills its staging buffer, and empties it later. */
  private static void run(List<HostCopyBatch> batches, int[] memory, Random random) {
    int[][] staged = new int[batches.size()][];
    boolean[] done = new boolean[batches.size()];
    while (!allDone(done)) {
      int next = random.nextInt(batches.size());
      HostCopyBatch batch = batches.get(next);
      if (staged[next] == null) {
        if (mayFill(batches, staged, done, next)) {
          staged[next] = batch.copies().stream().mapToInt(copy -> memory[source(copy)]).toArray();
        }
      } else if (!done[next] && ofDirection(batches, next).stream().allMatch(i -> done[i])) {
        for (int i = 0; i < staged[next].length; i++) {
          memory[target(batch.copies().get(i))] = staged[next][i];
        }
        done[next] = true;
      }
    }
  }

  private static boolean mayFill(
      List<HostCopyBatch> batches, int[][] staged, boolean[] done, int next) {
    HostCopyBatch batch = batches.get(next);
    for (int i = 0; i < next; i++) {
      boolean same = batches.get(i).toHost() == batch.toHost();
      boolean waits = !same && (!batch.toHost() || batch.afterLoads());
      if (same && staged[i] == null || waits && !done[i]) {
        return false;
      }
    }
    return true;
  }

  /** The batches before one in its direction. */
  private static List<Integer> ofDirection(List<HostCopyBatch> batches, int next) {
    List<Integer> before = new ArrayList<>();
    for (int i = 0; i < next; i++) {
      if (batches.get(i).toHost() == batches.get(next).toHost()) {
        before.add(i);
      }
    }
    return before;
  }

  private static boolean allDone(boolean[] done) {
    boolean[] all = new boolean[done.length];
    Arrays.fill(all, true);
    return Arrays.equals(done, all);
  }
}
