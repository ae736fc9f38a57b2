package io.nightshift.operators.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateTest {

  private static String render(String source, Map<String, ?> variables) {
    return Template.parse("test", source).render(variables).text();
  }

  private static String show(Object value) {
    return render("{{ x }}", Map.of("x", value));
  }

  @Test
  void printsJavaValuesAsPythonDoes() {
    assertThat(show(42)).isEqualTo("42");
    assertThat(show((short) 7)).isEqualTo("7");
    assertThat(show(0.1f)).isEqualTo("0.1");
    assertThat(show(1e20)).isEqualTo("1e+20");
    assertThat(show(true)).isEqualTo("True");
    assertThat(show(new BigInteger("123456789012345678901"))).isEqualTo("123456789012345678901");
    assertThat(show(new BigDecimal("1.50"))).isEqualTo("1.50");
    assertThat(show('c')).isEqualTo("c");
    assertThat(show(CharBuffer.wrap("text"))).isEqualTo("text");
    assertThat(show("a\u0000'".getBytes(StandardCharsets.UTF_8))).isEqualTo("b'a\\x00\\''");
    assertThat(show(List.of(1, "a", List.of(2.5)))).isEqualTo("[1, 'a', [2.5]]");
    assertThat(show(new int[] {1, 2})).isEqualTo("[1, 2]");
    assertThat(show(Map.of("k", Map.of(1, "v")))).isEqualTo("{'k': {1: 'v'}}");
    assertThat(show(LocalDate.of(2026, 1, 2))).isEqualTo("2026-01-02");
    assertThat(show(LocalDateTime.of(2026, 1, 2, 3, 4, 5))).isEqualTo("2026-01-02 03:04:05");
    assertThat(show(Instant.parse("2026-01-02T03:04:05.000006Z")))
        .isEqualTo("2026-01-02 03:04:05.000006+00:00");
    assertThat(render("{{ x }}", Collections.singletonMap("x", null))).isEqualTo("None");
    assertThat(show(Arrays.asList(null, 1))).isEqualTo("[None, 1]");
  }

  @Test
  void columnsOfDatesAndDecimalsServeInExpressions() {
    Map<String, Object> row =
        Map.of(
            "day", LocalDate.of(2026, 7, 4),
            "price", new BigDecimal("19.99"),
            "counts", Map.of(3, "three"));
    assertThat(render("{{ day.strftime('%d.%m.%Y') }} {{ day.year }} {{ day.isoformat() }}", row))
        .isEqualTo("04.07.2026 2026 2026-07-04");
    assertThat(render("{{ price * 2 }} {{ price > 19 }} {{ '%.1f' % price }}", row))
        .isEqualTo("39.98 True 20.0");
    assertThat(render("{{ counts[3] }} {{ [price, day]|tojson }}", row))
        .isEqualTo("three [19.99, \"2026-07-04\"]");
  }

  @Test
  void namesTemplateAndLineOfAnError() {
    Template template = Template.parse("prompt.user", "a\nb {{ x.y.z }}\n");
    assertThatThrownBy(() -> template.render(Map.of("x", Map.of())))
        .isInstanceOfSatisfying(
            TemplateException.class,
            e -> {
              assertThat(e.template()).isEqualTo("prompt.user");
              assertThat(e.line()).isEqualTo(2);
              assertThat(e.reason()).isEqualTo("'dict object' has no attribute 'y'");
            })
        .hasMessage("template prompt.user, line 2: 'dict object' has no attribute 'y'");
  }

  @Test
  void namesTheLineInsideAMacro() {
    assertThatThrownBy(
            () -> render("{% macro m() %}\n{{ 1 / 0 }}\n{% endmacro %}\n\n{{ m() }}", Map.of()))
        .hasMessage("template test, line 2: division by zero");
  }

  @Test
  void namesTheLineOfASyntaxError() {
    assertThatThrownBy(() -> Template.parse("broken", "\n\n{% if x %}\n"))
        .isInstanceOf(TemplateSyntaxException.class)
        .hasMessage(
            "template broken, line 3: Unexpected end of template. Expected: 'elif' or 'else' or"
                + " 'endif'. The innermost tag that is still open is 'if'.");
    assertThatThrownBy(() -> Template.parse("broken", "{{ a b }}"))
        .hasMessage("template broken, line 1: expected token 'end of print statement', got 'b'");
  }

  @Test
  void carriesTheMessageOfRaiseException() {
    assertThatThrownBy(() -> render("{{ raise_exception('roles must alternate') }}", Map.of()))
        .isInstanceOfSatisfying(
            TemplateException.class, e -> assertThat(e.reason()).isEqualTo("roles must alternate"));
  }

  @Test
  void freeVariablesAreThoseThatTheCallerMustGive() {
    String source =
        "{% set a = b %}{{ a }}{% for c in d %}{{ c }}{{ loop.index }}{% endfor %}"
            + "{% macro m(e) %}{{ e }}{{ f }}{% endmacro %}{{ range(3) }}{{ g.h }}{{ c }}";
    assertThat(Template.parse("test", source).freeVariables())
        .containsExactlyInAnyOrder("b", "d", "f", "g", "c");
  }

  @Test
  void strictTemplatesRefuseToPrintWhatIsUndefined() {
    Template strict = Template.parse("test", "{{ missing }}", TemplateOptions.STRICT);
    assertThatThrownBy(() -> strict.render(Map.of()))
        .hasMessageContaining("'missing' is undefined");
    Template guarded =
        Template.parse(
            "test", "{{ missing|default('x') }}{{ missing is defined }}", TemplateOptions.STRICT);
    assertThat(guarded.render(Map.of()).text()).isEqualTo("xFalse");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% set ns = namespace(s='x' * 100) %}{% for i in range(99) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}",
        "{% set ns = namespace(s=[1]) %}{% for i in range(99) %}{% set ns.s = ns.s + ns.s %}{% endfor %}",
        "{{ 'x' * 100000000000 }}",
        "{{ [1] * 100000000000 }}",
        "{{ '%99999999999d' % 1 }}",
        "{{ '%*d' % (999999999, 1) }}",
        "{{ '{:999999999}'.format(1) }}",
        "{{ 'x'.center(999999999) }}",
        "{{ 'x'|indent(999999999, true) }}",
        "{{ 'x'|center(999999999) }}",
        "{{ [1]|tojson(indent=999999999) }}",
        "{{ 'x'.replace('', 'y' * 900000) }}{{ ('a' * 9999).replace('a', 'b' * 9999) }}",
        "{{ '\t'.expandtabs(999999999) }}",
        "{{ [1]|slice(999999999)|list }}",
        "{{ [1]|batch(999999999, 0)|list }}",
        "{{ '-'.join(range(100000)|map('string')) * 100 }}",
        "{% for i in range(100000) %}0123456789{% endfor %}{% for i in range(100000) %}0123456789{% endfor %}",
        "{% set ns = namespace(l=[1]) %}{% for i in range(60) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l }}",
        "{% set ns = namespace(l=[1]) %}{% for i in range(60) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l|tojson }}"
      })
  void refusesToBuildTooMuch(String source) {
    Template template =
        Template.parse("test", source, TemplateOptions.CHAT.withBounds(1_000_000, 1_000_000));
    assertThatThrownBy(() -> template.render(Map.of()))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("characters or elements");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}",
        "{% for a in range(100000) if range(100000)|select('even')|sum %}{% endfor %}",
        "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(60) }}",
        "{% set ns = namespace(a=[1], b=[1]) %}{% for i in range(60) %}{% set ns.a = [ns.a, ns.a] %}{% set ns.b = [ns.b, ns.b] %}{% endfor %}{{ ns.a == ns.b }}"
      })
  void refusesToWorkTooLong(String source) {
    Template template =
        Template.parse(
            "test",
            source,
            TemplateOptions.CHAT
                .withBounds(500_000_000, 1_000_000)
                .withTimeLimit(Duration.ofMinutes(1)));
    assertThatThrownBy(() -> template.render(Map.of()))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("steps");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% macro m(x) %}{{ [x, m([x])] }}{% endmacro %}{{ m(1) }}",
        "{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}",
        "{% macro m() %}{% if 1 %}{% for i in [1] %}{% if 1 %}{% for j in [1] %}{% filter upper %}"
            + "{{ ((((m()|upper ~ 1) ~ 1) ~ 1) ~ 1) }}{% endfilter %}{% endfor %}{% endif %}"
            + "{% endfor %}{% endif %}{% endmacro %}{{ m() }}",
        "{% set ns = namespace(g=[1]) %}{% for i in range(5000) %}"
            + "{% set ns.g = [1]|select('in', ns.g) %}{% endfor %}{{ ns.g|first }}",
        "{% set ns = namespace(g=[1]|select) %}{% for i in range(5000) %}"
            + "{% set ns.g = [ns.g]|map('first') %}{% endfor %}{{ ns.g|first }}",
        "{% macro a() %}{% call b() %}{{ a() }}{% endcall %}{% endmacro %}"
            + "{% macro b() %}{{ caller() }}{% endmacro %}{{ a() }}",
        "{% set ns = namespace(l=[]) %}{% for i in range(99999) %}{% set ns.l = [ns.l] %}{% endfor %}{{ ns.l }}",
        "{% set ns = namespace(l=[]) %}{% for i in range(99999) %}{% set ns.l = [ns.l] %}{% endfor %}{{ ns.l|tojson }}",
        "{% set ns = namespace(l=[], m=[]) %}{% for i in range(99999) %}{% set ns.l = [ns.l] %}"
            + "{% set ns.m = [ns.m] %}{% endfor %}{{ ns.l == ns.m }}",
        "{% set ns = namespace(l=(1,)) %}{% for i in range(99999) %}{% set ns.l = (ns.l,) %}{% endfor %}{{ {ns.l: 1} }}",
        "{% set ns = namespace(g=[1]) %}{% for i in range(5000) %}{% set ns.g = ns.g|map('string') %}{% endfor %}{{ ns.g|list }}",
        "{% set ns = namespace(g=[1]) %}{% for i in range(5000) %}{% set ns.g = ns.g|select %}{% endfor %}{{ ns.g|first }}"
      })
  void refusesToNestTooDeeply(String source) throws InterruptedException {
    List<Throwable> thrown = new CopyOnWriteArrayList<>();
    Runnable rendering =
        () -> assertThatThrownBy(() -> render(source, Map.of())).satisfies(thrown::add);
    Thread thread = new Thread(null, rendering, "half of the usual stack", 512 << 10);
    thread.start();
    thread.join();
    assertThat(thrown)
        .singleElement()
        .isInstanceOf(TemplateException.class)
        .asInstanceOf(InstanceOfAssertFactories.THROWABLE)
        .hasMessageContaining("deep");
  }

  @Test
  void refusesSourcesThatNestTooDeeply() {
    List<String> sources =
        List.of(
            "{{ " + "(".repeat(100_000),
            "{{ " + "[".repeat(100_000),
            "{{ " + "-".repeat(100_000) + "1 }}",
            "{{ " + "not ".repeat(100_000) + "1 }}",
            "{{ " + "1 + ".repeat(100_000) + "1 }}",
            "{{ " + "1 if ".repeat(100_000) + "1 }}",
            "{{ " + "1 if 1 else ".repeat(100_000) + "1 }}",
            "{{ x" + ".x".repeat(100_000) + " }}",
            "{{ x" + "[0]".repeat(100_000) + " }}",
            "{{ x" + "()".repeat(100_000) + " }}",
            "{{ x" + "|upper".repeat(100_000) + " }}",
            "{% if 1 %}".repeat(100_000),
            "{% for x in y %}".repeat(100_000),
            "{% set " + "(".repeat(100_000));
    assertThat(sources)
        .allSatisfy(
            source ->
                assertThatThrownBy(() -> Template.parse("deep", source))
                    .isInstanceOf(TemplateSyntaxException.class));
  }

  @Test
  void refusesVariablesThatItCannotHold() {
    assertThatThrownBy(() -> show(new Object()))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("java.lang.Object");
    Object deep = List.of();
    for (int i = 0; i < 10_000; i++) {
      deep = List.of(deep);
    }
    Object nested = deep;
    assertThatThrownBy(() -> show(nested)).isInstanceOf(TemplateException.class);
  }

  @Test
  void rendersInManyThreadsAtOnce() {
    Template template =
        Template.parse(
            "test",
            "{% macro m(x) %}<{{ x }}>{% endmacro %}{% for i in range(n) %}{{ m(i) }}{% endfor %}");
    List<String> texts =
        IntStream.range(0, 2_000)
            .parallel()
            .mapToObj(i -> template.render(Map.of("n", i % 7)).text())
            .toList();
    assertThat(texts.get(3)).isEqualTo("<0><1><2>");
    assertThat(IntStream.range(0, 2_000))
        .allSatisfy(i -> assertThat(texts.get(i)).isEqualTo(texts.get(i % 7)));
  }

  @Test
  void boundsMustBePositive() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TemplateOptions.CHAT.withBounds(0, 1))
        .withMessageContaining("maxCharacters");
  }
}
