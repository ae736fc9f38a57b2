package io.nightshift.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.job.hub.ModelLocator;
import io.nightshift.job.pipeline.FlinkPipeline;
import io.nightshift.job.pipeline.ParquetRows;
import io.nightshift.job.progress.ProgressDisplay;
import io.nightshift.runtime.model.EditedGguf;
import io.nightshift.runtime.model.ModelFolder;
import io.nightshift.runtime.model.ModelResources;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is wrong with a whole job is found before any of its work is done, and told in one line. */
class BadInputITCase {
  private static final String SCHEMA =
      "message notes { required int64 id; optional binary body (STRING); }";

  @TempDir private Path folder = Path.of("");
  private String complaint = "";

  @BeforeEach
  void writeJob() throws IOException {
    Files.createDirectories(folder.resolve("input"));
    writeNotes("notes.parquet");
    ModelFolder.copyOf("tiny-llama", folder.resolve("model"));
    Files.writeString(
        folder.resolve("job.yaml"),
        """
        input: {path: %1$s/input}
        model: {path: %1$s/model, device: cpu}
        prompt: {text: "{{ body }}"}
        answer: {choices: [a, b]}
        output: {path: %1$s/answers}
        engine: {kv-cache-memory: 2m}
        """
            .formatted(folder));
  }

  @Test
  void theJobOfTheseTestsIsSound() throws IOException {
    assertThat(run("errors.max-fraction=0.5")).as(complaint).isZero();
    assertThat(ParquetRows.read(folder.resolve("answers"))).hasSize(4);
  }

  @Test
  void tooManyBadRows() {
    assertThat(run()).isEqualTo(1);
    assertThat(complaint)
        .startsWith("1 of 4 rows have errors, more than errors.max-fraction")
        .contains("1 prompt_null (")
        .contains("notes.parquet row 3: template prompt.text, line 1: body is null");
  }

