package io.nightshift.operators.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Python would print as the description of an object is an error that says what to write. */
class UnprintableTest {
  private static final Map<String, Object> ROW =
      Map.of(
          "order",
          Map.of("items", List.of("pen"), "keys", 1, "values", 2, "get", 3, "copy", 4, "update", 5),
          "tags",
          List.of("a", "b"),
          "text",
          "row text");

  private static String render(String source) {
    return Template.parse("test", source, TemplateOptions.COLUMNS).render(ROW).text();
  }

  @ParameterizedTest
  @ValueSource(strings = {"items", "keys", "values", "get", "copy"})
  void aFieldNamedLikeAMethodIsReadWithBrackets(String field) {
    assertThatThrownBy(() -> render("{{ order." + field + " }}"))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("order." + field + " is a method of dict")
        .hasMessageContaining("write order[\"" + field + "\"]")
        .hasMessageContaining("order." + field + "()");
    assertThat(render("{{ order['" + field + "'] }}")).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"update", "pop", "popitem", "setdefault", "clear"})
  void aFieldNamedLikeARefusedMethodToo(String field) {
    assertThatThrownBy(() -> render("{{ order." + field + " }}"))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("write [\"" + field + "\"]");
  }

  @Test
  void loopingOverAMethodNamesItToo() {
    assertThatThrownBy(() -> render("{% for x in order.items %}{% endfor %}"))
        .hasMessageContaining("items is a method of dict")
        .hasMessageContaining("[\"items\"]");
    assertThatThrownBy(() -> render("{{ order.items|length }}"))
        .hasMessageContaining("items is a method of dict");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ V }}",
        "{{ V ~ '' }}",
        "{{ [V] }}",
        "{{ {'k': V} }}",
        "{{ (V,)|string }}",
        "{{ V|string }}",
        "{{ V|upper }}",
        "{{ V|trim }}",
        "{{ V|e }}",
        "{{ V|safe }}",
        "{{ [V]|join }}",
        "{{ [V]|map('string')|list }}",
        "{{ '%s' % V }}",
        "{{ '%r' % [V] }}",
        "{{ '{}'.format(V) }}",
        "{{ '{!r}'.format(V) }}",
        "{{ V|tojson }}",
        "{{ [V]|tojson }}",
        "{{ V|replace('a', 'b') }}",
        "{{ V|default('x') }}",
        "{% set s %}{{ V }}{% endset %}{{ s }}",
        "{% macro p(x) %}{{ x }}{% endmacro %}{{ p(V) }}",
        "{{ namespace(a=V) }}"
      })
  void noObjectHasAText(String use) {
    List<String> objects =
        List.of(
            "order.items",
            "text.title",
            "text.split",
            "tags.count",
            "tags.index",
            "(1, 2).index",
            "1.5.is_integer",
            "(5).bit_length",
            "range",
            "dict",
            "namespace",
            "cycler",
            "joiner",
            "raise_exception",
            "strftime_now",
            "cycler('a', 'b')",
            "cycler('a').next",
            "joiner()",
            "tags|map('upper')",
            "tags|select",
            "tags|batch(1)",
            "text|map('upper')",
            "order|items",
            "macro_m");
    for (String object : objects) {
      String source = "{% macro macro_m() %}{% endmacro %}" + use.replace("V", "(" + object + ")");
      assertThatThrownBy(() -> render(source)).as(source).isInstanceOf(TemplateException.class);
    }
  }

  @Test
  void loopsAndCallersHaveNoText() {
    assertThatThrownBy(() -> render("{% for x in tags %}{{ loop }}{% endfor %}"))
        .hasMessageContaining("loop.index");
    assertThatThrownBy(() -> render("{% for x in tags %}{{ loop.cycle }}{% endfor %}"))
        .hasMessageContaining("loop.cycle is a method");
    assertThatThrownBy(
            () -> render("{% macro m() %}{{ caller }}{% endmacro %}{% call m() %}x{% endcall %}"))
        .hasMessageContaining("caller(...)");
    assertThatThrownBy(() -> render("{{ tags|map('upper') }}")).hasMessageContaining("| list");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "range",
        "dict",
        "namespace",
        "cycler",
        "joiner",
        "strftime_now",
        "raise_exception",
        "lipsum",
        "loop",
        "self",
        "super",
        "caller",
        "varargs",
        "kwargs",
        "row",
        "_",
        "items"
      })
  void aVariableTakesThePlaceOfAGlobal(String name) {
    String source =
        "{{ N }}{% if true %}{{ N }}{% endif %}{% for x in [1] %}{{ x }}{% endfor %}{{ N|upper }}"
            .replace("N", name);
    Template template = Template.parse("test", source, TemplateOptions.COLUMNS);
    assertThat(template.render(Map.of(name, "v")).text()).isEqualTo("vv1V");
    assertThat(template.freeVariables().contains(name) || template.globals().contains(name))
        .isTrue();
  }

  @Test
  void callingAGlobalThatAVariableHidesSaysSo() {
    assertThatThrownBy(
            () ->
                Template.parse("test", "{{ range(3) }}", TemplateOptions.COLUMNS)
                    .render(Map.of("range", "10-20")))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("range")
        .hasMessageContaining("hides");
  }

  @Test
  void tellsWhichItemsOfAVariableAreUsed() {
    Template items =
        Template.parse("test", "{{ row['a b'] }}{% if row.c %}{{ row['d'] }}{% endif %}");
    assertThat(items.itemsUsed("row"))
        .hasValueSatisfying(keys -> assertThat(keys).containsExactlyInAnyOrder("a b", "c", "d"));
    for (String whole :
        List.of("{{ row }}", "{{ row[x] }}", "{{ row.items() }}", "{% set r = row %}")) {
      assertThat(Template.parse("test", whole).itemsUsed("row")).as(whole).isEmpty();
    }
    Template loop =
        Template.parse("test", "{% for row in rows %}{{ row.x }}{% endfor %}{{ row.y }}");
    assertThat(loop.itemsUsed("row"))
        .hasValueSatisfying(keys -> assertThat(keys).containsExactly("y"));
  }
}
