package io.nightshift.operators.infer;

import io.nightshift.connectors.arrow.ArrowMemory;
import io.nightshift.connectors.arrow.row.ArrowRowCodec;
import io.nightshift.connectors.units.WorkUnit;
import io.nightshift.connectors.units.WorkUnitCutter;
import io.nightshift.operators.plan.PlannedRow;
import io.nightshift.operators.plan.PlannedRowFormat;
import io.nightshift.runtime.engine.LlmEngine;
import io.nightshift.runtime.engine.Request;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/** Planned rows with duplicates and errors among them, and their answers. */
final class RandomPlannedRows {
  static final Schema KEPT = new Schema(List.of(Field.nullable("id", new ArrowType.Int(64, true))));
  static final int COUNT = 400;

  private RandomPlannedRows() {}

  static List<PlannedRow> create() {
    Random random = new Random(3);
    List<PlannedRow> rows = new ArrayList<>();
    ArrowRowCodec codec = new ArrowRowCodec(KEPT);
    try (VectorSchemaRoot root = VectorSchemaRoot.create(KEPT, ArrowMemory.allocator())) {
      for (int id = 0; id < COUNT; id++) {
        ((BigIntVector) root.getVector("id")).setSafe(0, id);
        byte[] columns = codec.encode(root, 0);
        boolean bad = random.nextInt(20) == 0;
        boolean duplicate = id > 0 && random.nextInt(3) == 0;
        int[] tokens =
            bad
                ? new int[0]
                : duplicate
                    ? rows.get(random.nextInt(id)).tokens()
                    : random.ints(1 + random.nextInt(40), 4, FakeEngines.VOCABULARY).toArray();
        bad |= tokens.length == 0;
        rows.add(
            new PlannedRow(
                tokens, "file", id, columns, bad ? "template_error" : null, bad ? "bad" : null));
      }
    }
    rows.sort(Comparator.comparing(PlannedRow::tokens, Arrays::compare));
    return rows;
  }

  /** Writes them as the units of a plan. */
  static List<WorkUnit> write(List<PlannedRow> rows, org.apache.flink.core.fs.Path plan)
      throws IOException {
    List<WorkUnit> units = new ArrayList<>();
    try (WorkUnitCutter<PlannedRow> cutter =
        new WorkUnitCutter<>(
            plan, new PlannedRowFormat(KEPT), 600, 4, 0, ArrowMemory.allocator())) {
      for (PlannedRow row : rows) {
        cutter.add(row).ifPresent(units::add);
      }
      cutter.finish().ifPresent(units::add);
    }
    return units;
  }

  /** What an engine says that has never seen another row. */
  static Map<Long, String> aloneAnswers(List<PlannedRow> rows, AnswerSpecification specification)
      throws Exception {
    Map<Long, String> answers = new TreeMap<>();
    for (PlannedRow row : rows) {
      if (row.errorCode() != null) {
        answers.put(row.sourceRow(), "null error " + row.errorCode());
        continue;
      }
      try (TaskEngine alone = new FakeEngines().create()) {
        LlmEngine engine = alone.engine();
        engine.add(
            new Request(
                0,
                row.tokens(),
                specification.sampling(),
                Optional.ofNullable(specification.choices())));
        while (engine.hasUnfinished()) {
          engine
              .step()
              .forEach(
                  completion ->
                      answers.put(
                          row.sourceRow(),
                          completion.text()
                              + " "
                              + completion.finishReason().columnValue()
                              + " "
                              + null));
        }
      }
    }
    return answers;
  }
}
