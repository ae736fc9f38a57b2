package io.nightshift.runtime.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.cuda.kernels.AttentionPlanner;
import io.nightshift.runtime.cuda.kernels.AttentionShape;
import io.nightshift.runtime.runner.BlockGroup;
import io.nightshift.runtime.runner.ForwardBatch;
import io.nightshift.runtime.runner.LogitsRequest;
import io.nightshift.runtime.runner.StepBatch;
import io.nightshift.runtime.runner.StepBounds;
import io.nightshift.runtime.runner.StepSequence;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Steps of models whose layers have different sliding windows. */
class StepPackerTest {
  private static final int BLOCK_SIZE = 4;
  private static final int BLOCKS = 1000;

  private final Random random = new Random();
  private final StepPacker packer = new StepPacker(List.of(planner(0), planner(16)), 1, 64);

  private static AttentionPlanner planner(int window) {
    return new AttentionPlanner(
        new AttentionShape(64, 4, false, true), 2, BLOCK_SIZE, window, 132, 1000);
  }

  private DeviceStep pack(ForwardBatch batch, boolean repeats) {
    ByteBuffer bytes = ByteBuffer.allocateDirect(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
    return packer.pack(1, batch, null, repeats, new StepBuffer(bytes, 1 << 20));
  }

  private ForwardBatch decodes(int count) {
    List<StepSequence> sequences = new ArrayList<>();
    List<LogitsRequest> requests = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      sequences.add(sequence(1, 1 + random.nextInt(150)));
      requests.add(new LogitsRequest(i, null));
    }
    return batch(sequences, requests);
  }

  private StepSequence sequence(int tokens, int context) {
    int[] blocks = random.ints((context + BLOCK_SIZE - 1) / BLOCK_SIZE, 0, BLOCKS).toArray();
    return new StepSequence(random.ints(tokens, 0, 10).toArray(), context, blocks, null);
  }

  private static ForwardBatch batch(List<StepSequence> sequences, List<LogitsRequest> requests) {
    return new ForwardBatch(
        new StepBatch(sequences, List.of(), requests),
        new StepBounds(
            10,
            BLOCKS * BLOCK_SIZE,
            BLOCK_SIZE,
            List.of(new BlockGroup(0, BLOCKS), new BlockGroup(16, BLOCKS))));
  }

  @Test
  void decodesOfEqualNumbersHaveEqualLaunchesWhateverTheirContexts() {
    DeviceStep first = pack(decodes(7), true);

    assertThat(first.attention()).hasSize(2);
    assertThat(pack(decodes(7), true)).isEqualTo(first);
    assertThat(pack(decodes(8), true)).isEqualTo(first);
    assertThat(pack(decodes(9), true)).isNotEqualTo(first);
  }

  @Test
  void theLastLayersRowsHaveItsWindowAlone() {
    StepSequence prompt = sequence(40, 200);
    ForwardBatch batch = batch(List.of(prompt), List.of(new LogitsRequest(39, null)));

    DeviceStep step = pack(batch, false);

    assertThat(step.attention()).hasSize(2);
    DeviceStep.LogitsRows kept = step.logitsRows();
    assertThat(kept).isNotNull();
    assertThat(kept.count()).isEqualTo(1);
    assertThat(kept.attention().rows().rows()).isEqualTo(1);
    assertThat(IntStream.range(0, 2).mapToObj(step.attention()::get))
        .allSatisfy(plan -> assertThat(plan.rows().rows()).isEqualTo(40));
  }
}
