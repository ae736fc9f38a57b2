package io.nightshift.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.job.bench.Benchmark;
import io.nightshift.job.hub.CacheFolders;
import io.nightshift.job.hub.ModelLocator;
import io.nightshift.job.options.InvalidJobException;
import io.nightshift.job.options.JobSpecification;
import io.nightshift.job.pipeline.Pipeline;
import io.nightshift.job.progress.LiveProgress;
import io.nightshift.job.progress.PlanReport;
import io.nightshift.job.progress.ProgressDisplay;
import io.nightshift.job.progress.ProgressSnapshot;
import io.nightshift.job.progress.RunReport;
import io.nightshift.job.progress.Stage;
import io.nightshift.job.progress.TokenCounts;
import io.nightshift.job.run.JobFailedException;
import io.nightshift.runtime.bench.WorkloadOrder;
import io.nightshift.runtime.config.DataType;
import io.nightshift.runtime.config.Device;
import io.nightshift.runtime.config.GpuSelection;
import io.nightshift.runtime.engine.FinishReason;
import io.nightshift.runtime.model.huggingface.families.SupportedFamily;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.apache.flink.util.SerializedThrowable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineInterfaceTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Optional<Benchmark.Request> benchmarked = Optional.empty();
  private final EchoPipeline pipeline = new EchoPipeline();

  @TempDir private Path folder = Path.of("");
  private String job = "";

  @BeforeEach
  void writeJob() throws IOException {
    Path file = folder.resolve("job.yaml");
    Files.writeString(
        file,
        """
        input: {path: /data/letters.parquet}
        model: {path: /models/llama, device: cpu}
        prompt: {text: "Answer: {{ letter }}"}
        output: {path: /data/answers}
        """);
    job = file.toString();
  }

  @Test
  void runsAJobShowsProgressAndPrintsTheReport() {
    assertThat(execute("run", job, "--set", "model.dtype=f32")).isZero();

    assertThat(pipeline.job).map(seen -> seen.engine().config().dtype()).contains(DataType.F32);
    assertThat(err.toString()).endsWith("reading  0 rows  0 errors\n");
    assertThat(out.toString())
        .isEqualTo(
            """
            Answered 3 rows in 1s.
              finished    3 stop
              tokens      30 prompt (0% from the prefix cache), 6 output
              answers     /data/answers
            """);
  }

  @Test
  void plansAJob() {
    assertThat(execute("plan", job)).isZero();

    assertThat(out.toString()).startsWith("Planned 3 rows in 1s.\n").contains("work units  1 in");
  }

  @Test
  void measuresTheEngine() {
    int status =
        execute(
            "bench",
            "--workload=docqa",
            "--shape=8b",
            "--dtype=bf16",
            "--device=cpu",
            "--rows=64",
            "--order=planned",
            "--set=engine.threads=2");

    assertThat(status).isZero();
    assertThat(out).hasToString("{\"workload\":\"docqa\",\"shape\":\"8b\",\"rows\":64}\n");
    Benchmark.Request request = benchmarked.orElseThrow();
    assertThat(request.engine().device()).isEqualTo(Device.CPU);
    assertThat(request.order()).isEqualTo(WorkloadOrder.PLANNED);
    assertThat(request.engine().threads()).isEqualTo(2);
    assertThat(request.engine().tensorParallel()).isEqualTo(1);
  }

  @Test
  void measuresQuantizedWeights() {
    List<String> call = List.of("bench", "--workload=label", "--dtype=bf16", "--device=cuda");
    String[] shape =
        Stream.concat(call.stream(), Stream.of("--shape=70b", "--quantization=int4-g128"))
            .toArray(String[]::new);
    String[] checkpoint =
        Stream.concat(call.stream(), Stream.of("--model=m.gguf", "--quantization=int4-g128"))
            .toArray(String[]::new);

    assertThat(execute(shape)).isZero();
    assertThat(benchmarked.orElseThrow().model().name()).isEqualTo("random int4-g128");
    assertThat(execute(checkpoint)).isEqualTo(2);
    assertThat(err.toString()).contains("--quantization is of random weights");
  }

  @Test
  void measuresOneEngineUnlessMoreGpusAreNamed() {
    List<String> call =
        List.of("bench", "--workload=label", "--shape=70b", "--dtype=fp8", "--device=cuda");

    assertThat(gpus(call)).isEqualTo(new GpuSelection.Count(1));
    assertThat(gpus(call, "--tensor-parallel=4")).isEqualTo(new GpuSelection.Count(4));
    assertThat(benchmarked.orElseThrow().engine().tensorParallel()).isEqualTo(4);
    assertThat(gpus(call, "--tensor-parallel=2", "--gpus=all")).isEqualTo(GpuSelection.ALL);
    assertThat(benchmarked.orElseThrow().engine().tensorParallel()).isEqualTo(2);
  }

  private GpuSelection gpus(List<String> call, String... more) {
    assertThat(execute(Stream.concat(call.stream(), Stream.of(more)).toArray(String[]::new)))
        .isZero();
    return benchmarked.orElseThrow().gpus();
  }

  @Test
  void listsModels() throws IOException {
    Path models = Files.createDirectories(folder.resolve("nightshift/models"));
    Path file = Files.write(models.resolve("small.gguf"), new byte[1_500_000]);

    assertThat(execute("models")).isZero();

    assertThat(out.toString())
        .startsWith("Supported\n" + ModelsPage.terminal())
        .endsWith(
            """
            Formats
              folders     safetensors in f32, f16, bf16
              quantized   awq, compressed-tensors, fbgemm_fp8, fp8, gptq, mxfp4
              GGUF types  f32, f16, bf16, q4_0, q4_1, q5_0, q5_1, q8_0, q2_k, q3_k, q4_k, q5_k, q6_k, iq4_nl, iq4_xs, mxfp4, nvfp4
              dtypes      f32, bf16, fp8
              devices     cpu, cuda
            Cached
                   1.5 MB  %s
            """
                .formatted(file));
  }

  @ParameterizedTest
  @ValueSource(strings = {"gemma3_text", "gemma3", "Gemma 3", "gemma-3"})
  void listsOneFamilyOfModels(String name) {
    assertThat(execute("models", name)).isZero();

    assertThat(out).hasToString(ModelsPage.terminal(SupportedFamily.GEMMA3));
    assertThat(out.toString()).startsWith("  Gemma 3\n").contains("rope_local_base_freq");
  }

  @Test
  void aRunGoesOnUnlessItIsToBeFresh() {
    assertThat(execute("run", job)).isZero();
    assertThat(pipeline.start).isEqualTo(Pipeline.Start.CONTINUE);
    assertThat(execute("run", "--fresh", job)).isZero();
    assertThat(pipeline.start).isEqualTo(Pipeline.Start.FRESH);
  }

  @Test
  void printsVersionAndHelp() {
    assertThat(execute("--version")).isZero();
    assertThat(execute("run", "--help")).isZero();
    assertThat(execute("--help")).isZero();

    assertThat(out.toString())
        .matches("(?s)nightshift \\d+\\.\\d+\\.\\d+(-SNAPSHOT)?\n.*")
        .contains("Usage: nightshift run [-hV] [--debug] [--fresh] [--set=KEY=VALUE]... JOB.yaml")
        .contains("2   the call or the job file was wrong");
  }

  /** Each case: arguments, and the one line on standard error. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | Missing command: one of run, plan, batch, bench, models, schema; see nightshift --help",
        "rnu job.yaml | Unmatched arguments from index 0: 'rnu', 'job.yaml'; did you mean run?; see"
            + " nightshift --help",
        "models gema3 | no family of models is called 'gema3'; did you mean gemma3?; see nightshift"
            + " models --help",
        "run | Missing required parameter: 'JOB.yaml'; see nightshift run --help",
        "run job.yaml --sett x=y | Unknown options: '--sett', 'x=y'; did you mean --set?; see"
            + " nightshift run --help",
        "run --fersh | Unknown option: '--fersh'; did you mean --fresh?; see nightshift run --help",
        "run job.yaml --frsh=true | Unknown option: '--frsh=true'; did you mean --fresh?; see"
            + " nightshift run --help",
        "plan --dbug job.yaml | Unknown option: '--dbug'; did you mean --debug?; see nightshift plan"
            + " --help",
        "bench --worklaod label | Unknown option: '--worklaod'; did you mean --workload?; see"
            + " nightshift bench --help",
        "models --hlep | Unknown option: '--hlep'; did you mean --help?; see nightshift models --help",
        "batch --outptu o.jsonl | Unknown option: '--outptu'; did you mean --output?; see nightshift"
            + " batch --help",
        "batch --model m | Missing required options: '--input=IN.jsonl', '--output=OUT.jsonl'; see"
            + " nightshift batch --help",
        "schema --hepl data.parquet | Unknown option: '--hepl'; did you mean --help?; see nightshift"
            + " schema --help",
        "--verison | Unknown option: '--verison'; did you mean --version?; see nightshift --help",
        "run /no/job.yaml | /no/job.yaml: there is no such job file",
        "run JOB --set model.divice=cpu | --set model.divice: unknown option model.divice; did you"
            + " mean model.device?",
        "bench --shape 8b | Missing required options: '--workload=<workload>', '--dtype=<dtype>',"
            + " '--device=<device>'; see nightshift bench --help",
        "bench --workload chess --shape 8b --dtype f32 --device cpu | Invalid value for option"
            + " '--workload': expected one of [label, docqa, library, summarize, mlperf,"
            + " generate, extract, embed, long32k, long128k] but was 'chess'; see nightshift bench"
            + " --help",
        "bench --workload label --shape 9b | Invalid value for option '--shape': expected one of [1b,"
            + " 8b, 70b, 30b-a3b, gemma3-4b, phi4] but was '9b'; see nightshift bench --help",
        "bench --workload label --shape 8b --dtype f32 --device cuda | --dtype f32: --device cuda does"
            + " not have it; see nightshift bench --help",
        "bench --workload label --shape 1b --dtype f32 --device cpu --gpus 2 | --set engine.gpus:"
            + " engine.gpus needs model.device cuda",
        "bench --workload label --shape 1b --dtype f32 --device cpu --tensor-parallel 2 |"
            + " --tensor-parallel 2 needs --device cuda; see nightshift bench --help",
        "bench --workload label --shape 1b --dtype bf16 --device cuda --tensor-parallel 0 | --set"
            + " engine.tensor-parallel: engine.tensor-parallel is 0, but must be from 1 to 64",
        "bench --workload label --dtype f32 --device cpu | --shape or --model is needed; see nightshift"
            + " bench --help",
        "bench --workload label --shape 1b --dtype f32 --device cpu --rows 4097 | --rows of label must"
            + " be from 1 to 4096, but was 4097; see nightshift bench --help",
        "bench --workload label --shape 8b --dtype f32 --device cpu --set model.path=x | --set"
            + " model.path: only options of the section engine can be set here",
      })
  void refusesAWrongCallInOneLine(String arguments, String complaint) {
    String[] split = arguments.isEmpty() ? new String[0] : arguments.replace("JOB", job).split(" ");

    assertThat(execute(split)).isEqualTo(2);

    assertThat(err).hasToString("nightshift: " + complaint + "\n");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void saysInOneLineWhyAJobFailed() {
    pipeline.failure =
        Optional.of(
            ofFlink(
                new RuntimeException(
                    "Job execution failed.",
                    ofFlink(
                        new IllegalStateException(
                            "suppressed", new IOException("disk full\nat /data"))))));

    assertThat(execute("run", job)).isEqualTo(1);

    assertThat(err)
        .hasToString(
            "nightshift: IOException: disk full at /data (--debug shows where it happened)\n");
  }

  private static Exception ofFlink(Exception exception) {
    exception.setStackTrace(
        new StackTraceElement[] {
          new StackTraceElement("org.apache.flink.runtime.Some", "call", "Some.java", 1)
        });
    return exception;
  }

  @Test
  void saysTheOutermostMessageOfOursAndTheRootCauseBehindIt() {
    IOException root = new IOException("FAILED_TO_UNCOMPRESS(5)");
    pipeline.failure =
        Optional.of(
            ofFlink(
                new RuntimeException(
                    "Job execution failed.",
                    new IllegalStateException(
                        "in/b.parquet: row group 3 cannot be read",
                        ofFlink(new IOException("could not decode", root))))));

    assertThat(execute("run", job)).isEqualTo(1);

    assertThat(err)
        .hasToString(
            "nightshift: in/b.parquet: row group 3 cannot be read (IOException:"
                + " FAILED_TO_UNCOMPRESS(5))\n");
  }

  /** A failure that comes from a cluster with a cause of a plugin's own class. */
  @Test
  void saysAMessageOfOursWhoseCauseThisProcessDoesNotKnow() {
    Exception unknown =
        new IOException("s3://b/part: cannot be written", new Unserializable("the wire broke"));
    pipeline.failure =
        Optional.of(ofFlink(new RuntimeException("failed", new SerializedThrowable(unknown))));

    assertThat(execute("run", job)).isEqualTo(1);

    assertThat(err)
        .hasToString(
            "nightshift: s3://b/part: cannot be written (Unserializable: the wire broke)\n");
  }

  private static final class Unserializable extends IOException {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings({"UnusedVariable", "serial"}) // keeps it from being serialized
    private final Object state = new Object();

    Unserializable(String message) {
      super(message);
    }
  }

  @Test
  void saysThatAFolderAllowsNoExecution() {
    pipeline.failure =
        Optional.of(
            ofFlink(
                new RuntimeException(
                    new UnsatisfiedLinkError(
                        "/var/tmp/a/libzstd-jni-1.so: /var/tmp/a/libzstd-jni-1.so: failed to map"
                            + " segment from shared object"))));

    assertThat(execute("run", job)).isEqualTo(1);

    assertThat(err.toString())
        .startsWith("nightshift: a native library cannot be loaded from /var/tmp/a, whose file")
        .contains("-Djava.io.tmpdir=FOLDER in NIGHTSHIFT_JAVA_OPTIONS");
  }

  @Test
  void saysWhatExplainsItselfAndNotItsCause() {
    pipeline.failure =
        Optional.of(
            new RuntimeException(
                new JobFailedException("4 of 10 rows failed", new IOException("detail"))));

    assertThat(execute("run", job)).isEqualTo(1);

    assertThat(err).hasToString("nightshift: 4 of 10 rows failed\n");
  }

  @Test
  void aJobThatAsksForWhatIsNotThereIsAWrongCall() {
    pipeline.failure = Optional.of(new InvalidJobException("input.path has no column 'bdy'"));

    assertThat(execute("run", job)).isEqualTo(2);

    assertThat(err).hasToString("nightshift: input.path has no column 'bdy'\n");
  }

  @Test
  void severalFindingsHaveALineEach() {
    pipeline.failure =
        Optional.of(
            new InvalidJobException(
                "3 files have changed", List.of("a (was\n1 byte)", "b (was 2 bytes)"), 3));

    assertThat(execute("run", job)).isEqualTo(2);

    assertThat(err)
        .hasToString(
            """
            nightshift: 3 files have changed:
              a (was 1 byte)
              b (was 2 bytes)
              and 1 more
            """);
  }

  @Test
  void aSingleFindingIsInTheLineOfTheSummary() {
    pipeline.failure =
        Optional.of(new InvalidJobException("1 file has changed", List.of("a (was 1 byte)"), 1));

    assertThat(execute("run", job)).isEqualTo(2);

    assertThat(err).hasToString("nightshift: 1 file has changed: a (was 1 byte)\n");
  }

  @Test
  void showsTheStackTraceOnDemand() {
    pipeline.failure = Optional.of(new IOException("disk full"));

    assertThat(execute("--debug", "run", job)).isEqualTo(1);

    assertThat(err.toString())
        .startsWith("nightshift: IOException: disk full (")
        .contains("\njava.io.IOException: disk full\n\tat ");
  }

  private int execute(String... arguments) {
    ProgressDisplay progress = new LiveProgress(new PrintWriter(err), OptionalInt.empty(), false);
    ModelLocator models =
        new ModelLocator(
            new CacheFolders(folder.resolve("nightshift"), folder.resolve("hf")),
            Map.of(),
            notice -> {});
    Outcome outcome =
        new CommandLineInterface(
                List.of(
                    new RunCommand(pipeline, progress),
                    new PlanCommand(pipeline, progress),
                    new BatchCommand(pipeline, progress),
                    new BenchCommand(this::echo),
                    new ModelsCommand(models),
                    new SchemaCommand()),
                new PrintWriter(out, true))
            .execute(arguments);
    outcome.print(new PrintWriter(err));
    return outcome.status();
  }

  private String echo(Benchmark.Request request) {
    benchmarked = Optional.of(request);
    return "{\"workload\":\"%s\",\"shape\":\"%s\",\"rows\":%s}"
        .formatted(
            request.workload(),
            ((Benchmark.RandomWeights) request.model()).shape(),
            request.rows());
  }

  /** Remembers the job, and reports three rows or fails. */
  private static final class EchoPipeline implements Pipeline {
    private Optional<JobSpecification> job = Optional.empty();
    private Optional<Exception> failure = Optional.empty();
    private Start start = Start.CONTINUE;

    @Override
    public RunReport run(JobSpecification job, Start start, ProgressDisplay progress)
        throws Exception {
      this.start = start;
      this.job = Optional.of(job);
      if (failure.isPresent()) {
        throw failure.get();
      }
      progress.follow(() -> ProgressSnapshot.beginning(Stage.READING)).close();
      return new RunReport(
          job.output().path().toString(),
          Duration.ofSeconds(1),
          new RunReport.RowCounts(0, Map.of(FinishReason.STOP, 3L)),
          List.of(),
          List.of(),
          new TokenCounts(30, 0, 6),
          List.of(),
          List.of());
    }

    @Override
    public PlanReport plan(
        JobSpecification job,
        Optional<org.apache.flink.core.fs.Path> measured,
        ProgressDisplay progress) {
      return new PlanReport(
          3,
          List.of(),
          new PlanReport.Prompts(30, 20, 0, List.of()),
          new PlanReport.Answers(
              6,
              Optional.empty(),
              measured.map(run -> List.of("as " + run)).orElse(List.of()),
              List.of()),
          new PlanReport.WorkUnits(1, job.plan().folder().toString()),
          Optional.empty(),
          List.of(),
          List.of(),
          Duration.ofSeconds(1));
    }
  }
}
