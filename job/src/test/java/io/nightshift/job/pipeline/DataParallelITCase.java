package io.nightshift.job.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.job.options.InvalidJobException;
import io.nightshift.job.progress.PlanReport;
import io.nightshift.job.progress.RunReport;
import io.nightshift.operators.infer.EngineDevices;
import io.nightshift.operators.infer.EngineFactory;
import io.nightshift.operators.infer.TaskEngine;
import io.nightshift.operators.infer.TaskGpus;
import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.engine.LlmEngine;
import io.nightshift.runtime.model.ModelFolder;
import io.nightshift.runtime.runner.DeviceBusyException;
import io.nightshift.runtime.runner.DeviceException;
import io.nightshift.runtime.runner.ForwardingModelRunner;
import io.nightshift.runtime.runner.Logits;
import io.nightshift.runtime.runner.StepBatch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs of this process on a host with four devices, of which each engine holds one. */
class DataParallelITCase {
  private static final int ROWS = 800;
  private static final int DEVICES = 4;

  /** {@code note 24769}: a token for each character. */
  private static final int LONGEST_PROMPT = 10;

  private static final EngineSelection FOUR_DEVICES = (job, model) -> new FourDevices();

  @TempDir private Path folder = Path.of("");

  @BeforeEach
  void writeInput() throws IOException {
    FourDevices.ROWS_OF_DEVICE.clear();
    FourDevices.allStarted = new CountDownLatch(DEVICES);
    ModelFolder.copyOf("tiny-llama", folder.resolve("model"));
    ParquetRows.write(
        folder.resolve("notes.parquet"),
        "message notes { required int64 id; required binary body (STRING); }",
        ROWS,
        (id, row) -> row.append("id", (long) id).append("body", "note " + id % 7919 * 31));
  }

  @Test
  void everyDeviceHasAnEngineAndItsShareOfTheRows() throws Exception {
    RunReport report = new EmbeddedRuns(FOUR_DEVICES).run(job("answers"));

    assertThat(ParquetRows.read(folder.resolve("answers")))
        .extracting(row -> row.getLong("id", 0))
        .containsExactlyInAnyOrderElementsOf(LongStream.range(0, ROWS).boxed().toList());
    assertThat(report.text()).contains("  engines     4: device 0, device 1, device 2, device 3\n");
    assertThat(FourDevices.HELD).isEmpty();
    assertThat(FourDevices.ROWS_OF_DEVICE).containsOnlyKeys(0, 1, 2, 3);
    FourDevices.ROWS_OF_DEVICE.forEach(
        (device, rows) ->
            assertThat(rows.doubleValue() * DEVICES / ROWS)
                .as("rows of device %s by its share", device)
                .isBetween(0.5, 1.5));
  }

  @Test
  void thePlanCountsTheEngines() throws Exception {
    PlanReport one = plan((job, model) -> new FakeEngines(512, 8), Map.of());
    PlanReport two = plan(FOUR_DEVICES, Map.of("parallelism.default", "2"));
    PlanReport four = plan(FOUR_DEVICES, Map.of());
    PlanReport elsewhere = plan((job, model) -> new NoDevice(0, 1), Map.of());
    PlanReport named = plan((job, model) -> new NoDevice(2, 1), Map.of());
    assertThatThrownBy(() -> plan((job, model) -> new NoDevice(2, 3), Map.of()))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageStartingWith("engine.gpus names 2 GPUs, but an engine needs 3");

    assertThat(one.text()).doesNotContain("engines");
    assertThat(two.text()).contains("  engines     2: device 0, device 1\n");
    assertThat(four.text())
        .contains(
            "  engines     4: device 0, device 1, device 2, device 3\n"
                + "  an engine   1 device is enough for %s tokens\n"
                    .formatted(
                        KvCacheDemand.tokens(
                            four.prompts().computedTokens(), ROWS, 1, LONGEST_PROMPT, 1024)));
    assertThat(elsewhere.text())
        .contains("  engines     1 assumed, not on this machine: there is no GPU\n");
    assertThat(named.text())
        .contains(
            "  engines     2\n              engine.gpus names 2 GPUs, which this machine does not have: there is no GPU\n");
    long seconds = one.answers().time().orElseThrow().toSeconds();
    assertThat(four.answers().time()).contains(Duration.ofSeconds(Math.round(seconds / 4.0)));
    assertThat(named.answers().time()).contains(Duration.ofSeconds(Math.round(seconds / 2.0)));
  }

