package io.nightshift.job.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.connectors.arrow.ArrowBatch;
import io.nightshift.connectors.arrow.ArrowMemory;
import io.nightshift.connectors.arrow.row.ArrowValues;
import io.nightshift.connectors.arrow.row.InvalidUtf8Exception;
import io.nightshift.connectors.input.InputColumns;
import io.nightshift.connectors.parquet.decode.BatchReader;
import io.nightshift.connectors.parquet.file.ParquetFile;
import io.nightshift.connectors.parquet.input.ParquetInputFile;
import io.nightshift.connectors.parquet.input.ParquetInputs;
import io.nightshift.connectors.source.BatchLayout;
import io.nightshift.connectors.source.SplitPosition;
import io.nightshift.operators.render.PromptRenderer;
import io.nightshift.operators.render.PromptSpecification;
import io.nightshift.operators.render.RowException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.DateTimeException;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.arrow.vector.FieldVector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Prompts over values at the limits of their types: a text, or an error of the row alone. */
class UnusualPromptsTest {
  private static final Path SCRIPT =
      Path.of("../connectors/src/test/python/write_unusual_values.py");

  private static final List<String> EXPRESSIONS =
      List.of(
          "x",
          "x | string",
          "x | tojson",
          "x | length",
          "x | int",
          "x | float",
          "x | round",
          "x | abs",
          "x | list",
          "x | sort",
          "x | dictsort",
          "x | first",
          "x | upper",
          "x | join",
          "x | sum",
          "x == x",
          "x < 1",
          "x + 1",
          "x ~ 'a'",
          "x * 2",
          "x // 3",
          "x in [1]",
          "x[0]",
          "x.items()",
          "x.year",
          "x.strftime('%Y-%m-%d %H:%M:%S')",
          "x.isoformat()",
          "'%s' % x",
          "'%d' % x",
          "'{:>5}'.format(x)",
          "x is defined",
          "x is mapping");

  @TempDir private Path folder;

  @Test
  void aPromptOfAnyValueIsATextOrAnErrorOfItsRow() throws Exception {
    List<String> files = Python.run(folder, Files.readString(SCRIPT));
    long rendered = 0;
    for (String file : files) {
      try (ArrowBatch batch = read(folder.resolve(file))) {
        for (String expression : EXPRESSIONS) {
          rendered += render(file, batch, expression);
        }
      }
    }
    assertThat(rendered).isGreaterThan(1_000);
  }

  /** The number of prompts that came out as texts. */
  private static long render(String file, ArrowBatch batch, String expression) {
    PromptRenderer renderer =
        new PromptRenderer(
            PromptSpecification.text("{{ " + expression + " }}"),
            Optional.empty(),
            Clock.systemUTC(),
            List.of("x"));
    long texts = 0;
    for (FieldVector column : batch.root().getFieldVectors()) {
      for (int row = 0; row < batch.rows(); row++) {
        try {
          renderer.render(Collections.singletonMap("x", ArrowValues.read(column, row)));
          texts++;
        } catch (RowException | InvalidUtf8Exception | DateTimeException invalid) {
          assertThat(invalid.getMessage())
              .as("%s of %s in %s, row %d", expression, column.getName(), file, row)
              .isNotBlank();
        }
      }
    }
    return texts;
  }

  private static ArrowBatch read(Path path) throws IOException {
    ParquetInputs inputs = ParquetInputs.inspect(path.toString());
    ParquetInputFile input = inputs.files().get(0);
    InputColumns columns = inputs.select();
    try (BatchReader reader =
        new BatchReader(
            ParquetFile.open(new org.apache.flink.core.fs.Path(input.path()), input.length()),
            new BatchLayout(columns.columns(), columns.schema(), 100, Long.MAX_VALUE),
            input.folders(),
            new SplitPosition(0, 0),
            input.rowGroups().size(),
            ArrowMemory.allocator())) {
      return Objects.requireNonNull(reader.next());
    }
  }
}
