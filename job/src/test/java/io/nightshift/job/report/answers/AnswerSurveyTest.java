package io.nightshift.job.report.answers;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.connectors.parquet.output.OutputFiles;
import io.nightshift.job.pipeline.ParquetRows;
import io.nightshift.job.report.AnswerFigures;
import io.nightshift.job.report.AnswerFigures.TokenBin;
import io.nightshift.job.report.AnswerFigures.ValueCount;
import io.nightshift.job.report.AnswerFigures.ValueDistribution;
import io.nightshift.job.report.UncertainRow;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiConsumer;
import org.apache.flink.core.fs.FileStatus;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.io.api.Binary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Surveys of answers that are not choices; those of choices are in ReportITCase. */
class AnswerSurveyTest {
  private static final String TEXT =
      """
      message answers {
        optional binary completion (STRING);
        required int32 output_tokens;
        optional binary error_code (STRING);
        optional binary error_message (STRING);
      }
      """;

  private static final String FIELDS =
      """
      message answers {
        optional binary completion (STRING);
        optional group field_probabilities (MAP) {
          repeated group key_value { required binary key (STRING); optional double value; }
        }
        required int32 output_tokens;
        optional binary error_code (STRING);
        optional binary error_message (STRING);
      }
      """;

  @TempDir private Path folder = Path.of("");

  private AnswerSurvey survey(long maxRows, Map<String, List<String>> named) throws IOException {
    List<FileStatus> files =
        OutputFiles.list(List.of(new org.apache.flink.core.fs.Path(folder.toUri())));
    return AnswerSurvey.of(files, maxRows, named);
  }

  private void write(String name, String schema, int rows, BiConsumer<Integer, Group> fill)
      throws IOException {
    ParquetRows.write(folder.resolve(name), schema, rows, fill);
  }

  @Test
  void freeTextIsCountedByLength() throws IOException {
    Random random = new Random();
    int[] lengths = random.ints(500, 3, 400).toArray();
    write(
        "part-0.parquet",
        TEXT,
        lengths.length,
        (row, group) -> {
          group.append("output_tokens", lengths[row]);
          if (row % 100 == 0) {
            group.append("error_code", "prompt_empty").append("error_message", "empty " + row);
          } else {
            group.append("completion", "text");
          }
        });
    AnswerSurvey survey = survey(Long.MAX_VALUE, Map.of("other", List.of("not there")));

    AnswerFigures answers = survey.answers();
    assertThat(answers.rows()).isEqualTo(500);
    assertThat(answers.distributions()).isEmpty();
    assertThat(answers.leastCertain()).isEmpty();
    assertThat(answers.outputTokens()).hasSizeLessThanOrEqualTo(30);
    for (TokenBin bin : answers.outputTokens()) {
      long inside = 0;
      for (int row = 0; row < lengths.length; row++) {
        boolean isInside = lengths[row] >= bin.from() && lengths[row] <= bin.to();
        inside += row % 100 != 0 && isInside ? 1 : 0;
      }
      assertThat(bin.rows()).as(bin.toString()).isEqualTo(inside);
    }
    assertThat(survey.errors()).hasSize(1);
    assertThat(survey.errors().get(0).rows()).isEqualTo(5);
    assertThat(survey.errors().get(0).examples())
        .containsExactly("empty 0", "empty 100", "empty 200");
    assertThat(survey(Long.MAX_VALUE, Map.of("prompt_empty", List.of("row 7"))).errors())
        .singleElement()
        .satisfies(error -> assertThat(error.examples()).containsExactly("row 7"));
  }

  @Test
  void enumeratedFieldsAreCountedEachByItself() throws IOException {
    write(
        "part-0.parquet",
        FIELDS,
        4,
        (row, group) -> {
          group.append(
              "completion",
              List.of(
                      "{\"queue\":\"outage\",\"items\":[{\"kind\":1},{\"kind\":2}]}",
                      "{\"queue\":\"billing\",\"items\":[{\"kind\":1}]}",
                      "{\"queue\":\"billing\",\"items\":[]}",
                      "{\"queue\":\"bil")
                  .get(row));
          Group map = group.addGroup("field_probabilities");
          if (row < 3) {
            map.addGroup(0).append("key", "/queue").append("value", 0.3 + row / 10.0);
          }
          for (int item = 0; item < 2 - row; item++) {
            map.addGroup(0).append("key", "/items/" + item + "/kind").append("value", 0.9);
          }
          group.append("output_tokens", 10);
        });
    AnswerFigures answers = survey(Long.MAX_VALUE, Map.of()).answers();

    assertThat(answers.distributions())
        .extracting(ValueDistribution::name)
        .containsExactly("answer.items.*.kind", "answer.queue");
    assertThat(answers.distributions().get(0).values())
        .containsExactly(new ValueCount("1", 2), new ValueCount("2", 1));
    assertThat(answers.distributions().get(1).values())
        .containsExactly(new ValueCount("billing", 2), new ValueCount("outage", 1));
    assertThat(answers.distributions().get(0).confidenceHistogram().get(18)).isEqualTo(3);
    UncertainRow first = answers.leastCertain().get(0);
    assertThat(first.field()).isEqualTo("answer.queue");
    assertThat(first.answer()).isEqualTo("outage");
    assertThat(first.confidence()).isEqualTo(0.3);
    assertThat(first.text()).isNull();
  }

  @Test
  void leastCertainRowsHaveTheirIdsAndTimesBeforeTheirTexts() throws IOException {
    write(
        "part-0.parquet",
        """
        message answers {
          optional binary body (STRING);
          required int32 day (DATE);
          optional int64 id;
          optional int64 empty;
          required int64 at (TIMESTAMP(MILLIS,true));
          required binary key (DECIMAL(10,2));
          optional binary bytes;
          optional binary completion (STRING);
          optional group choice_probabilities (MAP) {
            repeated group key_value { required binary key (STRING); optional double value; }
          }
          required int32 prompt_tokens;
          required int32 cached_tokens;
          required int32 output_tokens;
        }
        """,
        1,
        (row, group) -> {
          group.append("body", "a\n text ").append("day", 20_000).append("id", 70_000_000_007L);
          group.append("at", 1_700_000_000_000L);
          group.append("key", Binary.fromConstantByteArray(new byte[] {1, 0}));
          group.append("bytes", Binary.fromConstantByteArray(new byte[] {1, 0}));
          group.append("completion", "yes");
          var map = group.addGroup("choice_probabilities");
          map.addGroup(0).append("key", "yes").append("value", 0.5);
          group.append("prompt_tokens", 5).append("cached_tokens", 4).append("output_tokens", 1);
        });
    assertThat(survey(10, Map.of()).answers().leastCertain())
        .extracting(UncertainRow::text)
        .containsExactly(
            "day: 2024-10-04  id: 70000000007  at: 2023-11-14T22:13:20Z  key: 2.56  body: a text");
  }

  @Test
  void ofALargeOutputEvenlySpreadPartsAreRead() throws IOException {
    for (int file = 0; file < 10; file++) {
      write(
          "part-" + file + ".parquet",
          TEXT,
          100,
          (row, group) -> group.append("completion", "x").append("output_tokens", row));
    }
    AnswerSurvey survey = survey(300, Map.of());
    assertThat(survey.rows()).isEqualTo(1000);
    assertThat(survey.answers().rows()).isEqualTo(300);
  }

  @Test
  void anOutputWithoutFilesHasNoAnswers() throws IOException {
    AnswerSurvey survey = survey(10, Map.of());
    assertThat(survey.rows()).isZero();
    assertThat(survey.answers().distributions()).isEmpty();
  }
}
