package io.nightshift.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.job.pipeline.ParquetRows;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchemaCommandTest {
  private static final String COLUMNS =
      """
      message items {
        required int64 id;
        optional binary name (STRING);
        required boolean sold;
        optional group tags (LIST) { repeated group list { required binary element (STRING); } }
        optional binary image;
      }
      """;

  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private String file = "";

  @BeforeEach
  void writeItems() throws IOException {
    file = folder.resolve("items.parquet").toString();
    ParquetRows.write(
        Path.of(file), COLUMNS, 1, (row, item) -> item.append("id", 1L).append("sold", true));
  }

  private Outcome schema(String... arguments) {
    String[] all = new String[arguments.length + 1];
    all[0] = "schema";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return new CommandLineInterface(List.of(new SchemaCommand()), new PrintWriter(out, true))
        .execute(all);
  }

  @Test
  void printsTheSchemaOfSomeColumns() {
    assertThat(schema(file, "sold", "tags").status()).isEqualTo(Outcome.DONE);
    assertThat(out.toString())
        .isEqualTo(
            """
            {
              "$schema" : "https://json-schema.org/draft/2020-12/schema",
              "type" : "object",
              "properties" : {
                "sold" : {
                  "type" : "boolean"
                },
                "tags" : {
                  "type" : [ "array", "null" ],
                  "items" : {
                    "type" : "string"
                  }
                }
              },
              "required" : [ "sold", "tags" ],
              "additionalProperties" : false
            }
            """);
  }

  @Test
  void saysWhatIsWrongWithTheColumns() {
    assertRefused("the column image has the type Binary", file);
    assertRefused("sould is missing. Did you mean sold?", file, "sould");
    assertRefused("'sold' is selected twice", file, "sold", "sold");
  }

  @Test
  void saysWhatIsWrongWithTheFile() {
    assertRefused("none.parquet", folder.resolve("none.parquet").toString());
    assertRefused("is a web address", "https://example.org/items.parquet");
    assertRefused("no file system for this scheme", "tape://a/items.parquet");
    assertRefused("Missing required parameter");
  }

  private void assertRefused(String complaint, String... arguments) {
    Outcome outcome = schema(arguments);
    assertThat(outcome.complaint().orElse("")).contains(complaint);
    assertThat(outcome.status()).isEqualTo(Outcome.WRONG_CALL);
    assertThat(out.toString()).isEmpty();
  }
}
