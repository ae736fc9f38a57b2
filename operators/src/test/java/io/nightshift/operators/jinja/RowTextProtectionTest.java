package io.nightshift.operators.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** No part of a control token may come from a row, whatever a template makes of the row. */
class RowTextProtectionTest {
  private static final int TEMPLATES = 4_000;

  private static final ControlTokenProbe PROBE =
      new ControlTokenProbe("<|im_end|>", "<|IM_END|>", "<s>", "</s>", "77", "[[", "\u2603");

  /** What templates write: beginnings of control tokens, of which no two together make one. */
  private static final String[] LITERALS = {
    "<|im_", "<|", "<", "</", "<|im_end", "<|IM_END", "<|im_e", " ", "x", "%s", "{}", "<s"
  };

  private static final String[] ROW_TEXTS = {
    "<|im_end|>",
    "end|>",
    "|>",
    ">",
    "s>",
    "im_end",
    "<s>",
    "7",
    "77",
    "\u2603",
    "[[",
    "[",
    "%s>",
    "{}|>",
    "/s>",
    "&lt;s&gt;",
    "<|im_end|>".toUpperCase(Locale.ROOT),
    "",
    "<",
    "%",
    "e"
  };

  /** Expressions of a text: X and Y stand for others, L for a literal. */
  private static final String[] EXPRESSIONS = {
    "(X ~ Y)",
    "(X + Y)",
    "(L ~ X)",
    "(X * 2)",
    "(X|replace(Y, L))",
    "(L.replace(L, X))",
    "([X, Y]|join(L))",
    "(L.join([X, Y]))",
    "(X|upper)",
    "(X|lower)",
    "(X|title)",
    "(X|trim)",
    "(X.strip(Y))",
    "(X[1:])",
    "(X[::-1])",
    "(X[:-1] ~ Y[-1:])",
    "(X|e)",
    "(X|striptags)",
    "(X|safe)",
    "('%s' % X)",
    "('%s%s' % (X, Y))",
    "('%r' % X)",
    "('%c%c' % (60, 115))",
    "(L ~ '%s' % Y)",
    "('{}{}'.format(X, Y))",
    "('{0:>5}'.format(X))",
    "(L|format(X))",
    "(X.split(Y)|join(L))",
    "(X.partition(L)|join)",
    "(X|list|join(Y))",
    "(X|center(20))",
    "(X.ljust(12, '<'))",
    "(X|indent(L))",
    "(X|truncate(9, true, L, 0))",
    "(X|wordwrap(5))",
    "({X: Y}|dictsort|first|last)",
    "({X: Y}.keys()|first)",
    "({X: 1}|tojson)",
    "(X|tojson)",
    "([X, Y]|string)",
    "([[X]]|string)",
    "(n|string)",
    "(n ~ n)",
    "('%d' % n)",
    "('{:x}'.format(n))",
    "(X|int ~ Y)",
    "(X|first)",
    "([X, Y]|sort|first)",
    "([X]|map('upper')|first)",
    "(X|default(Y))",
    "(X or Y)",
    "(X if Y else L)",
    "(X|urlencode)",
    "(X.encode()|string)",
    "(dict([(X, Y)])[X])",
    "(namespace(v=X).v)",
    "(m(X))",
    "(X.zfill(9))",
    "(X.expandtabs())",
    "(X.removeprefix(L))",
    "(X.splitlines()|join(L))",
    "(X|reverse)",
    "(X.format(Y))",
    "(L ~ ' b c')|wordwrap(3, wrapstring=X)",
    "(X % Y)"
  };

  private static final String[] STATEMENTS = {
    "{{ E }}",
    "{{ E }}{{ E }}",
    "L{{ E }}",
    "{% for c in E %}{{ c }}{% endfor %}",
    "{% for c in E %}L{{ c }}{% endfor %}",
    "{% set s %}L{{ E }}{% endset %}{{ s }}",
    "{% filter lower %}L{{ E }}{% endfilter %}",
    "{% call k() %}{{ E }}{% endcall %}",
    "{% set ns = namespace(s='') %}{% for c in E %}{% set ns.s = ns.s ~ c %}{% endfor %}{{ ns.s }}"
  };

  private static final String MACROS =
      "{% macro m(v) %}<{{ v }}{% endmacro %}{% macro k() %}<{{ caller() }}{% endmacro %}";

  @Test
  void noTemplateMakesAControlTokenOutOfRows() {
    Random random = new Random(20260705);
    int rendered = 0;
    List<String> smuggled = new ArrayList<>();
    for (int i = 0; i < TEMPLATES; i++) {
      String source = MACROS + template(random);
      Map<String, Object> row =
          Map.of("a", rowText(random), "b", rowText(random), "n", random.nextInt(2) == 0 ? 77 : 7);
      TemplateText text;
      try {
        text = Template.parse("random", source).render(row);
      } catch (TemplateException e) {
        continue;
      }
      rendered++;
      if (!PROBE.controlTokens(text).isEmpty() || !PROBE.text(text).equals(text.text())) {
        smuggled.add(source + " over " + row + " gives " + text);
      }
    }
    assertThat(smuggled).isEmpty();
    assertThat(rendered).isGreaterThan(TEMPLATES / 2);
  }

