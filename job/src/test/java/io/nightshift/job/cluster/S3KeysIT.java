package io.nightshift.job.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.job.cluster.TestProcess.Ended;
import io.nightshift.job.pipeline.ParquetRows;
import io.nightshift.runtime.model.ModelFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Objects whose keys no folder of files has: read, or refused by name. */
@SuppressWarnings("NullAway.Init") // set before all tests
class S3KeysIT {
  private static final byte[] MARKER = {};

  @TempDir private static Path folder;
  private static MotoServer server;
  private static byte[] notes;

  @BeforeAll
  static void start() throws Exception {
    server = new MotoServer(folder);
    ModelFolder.copyOf("tiny-llama", folder.resolve("model"));
    Path file = folder.resolve("notes.parquet");
    ParquetRows.write(
        file,
        "message notes { required int64 id; required binary body (STRING); }",
        3,
        (id, row) -> row.append("id", (long) id).append("body", "note " + id));
    notes = Files.readAllBytes(file);
    server.createBucket("markers");
    server.put("markers", "in/", MARKER);
    server.put("markers", "in/sub/", MARKER);
    server.put("markers", "in/sub_$folder$", MARKER);
    server.put("markers", "in/sub/a.parquet", notes);
    server.createBucket("slashes");
    server.put("slashes", "in/a.parquet", notes);
    server.put("slashes", "in//b.parquet", notes);
    server.put("slashes", "day=1/sub//c.parquet", notes);
    server.put("slashes", "clean/a.parquet", notes);
    server.put("slashes", "clean/_hidden//b.parquet", notes);
    server.put("slashes", "content/a.parquet", notes);
    server.put("slashes", "content/b.parquet/", notes);
    server.createBucket("root");
    server.put("root", "a.parquet", notes);
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @ParameterizedTest
  @CsvSource({
    "s3-fs-hadoop, markers/in",
    "s3-fs-native, markers/in",
    "s3-fs-hadoop, root",
    "s3-fs-native, slashes/clean"
  })
  void readsBesideMarkersOfFolders(String plugin, String input) throws Exception {
    Ended plan = plan(plugin, "s3://" + input + "/");

    assertThat(plan.status()).as(plan.err()).isZero();
    assertThat(plan.out()).startsWith("Planned 3 rows in ");
  }

  @ParameterizedTest
  @CsvSource({
    "s3-fs-hadoop, in/, in//b.parquet",
    "s3-fs-native, in/, in//b.parquet",
    "s3-fs-hadoop, day=*/**, day=1/sub//c.parquet",
    "s3-fs-native, day=*/sub/*.parquet, day=1/sub//",
    "s3-fs-hadoop, content, content/b.parquet/"
  })
  void refusesAKeyThatIsNoPath(String plugin, String input, String key) throws Exception {
    Ended plan = plan(plugin, "s3://slashes/" + input);

    assertThat(plan.status()).as(plan.out()).isEqualTo(2);
    assertThat(plan.err())
        .contains("nightshift: input.path s3://slashes/")
        .contains("Flink's S3 plugins cannot read s3://slashes/" + key + ",");
  }

  @ParameterizedTest
  @ValueSource(strings = {"s3://root/", "s3://root/*.parquet"})
  void theNativePluginsBucketRootIsRefused(String input) throws Exception {
    Ended plan = plan("s3-fs-native", input);

    assertThat(plan.status()).as(plan.out()).isEqualTo(2);
    assertThat(plan.err())
        .contains("nightshift: input.path s3://root/")
        .contains("Flink's native S3 plugin cannot use the root of a bucket");
  }

  private static Ended plan(String plugin, String input) throws Exception {
    Path here = Files.createTempDirectory(folder, plugin);
    Files.writeString(
        here.resolve("job.yaml"),
        """
        input: {path: "%s"}
        model: {path: %s/model, device: cpu}
        prompt: {text: "{{ body }}"}
        answer: {choices: [a, b]}
        output: {path: %s/answers}
        engine: {kv-cache-memory: 2m}
        """
            .formatted(input, folder, here));
    return LauncherProcess.ended(
        here, plugin, server.settings(), "plan", here.resolve("job.yaml").toString());
  }
}
