package io.nightshift.operators.jinja;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Templates that would fill the heap or compute for days, and a program that renders them. */
final class TemplateBombs {
  static final Map<String, Object> ROW =
      Map.of(
          "text", "some text of a row, ".repeat(50),
          "items", IntStream.range(0, 100).boxed().toList(),
          "price", new BigDecimal("19.99"));

  private static final String LONG = "{% set s = 'a' * 3000000 %}{% set t = 'a' * 3000000 %}";
  private static final String NS = "{% set ns = namespace(s='x', l=[], g=[]) %}";

  /** What would fill the heap, or nest too deeply: each has to end in an error of the template. */
  static final List<String> LARGE =
      List.of(
          "{{ 'x' * 60000000 }}",
          "{{ text * 60000 }}",
          "{{ (['x' * 1000000] * 100000)|join }}",
          "{% for a in range(100000) %}{{ 'x' * 100000 }}{% endfor %}",
          "{% for a in range(100000) %}{{ '漢' * 1000 }}{% endfor %}",
          "{{ '%1000000000d' % 1 }}",
          "{{ '%.900000000s' % 1 ~ '%900000000s' % 1 }}",
          "{{ '%*d' % (900000000, 1) }}",
          "{{ '{:900000000}'.format('x') }}",
          "{{ '{:0900000000,}'.format(1) }}",
          "{{ '{:x^900000000}'.format(1) }}",
          "{{ text|replace('', text)|replace('', text) }}",
          "{{ text.replace('e', text * 100).replace('e', text * 100) }}",
          "{{ ([text] * 1000)|join(text * 100) }}",
          NS + "{% for i in range(99) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}",
          NS + "{% for i in range(99) %}{% set ns.l = ns.l + ns.l + [1] %}{% endfor %}",
          NS + "{% for i in range(99) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l }}",
          NS + "{% for i in range(99) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l|tojson }}",
          NS + "{% for i in range(99) %}{% set ns.l = (ns.l, ns.l) %}{% endfor %}{{ {ns.l: 1} }}",
          NS
              + "{% set ns.l = (1, 1, 1, 1, 1, 1, 1, 1, 1, 1) %}{% for i in range(9) %}"
              + "{% set ns.l = (ns.l, ns.l, ns.l, ns.l, ns.l, ns.l, ns.l) %}{% endfor %}{{ {ns.l: 1} }}",
          NS + "{% for i in range(100000) %}{% set ns.l = ns.l + [text ~ i] %}{% endfor %}",
          NS + "{% for i in range(100000) %}{% set ns.l = [ns.l, text ~ i] %}{% endfor %}",
          NS
              + "{% for i in range(100000) %}{% for j in range(9) %}{% set ns.g = [ns.g, text|select]"
              + " %}{% endfor %}{% endfor %}",
          NS
              + "{% for i in range(100000) %}{% for j in range(9) %}{% set ns.l = [ns.l, {i: j}] %}"
              + "{% endfor %}{% endfor %}",
          NS + "{% for i in range(100000) %}{% set ns.l = [ns.l, 2 ** 30000 + i] %}{% endfor %}",
          NS
              + "{% macro m(x) %}{% macro inner() %}{{ x }}{% endmacro %}{% set ns.l = [ns.l, inner] %}"
              + "{% endmacro %}{% for i in range(100000) %}{% for j in range(9) %}{{ m(i) }}"
              + "{% endfor %}{% endfor %}",
          "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(60) }}",
          "{% macro m(n) %}{{ text }}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}"
              + "{{ m(60) }}",
          "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
          "{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}",
          "{{ ('a,' * 4000000).split(',')|length }}",
          "{{ ('a ' * 4000000).split()|length }}",
          "{{ ('a\n' * 4000000).splitlines()|length }}",
          "{{ ('a' * 4000000)|list|length }}",
          "{{ ('漢' * 4000000)|map('upper')|list|length }}",
          "{{ ('a' * 7000000)|wordwrap(1)|length }}",
          "{{ '%a' % ('漢' * 4000000) }}",
          "{{ ['漢' * 4000000]|tojson(ensure_ascii=true) }}",
          "{{ ('漢' * 4000000)|urlencode }}",
          "{{ ('<' * 8000000)|e }}",
          "{{ ['\\x00' * 8000000]|string }}",
          "{{ items|batch(900000000, 0)|list }}",
          "{{ items|slice(900000000)|list }}",
          "{{ (items * 9000)|batch(1)|list|length }}",
          "{{ (items * 9000)|groupby('x', 1)|list|length }}",
          "{{ (items * 9000)|sort|length }}",
          "{{ dict.fromkeys(range(100000))|length }}{{ dict.fromkeys(range(100000))|length }}"
              + "{{ dict.fromkeys(range(100000))|length }}",
          "{{ text|center(900000000) }}",
          "{{ text|indent(900000000) }}",
          "{{ text.ljust(900000000) }}{{ text.zfill(900000000) }}",
          "{{ '\t'.expandtabs(900000000) }}",
          "{{ [[1]]|tojson(indent=900000000) }}",
          "{{ (price ** 999999999)|int }}",
          "{% set ns = namespace(p=price) %}{% for i in range(99) %}{% set ns.p = ns.p * ns.p %}"
              + "{% endfor %}{{ '%d' % ns.p }}",
          "{{ 10 ** 99999999 }}",
          "{{ raise_exception(text * 10000) }}",
          "{{ {}[text * 10000].x }}");

