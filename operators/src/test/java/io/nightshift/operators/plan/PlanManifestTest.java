package io.nightshift.operators.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nightshift.connectors.arrow.row.RandomBatches;
import io.nightshift.connectors.units.WorkUnit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanManifestTest {
  private static final Schema KEPT =
      new Schema(List.of(Field.nullable("id", new ArrowType.Int(64, true))));
  private static final List<WorkUnit> UNITS =
      List.of(
          new WorkUnit("unit-a.arrow", 10, 300, 200, 1, 0),
          new WorkUnit("unit-b.arrow", 5, 90, 60, 0, 7));

  private static final List<PlannedFile> INPUTS =
      List.of(new PlannedFile("s3://bucket/a.parquet", 1234, 1_700_000_000_000L, 70));

  @TempDir Path folder;

  @Test
  void aPlanIsCompleteWithItsManifest() throws IOException {
    assertThat(PlanManifest.read(path())).isEmpty();

    PlanManifest manifest = new PlanManifest(INPUTS, KEPT, UNITS);
    manifest.write(path());

    assertThat(PlanManifest.read(path())).contains(manifest);
    assertThat(manifest.rows()).isEqualTo(15);
    assertThat(manifest.promptTokens()).isEqualTo(390);
    assertThat(manifest.computedTokens()).isEqualTo(260);
  }

  @Test
  void keepsTheSchemaOfEveryType() throws IOException {
    for (int seed = 0; seed < 50; seed++) {
      Schema kept = RandomBatches.withIntervals(seed).schema();
      new PlanManifest(INPUTS, kept, UNITS).write(path());

      assertThat(PlanManifest.read(path()).orElseThrow().keptColumns()).isEqualTo(kept);
    }
  }

  @Test
  void aPersonFindsTheFigures() throws IOException {
    new PlanManifest(INPUTS, KEPT, UNITS).write(path());

    JsonNode json = new ObjectMapper().readTree(folder.resolve("manifest.json").toFile());
    assertThat(json.get("rows").asLong()).isEqualTo(15);
    assertThat(json.get("promptTokens").asLong()).isEqualTo(390);
    assertThat(json.get("computedTokens").asLong()).isEqualTo(260);
    assertThat(json.at("/units/1/sharedWithPrevious").asInt()).isEqualTo(7);
    assertThat(json.at("/keptColumns/fields/0/name").asText()).isEqualTo("id");
  }

  @Test
  void deletesWhatFailedAttemptsHaveLeft() throws IOException {
    for (String file :
        List.of(
            "unit-a.arrow",
            "unit-b.arrow",
            "unit-left.arrow",
            ".unit-c.arrow.inprogress.1",
            "other")) {
      Files.createFile(folder.resolve(file));
    }

    new PlanManifest(INPUTS, KEPT, UNITS).write(path());

    try (var files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("unit-a.arrow", "unit-b.arrow", "other", "manifest.json");
    }
  }

  @Test
  void damagedManifestsAndOtherVersionsAreNamed() throws IOException {
    new PlanManifest(INPUTS, KEPT, UNITS).write(path());
    Path file = folder.resolve("manifest.json");
    String whole = Files.readString(file);

    for (String damaged :
        List.of(
            "",
            whole.substring(0, whole.length() / 2),
            "{}",
            "[]",
            whole.replace("\"rows\" : 10", "\"rows\" : \"many\""),
            whole.replace("\"int\"", "\"strange\""))) {
      Files.writeString(file, damaged);
      assertThatThrownBy(() -> PlanManifest.read(path()))
          .as(damaged)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("manifest.json is not a plan manifest");
    }

    Files.writeString(file, whole.replace("\"version\" : 2", "\"version\" : 3"));
    assertThatThrownBy(() -> PlanManifest.read(path()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("has version 3, expected 2");
  }

  private org.apache.flink.core.fs.Path path() {
    return new org.apache.flink.core.fs.Path(folder.toUri());
  }
}
