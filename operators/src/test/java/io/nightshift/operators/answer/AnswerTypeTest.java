package io.nightshift.operators.answer;

import static io.nightshift.operators.answer.Grammars.FALSE;
import static io.nightshift.operators.answer.Grammars.INTEGER;
import static io.nightshift.operators.answer.Grammars.NULL;
import static io.nightshift.operators.answer.Grammars.NUMBER;
import static io.nightshift.operators.answer.Grammars.STRING;
import static io.nightshift.operators.answer.Grammars.TRUE;
import static io.nightshift.operators.answer.Grammars.any;
import static io.nightshift.operators.answer.Grammars.array;
import static io.nightshift.operators.answer.Grammars.integers;
import static io.nightshift.operators.answer.Grammars.object;
import static io.nightshift.operators.answer.Grammars.open;
import static io.nightshift.operators.answer.Grammars.optional;
import static io.nightshift.operators.answer.Grammars.required;
import static io.nightshift.operators.answer.Grammars.rule;
import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.constraint.grammar.Alternative;
import io.nightshift.runtime.constraint.grammar.ObjectAlternative;
import io.nightshift.runtime.constraint.grammar.ValueRule;
import java.util.stream.IntStream;
import org.apache.arrow.vector.types.pojo.Field;
import org.junit.jupiter.api.Test;

class AnswerTypeTest {

  private static Field column(ValueRule rule) {
    Field field = AnswerType.of("answer", rule);
    assertThat(field.getName()).isEqualTo("answer");
    assertThat(field.isNullable()).isTrue();
    return field;
  }

  private static String type(Alternative... alternatives) {
    return TypeText.of(column(rule(alternatives)));
  }

  private static String member(Alternative... alternatives) {
    Field field = column(rule(object(required("x", rule(alternatives)))));
    assertThat(field.getChildren()).hasSize(1);
    return TypeText.of(field.getChildren().get(0))
        + (field.getChildren().get(0).isNullable() ? " or null" : "");
  }

  @Test
  void scalarsHaveTheirType() {
    assertThat(member(STRING)).isEqualTo("string");
    assertThat(member(TRUE, FALSE)).isEqualTo("boolean");
    assertThat(member(TRUE)).isEqualTo("boolean");
    assertThat(member(NUMBER)).isEqualTo("double");
    assertThat(member(integers("[0-9]"))).isEqualTo("long");
    assertThat(member(integers("[0-9]"), NUMBER)).isEqualTo("double");
    assertThat(type(STRING)).isEqualTo("string");
  }

  @Test
  void nullMakesATypeNullable() {
    assertThat(member(STRING, NULL)).isEqualTo("string or null");
    assertThat(member(NULL, array(rule(STRING)))).isEqualTo("list<string> or null");
    assertThat(member(NULL)).isEqualTo("json or null");
  }

  @Test
  void integersAreLongsIfTheyCanBe() {
    assertThat(member(integers("922337203685477580[0-7]|-?[1-9][0-9]{0,17}"))).isEqualTo("long");
    assertThat(member(integers("-922337203685477580[0-8]"))).isEqualTo("long");
    assertThat(member(integers("922337203685477580[0-8]"))).isEqualTo("json");
    assertThat(member(integers("-922337203685477580[0-9]"))).isEqualTo("json");
    assertThat(member(integers("1[0-9]{19}"), integers("[0-9]"))).isEqualTo("json");
    assertThat(member(INTEGER)).isEqualTo("long or null");
    assertThat(member(integers("[1-9][0-9]*0"))).isEqualTo("long or null");
  }

  @Test
  void objectsAreStructsWithNullableFieldsWhereNotRequired() {
    assertThat(
            type(
                object(
                    required("name", rule(STRING)),
                    optional("tags", rule(array(rule(STRING, NULL)))),
                    required("size", rule(object(required("cm", rule(NUMBER))))))))
        .isEqualTo(
            "struct<name string, tags list<string or null> or null, size struct<cm double>>");
  }

  @Test
  void alternativesOfOneKindAreMerged() {
    assertThat(
            type(
                object(required("kind", rule(STRING)), required("radius", rule(NUMBER))),
                object(required("kind", rule(STRING)), required("side", rule(integers("[0-9]"))))))
        .isEqualTo("struct<kind string, radius double or null, side long or null>");
    assertThat(type(array(rule(integers("[0-9]"))), array(rule(NUMBER, NULL))))
        .isEqualTo("list<double or null>");
    assertThat(type(object(required("x", rule(STRING))), object(required("x", rule(TRUE, FALSE)))))
        .isEqualTo("struct<x json>");
  }

