package io.nightshift.job.report.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.job.report.Comparison;
import io.nightshift.job.report.ReportData;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;

/** Pages in a real browser. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReportPageTest {
  /** Markup that would run, and an override that would turn the characters after it. */
  private static final String HOSTILE =
      "</script><script>window.attacked = 1</script><img src=x onerror='window.attacked = 1'>"
          + "{{script}}\u202egame\u0007\nline";

  private Browser browser;

  @BeforeAll
  void startBrowser() throws IOException {
    browser = Browser.start();
  }

  @AfterAll
  void stopBrowser() {
    browser.close();
  }

  private static String html(ReportData report) throws IOException {
    StringBuilder page = new StringBuilder();
    ReportPage.write(report, page);
    return page.toString();
  }

  private static String html(Comparison comparison) throws IOException {
    StringBuilder page = new StringBuilder();
    ReportPage.write(comparison, page);
    return page.toString();
  }

  private void open(int width, String colorScheme, String html) throws IOException {
    browser.show(width, colorScheme);
    browser.open(html);
  }

  private void assertNothingWasLoadedOrLogged() throws IOException {
    assertThat(browser.console()).isEmpty();
    assertThat(browser.requests())
        .filteredOn(address -> !address.startsWith("data:"))
        .singleElement()
        .asString()
        .endsWith("page.html");
  }

  @Test
  void reportHasAllSectionsAndLoadsNothing() throws IOException {
    open(1200, "light", html(SampleReports.packages("chess: board game")));

    assertThat(browser.texts("h1")).containsExactly("994 rows are answered, 7 failed");
    assertThat(browser.texts("h2"))
        .containsExactly(
            "Over time",
            "Answers",
            "Least certain rows",
            "Evaluation",
            "Errors",
            "Shared prefixes",
            "Engines",
            "Energy and cost",
            "Configuration");
    assertThat(browser.texts("nav a")).isEqualTo(browser.texts("h2"));
    assertThat(browser.texts("#header dl > div"))
        .contains(
            "Time7 min 1 sanswering 6 min 52 splanned 7 min 41 s",
            "Rows per second2.43planned 2.17",
            "Prompt tokens187k84.5% cached");
    assertNothingWasLoadedOrLogged();
  }

  @Test
  void chartsHaveMarks() throws IOException {
    open(1200, "light", html(SampleReports.packages("chess: board game")));

    List<?> marks = (List<?>) browser.evaluateResource("marks.js");
    assertThat(marks)
        .extracting(chart -> (String) ((List<?>) chart).get(0))
        .containsExactly(
            "Rows per second",
            "Prompt tokens per second",
            "Prompt tokens from the prefix cache",
            "Time of a step",
            "Requests in the engines",
            "Confidence: the probability of the answer in completion",
            "Output tokens of a row",
            "Calibration: how often answers of a confidence are right");
    assertThat(marks)
        .allSatisfy(chart -> assertThat((Long) ((List<?>) chart).get(1)).isGreaterThan(200));
  }

  @Test
  void keyboardReachesEverything() throws IOException {
    open(1200, "light", html(SampleReports.packages("chess: board game")));

    browser.evaluate(
        "(window.reached = []) && document.addEventListener('focusin', event =>"
            + " window.reached.push(event.target.className || event.target.tagName)) || ''");
    browser.press(Keys.TAB.toString().repeat(60));

    List<String> reached = new ArrayList<>();
    for (Object element : (List<?>) browser.evaluate("window.reached")) {
      reached.add((String) element);
    }
    // After the last element, it begins again.
    int stops = reached.subList(1, reached.size()).indexOf("skip") + 1;
    assertThat(stops).isPositive();
    reached = reached.subList(0, stops);
    assertThat(reached).startsWith("skip").filteredOn("chart"::equals).hasSize(7);
    assertThat(reached).filteredOn("A"::equals).hasSize(browser.texts("nav a, td a").size());
    assertThat(reached).filteredOn("SUMMARY"::equals).hasSize(browser.texts("summary").size());
  }

  @Test
  void arrowKeysReadValuesOfAllChartsOverTime() throws IOException {
    open(1200, "light", html(SampleReports.packages("chess: board game")));
    browser.evaluate("document.querySelectorAll('.chart')[2].focus() ?? ''");

    browser.press(Keys.END);
    browser.press(Keys.ARROW_LEFT);

    List<String> readouts = browser.texts(".readout");
    assertThat(readouts.subList(0, 5)).allMatch(readout -> readout.startsWith("at 6:47"));
    assertThat(readouts.get(2)).matches("at 6:47cached 8\\d%");

    browser.press(Keys.ESCAPE);
    assertThat(browser.texts(".readout").get(2)).isEqualTo("84.5% of the run's prompt tokens.");
  }

  @Test
  void chartsSayOfTheWholeRunWhatHeadAndEnginesSay() throws IOException {
    open(1200, "light", html(SampleReports.packages("chess: board game")));

    assertThat(browser.texts("#header dl > div")).contains("Prompt tokens187k84.5% cached");
    List<String> readouts = browser.texts("#over-time .readout");
    assertThat(readouts.get(2)).isEqualTo("84.5% of the run's prompt tokens.");
    assertThat(readouts.get(3))
        .isEqualTo("Mean of all steps 311 ms, highest of an interval 1.03 s.");
    assertThat(browser.texts("#engines tbody td")).contains("311 ms");
    assertThat(
            browser.evaluate(
                "document.querySelector('#over-time .chart').getAttribute('aria-label')"))
        .asString()
        .matches("Rows per second\\. Median of the intervals 2\\.\\d+, highest 2\\.\\d+\\. .*");
  }

  @Test
  void sharesOfAnswersAddUpToAllThatWereAnswered() throws IOException {
    open(1200, "light", html(SampleReports.withLabels(List.of("a", "b", "c", "d"))));

    assertThat(browser.texts("#answers caption"))
        .containsExactly("Values of completion: shares of 10 answered rows");
    assertThat(browser.texts("#answers td.number"))
        .containsExactly("1", "10.0%", "2", "20.0%", "3", "30.0%", "4", "40.0%");
  }

  @ParameterizedTest
  @CsvSource({"1200, 2", "1200, 7", "380, 2", "380, 60"})
  void longLabelsLeaveTheFiguresInView(int width, int count) throws IOException {
    String common = "w".repeat(150) + " a label with many words".repeat(6);
    List<String> labels =
        IntStream.range(0, count).mapToObj(label -> common + " end " + label).toList();
    open(width, "light", html(SampleReports.withLabels(labels)));

    assertThat(
            browser.evaluate(
                "[...document.querySelectorAll('#answers .scroll, #evaluation .columns .scroll')]"
                    + ".map(box => box.scrollWidth - box.clientWidth)"))
        .isEqualTo(List.of(0L, 0L));
    assertThat(browser.texts("#evaluation .columns summary"))
        .startsWith("w".repeat(26) + "…y words end 0");
    assertThat((Long) browser.evaluate("document.querySelector('.matrix tbody tr').clientHeight"))
        .isLessThan(80);
    assertThat((Long) browser.evaluate("document.querySelector('.matrix').clientWidth"))
        .isLessThan(250 + count * (count > 8 ? 40 : 150));

    browser.evaluate("document.querySelectorAll('summary').forEach(found => found.click()) ?? ''");
    browser.awaitFrames();
    assertThat(browser.texts("#evaluation .columns th .label > div")).isEqualTo(labels);
    assertThat(browser.texts("#evaluation li")).isEqualTo(labels);
    assertThat((Long) browser.evaluate("document.documentElement.scrollWidth"))
        .isLessThanOrEqualTo(width);
  }

  @Test
  void manyLabelsAreAccessible() throws IOException {
    open(
        1200,
        "light",
        html(
            SampleReports.withLabels(
                IntStream.range(0, 60)
                    .mapToObj(label -> "label " + label + " with a fairly long name, " + label)
                    .toList())));

    assertThat(browser.texts("#evaluation .columns summary")).contains("40 more rows");
    assertThat(browser.violations()).isEmpty();
  }

  @Test
  void tablesOfChartsHaveTheirValues() throws IOException {
    open(1200, "light", html(SampleReports.packages("chess: board game")));
    browser.evaluate("document.querySelector('#over-time summary').click() ?? ''");
    browser.awaitFrames();

    assertThat(browser.texts("#over-time table thead th"))
        .startsWith("Time", "Rows per second: rows per second", "Prompt tokens per second: all");
    assertThat(browser.texts("#over-time table tbody tr")).hasSize(80);
  }

  @Test
  void shortIntervalsHaveTimesOfTheirOwn() throws IOException {
    open(1200, "light", html(SampleReports.withShortIntervals()));
    browser.evaluate("document.querySelector('#over-time summary').click() ?? ''");
    browser.awaitFrames();

    assertThat(browser.texts("#over-time table tbody td:first-child"))
        .startsWith("0:00.1", "0:00.2", "0:00.3")
        .endsWith("0:08.1", "0:08.2")
        .doesNotHaveDuplicates();
  }

  @Test
  void dataStaysText() throws IOException {
    open(1200, "light", html(SampleReports.withText(HOSTILE)));
    browser.evaluate("document.querySelectorAll('summary').forEach(found => found.click()) ?? ''");
    browser.awaitFrames();

    assertThat(browser.evaluate("String(window.attacked)")).isEqualTo("undefined");
    assertThat(browser.evaluate("document.scripts.length")).isEqualTo(2L);
    assertThat(browser.evaluate("document.images.length")).isEqualTo(0L);
    assertThat(browser.texts("#least-certain-rows td[data-title=Row]"))
        .first()
        .asString()
        .startsWith("</script><script>window.attacked = 1</script><img")
        .endsWith("{{script}}U+202EgameU+0007↵\nline");
    assertThat((String) browser.evaluate("document.body.innerText")).doesNotContain("\u202e");
    assertNothingWasLoadedOrLogged();
  }

  @Test
  void policyForbidsScriptsFromElsewhere() throws IOException {
    open(1200, "light", html(SampleReports.packages("chess: board game")));
    browser.evaluate(
        "(script => { script.textContent = 'window.attacked = 1'; document.body.append(script); return 0; })"
            + "(document.createElement('script'))");

    assertThat(browser.evaluate("String(window.attacked)")).isEqualTo("undefined");
    assertThat(browser.console()).singleElement().asString().contains("Content Security Policy");
  }

  @Test
  void millionRowsFitTwoMegabytes() throws IOException {
    String page = html(SampleReports.large());

    assertThat(page.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(2_000_000);
    open(1200, "light", page);
    assertThat(browser.texts("h1")).containsExactly("999,993 rows are answered, 7 failed");
    assertThat(browser.texts("#least-certain-rows tbody tr")).hasSize(20);
    assertThat(browser.texts("#least-certain-rows summary")).containsExactly("180 more rows");
    assertNothingWasLoadedOrLogged();
  }

  @ParameterizedTest
  @ValueSource(ints = {320, 390, 768})
  void narrowWindowsDoNotScrollSideways(int width) throws IOException {
    open(width, "light", html(SampleReports.withText("w".repeat(300))));

    assertThat((Long) browser.evaluate("document.documentElement.scrollWidth"))
        .isLessThanOrEqualTo(width);
  }

  @Test
  void narrowComparisonDoesNotScrollSideways() throws IOException {
    open(320, "light", html(SampleReports.comparison()));

    assertThat((Long) browser.evaluate("document.documentElement.scrollWidth"))
        .isLessThanOrEqualTo(320);
  }

  /** Names and roles, order of headings, contrast of texts, and what else axe-core knows. */
  @ParameterizedTest
  @CsvSource({"1200, light", "1200, dark", "390, light"})
  void reportIsAccessible(int width, String colorScheme) throws IOException {
    open(width, colorScheme, html(SampleReports.packages("chess:\u202e board\ngame")));

    assertThat(browser.violations()).isEmpty();
  }

  @Test
  void comparisonIsAccessible() throws IOException {
    open(1200, "dark", html(SampleReports.comparison()));

    assertThat(browser.violations()).isEmpty();
  }

  @Test
  void chartsFollowTheColorScheme() throws IOException {
    open(1200, "light", html(SampleReports.packages("chess: board game")));
    String picture = "document.querySelector('canvas').toDataURL()";
    Object light = browser.evaluate(picture);

    browser.show(1200, "dark");
    browser.awaitFrames();
    assertThat(browser.evaluate(picture)).isNotEqualTo(light);

    browser.show(1200, "light");
    browser.awaitFrames();
    assertThat(browser.evaluate(picture)).isEqualTo(light);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "false | 500 | 0 | disk full | The run failed after 500 rows",
        "false | 500 | 0 |           | Not complete: 500 of 508 rows have their answers",
        "true  | 500 | 0 |           | All 500 rows are answered",
        "true  | 0 | 1200 |          | All 1,200 rows are answered",
      })
  void headlineSaysWhetherItWorked(
      boolean complete, long rows, long rowsBefore, String failure, String headline)
      throws IOException {
    open(1200, "light", html(SampleReports.bare(complete, rows, rowsBefore, failure)));

    assertThat(browser.texts("h1")).containsExactly(headline);
    assertThat(browser.texts("h2")).isEmpty();
    assertThat(browser.texts("nav *")).isEmpty();
    if (failure != null) {
      assertThat(browser.texts("#header p")).contains("disk full");
    }
    assertNothingWasLoadedOrLogged();
  }

  @Test
  void truthsThatNoAnswerCanHaveAreNamed() throws IOException {
    open(1200, "light", html(SampleReports.withOtherTruths(List.of("web", "shells"))));

    assertThat(browser.texts("#evaluation p"))
        .containsExactly(
            "0 answers are compared with the column section. ",
            "1,001 rows have a truth that no answer can have, such as web, shells.");
    assertThat(browser.texts("#evaluation table")).isEmpty();
    assertNothingWasLoadedOrLogged();
  }

  @Test
  void localSourceFilesAreLinks() throws IOException {
    open(
        1200,
        "light",
        html(
            SampleReports.comparison(
                List.of(
                    "/data/part-0.parquet",
                    "file:/data/a b#1%41.parquet",
                    "s3://bucket/part-0.parquet",
                    "part-0.parquet",
                    "javascript:alert(1)//x"))));

    assertThat(
            browser.evaluate(
                "[...document.querySelectorAll('#changed-rows td:last-child')]"
                    + ".map(cell => cell.querySelector('a')?.href ?? cell.textContent)"))
        .isEqualTo(
            List.of(
                "file:///data/part-0.parquet",
                "file:///data/a%20b%231%2541.parquet",
                "s3://bucket/part-0.parquet, row\u00a01,204",
                "part-0.parquet, row\u00a01,204",
                "javascript:alert(1)//x, row\u00a01,204"));
  }

  @Test
  void figuresAreReadable() throws IOException {
    browser.open("<script>" + PageResource.text("format.js") + "</script>");

    for (String[] figure :
        new String[][] {
          {"formatShort(0)", "0"},
          {"formatShort(999.4)", "999"},
          {"formatShort(999.6)", "1k"},
          {"formatShort(1234567)", "1.23M"},
          {"formatShort(null)", "–"},
          {"formatUnit(1200, 'J')", "1.20 kJ"},
          {"formatUnit(0.07, 'J')", "0.0700 J"},
          {"formatDecimal(1234.5)", "1,235"},
          {"formatMoney(150.254, 'EUR')", "150.25 EUR"},
          {"formatMoney(0.00261, 'EUR')", "0.0026 EUR"},
          {"formatDuration(0.0294)", "29.4 ms"},
          {"formatDuration(41.23)", "41.2 s"},
          {"formatDuration(59.97)", "1 min"},
          {"formatDuration(430)", "7 min 10 s"},
          {"formatDuration(3599.7)", "1 h"},
          {"formatDuration(28980)", "8 h 3 min"},
          {"formatDuration(187200)", "2 d 4 h"},
          {"formatMillis(null)", "–"},
          {"formatClock(59.9)", "1:00"},
          {"formatClock(27005)", "7:30:05"},
          {"formatClock(0.1, 1)", "0:00.1"},
          {"formatClock(59.96, 1)", "1:00.0"},
          {"formatClock(3725.25, 1)", "1:02:05.3"},
          {"formatPercent(0.4915)", "49.2%"},
        }) {
      assertThat(browser.evaluate(figure[0])).as(figure[0]).isEqualTo(figure[1]);
    }
  }

  @Test
  void comparisonShowsWhatChanged() throws IOException {
    open(1200, "dark", html(SampleReports.comparison()));

    assertThat(browser.texts("h1")).containsExactly("68 of 901 rows have another answer");
    assertThat(browser.texts("h2")).containsExactly("Agreement", "Changed rows");
    assertThat(browser.texts(".matrix td.diagonal"))
        .containsExactly("131", "127", "123", "119", "115", "111", "107");
    assertThat(browser.texts("#changed-rows tbody tr"))
        .hasSize(8)
        .first()
        .isEqualTo("gamessciencepart-0004.parquet, row\u00a01,204");
    assertNothingWasLoadedOrLogged();
  }
}
