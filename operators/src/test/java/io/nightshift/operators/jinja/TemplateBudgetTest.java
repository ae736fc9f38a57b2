package io.nightshift.operators.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No template fills the heap or computes for long: the row gets its error, and the job goes on. */
class TemplateBudgetTest {

  static Stream<String> slow() {
    return TemplateBombs.SLOW.stream();
  }

  static Stream<String> rendered() {
    return TemplateBombs.RENDERED.stream();
  }

  /** The timeout tells what does not end from what ends. */
  @ParameterizedTest
  @MethodSource
  @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void slow(String source) {
    assertThat(TemplateBombs.refusal(source, Duration.ofMillis(50))).contains("shorten");
  }

  @ParameterizedTest
  @MethodSource
  @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void rendered(String source) {
    assertThat(TemplateBombs.refusal(source, Duration.ofSeconds(60))).isNull();
  }

  @Test
  void manyTasksRefuseLargeTemplatesInASmallHeap() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                TemplateBombs.class.getName(),
                "4")
            .redirectErrorStream(true)
            .start();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output).isEqualTo("failures: 0");
  }

  @Test
  void shortRenderingsNeverLookAtTheClock() {
    TemplateOptions hurried = TemplateOptions.CHAT.withTimeLimit(Duration.ofNanos(1));
    String source = "{% for i in range(n) %}x{% endfor %}";
    Template template = Template.parse("test", source, hurried);
    assertThat(template.render(Map.of("n", 1_000)).text()).hasSize(1_000);
    assertThatThrownBy(() -> template.render(Map.of("n", 100_000)))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("ms; shorten its loops");
  }

  @Test
  void aLongRowMayBuildMore() {
    TemplateOptions small = TemplateOptions.CHAT.withBounds(1_000, 1_000);
    Template template = Template.parse("test", "{{ s|trim }}{{ s ~ s }}{{ l|join }}", small);
    Map<String, Object> row = Map.of("s", " x".repeat(5_000), "l", List.of(1, 2, 3));
    assertThat(template.render(row).text()).hasSize(29_999 + 3);
  }

  @Test
  void messagesDoNotCarryWholeTexts() {
    Template template = Template.parse("test", "{{ raise_exception(s) }}");
    assertThatThrownBy(() -> template.render(Map.of("s", "x".repeat(100_000))))
        .satisfies(e -> assertThat(e.toString().length()).isLessThan(3_000));
  }
}