  @Test
  void aTruncatedFile() throws IOException {
    Path file = folder.resolve("input/notes.parquet");
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length - 20));
    assertThat(run()).isEqualTo(2);
    assertThat(complaint).contains("input/notes.parquet");
  }

  @Test
  void oneBadFileAmongGoodOnes() throws IOException {
    writeNotes("more.parquet");
    Files.writeString(folder.resolve("input/readme.parquet"), "no Parquet at all");
    assertThat(run()).isEqualTo(2);
    assertThat(complaint).contains("input/readme.parquet");
  }

  @Test
  void noInput() {
    assertThat(run("input.path=" + folder.resolve("inputs"))).isEqualTo(2);
    assertThat(complaint).contains(folder.resolve("inputs").toString());
  }

  @Test
  void aColumnOfTheTemplateThatIsNotThere() {
    assertThat(run("prompt.text={{ bdy }}")).isEqualTo(2);
    assertThat(complaint).contains("bdy").contains("body").contains("notes.parquet");
  }

  @Test
  void aColumnToKeepThatIsNotThere() {
    assertThat(run("output.columns=[id, subject]")).isEqualTo(2);
    assertThat(complaint).contains("subject").contains("notes.parquet");
  }

  @Test
  void aPromptThatIsTheSameForEveryRow() throws IOException {
    assertThat(run("prompt.text=Classify: {body}")).isEqualTo(2);
    assertThat(complaint).contains("\"Classify: {body}\"").contains("{{ body }}");
    // What YAML takes for a comment is not in the message.
    Path job = folder.resolve("job.yaml");
    String prompt = "prompt: {text: \"{{ body }}\"}";
    String cut = "prompt:\n  text: Ticket # {{ body }}";
    Files.writeString(job, Files.readString(job).replace(prompt, cut));
    assertThat(run()).isEqualTo(2);
    assertThat(complaint).contains("prompt.text is \"Ticket\"").contains("comment");
  }

  @Test
  void aColumnThatATemplateCannotNameByItself() throws IOException {
    Files.createDirectories(folder.resolve("users"));
    ParquetRows.write(
        folder.resolve("users/part.parquet"),
        "message users { required int64 id; required binary user.name (STRING); }",
        2,
        (id, row) -> row.append("id", (long) id).append("user.name", "user " + id));
    String input = "input.path=" + folder.resolve("users");
    assertThat(run(input, "prompt.text={{ user.name }}")).isEqualTo(2);
    assertThat(complaint).contains("{{ row[\"user.name\"] }}");
    assertThat(run(input, "prompt.text={{ row[\"user.name\"] }}")).as(complaint).isZero();
    assertThat(ParquetRows.read(folder.resolve("answers"))).hasSize(2);
  }

  @Test
  void aTemplateThatCannotBeParsed() {
    assertThat(run("prompt.text={{ body")).isEqualTo(2);
    assertThat(complaint).contains("prompt.text").contains("line 1");
  }

  @Test
  void aModelWithoutTokenizer() throws IOException {
    Files.delete(folder.resolve("model/tokenizer.json"));
    assertThat(run()).isEqualTo(2);
    assertThat(complaint).contains("tokenizer.json");
  }

  @Test
  void aModelWithoutWeights() throws IOException {
    Files.delete(folder.resolve("model/model.safetensors"));
    assertThat(run()).isEqualTo(2);
    assertThat(complaint).contains("model.safetensors");
  }

  @Test
  void aModelAsPickleOnly() throws IOException {
    Files.move(
        folder.resolve("model/model.safetensors"), folder.resolve("model/pytorch_model.bin"));
    assertThat(run()).isEqualTo(2);
    assertThat(complaint).contains("pytorch_model.bin").contains("safetensors");
  }

  @ParameterizedTest
  @ValueSource(strings = {"merges", "token_type", "tokens"})
  void aGgufTokenizerThatLacksAPart(String part) {
    String key = "tokenizer.ggml." + part;
    assertThat(run("model.path=" + gguf(file -> file.remove(key)))).isEqualTo(2);
    assertThat(complaint).contains("model.gguf").contains(key).contains("is missing");
  }

  @Test
  void aGgufKeyThatWouldChangeTheModel() {
    Path model = gguf(file -> file.put("llama.logit_scale", 0.5f));
    assertThat(run("model.path=" + model)).isEqualTo(2);
    assertThat(complaint).contains("model.gguf").contains("llama.logit_scale");
  }

  @Test
  void aBeginningOfSequenceTokenThatIsNotThere() {
    Path model =
        gguf(
            file ->
                file.remove("tokenizer.ggml.bos_token_id")
                    .put("tokenizer.ggml.add_bos_token", true));
    assertThat(run("model.path=" + model)).isEqualTo(2);
    assertThat(complaint).contains("model.gguf").contains("tokenizer.ggml.bos_token_id");
  }

  @Test
  void anEndOfTurnThatIsNeededAndNotThere() {
    Path model =
        gguf(
            file ->
                file.remove("tokenizer.ggml.eos_token_id")
                    .put("tokenizer.ggml.token_type", onlyText()));
    assertThat(run("model.path=" + model, "answer.choices=[a, ab]")).isEqualTo(2);
    assertThat(complaint)
        .contains("answer.choices")
        .contains("model.gguf")
        .contains("no end-of-sequence token");
  }

  private static int[] onlyText() {
    int[] types = new int[331];
    Arrays.fill(types, 1);
    return types;
  }

  private Path gguf(Consumer<EditedGguf> edit) {
    EditedGguf file = EditedGguf.copyOf(ModelResources.tiny("tiny-llama.gguf"));
    edit.accept(file);
    return file.write(folder.resolve("model.gguf"));
  }

  @Test
  void anUnknownArchitecture() throws IOException {
    Path config = folder.resolve("model/config.json");
    Files.writeString(
        config,
        Files.readString(config)
            .replace("LlamaForCausalLM", "MambaForCausalLM")
            .replace("\"llama\"", "\"mamba\""));
    assertThat(run()).isEqualTo(2);
    assertThat(complaint).contains("mamba").contains("llama").contains("config.json");
  }

  @Test
  void aWeightOfAWrongShape() throws IOException {
    Path config = folder.resolve("model/config.json");
    Files.writeString(
        config,
        Files.readString(config)
            .replace("\"intermediate_size\": 100", "\"intermediate_size\": 104"));
    assertThat(run()).isEqualTo(2);
    assertThat(complaint).contains("mlp").contains("104").contains("100");
  }

  @Test
  void noModel() {
    assertThat(run("model.path=" + folder.resolve("models"))).isEqualTo(2);
    assertThat(complaint).contains(folder.resolve("models").toString());
  }

  @ParameterizedTest
  @CsvSource({
    "output.path, webhdfs://localhost:1/out",
    "errors.path, webhdfs://localhost:1/errors",
    "plan.folder, webhdfs://localhost:1/plan"
  })
  void aFileSystemWithoutARecoverableWriter(String option, String place) {
    assertThat(run(option + "=" + place)).isEqualTo(2);
    assertThat(complaint)
        .startsWith(option + " " + place + ": files cannot be committed there (")
        .endsWith(
            "; write to a local folder, hdfs://, or s3://, abfs:// or gs:// with Flink's plugin for it");
  }

  @Test
  void aDamagedPage() throws IOException {
    Path file = folder.resolve("input/notes.parquet");
    byte[] bytes = Files.readAllBytes(file);
    Arrays.fill(bytes, 4, 80, (byte) 0x5a);
    Files.write(file, bytes);
    assertThat(run("errors.max-fraction=0.5")).isEqualTo(1);
    assertThat(complaint).contains("input/notes.parquet: row group 0 cannot be read");
  }

  @Test
  void anUnknownOption() {
    assertThat(run("output.colums=[id]")).isEqualTo(2);
    assertThat(complaint).contains("output.colums").contains("output.columns");
  }

  @Test
  void aDeviceThatThisMachineDoesNotHave() {
    assertThat(run("model.device=cuda")).isEqualTo(2);
    assertThat(complaint).contains("device cuda").contains("libcuda.so.1");
  }

  /** Runs the job with some options changed; unless it ends well, there must be no answers. */
  private int run(String... changes) {
    ModelLocator models = ModelLocator.ofThisProcess(notice -> {});
    ProgressDisplay noDisplay = source -> () -> {};
    CommandLineInterface commandLine =
        new CommandLineInterface(
            List.of(new RunCommand(FlinkPipeline.embedded(models, new Configuration()), noDisplay)),
            new PrintWriter(new StringWriter()));
    List<String> arguments = new ArrayList<>(List.of("run", folder.resolve("job.yaml").toString()));
    for (String change : changes) {
      arguments.addAll(List.of("--set", change));
    }
    Outcome outcome = commandLine.execute(arguments.toArray(String[]::new));
    complaint = outcome.complaint().orElse("");
    if (outcome.status() != Outcome.DONE) {
      assertThat(folder.resolve("answers")).satisfies(BadInputITCase::hasNoAnswers);
    }
    return outcome.status();
  }

  private static void hasNoAnswers(Path answers) throws IOException {
    assertThat(ParquetRows.files(answers)).isEmpty();
  }

  private void writeNotes(String name) throws IOException {
    ParquetRows.write(
        folder.resolve("input").resolve(name),
        SCHEMA,
        4,
        (id, row) -> {
          row.append("id", (long) id);
          if (id < 3) {
            row.append("body", "note " + id);
          }
        });
  }
}
