package io.nightshift.job.report.answers;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nightshift.connectors.source.FileSplit;
import io.nightshift.job.report.AnswerFigures.ValueDistribution;
import io.nightshift.job.report.UncertainRow;
import io.nightshift.operators.infer.AnswerSchema;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.jspecify.annotations.Nullable;

/** Counts the rows of a part of an output. */
final class AnswerTally implements OutputScan.PartReader {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern INDEX = Pattern.compile("\\.\\d+(?=\\.|$)");
  private static final int SHOWN_CHARACTERS = 200;

  private final FileSplit part;
  private final Map<String, ValueTally> values = new TreeMap<>();
  private final LengthTally lengths = new LengthTally();
  private final ErrorTally errors = new ErrorTally();
  private final Uncertain uncertain = new Uncertain();
  private long rows;

  AnswerTally(FileSplit part) {
    this.part = part;
  }

  @Override
  public void read(VectorSchemaRoot batch, long firstRow) {
    AnswerRow cursor = new AnswerRow(batch);
    for (int index = 0; index < batch.getRowCount(); index++) {
      add(cursor.at(index), new RowPosition(part, firstRow + index));
    }
    rows += batch.getRowCount();
  }

  private void add(AnswerRow row, RowPosition position) {
    @Nullable String error = row.errorCode();
    if (error != null) {
      errors.add(error, row);
      return;
    }
    if (row.hasChoices()) {
      addChoice(row, position);
    } else if (row.outputTokens() >= 0) {
      lengths.add(row.outputTokens());
      addFields(row, position);
    }
  }

  private void addChoice(AnswerRow row, RowPosition position) {
    @Nullable String answer = row.completion();
    if (answer == null) {
      return;
    }
    BestChoices best = new BestChoices(answer);
    row.forEachChoice(best);
    tally(AnswerSchema.COMPLETION).add(answer, best.confidence());
    uncertain.offer(
        best.confidence(),
        () -> uncertainRow(row, null, answer, best.confidence(), best.runnerUp()),
        position);
  }

  private void addFields(AnswerRow row, RowPosition position) {
    LeastCertainField least = new LeastCertainField();
    @Nullable JsonNode[] answer = new JsonNode[1];
    row.forEachField(
        (pointer, confidence) -> {
          if (answer[0] == null) {
            answer[0] = parse(row.completion());
          }
          JsonNode value = answer[0].at(pointer);
          String text = value.isTextual() ? value.textValue() : value.toString();
          tally(fieldName(pointer)).add(text, confidence);
          least.offer(pointer, text, confidence);
        });
    if (!least.pointer.isEmpty()) {
      uncertain.offer(
          least.confidence,
          () -> uncertainRow(row, fieldName(least.pointer), least.value, least.confidence, null),
          position);
    }
  }

  private static JsonNode parse(@Nullable String completion) {
    try {
      return JSON.readTree(completion == null ? "" : completion);
    } catch (JsonProcessingException e) {
      // An answer that was cut off at its maximum length.
      return JSON.missingNode();
    }
  }

  /** {@code answer.items.*.kind} for {@code /items/3/kind}: the items of an array are one field. */
  private static String fieldName(String pointer) {
    String name = pointer.replace("/", ".").replace("~1", "/").replace("~0", "~");
    return AnswerSchema.ANSWER + INDEX.matcher(name).replaceAll(".*");
  }

  private ValueTally tally(String name) {
    return values.computeIfAbsent(name, key -> new ValueTally());
  }

  private static UncertainRow uncertainRow(
      AnswerRow row,
      @Nullable String field,
      String answer,
      double confidence,
      @Nullable String runnerUp) {
    return new UncertainRow(
        row.sourceFile(), row.sourceRow(), field, shown(answer), confidence, runnerUp, null);
  }

  /** The beginning of a text. */
  static String shown(String text) {
    return text.length() <= SHOWN_CHARACTERS
        ? text
        : text.substring(0, text.offsetByCodePoints(0, SHOWN_CHARACTERS / 2)) + " …";
  }

  /** Adds what was counted in a later part. */
  void add(AnswerTally later) {
    rows += later.rows;
    later.values.forEach((name, tally) -> tally(name).add(tally));
    lengths.add(later.lengths);
    errors.add(later.errors);
    uncertain.add(later.uncertain);
  }

  long rows() {
    return rows;
  }

  List<ValueDistribution> distributions() {
    return values.entrySet().stream()
        .map(entry -> entry.getValue().distribution(entry.getKey()))
        .toList();
  }

  LengthTally lengths() {
    return lengths;
  }

  ErrorTally errors() {
    return errors;
  }

  Uncertain uncertain() {
    return uncertain;
  }

  private static final class LeastCertainField {
    private String pointer = "";
    private String value = "";
    private double confidence = Double.POSITIVE_INFINITY;

    void offer(String fieldPointer, String fieldValue, double fieldConfidence) {
      if (fieldConfidence < confidence) {
        pointer = fieldPointer;
        value = fieldValue;
        confidence = fieldConfidence;
      }
    }
  }
}
