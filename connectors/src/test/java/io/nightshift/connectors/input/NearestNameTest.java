package io.nightshift.connectors.input;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestNameTest {
  private static final Set<String> NAMES = Set.of("id", "body", "run", "created_at");

  @ParameterizedTest
  @CsvSource({
    "bdy, body",
    "bodies, body",
    "boyd, body",
    "rnu, run",
    "ix, id",
    "ID, id",
    "createdAt, created_at",
    "nope, ''",
    "x, ''",
    "xy, ''",
    "abc, ''",
    "something, ''"
  })
  void isNamedIfItIsNear(String given, String nearest) {
    assertThat(NearestName.of(given, NAMES).orElse("")).isEqualTo(nearest);
  }

  @ParameterizedTest
  @CsvSource({
    "bdy, Did you mean body?",
    "subject, 'There are: id, body.'",
  })
  void aMissingColumnIsToldWithTheNearestOneOrAll(String column, String remedy) {
    assertThat(MissingColumn.of("a.parquet", column, List.of("id", "body")))
        .hasMessage("a.parquet: column " + column + " is missing. " + remedy);
  }
}
