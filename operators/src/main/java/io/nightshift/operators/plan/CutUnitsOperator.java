package io.nightshift.operators.plan;

import io.nightshift.connectors.arrow.ArrowMemory;
import io.nightshift.connectors.units.WorkUnit;
import io.nightshift.connectors.units.WorkUnitCutter;
import io.nightshift.operators.report.RowErrors;
import io.nightshift.operators.report.RunCounter;
import io.nightshift.operators.tokenize.PromptKey;
import io.nightshift.operators.tokenize.RowPayload;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.flink.api.common.accumulators.LongCounter;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.core.fs.Path;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/** Writes the sorted rows of a range to work units, and emits a description of the range. */
public final class CutUnitsOperator extends AbstractStreamOperator<PlannedRange>
    implements OneInputStreamOperator<Tuple3<Integer, PromptKey, RowPayload>, PlannedRange>,
        BoundedOneInput {
  private static final long serialVersionUID = 1L;

  private final Path folder;
  private final String keptSchemaJson;
  private final long unitTokens;
  private final int tokensOfAnswer;

  private transient WorkUnitCutter<PlannedRow> cutter;
  private transient List<WorkUnit> units;
  private transient RowErrors errors;
  private transient LargestPrefixes largestPrefixes;
  private transient PrefixSurvey prefixes;
  private transient LongCounter rowsPlanned;
  private transient LongCounter tokensToCompute;

  /**
   * @param folder of the plan
   * @param kept schema of the kept input columns
   * @param unitTokens target cost of a unit, see {@link WorkUnitCutter}
   * @param tokensOfAnswer expected tokens of an answer, at least 1
   */
  @SuppressWarnings("NullAway.Init") // Flink calls open() first
  public CutUnitsOperator(Path folder, Schema kept, long unitTokens, int tokensOfAnswer) {
    this.folder = folder;
    this.keptSchemaJson = kept.toJson();
    this.unitTokens = unitTokens;
    this.tokensOfAnswer = tokensOfAnswer;
  }

  @Override
  public void open() throws Exception {
    super.open();
    rowsPlanned = RunCounter.ROWS_PLANNED.register(getRuntimeContext());
    tokensToCompute = RunCounter.TOKENS_TO_COMPUTE.register(getRuntimeContext());
    units = new ArrayList<>();
    errors = new RowErrors();
    largestPrefixes = new LargestPrefixes();
    prefixes = new PrefixSurvey(largestPrefixes);
    cutter =
        new WorkUnitCutter<>(
            folder,
            new PlannedRowFormat(Schema.fromJSON(keptSchemaJson)),
            unitTokens,
            tokensOfAnswer,
            getRuntimeContext().getTaskInfo().getIndexOfThisSubtask(),
            ArrowMemory.allocator(getRuntimeContext()));
  }

  @Override
  public void processElement(StreamRecord<Tuple3<Integer, PromptKey, RowPayload>> element)
      throws IOException {
    PromptKey key = element.getValue().f1;
    RowPayload payload = element.getValue().f2;
    keep(
        cutter.add(
            new PlannedRow(
                key.tokens(),
                key.sourceFile(),
                key.sourceRow(),
                payload.columns,
                payload.errorCode,
                payload.errorMessage)));
    prefixes.add(key.tokens());
    if (payload.errorCode != null) {
      errors.add(payload.errorCode, key.sourceFile(), key.sourceRow(), payload.errorMessage);
    }
    rowsPlanned.add(1);
  }

  @Override
  public void endInput() throws IOException {
    keep(cutter.finish());
    prefixes.finish();
    PlanSummary summary =
        new PlanSummary(
            errors.getLocalValue(),
            new ArrayList<>(largestPrefixes.toList()),
            prefixes.sharing(),
            prefixes.longest());
    output.collect(
        new StreamRecord<>(
            new PlannedRange(new ArrayList<>(units), summary, prefixes.first(), prefixes.last())));
  }

  private void keep(Optional<WorkUnit> ended) {
    ended.ifPresent(
        unit -> {
          tokensToCompute.add(unit.storedElements());
          units.add(unit);
        });
  }

  @Override
  public void close() throws Exception {
    if (cutter != null) {
      cutter.close();
    }
    super.close();
  }
}