  /** Few steps that take long, or very many of them: each has to end in such an error, too. */
  static final List<String> SLOW =
      List.of(
          "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}",
          LONG + "{% for i in range(100000) %}{% if 'b' in s %}{% endif %}{% endfor %}",
          LONG + "{% for i in range(100000) %}{% if s == t %}{% endif %}{% endfor %}",
          LONG + "{% for i in range(100000) %}{% if s < t %}{% endif %}{% endfor %}",
          LONG + "{% for i in range(100000) %}{% if s|wordcount %}{% endif %}{% endfor %}",
          LONG + "{% for i in range(100000) %}{% if s.count('a') %}{% endif %}{% endfor %}",
          LONG + "{% for i in range(100000) %}{% if s.isalpha() %}{% endif %}{% endfor %}",
          LONG + "{% for i in range(100000) %}{% if s is lower %}{% endif %}{% endfor %}",
          LONG + "{% for i in range(100000) %}{% if s|int %}{% endif %}{% endfor %}",
          LONG
              + "{% if s.startswith((t,) * 300000) %}{% endif %}"
              + "{% for i in range(100000) %}{% if s.endswith((t, t)) %}{% endif %}{% endfor %}",
          "{% set d = dict.fromkeys(range(50000)) %}{% for i in range(100000) %}{{ d|first }}"
              + "{% endfor %}",
          "{% for i in range(100000) %}{% for j in range(1000) %}{% if 2 ** 30000 // 3 %}{% endif %}"
              + "{% endfor %}{% endfor %}",
          "{% for i in range(100000) %}{{ strftime_now('%Y' * 1000)|length }}{% endfor %}");

  /** These end quickly, and were years of work: a search takes the sum of the lengths. */
  static final List<String> RENDERED =
      List.of(
          LONG + "{{ (s[:1500000] ~ 'b') in t }}",
          LONG + "{{ t.find(s[:1500000] ~ 'b') }}",
          LONG + "{{ t.rfind('b' ~ s[:1500000]) }}",
          LONG + "{{ t.split(s[:1500000] ~ 'b')|length }}{{ t.count(s[:1500000] ~ 'b') }}",
          LONG + "{{ t.strip('b' * 200000)|length }}",
          "{{ '{:0200000,}'.format(1)|length }}",
          "{{ ('x' * 2000000)|wordwrap(1000)|length }}",
          "{{ (text * 1000)|trim|length }}");

  private TemplateBombs() {}

  /** What a bomb is refused for under the options that users' templates have, or null. */
  static @Nullable String refusal(String source, Duration timeLimit) {
    try {
      TemplateOptions options = TemplateOptions.COLUMNS.withTimeLimit(timeLimit);
      Template.parse("bomb", source, options).render(ROW);
      return null;
    } catch (TemplateException e) {
      return e.getMessage();
    }
  }

  /**
   * Renders the large bombs in some threads at once, half of them in each, in an order of its own.
   */
  public static void main(String[] arguments) throws InterruptedException {
    int threads = Integer.parseInt(arguments[0]);
    List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
    List<Thread> all = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      int first = i * LARGE.size() / threads;
      Thread thread =
          new Thread(
              () -> {
                for (int j = 0; j < LARGE.size() / 2; j++) {
                  String source = LARGE.get((first + j) % LARGE.size());
                  if (refusal(source, Duration.ofSeconds(60)) == null) {
                    failures.add(new AssertionError("not refused: " + source));
                  }
                }
              });
      thread.setUncaughtExceptionHandler((failed, e) -> failures.add(e));
      thread.start();
      all.add(thread);
    }
    for (Thread thread : all) {
      thread.join();
    }
    failures.forEach(Throwable::printStackTrace);
    System.out.println("failures: " + failures.size());
    System.exit(failures.isEmpty() ? 0 : 1);
  }
}