  @Test
  void aPropertyMayBeAnAdditionalOneOfAnotherAlternative() {
    assertThat(
            type(
                object(required("x", rule(integers("[0-9]")))),
                open("[a-z]", rule(STRING), required("why", rule(STRING)))))
        .isEqualTo("struct<x json or null, why string or null>");
    assertThat(
            type(
                object(required("x", rule(integers("[0-9]")))),
                open("[a-c]", rule(STRING), required("why", rule(STRING)))))
        .isEqualTo("struct<x long or null, why string or null>");
  }

  @Test
  void objectsWithoutNamesAreMaps() {
    assertThat(type(open("[a-z]+", rule(NUMBER)))).isEqualTo("map<string, double>");
    assertThat(type(open("[a-z]+", rule(NUMBER, NULL)))).isEqualTo("map<string, double or null>");
    assertThat(type(open("[a-z]+", rule(NUMBER), required("a b", rule(STRING)))))
        .isEqualTo("struct<a b string>");
    assertThat(type(open("[a-z]+", any()))).isEqualTo("json");
    assertThat(type(object())).isEqualTo("json");
  }

  @Test
  void arraysAreListsIfTheirItemsHaveOneType() {
    ValueRule string = rule(STRING);
    assertThat(type(array(rule(), string, string))).isEqualTo("list<string>");
    assertThat(type(array(rule(NUMBER), rule(integers("[0-9]"))))).isEqualTo("list<double>");
    assertThat(type(array(rule(TRUE), string))).isEqualTo("json");
    assertThat(type(array(rule()))).isEqualTo("json");
    assertThat(type(array(rule(array(string))))).isEqualTo("list<list<string>>");
  }

  @Test
  void whatHasNoTypeIsJson() {
    assertThat(member(STRING, NUMBER)).isEqualTo("json");
    assertThat(member(STRING, object(), NULL)).isEqualTo("json or null");
    assertThat(TypeText.of(column(any()))).isEqualTo("json");
    assertThat(type(object(required("name", rule(STRING)), optional("Name", rule(STRING)))))
        .isEqualTo("json");
    assertThat(type(object(required("", rule(STRING))))).isEqualTo("json");
  }

  @Test
  void recursionIsJson() {
    Grammars.Rule node = rule();
    node.add(object(required("value", rule(STRING)), optional("next", node)));
    assertThat(TypeText.of(column(node))).isEqualTo("struct<value string, next json or null>");
    Grammars.Rule tree = rule();
    tree.add(object(required("value", rule(STRING)), required("children", rule(array(tree)))));
    assertThat(TypeText.of(column(tree))).isEqualTo("struct<value string, children list<json>>");
    assertThat(type(object(required("left", tree), required("right", tree))))
        .isEqualTo(
            "struct<left struct<value string, children list<json>>, right struct<value string, children list<json>>>");
  }

  @Test
  void aHugeAnswerIsOneText() {
    ObjectAlternative.Property[] many =
        IntStream.range(0, 999)
            .mapToObj(i -> required("p" + i, rule(STRING)))
            .toArray(ObjectAlternative.Property[]::new);
    assertThat(type(object(many))).startsWith("struct<p0 string, ");
    assertThat(type(object(required("a", rule(object(many))), required("b", rule(STRING)))))
        .isEqualTo("json");
    ValueRule doubling = rule(STRING);
    for (int depth = 0; depth < 40; depth++) {
      doubling = rule(object(required("left", doubling), required("right", doubling)));
    }
    assertThat(TypeText.of(column(doubling))).isEqualTo("json");
  }

  @Test
  void aTypeIsPrintedLineByLine() {
    ValueRule parts =
        rule(
            array(
                rule(
                    object(
                        required("id", rule(STRING)), required("size", rule(array(rule(NUMBER))))),
                    NULL)));
    assertThat(
            TypeText.lines(
                column(
                    rule(
                        object(
                            required("name", rule(STRING)),
                            optional("parts", parts),
                            required("x", rule(open("[a-z]", rule(TRUE)))))))))
        .containsExactly(
            "name   string",
            "parts  list<struct or null> or null",
            "  id    string",
            "  size  list<double>",
            "x      map<string, boolean>");
    assertThat(TypeText.lines(column(rule(STRING, NULL)))).containsExactly("string");
    assertThat(TypeText.lines(column(rule(array(rule(object(required("id", rule(STRING)))))))))
        .containsExactly("list<struct>", "  id  string");
  }

  @Test
  void aTypeSurvivesTheWayToATask() throws Exception {
    Field field = column(rule(open(".*", rule(STRING), required("x", rule(STRING, NUMBER)))));
    var schema = new org.apache.arrow.vector.types.pojo.Schema(java.util.List.of(field));
    assertThat(org.apache.arrow.vector.types.pojo.Schema.fromJSON(schema.toJson()))
        .isEqualTo(schema);
  }
}
