package io.nightshift.job.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.nightshift.job.options.JobSpecification.ChatPrompt;
import io.nightshift.job.options.JobSpecification.ChoiceAnswer;
import io.nightshift.job.options.JobSpecification.FreeAnswer;
import io.nightshift.job.options.JobSpecification.TextPrompt;
import io.nightshift.runtime.config.DataType;
import io.nightshift.runtime.config.Device;
import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.config.GpuSelection;
import io.nightshift.runtime.sampling.SamplingParameters;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.core.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobSpecificationTest {
  private static final String TICKETS =
      """
      input:
        path: s3://bucket/tickets/            # file, folder or glob
      model:
        path: hf:HuggingFaceTB/SmolLM2-135M-Instruct
        device: cpu
        dtype: bf16
      prompt:
        system: Sort the ticket into one of the queues.
        user: "{{ subject }}: {{ body }}"
      answer:
        choices: [billing, outage, other]
      sampling:
        temperature: 0
      output:
        path: s3://bucket/labels/
        columns: [id, subject]
      errors:
        max-fraction: 0.01
      """;

  private static final String LETTERS =
      """
      input: {path: /data/letters.parquet}
      model: {path: /models/llama, device: cpu}
      prompt: {text: "Answer: {{ letter }}"}
      output: {path: /data/answers}
      """;

  @Test
  void readsTheJobFileOfTheDesign() {
    JobSpecification job = JobSpecification.parse("tickets.yaml", TICKETS, List.of());

    assertThat(job.input().path()).isEqualTo(new Path("s3://bucket/tickets/"));
    assertThat(job.model())
        .isEqualTo(new JobSpecification.Model("hf:HuggingFaceTB/SmolLM2-135M-Instruct", "main"));
    assertThat(job.engine().config().device()).isEqualTo(Device.CPU);
    assertThat(job.engine().config().dtype()).isEqualTo(DataType.BF16);
    assertThat(job.prompt())
        .isEqualTo(
            new ChatPrompt(
                Optional.of("Sort the ticket into one of the queues."),
                "{{ subject }}: {{ body }}",
                Map.of()));
    assertThat(job.answer())
        .isEqualTo(new ChoiceAnswer(List.of("billing", "outage", "other"), false));
    assertThat(job.output().path()).isEqualTo(new Path("s3://bucket/labels/"));
    assertThat(job.output().columns()).contains(List.of("id", "subject"));
    assertThat(job.output().compression()).isEqualTo(Compression.ZSTD);
    assertThat(job.errors())
        .isEqualTo(new JobSpecification.Errors(0.01, OptionalLong.empty(), Optional.empty()));
    assertThat(job.plan().folder()).isEqualTo(new Path("s3://bucket/labels/_nightshift"));
  }

  @Test
  void fillsInDefaults() {
    JobSpecification job = JobSpecification.parse("letters.yaml", LETTERS, List.of());

    assertThat(job.prompt()).isEqualTo(new TextPrompt("Answer: {{ letter }}"));
    assertThat(job.answer()).isEqualTo(new FreeAnswer(256));
    assertThat(job.sampling()).isEqualTo(SamplingParameters.greedy(256));
    assertThat(job.output().columns()).isEmpty();
    assertThat(job.engine())
        .isEqualTo(
            new JobSpecification.Engine(
                new EngineConfig(
                    Device.CPU,
                    DataType.BF16,
                    1,
                    List.of(),
                    16,
                    MemorySize.ofMebiBytes(1024).getBytes(),
                    0,
                    0,
                    false,
                    1024,
                    512,
                    256,
                    512,
                    Runtime.getRuntime().availableProcessors(),
                    Long.MAX_VALUE,
                    true),
                GpuSelection.ALL,
                Optional.empty(),
                Map.of()));
    assertThat(job.plan().unitTokens()).isEqualTo(100_000);
  }

  @Test
  void aSlotHasAllItsPartsAndTheGpuOfItsDevice() {
    List<String> slot =
        List.of("engine.slot-cpu-cores=2", "engine.slot-heap-memory=1g", "model.device=cuda");

    assertThatThrownBy(() -> JobSpecification.parse("letters.yaml", LETTERS, slot))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("engine.slot-off-heap-memory is missing");

    List<String> whole = new ArrayList<>(slot);
    whole.add("engine.slot-off-heap-memory=3g");
    assertThat(JobSpecification.parse("letters.yaml", LETTERS, whole).engine().slot())
        .contains(
            new JobSpecification.Slot(
                2, MemorySize.ofMebiBytes(1024), MemorySize.ofMebiBytes(3072), 1));
    whole.add("engine.tensor-parallel=4");
    assertThat(JobSpecification.parse("letters.yaml", LETTERS, whole).engine().slot())
        .map(JobSpecification.Slot::gpus)
        .contains(4);
  }

  @Test
  void fillsInTheDefaultsOfTheDevice() {
    JobSpecification job =
        JobSpecification.parse("letters.yaml", LETTERS, List.of("model.device=cuda"));

    assertThat(job.engine())
        .isEqualTo(
            new JobSpecification.Engine(
                new EngineConfig(
                    Device.CUDA,
                    DataType.BF16,
                    1,
                    List.of(0),
                    16,
                    0,
                    0,
                    0,
                    false,
                    16384,
                    2048,
                    2048,
                    512,
                    Runtime.getRuntime().availableProcessors(),
                    Long.MAX_VALUE,
                    true),
                GpuSelection.ALL,
                Optional.empty(),
                Map.of()));
  }

  @Test
  void anEngineHasAsManyRanksAsTheJobSays() {
    String four = LETTERS + "engine: {tensor-parallel: 4}\n";
    EngineConfig cpu = config(four, "engine.threads=8");
    EngineConfig cuda = config(four, "model.device=cuda");

    assertThat(config(LETTERS).tensorParallel()).isEqualTo(1);
    assertThat(cpu.tensorParallel()).isEqualTo(4);
    assertThat(cpu.ofRank(3).threads()).isEqualTo(2);
    assertThat(cuda.tensorParallel()).isEqualTo(4);
    assertThat(cuda.gpus()).hasSize(4);
    assertThatThrownBy(() -> config(four, "engine.tensor-parallel=0"))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageEndingWith("engine.tensor-parallel is 0, but must be from 1 to 64");
  }

  @Test
  void anEngineHasTheHostMemoryThatTheJobSays() {
    assertThat(config(LETTERS).hostKvCacheMemory()).isZero();
    assertThat(config(LETTERS, "engine.host-kv-cache-memory=2g").hostKvCacheMemory())
        .isEqualTo(2L << 30);
    assertThat(
            config(LETTERS, "model.device=cuda", "engine.host-kv-cache-memory=96gb")
                .hostKvCacheMemory())
        .isEqualTo(96L << 30);
  }

  private static EngineConfig config(String yaml, String... overrides) {
    return JobSpecification.parse("letters.yaml", yaml, List.of(overrides)).engine().config();
  }

  @Test
  void gpusAreAllANumberOrAList() {
    String listed = LETTERS + "engine: {gpus: [2, 0]}\n";

    assertThat(gpus(listed)).isEqualTo(new GpuSelection.Indexes(List.of(2, 0)));
    assertThat(gpus(listed, "engine.gpus=3")).isEqualTo(new GpuSelection.Count(3));
    assertThat(gpus(listed, "engine.gpus=[1]")).isEqualTo(new GpuSelection.Indexes(List.of(1)));
    assertThat(gpus(listed, "engine.gpus=all")).isEqualTo(GpuSelection.ALL);
    assertThatThrownBy(() -> gpus(LETTERS + "engine: {gpus: [0, 0]}\n"))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageEndingWith(
            "engine.gpus must be all, a number of GPUs from 1 on, or a list of different indexes such as [0, 2], but is [0, 0]");
    assertThatThrownBy(() -> JobSpecification.parse("letters.yaml", listed, List.of()))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageEndingWith("engine.gpus needs model.device cuda");
  }

  private static GpuSelection gpus(String yaml, String... overrides) {
    List<String> all = new ArrayList<>(List.of("model.device=cuda"));
    all.addAll(List.of(overrides));
    return JobSpecification.parse("letters.yaml", yaml, all).engine().gpus();
  }

  @Test
  void overridesGoOverTheFileAndLaterOnesOverEarlierOnes() {
    JobSpecification job =
        JobSpecification.parse(
            "tickets.yaml",
            TICKETS,
            List.of(
                "answer.choices=[yes, 'no, never']",
                "prompt.user={{ a }} = {{ b }}",
                "model.dtype=bf16",
                "model.dtype=F32",
                "engine.threads=3",
                "errors.max-rows=7"));

    assertThat(job.answer()).isEqualTo(new ChoiceAnswer(List.of("yes", "no, never"), false));
    assertThat(job.prompt())
        .isInstanceOfSatisfying(
            ChatPrompt.class, prompt -> assertThat(prompt.user()).isEqualTo("{{ a }} = {{ b }}"));
    assertThat(job.engine().config().dtype()).isEqualTo(DataType.F32);
    assertThat(job.engine().config().threads()).isEqualTo(3);
    assertThat(job.errors().maxRows()).hasValue(7);
  }

  @Test
  void readsSamplingOptions() {
    JobSpecification job =
        JobSpecification.parse(
            "letters.yaml",
            LETTERS
                + """
                answer.max-tokens: 5
                sampling:
                  temperature: 0.7
                  top-k: 40
                  top-p: 0.9
                  min-p: 0.05
                  repetition-penalty: 1.1
                  seed: 42
                  stop: ["\\n\\n", END]
                """,
            List.of());

    assertThat(job.sampling())
        .isEqualTo(
            new SamplingParameters(
                0.7, 40, 0.9, 0.05, 1.1, 42, 5, List.of("\n\n", "END"), false, false));
  }

  @Test
  void optionsOfTheChatTemplateHaveTheirTypes() {
    String thinking =
        """
        prompt.template-options:
          enable_thinking: false
          effort: high
          budget: 128
          ratio: 0.5
          none: null
          version: '1.0'
          tools: [{name: search, deep: {a: [1, 2]}}, "true"]
        """;
    ChatPrompt prompt =
        (ChatPrompt) JobSpecification.parse("tickets.yaml", TICKETS + thinking, List.of()).prompt();

    assertThat(prompt.templateOptions())
        .containsOnly(
            Map.entry("enable_thinking", false),
            Map.entry("effort", "high"),
            Map.entry("budget", 128),
            Map.entry("ratio", 0.5),
            entry("none", null),
            Map.entry("version", "1.0"),
            Map.entry(
                "tools",
                List.of(Map.of("name", "search", "deep", Map.of("a", List.of(1, 2))), "true")));
    assertThat(
            JobSpecification.parse(
                    "tickets.yaml",
                    TICKETS + thinking,
                    List.of("prompt.template-options={enable_thinking: true}"))
                .prompt())
        .isEqualTo(new ChatPrompt(prompt.system(), prompt.user(), Map.of("enable_thinking", true)));
  }

  @Test
  void readsWhatBecomesOfReasoningAndLogprobs() {
    JobSpecification plain = JobSpecification.parse("letters.yaml", LETTERS, List.of());
    assertThat(plain.reasoning())
        .isEqualTo(
            new JobSpecification.Reasoning(
                ReasoningMode.KEEP, Optional.empty(), OptionalInt.empty()));
    assertThat(plain.sampling().logprobs()).isFalse();

    JobSpecification job =
        JobSpecification.parse(
            "letters.yaml",
            LETTERS
                + """
                answer:
                  reasoning: column
                  reasoning-marks: ["[THINK]", "[/THINK]"]
                  reasoning-max-tokens: 100
                  logprobs: 5
                """,
            List.of());
    assertThat(job.reasoning())
        .isEqualTo(
            new JobSpecification.Reasoning(
                ReasoningMode.COLUMN,
                Optional.of(List.of("[THINK]", "[/THINK]")),
                OptionalInt.of(100)));
    assertThat(job.sampling()).isEqualTo(SamplingParameters.greedy(256).withTopLogprobs(5));
    assertThat(
            JobSpecification.parse("letters.yaml", LETTERS, List.of("answer.logprobs=0"))
                .sampling())
        .isEqualTo(SamplingParameters.greedy(256).withTopLogprobs(0));
  }

  @Test
  void choicesKeepTheTextThatWasWritten() {
    JobSpecification job =
        JobSpecification.parse(
            "letters.yaml", LETTERS + "answer: {choices: [true, 1.0, 'no', ~x]}", List.of());

    assertThat(job.answer()).isEqualTo(new ChoiceAnswer(List.of("true", "1.0", "no", "~x"), false));
  }

  @Test
  void relativePathsCountFromTheWorkingDirectory() {
    JobSpecification job =
        JobSpecification.parse("letters.yaml", LETTERS, List.of("input.path=data/*.parquet"));

    assertThat(job.input().path())
        .isEqualTo(new Path(System.getProperty("user.dir") + "/data/*.parquet"));
  }

  @ParameterizedTest
  @CsvSource({
    "events_2024-01-01T12:30:00.parquet, WORK/events_2024-01-01T12:30:00.parquet",
    "a:b/c.parquet, WORK/a:b/c.parquet",
    "file:a b, file:WORK/a b",
    "file://localhost/a%20b, file:/a%20b",
    "FILE:///a#b?c, file:/a#b?c",
    "S3://bucket/12:30/+%, s3://bucket/12:30/+%"
  })
  void pathsMayHaveColonsAndOtherCharacters(String given, String path) {
    JobSpecification job =
        JobSpecification.parse("letters.yaml", LETTERS, List.of("input.path=" + given));

    assertThat(job.input().path())
        .hasToString(path.replace("WORK", System.getProperty("user.dir")));
  }

  /** Each case: an override of {@link #TICKETS}, and the complaint. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sampling.temprature=1 | --set sampling.temprature: unknown option sampling.temprature; did"
            + " you mean sampling.temperature?",
        "temperature | --set temperature: write --set key=value, for instance --set"
            + " model.dtype=f32",
        "sampling.temperature=hot | --set sampling.temperature: sampling.temperature must be a"
            + " number, but is \"hot\"",
        "sampling.temperature=-1 | --set sampling.temperature: sampling.temperature is -1.0, but"
            + " must be from 0.0 to 10.0",
        "sampling.temperature=NaN | --set sampling.temperature: sampling.temperature is NaN, but"
            + " must be from 0.0 to 10.0",
        "sampling.temperature=1 | --set sampling.temperature: sampling.temperature has no effect"
            + " with answer.choices, which are scored and not sampled; remove one of them",
        "answer.max-tokens=3 | --set answer.max-tokens: answer.max-tokens cannot go with"
            + " answer.choices (tickets.yaml:11); remove one of them",
        "answer.choices=[a] | --set answer.choices: answer.choices needs two choices or more, but"
            + " has 1",
        "answer.choices=[a, b, a] | --set answer.choices: answer.choices has \"a\" twice; remove"
            + " one",
        "answer.choices=[a, ''] | --set answer.choices: answer.choices has an empty item; remove it",
        "answer.choices=a | --set answer.choices: answer.choices must be a list of strings, but is"
            + " \"a\"",
        "answer.choices=[a | --set answer.choices: not valid YAML: expected ',' or ']', but got"
            + " <stream end>",
        "answer.choices=[a, {b: c}] | --set answer.choices: answer.choices takes text, a number or a"
            + " list of them; put templates in quotes",
        "answer.regex=a+ | --set answer.regex: answer.regex cannot go with answer.choices"
            + " (tickets.yaml:11); remove one of them",
        "answer.json-schema={} | --set answer.json-schema: answer.json-schema cannot go with"
            + " answer.choices (tickets.yaml:11); remove one of them",
        "prompt.text=x | tickets.yaml:9: prompt.user cannot go with prompt.text (--set"
            + " prompt.text); remove one of them",
        "model.dtype=fp8 | --set model.dtype: model.dtype is fp8, which model.device cpu does not have: use f32 or bf16",
        "engine.fp8-kv-cache=true | --set engine.fp8-kv-cache: engine.fp8-kv-cache needs model.device"
            + " cuda",
        "model.device=gpu | --set model.device: model.device must be cpu or cuda, but is \"gpu\"",
        "model.dtype=fp4 | --set model.dtype: model.dtype must be f32 or bf16 or fp8, but is \"fp4\"",
        "model.path=hf:a/b/c | --set model.path: model.path is not a hub name: hf:a/b/c; write"
            + " hf:OWNER/NAME, for instance hf:HuggingFaceTB/SmolLM2-135M-Instruct",
        "model.path=hf:../.. | --set model.path: model.path is not a hub name: hf:../..; write"
            + " hf:OWNER/NAME, for instance hf:HuggingFaceTB/SmolLM2-135M-Instruct",
        "model.revision=../../x | --set model.revision: model.revision is not a branch, tag or commit:"
            + " ../../x; write one that the model's page lists, such as main or refs/pr/1",
        "model.revision=/tmp/x | --set model.revision: model.revision is not a branch, tag or commit:"
            + " /tmp/x; write one that the model's page lists, such as main or refs/pr/1",
        "output.path=https://example.org/labels | --set output.path: output.path is a web address,"
            + " which is not a file system: https://example.org/labels; download the files, or copy"
            + " them to a bucket, and give their path",
        "model.path=http://example.org/a.gguf | --set model.path: model.path is a web address, which"
            + " is not a file system: http://example.org/a.gguf; download the files, or copy them to a"
            + " bucket, and give their path",
        "input.path=s3:bucket/a | --set input.path: input.path is not a path: s3:bucket/a; write s3://,"
            + " followed by the path",
        "input.path=file://data/a | --set input.path: input.path names a host: file://data/a; local"
            + " paths have three slashes: file:///data/a",
        "input.path=data\\\\a | --set input.path: input.path has a backslash, which Flink's paths"
            + " cannot express: data\\\\a; write / between folders, and rename what has a backslash in"
            + " its name",
        "prompt.template-options={a: yes} | --set prompt.template-options: is yes a text? Write true,"
            + " false or null for these values, and a text in quotes",
        "prompt.template-options={a: [.nan]} | --set prompt.template-options: .nan is not a finite"
            + " number; give one, or a text in quotes",
        "prompt.template-options={a: 1, a: 2} | --set prompt.template-options: a is given twice;"
            + " remove one",
        "prompt.template-options=a | --set prompt.template-options: prompt.template-options must be a"
            + " map, but is \"a\"",
        "prompt.template-options=[a] | --set prompt.template-options: prompt.template-options must be a"
            + " map, but is a list",
        "engine.gpu=1 | --set engine.gpu: engine.gpu is no longer an option; write engine.gpus, with"
            + " indexes as a list: engine.gpus: [0]",
        "answer.reasoning=drop | --set answer.reasoning: answer.reasoning cannot go with"
            + " answer.choices (tickets.yaml:11); remove one of them",
        "answer.reasoning=hide | --set answer.reasoning: answer.reasoning must be keep or column or"
            + " drop, but is \"hide\"",
        "answer.reasoning-max-tokens=9 | --set answer.reasoning-max-tokens: answer.reasoning-max-tokens"
            + " has no effect without answer.reasoning column or drop; add one or remove it",
        "answer.logprobs=3 | --set answer.logprobs: answer.logprobs cannot go with answer.choices"
            + " (tickets.yaml:11); remove one of them",
        "output.columns=[id, completion] | --set output.columns: output.columns names completion,"
            + " which the answer has a column of; leave it out or rename it",
        "errors.max-fraction=1.5 | --set errors.max-fraction: errors.max-fraction is 1.5, but must"
            + " be from 0.0 to 1.0",
        "errors.max-rows=-1 | --set errors.max-rows: errors.max-rows is -1, but must be at least 0",
        "engine.block-size=24 | --set engine.block-size: engine.block-size is 24, but must be a"
            + " power of two",
        "engine.kv-cache-memory=lots | --set engine.kv-cache-memory: engine.kv-cache-memory must be"
            + " a memory size such as 512mb, but is \"lots\"",
        "engine.host-kv-cache-memory=all | --set engine.host-kv-cache-memory:"
            + " engine.host-kv-cache-memory must be a memory size such as 512mb, but is \"all\"",
        "plan.unit-tokens=0 | --set plan.unit-tokens: plan.unit-tokens is 0, but must be at least 1",
        "input.path= | --set input.path: input.path is blank; give it a value or remove it",
        "input=x | --set input: input is a section; write its options below it, indented",
      })
  void refusesOverrides(String override, String complaint) {
    assertRefused(TICKETS, List.of(override), complaint);
  }

  /** Each case: a line put behind {@link #LETTERS}, and the complaint. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "model.revision: main | job.yaml:5: model.revision has no effect without a hub name in"
            + " model.path; remove it",
        "modle: {dtype: f32} | job.yaml:5: unknown option modle; did you mean model?",
        "wholly.unlike.anything: 1 | job.yaml:5: unknown option wholly.unlike.anything;"
            + " docs/options.md lists all",
        "model: {dtype: [f32]} | job.yaml:5: model.dtype must be f32 or bf16 or fp8, but is a list",
        "model: {dtype: } | job.yaml:5: model.dtype has no value; give it one or remove the line",
        "model: {dtype: {a: b}} | job.yaml:5: model.dtype is a map, but takes a value;"
            + " put templates in quotes",
        "prompt.template-options: {a: 1} | job.yaml:5: prompt.template-options cannot go with"
            + " prompt.text (job.yaml:3); remove one of them",
        "answer: {logprobs: 21} | job.yaml:5: answer.logprobs is 21, but must be from 0 to 20",
        "answer: {reasoning: drop, reasoning-marks: [<x>]} | job.yaml:5: answer.reasoning-marks must be"
            + " two texts, one before the reasoning and one after it, but are 1",
        "answer: {reasoning: drop, reasoning-max-tokens: 256} | job.yaml:5:"
            + " answer.reasoning-max-tokens is 256, which leaves no tokens for the answer:"
            + " answer.max-tokens, which counts both, is 256; make it larger",
        "model: | job.yaml:5: model has no value; give it one or remove the line",
        "answer: {normalize-by-length: true} | job.yaml:5: answer.normalize-by-length has no"
            + " effect without answer.choices; remove it or give choices",
        "answer: {max-tokens: 2.5} | job.yaml:5: answer.max-tokens must be an integer, but is"
            + " \"2.5\"",
        "output: {path: /elsewhere} | job.yaml:5: output.path is given twice, first at job.yaml:4;"
            + " remove one",
        "prompt: {system: x} | job.yaml:5: prompt.system cannot go with prompt.text (job.yaml:3);"
            + " remove one of them",
        "prompt: {user: {{ name }}} | job.yaml:5: prompt.user is a map, but takes a value; put"
            + " templates in quotes",
        "? [a] | job.yaml:5: a key must be a plain name",
        "input: @ | job.yaml:5: not valid YAML: found character '@' that cannot start any token."
            + " (Do not use @ for indentation)",
      })
  void refusesLines(String line, String complaint) {
    assertRefused(LETTERS + line, List.of(), complaint);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "input | input.path is missing: Files to read: a file, a folder or a glob, on any Flink"
            + " file system.",
        "prompt | prompt.user is missing: User message for the model's chat template, itself a Jinja"
            + " template over the columns; or give prompt.messages or prompt.text.",
        "output | output.path is missing: Folder for the Parquet files with the answers, on any"
            + " Flink file system."
      })
  void refusesAMissingSection(String section, String complaint) {
    assertRefused(
        LETTERS.replaceAll("(?m)^" + section + ":.*\n", ""), List.of(), "job.yaml: " + complaint);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | job.yaml: the job file is empty",
        "# nothing | job.yaml: the job file is empty",
        "just text | job.yaml:1: a job file is a map of keys, but this is none",
        "prompt: {message: x} | job.yaml:1: unknown option prompt.message; did you mean"
            + " prompt.messages?",
        "prompt: {messages: [{role: user, content: x}]} | job.yaml:1: prompt.messages takes text, a"
            + " number or a list of them; put templates in quotes",
        "prompt: [{role: user}] | job.yaml:1: prompt is a section; write its options below it,"
            + " indented",
        "input: &a {input: *a} | job.yaml:1: unknown option input.input; did you mean input.path?"
      })
  void refusesWhatIsNoJobFile(String yaml, String complaint) {
    assertRefused(yaml, List.of(), complaint);
  }

  @Test
  void readsFromAFileSystem(@TempDir java.nio.file.Path folder) throws IOException {
    java.nio.file.Path file = Files.writeString(folder.resolve("job.yaml"), LETTERS);

    JobSpecification job = JobSpecification.read(new Path(file.toUri()), List.of());

    assertThat(job.prompt()).isEqualTo(new TextPrompt("Answer: {{ letter }}"));
  }

  @Test
  void refusesFilesThatCannotBeRead(@TempDir java.nio.file.Path folder) throws IOException {
    java.nio.file.Path latin1 =
        Files.write(folder.resolve("latin1.yaml"), "é".getBytes(StandardCharsets.ISO_8859_1));
    java.nio.file.Path large = Files.write(folder.resolve("large"), new byte[(1 << 20) + 1]);

    assertUnreadable(folder.resolve("none.yaml").toString(), "there is no such job file");
    assertUnreadable(folder.toString(), "is a folder; name a job file in it");
    assertUnreadable(latin1.toString(), "the job file is not valid UTF-8; save it as UTF-8");
    assertUnreadable(large.toString(), "too large for a job file: 1048577 bytes, at most 1048576");
    assertUnreadable(
        "tape://a/job.yaml",
        "no file system for this scheme; put its plugin into Flink's plugins folder");
  }

  @ParameterizedTest
  @CsvSource({
    "input.path, s3://bucket/in//a.parquet",
    "output.path, s3a://bucket//out",
    "errors.path, gs://bucket/out//"
  })
  void refusesAnEmptyNameInAnObjectsKey(String option, String path) {
    assertRefused(
        LETTERS,
        List.of(option + "=" + path),
        "--set %s: %s has an empty name between two slashes, which Flink's file systems cannot reach: %s; remove one of the slashes"
            .formatted(option, option, path));
  }

  private static void assertUnreadable(String path, String complaint) {
    assertThatThrownBy(() -> JobSpecification.read(new Path(path), List.of()))
        .isInstanceOf(InvalidJobException.class)
        .hasMessage(path + ": " + complaint);
  }

  private static void assertRefused(String yaml, List<String> overrides, String complaint) {
    String name = yaml.equals(TICKETS) ? "tickets.yaml" : "job.yaml";
    assertThatThrownBy(() -> JobSpecification.parse(name, yaml, overrides))
        .isInstanceOf(InvalidJobException.class)
        .hasMessage(complaint);
  }
}
