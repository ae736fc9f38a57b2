package io.nightshift.job.sql.types;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.runtime.constraint.grammar.ValueRule;
import io.nightshift.runtime.constraint.schema.JsonSchema;
import java.util.List;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.utils.LogicalTypeParser;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswerRowSchemaTest {
  private static AnswerColumn column(String name, String type, @Nullable String comment) {
    LogicalType parsed = LogicalTypeParser.parse(type, AnswerRowSchemaTest.class.getClassLoader());
    return AnswerColumn.of(name, parsed, comment);
  }

  private static AnswerColumn column(String type) {
    return column("x", type, null);
  }

  /** The schema of one property, which must compile without complaint. */
  private static String property(AnswerColumn column) {
    String schema = AnswerRowSchema.of(List.of(column));
    assertThat(JsonSchema.compile(schema)).isInstanceOf(ValueRule.class);
    assertThat(JsonSchema.ineffectiveKeywords(schema)).isEmpty();
    String before = "{\"type\":\"object\",\"properties\":{\"x\":";
    String after = "},\"required\":[\"x\"],\"additionalProperties\":false}";
    assertThat(schema).startsWith(before).endsWith(after);
    return schema.substring(before.length(), schema.length() - after.length());
  }

  @Test
  void aRowHasItsColumnsInTheirOrder() {
    assertThat(
            AnswerRowSchema.of(
                List.of(
                    column("queue", "STRING", "who handles it, one of: billing, outage, other"),
                    column("urgent", "BOOLEAN", "whether it is urgent").withValueRequired())))
        .isEqualTo(
            "{\"type\":\"object\",\"properties\":{"
                + "\"queue\":{\"enum\":[\"billing\",\"outage\",\"other\"],"
                + "\"description\":\"who handles it\"},"
                + "\"urgent\":{\"type\":\"boolean\",\"description\":\"whether it is urgent\"}},"
                + "\"required\":[\"queue\",\"urgent\"],\"additionalProperties\":false}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "VARCHAR(7)            | {'type':'string','maxLength':7}",
        "CHAR(3)               | {'type':'string','maxLength':3,'minLength':3}",
        "TINYINT               | {'type':'integer','minimum':-128,'maximum':127}",
        "DECIMAL(5, 2)         | {'type':'number','minimum':-999.99,'maximum':999.99,'multipleOf':0.01}",
        "DECIMAL(3, 0)         | {'type':'integer','minimum':-999,'maximum':999}",
        "DATE                  | {'type':'string','format':'date'}",
        "TIMESTAMP(0)          | {'type':'string','format':'date-time','pattern':'T.{5}:[0-5]\\\\dZ$'}",
        "ARRAY<INT>            | {'type':'array','items':{'type':['integer','null'],'minimum':-2147483648,'maximum':2147483647}}",
        "MAP<STRING, BOOLEAN NOT NULL>  | {'type':'object','additionalProperties':{'type':'boolean'}}",
        "MAP<VARCHAR(3), STRING> | {'type':'object','propertyNames':{'type':'string','maxLength':3},'additionalProperties':{'type':['string','null']}}",
        "ROW<a STRING NOT NULL 'color, one of: red, green', b BOOLEAN> | {'type':'object','properties':{'a':{'enum':['red','green'],'description':'color'},'b':{'type':['boolean','null']}},'required':['a','b'],'additionalProperties':false}",
      })
  void aTypeIsItsSchema(String type, String schema) {
    assertThat(property(column(type).withValueRequired())).isEqualTo(schema.replace('\'', '"'));
  }

  @Test
  void aColumnMayBeAnsweredWithNullAsDeclaredUnlessItsValuesAreListed() {
    assertThat(property(column("BOOLEAN"))).isEqualTo("{\"type\":[\"boolean\",\"null\"]}");
    assertThat(property(column("x", "BIGINT", "one of: 1, 20, -3")))
        .isEqualTo("{\"enum\":[1,20,-3]}");
  }

  @Test
  void theValuesOfAnArrayAreThoseOfItsItems() {
    assertThat(
            property(column("ARRAY<STRING>").withChoices(List.of("a;b", "c")).withValueRequired()))
        .isEqualTo("{\"type\":\"array\",\"items\":{\"enum\":[\"a;b\",\"c\"]}}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "null",
      value = {
        "one of: a, b               | null     | a/b",
        "the kind; One of: a , b c  | the kind | a/b c",
        "the kind (one of: a        | the kind | a",
        "none of: a, b              | none of: a, b | null",
        "what it says               | what it says  | null",
      })
  void aCommentMayEndInTheValues(String comment, @Nullable String text, @Nullable String choices) {
    AnswerColumn column = column("x", "STRING", comment);

    assertThat(column.comment()).isEqualTo(text);
    assertThat(column.choices())
        .isEqualTo(choices == null ? List.of() : List.of(choices.split("/")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "BYTES                   | x      | BYTES  | declare it as STRING and convert it in the query",
        "BINARY(3)               | x      | BINARY(3)  | declare it as STRING and convert it in the query",
        "INTERVAL DAY TO SECOND  | x      | INTERVAL DAY(2) TO SECOND(6)  | declare it as BIGINT and ask for a number of one unit",
        "MULTISET<STRING>        | x      | MULTISET<STRING> | declare it as ARRAY",
        "MAP<INT, STRING>        | x      | MAP<INT, STRING> | declare its keys as STRING, or the column as ARRAY<ROW<...>>",
        "TIMESTAMP WITH TIME ZONE | x     | TIMESTAMP(6) WITH TIME ZONE | declare it as TIMESTAMP_LTZ",
        "NULL                    | x      | NULL   | declare it as STRING",
        "VARIANT                 | x      | VARIANT | declare it as STRING",
        "ARRAY<ROW<a INT, b BYTES>> | x.b | BYTES  | declare it as STRING",
      })
  void refusesATypeThatJsonHasNoFormFor(String type, String path, String named, String remedy) {
    AnswerColumn column = column(type);
    assertThatThrownBy(() -> AnswerRowSchema.of(List.of(column)))
        .isInstanceOf(ValidationException.class)
        .hasMessageStartingWith(
            "the output column %s has the type %s, which JSON has no form for: "
                .formatted(path, named))
        .hasMessageContaining(remedy);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "DATE      | Monday  | has the type DATE, whose values cannot be listed",
        "ROW<a INT> | 1      | has the type ROW<`a` INT>, whose values cannot be listed",
        "STRING    | a;b;a   | is one of some values, but a is there twice: remove one",
        "INT       | 1;01    | is one of some values, but 01 is there twice: remove one",
        "TINYINT   | 1;128   | is one of some values, but '128' is none of its type TINYINT",
        "INT       | 1;1.5   | is one of some values, but '1.5' is none of its type INT",
        "INT       | one     | is one of some values, but 'one' is none of its type INT",
        "CHAR(2)   | DE;D    | is one of some values, but 'D' is none of its type CHAR(2)",
        "VARCHAR(2) | no;yes | is one of some values, but 'yes' is none of its type VARCHAR(2)",
        "STRING    | a;;b    | is one of some values, but '' is none of its type STRING",
      })
  void refusesValuesThatAreNotOfTheColumnsType(String type, String choices, String message) {
    AnswerColumn column = column(type).withChoices(List.of(choices.split(";")));
    assertThatThrownBy(() -> AnswerRowSchema.of(List.of(column)))
        .isInstanceOf(ValidationException.class)
        .hasMessageStartingWith("the output column x " + message);
  }

  @Test
  void refusesAColumnThatCannotBeNullWhereARowHasAnError() {
    assertThatThrownBy(() -> column("queue", "STRING NOT NULL", null))
        .isInstanceOf(ValidationException.class)
        .hasMessageStartingWith("the output column queue is NOT NULL")
        .hasMessageContaining("name the column in 'answer.not-null'");
  }
}
