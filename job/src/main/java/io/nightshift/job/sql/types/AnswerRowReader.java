package io.nightshift.job.sql.types;

import com.fasterxml.jackson.core.JsonParser;
import io.nightshift.operators.answer.AnswerJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.RowType;

/** Reads answers under the schema of {@link AnswerRowSchema} as rows in Flink's internal format. */
public final class AnswerRowReader {
  private final RowReader reader;

  /**
   * @param columns of the schema
   */
  public AnswerRowReader(List<AnswerColumn> columns) {
    LogicalType[] types = columns.stream().map(AnswerColumn::type).toArray(LogicalType[]::new);
    String[] names = columns.stream().map(AnswerColumn::name).toArray(String[]::new);
    reader = new RowReader(RowType.of(types, names));
  }

  /**
   * Reads an answer.
   *
   * @param json text of the answer, in UTF-8, which the schema allows
   * @return the values of the columns, in their order
   */
  public GenericRowData read(byte[] json) {
    try (JsonParser parser = AnswerJson.parser(json)) {
      parser.nextToken();
      return reader.read(parser);
    } catch (IOException e) {
      throw new UncheckedIOException("an answer is not the JSON that its schema demands", e);
    }
  }
}
