package io.nightshift.connectors.parquet.decode;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.nightshift.connectors.arrow.ArrowMemory;
import io.nightshift.connectors.input.InputColumns;
import io.nightshift.connectors.parquet.Fixture;
import io.nightshift.connectors.parquet.input.ParquetInputs;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What pyarrow, DuckDB and polars wrote is read as another of them reads it. */
class BatchReaderConformanceTest {
  private static final long ANY_SIZE = 1L << 30;

  static List<Fixture> fixtures() throws IOException {
    return Fixture.all();
  }

  @AfterEach
  void noBufferIsLeft() {
    assertThat(ArrowMemory.allocator().getAllocatedMemory()).isZero();
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void rowsAreWhatAnotherReaderFound(Fixture fixture) throws IOException {
    ParquetInputs inputs = ParquetInputs.inspect(fixture.parquet().toUri().toString());
    assertThat(inputs.rows()).isEqualTo(fixture.rows().size());
    assertThat(inputs.schema().getFields())
        .extracting(field -> field.getName())
        .isEqualTo(fixture.columns());
    for (int batchRows : new int[] {1, 7, 1000}) {
      List<Batches.Read> batches = Batches.read(fixture.parquet(), batchRows, ANY_SIZE);
      assertSame(Batches.rows(batches), fixture.rows(), "in batches of " + batchRows);
      assertThat(batches.subList(0, Math.max(0, batches.size() - 1)))
          .allSatisfy(batch -> assertThat(batch.rows()).hasSize(batchRows));
    }
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void everyPositionGoesOnWithExactlyTheRest(Fixture fixture) throws IOException {
    ParquetInputs inputs = ParquetInputs.inspect(fixture.parquet().toUri().toString());
    InputColumns columns = inputs.select();
    int row = 0;
    for (Batches.Read batch : Batches.read(fixture.parquet(), 1, ANY_SIZE)) {
      row++;
      List<JsonNode> rest =
          Batches.rows(Batches.read(inputs, columns, 1000, ANY_SIZE, batch.next()));
      assertSame(rest, fixture.rows().subList(row, fixture.rows().size()), "behind row " + row);
    }
    assertThat(row).isEqualTo(fixture.rows().size());
  }

  /** Compared as text, in which a number has one form, whatever type it was parsed to. */
  private static void assertSame(List<JsonNode> rows, List<JsonNode> expected, String where) {
    for (int row = 0; row < Math.min(rows.size(), expected.size()); row++) {
      assertThat(rows.get(row).toString())
          .as("%s, row %d", where, row)
          .isEqualTo(expected.get(row).toString());
    }
    assertThat(rows).as(where).hasSameSizeAs(expected);
  }
}