  private PlanReport plan(EngineSelection engines, Map<String, String> flink) throws Exception {
    return new EmbeddedRuns(engines, flink).plan(job("plans"), "plan.tokens-per-second=1");
  }

  @Test
  void whatTheHostDoesNotHaveIsRefusedBeforeAnythingRuns() {
    assertThatThrownBy(
            () ->
                new EmbeddedRuns(FOUR_DEVICES, Map.of("parallelism.default", "5"))
                    .run(job("answers")))
        .isInstanceOf(InvalidJobException.class)
        .hasMessage(
            "parallelism.default is 5 in Flink's configuration, but the GPUs of engine.gpus are"
                + " enough for 4 engines (device 0, device 1, device 2, device 3): set it to 4 at"
                + " most, or remove it");
    assertThatThrownBy(
            () -> new EmbeddedRuns((job, model) -> new NoDevice(0, 1)).run(job("answers")))
        .isInstanceOf(InvalidJobException.class)
        .hasMessage("there is no GPU");
    assertThat(folder.resolve("answers")).doesNotExist();
  }

  private String job(String output) {
    return """
        input: {path: %1$s/notes.parquet}
        model: {path: %1$s/model, device: cpu}
        prompt: {text: "{{ body }}"}
        answer: {max-tokens: 1}
        output: {path: %1$s/%2$s}
        engine: {kv-cache-memory: 2m, max-running-sequences: 8}
        plan: {unit-tokens: 500}
        """
        .formatted(folder, output);
  }

  /** No device, whatever number of them the job names. */
  private record NoDevice(int namedDevices, int gpusPerEngine) implements EngineFactory {
    @Override
    public TaskEngine create() {
      throw new AssertionError("no engine is created");
    }

    @Override
    public EngineDevices devices() {
      throw new DeviceException("there is no GPU");
    }
  }

  /** Devices of one speed, each held by one engine at a time. */
  private record FourDevices() implements EngineFactory {
    static final Set<Integer> HELD = ConcurrentHashMap.newKeySet();
    static final Map<Integer, LongAdder> ROWS_OF_DEVICE = new ConcurrentHashMap<>();

    /** So that the rows of a device do not depend on when its task could start. */
    static volatile CountDownLatch allStarted = new CountDownLatch(DEVICES);

    @Override
    public TaskEngine create() throws Exception {
      return TaskGpus.onFreeOne(
          IntStream.range(0, DEVICES).boxed().toList(), FourDevices::on, "fewer tasks");
    }

    private static TaskEngine on(int device) {
      if (!HELD.add(device)) {
        throw new DeviceBusyException("device " + device + " is held");
      }
      EngineConfig options =
          EngineConfig.cpu().withThreads(1).withMaxRunningSequences(8).withMaxStepTokens(64);
      LlmEngine engine = new LlmEngine(new PacedRunner(device), Arrays::toString, options);
      allStarted.countDown();
      return new TaskEngine(engine, () -> HELD.remove(device));
    }

    @Override
    public EngineDevices devices() {
      return new EngineDevices(
          IntStream.range(0, DEVICES).mapToObj(device -> "device " + device).toList(), List.of());
    }

    @Override
    public List<String> gpuAdvice(long kvCacheTokens) {
      return List.of("1 device is enough for %s tokens".formatted(kvCacheTokens));
    }

    @Override
    public EngineDevices requireDevices(int engines) {
      return new EngineDevices(devices().names().subList(0, engines), List.of());
    }
  }

  /** 250 rows a second: with answers of one token, each row of logits is one. */
  private static final class PacedRunner extends ForwardingModelRunner {
    private static final long NANOS_OF_ROW = TimeUnit.MILLISECONDS.toNanos(4);
    private final LongAdder rows;

    PacedRunner(int device) {
      super(FakeEngines.runner(512, 8));
      rows = FourDevices.ROWS_OF_DEVICE.computeIfAbsent(device, number -> new LongAdder());
    }

    @Override
    public Logits run(StepBatch batch) {
      try {
        assertThat(FourDevices.allStarted.await(1, TimeUnit.MINUTES)).isTrue();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      LockSupport.parkNanos(batch.logits().size() * NANOS_OF_ROW);
      rows.add(batch.logits().size());
      return super.run(batch);
    }
  }
}
