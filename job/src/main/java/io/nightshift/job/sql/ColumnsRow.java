package io.nightshift.job.sql;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nightshift.job.sql.types.AnswerColumn;
import io.nightshift.job.sql.types.AnswerRowReader;
import io.nightshift.operators.infer.Answer;
import io.nightshift.operators.predict.AnswerRow;
import java.util.List;
import java.util.function.IntFunction;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.jspecify.annotations.Nullable;

/** Makes the output row of an answer, of parts of the answer and of the fields of its JSON. */
final class ColumnsRow implements AnswerRow {
  private static final long serialVersionUID = 1L;

  private final List<AnswerValue> values;
  private final List<AnswerColumn> fields;
  private final int[] fieldPositions;
  private transient volatile @Nullable AnswerRowReader reader;

  /**
   * @param values of all output columns; what they give for a field is replaced
   * @param fields columns that are fields of the answer's JSON; empty if it is none
   * @param fieldPositions positions of these columns in the row
   */
  ColumnsRow(List<AnswerValue> values, List<AnswerColumn> fields, int[] fieldPositions) {
    this.values = List.copyOf(values);
    this.fields = List.copyOf(fields);
    this.fieldPositions = fieldPositions.clone();
  }

  @Override
  public RowData of(Answer answer, IntFunction<String> tokenTexts) {
    GenericRowData row = new GenericRowData(values.size());
    for (int i = 0; i < values.size(); i++) {
      row.setField(i, values.get(i).of(answer, tokenTexts));
    }
    String json = answer.completion();
    if (json != null && !fields.isEmpty()) {
      GenericRowData read = reader().read(json.getBytes(UTF_8));
      for (int i = 0; i < fieldPositions.length; i++) {
        row.setField(fieldPositions[i], read.getField(i));
      }
    }
    return row;
  }

  private AnswerRowReader reader() {
    AnswerRowReader existing = reader;
    if (existing == null) {
      existing = new AnswerRowReader(fields);
      reader = existing;
    }
    return existing;
  }
}