  private static String template(Random random) {
    StringBuilder template = new StringBuilder();
    for (int i = 0; i <= random.nextInt(3); i++) {
      String statement = pick(random, STATEMENTS);
      while (statement.contains("E }}") || statement.contains("in E %}")) {
        statement = statement.replaceFirst("\\bE\\b", literal(expression(random, 3)));
      }
      // A literal that ends where another begins would be the template's own control token.
      template.append(statement.replace("L", pick(random, "<|im_", "<", "</")));
      template.append("{{ '\n' }}");
    }
    return template.toString();
  }

  private static String expression(Random random, int depth) {
    if (depth == 0 || random.nextInt(6) == 0) {
      return random.nextBoolean() ? "a" : "b";
    }
    String form = pick(random, EXPRESSIONS);
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < form.length(); i++) {
      char c = form.charAt(i);
      boolean alone = i == 0 || !Character.isLetterOrDigit(form.charAt(i - 1));
      if (alone && (c == 'X' || c == 'Y')) {
        out.append(expression(random, depth - 1));
      } else if (alone && c == 'L') {
        out.append('\'').append(pick(random, LITERALS)).append('\'');
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }

  private static String literal(String replacement) {
    return Matcher.quoteReplacement(replacement);
  }

  private static String rowText(Random random) {
    return pick(random, ROW_TEXTS) + (random.nextBoolean() ? "" : pick(random, ROW_TEXTS));
  }

  private static String pick(Random random, String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<|im_{{ 'end' if a else '' }}{{ b }}",
        "{{ '<|im_' ~ a ~ '|>' }}",
        "<|{{ 'im_xnd'|replace('x', 'e' ~ a[:0]) ~ c }}|{{ d }}",
        "{{ '<|im_%s|>' % a }}",
        "{{ '<|im_{}|>'.format(a) }}",
        "{{ ['<|im_', '|>']|join(a) }}",
        "{% for c in e %}{{ c }}{% endfor %}",
        "{{ {e: 1}|list|first }}",
        "{{ e|tojson }}",
        "{{ 'a b c'|wordwrap(1, wrapstring=e) }}",
        "{{ '<|im_ x'|wordwrap(6, wrapstring=b) }}",
        "{{ [e] }}",
        "{{ '&lt;|im_end|&gt;'|replace('e', a[0])|striptags }}",
        "{{ '<|IM_END|>'|lower|replace('e', a[0]) }}",
        "7{{ 7 }}",
        "{{ 77 }}",
        "{{ '7' ~ '%d' % 7 }}"
      })
  void aPartFromARowOrANumberIsEnough(String source) {
    Map<String, Object> row =
        Map.of("a", "end", "b", "end|>", "c", "", "d", ">", "e", "<|im_end|>");
    assertThat(PROBE.controlTokens(Template.parse("test", source).render(row))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "<|im_end|>{{ a }}<s>; <|im_end|>,<s>",
        "{{ '<|im_' ~ 'end|>' ~ a }}; <|im_end|>",
        "{{ '<|' + 'im_end' + '|>' + a + '<s>' }}; <|im_end|>,<s>",
        "{{ ['<s>', a, '</s>']|join }}; <s>,</s>",
        "{{ '<s>%s</s>' % a }}{{ '<s>{}</s>'.format(a) }}; <s>,</s>,<s>,</s>",
        "{{ (' <s>' ~ a ~ '</s> ')|trim }}; <s>,</s>",
        "{{ ('<s>' ~ a ~ '|</s>').split('|')[-1] }}; </s>",
        "{{ ('<s>' ~ a)|replace(a, '</s>') }}; <s>,</s>",
        "{{ ('<s>' ~ a)[:3] }}{{ ('<s>' ~ a)[3:] }}; <s>",
        "{% macro m(x) %}<s>{{ x }}{% endmacro %}{{ m(a) }}{% set b %}{{ a }}</s>{% endset %}{{ b }}; <s>,</s>",
        "{{ '<|im_end|>'|upper }}{{ '<S>'|lower }}; <|IM_END|>,<s>",
        "{% for c in '<s>' %}{{ c }}{% endfor %}; <s>",
        "{{ {'k': '<s>'}[a] if false else {'<s>': a}|list|first }}; <s>",
        "{{ ('<s>' ~ a)|indent(2, true) }}; <s>",
        "{{ '<s>' * 2 }}{{ ('<s>' ~ a) * 2 }}; <s>,<s>,<s>,<s>"
      })
  void theTemplatesOwnControlTokensAreRecognized(String source, String expected) {
    TemplateText text = Template.parse("test", source).render(Map.of("a", "<|im_end|> <s> 77"));
    assertThat(PROBE.controlTokens(text)).containsExactly(expected.split(","));
  }
}
