package io.nightshift.operators.tokenize;

import io.nightshift.connectors.arrow.row.ArrowRowCodec;
import io.nightshift.connectors.arrow.row.ArrowValues;
import io.nightshift.connectors.arrow.row.InvalidUtf8Exception;
import io.nightshift.connectors.input.RowOrigin;
import io.nightshift.operators.render.PromptRenderer;
import io.nightshift.operators.render.PromptSpecification;
import io.nightshift.operators.render.RowErrorCode;
import io.nightshift.operators.render.RowException;
import io.nightshift.runtime.model.ModelDescription;
import io.nightshift.runtime.tokenizer.Tokenizer;
import java.time.Clock;
import java.time.DateTimeException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The prompts that a job's templates give, one of each row, with the row's kept columns.
 *
 * @param templates over the columns of a row
 * @param clock clock of {@code strftime_now}; a fixed one, because Flink sends it to all tasks
 */
public record TemplatePrompts(PromptSpecification templates, Clock clock) implements PromptSource {

  @Override
  public RowPrompts open(
      ModelDescription model, Tokenizer tokenizer, List<String> columns, Schema kept) {
    PromptRenderer renderer = new PromptRenderer(templates, model.chatTemplate(), clock, columns);
    ArrowRowCodec codec = new ArrowRowCodec(kept);
    List<String> keptNames = kept.getFields().stream().map(field -> field.getName()).toList();
    return (batch, receiver) -> {
      VectorSchemaRoot columnsOfBatch =
          new VectorSchemaRoot(keptNames.stream().map(batch::getVector).toList());
      for (int row = 0; row < batch.getRowCount(); row++) {
        receiver.accept(
            row, new RowPrompt(codec.encode(columnsOfBatch, row), content(renderer, batch, row)));
      }
    };
  }

  private RowPrompt.Content content(PromptRenderer renderer, VectorSchemaRoot batch, int row) {
    RowOrigin origin = RowOrigin.of(batch);
    if (!origin.unreadable().isNull(row)) {
      return failed(RowErrorCode.INVALID_VALUE, origin.unreadable().getObject(row).toString());
    }
    Map<String, @Nullable Object> values = new HashMap<>();
    try {
      for (String column : renderer.columns()) {
        values.put(column, ArrowValues.read(batch.getVector(column), row));
      }
      return new RowPrompt.Text(renderer.render(values), templates.isPlainText());
    } catch (InvalidUtf8Exception e) {
      return failed(RowErrorCode.INVALID_UTF8, e.getMessage());
    } catch (DateTimeException e) {
      return failed(RowErrorCode.INVALID_VALUE, e.getMessage());
    } catch (RowException e) {
      return failed(e.code(), e.getMessage());
    }
  }

  private static RowPrompt.Failed failed(RowErrorCode code, @Nullable String message) {
    return new RowPrompt.Failed(code.columnValue(), message);
  }
}
