package io.nightshift.operators.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.connectors.arrow.ArrowBatch;
import io.nightshift.connectors.arrow.ArrowMemory;
import io.nightshift.connectors.arrow.row.ArrowRowCodec;
import io.nightshift.connectors.lease.Ownership;
import io.nightshift.connectors.units.RowSelection;
import io.nightshift.connectors.units.WorkUnit;
import io.nightshift.connectors.units.WorkUnitReader;
import io.nightshift.operators.tokenize.PromptKey;
import io.nightshift.operators.tokenize.RowPayload;
import io.nightshift.operators.tokenize.TokenizeFunction;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plans of synthetic prompts in a MiniCluster of three tasks. */
class PrefixPlanITCase {
  private static final Schema NOTHING_KEPT = new Schema(List.of());
  private static final int ROWS = 20_000;
  private static final int GROUPS = 1_000;
  private static final int PREFIX = 64;
  private static final int OWN = 16;

  @TempDir private Path folder;

  @Test
  void aShuffledDataSetSharesAsMuchAsASortedOne() throws Exception {
    PlanManifest plan = plan();

    // Every group's prefix once, every row's own tokens once; own tokens hardly have anything in
    // common.
    long sorted = (long) GROUPS * PREFIX + (long) ROWS * OWN;
    assertThat(plan.rows()).isEqualTo(ROWS);
    assertThat(plan.promptTokens()).isEqualTo((long) ROWS * (PREFIX + OWN));
    assertThat(plan.computedTokens() / (double) sorted).isBetween(0.95, 1.01);
  }

  @Test
  void unitsInPlannedOrderHaveEachRowOnceSorted() throws Exception {
    PlanManifest plan = plan();
    assertThat(plan.units()).hasSizeGreaterThan(9);
    List<Long> rows = new ArrayList<>();
    int[] previous = {};
    for (WorkUnit unit : plan.units()) {
      try (WorkUnitReader reader =
          new WorkUnitReader(
              path(), unit, RowSelection.all(unit), PlannedColumns.KEY, ArrowMemory.allocator())) {
        for (Optional<ArrowBatch> next = reader.next(); next.isPresent(); next = reader.next()) {
          try (ArrowBatch batch = next.get()) {
            VectorSchemaRoot root = batch.root();
            for (int row = 0; row < batch.rows(); row++) {
              long id = ((BigIntVector) root.getVector("source_row")).get(row);
              int[] tokens = tokens(id);
              assertThat(Arrays.compare(previous, tokens)).isLessThanOrEqualTo(0);
              previous = tokens;
              rows.add(id);
            }
          }
        }
      }
    }
    assertThat(rows).hasSize(ROWS).doesNotHaveDuplicates();
  }

  private PlanManifest plan() throws Exception {
    StreamExecutionEnvironment environment =
        StreamExecutionEnvironment.createLocalEnvironment(3, new Configuration());
    environment.setRuntimeMode(RuntimeExecutionMode.BATCH);
    environment.getConfig().enableObjectReuse();
    var prompts =
        environment
            .fromSequence(0, ROWS - 1)
            .map(PrefixPlanITCase::row)
            .returns(TokenizeFunction.ROW_TYPE);
    PrefixPlan.of(prompts, ROWS, path(), NOTHING_KEPT, 20_000, 4)
        .sinkTo(new ManifestSink(path(), List.of(), NOTHING_KEPT, Ownership.UNDISPUTED))
        .setParallelism(1);
    environment.execute();
    return PlanManifest.read(path()).orElseThrow();
  }

  private static Tuple2<PromptKey, RowPayload> row(long id) {
    RowPayload payload = new RowPayload();
    try (VectorSchemaRoot nothing =
        VectorSchemaRoot.create(NOTHING_KEPT, ArrowMemory.allocator())) {
      payload.columns = new ArrowRowCodec(NOTHING_KEPT).encode(nothing, 0);
    }
    return Tuple2.of(new PromptKey(tokens(id), "synthetic", id), payload);
  }

  /** A prompt of one of the groups; neighbors in the input are of different ones. */
  private static int[] tokens(long id) {
    SplittableRandom group = new SplittableRandom(id * 7919 % GROUPS);
    SplittableRandom own = new SplittableRandom(~id);
    int[] tokens = new int[PREFIX + OWN];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = (i < PREFIX ? group : own).nextInt(50_000);
    }
    return tokens;
  }

  private org.apache.flink.core.fs.Path path() {
    return new org.apache.flink.core.fs.Path(folder.toUri());
  }
}
