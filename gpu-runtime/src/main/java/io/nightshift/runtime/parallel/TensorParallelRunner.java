package io.nightshift.runtime.parallel;

import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.runner.BlockGroup;
import io.nightshift.runtime.runner.DeviceTime;
import io.nightshift.runtime.runner.HostBlocks;
import io.nightshift.runtime.runner.HostCopyTime;
import io.nightshift.runtime.runner.HostLogits;
import io.nightshift.runtime.runner.Logits;
import io.nightshift.runtime.runner.ModelRunner;
import io.nightshift.runtime.runner.StepBatch;
import io.nightshift.runtime.runner.StepInFlight;
import io.nightshift.runtime.runner.StepTimes;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A model runner made of ranks, each with a shard of every layer (Shoeybi et al., "Megatron-LM",
 * 2019). Every rank runs every step, on its own thread and device; a {@link Collective} sums what
 * they add to the residual stream.
 *
 * <p>If a rank fails, or the ranks take too long, a call throws a {@link
 * io.nightshift.runtime.runner.DeviceLostException} that names the rank, its device and the step.
 */
public final class TensorParallelRunner implements ModelRunner {
  /** Time in which GPUs do a step, of which the largest take less than a second. */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(120);

  private final ModelConfig model;
  private final RankGroup group;
  private final Bounds bounds;
  private final int ranks;
  private long submitted;

  /** What the scheduler may ask of a rank. */
  private record Bounds(
      int blockSize,
      List<BlockGroup> blockGroups,
      HostBlocks hostBlocks,
      int maxStepTokens,
      long maxStepInputs) {

    static Bounds of(ModelRunner runner) {
      return new Bounds(
          runner.blockSize(),
          runner.blockGroups(),
          runner.hostBlocks(),
          runner.maxStepTokens(),
          runner.maxStepInputs());
    }
  }

  /**
   * Creates the ranks, each on its own thread.
   *
   * @param model the whole model
   * @param devices name of each rank's device, for messages; there are as many ranks
   * @param collective connects the ranks; closed after them, also if they cannot be created
   * @param timeout time in which ranks must submit, sample or complete a step
   * @throws io.nightshift.runtime.runner.DeviceException if a rank cannot be created
   */
  public TensorParallelRunner(
      ModelConfig model,
      List<String> devices,
      RankFactory factory,
      Collective collective,
      Duration timeout) {
    this.model = model;
    ranks = devices.size();
    group = new RankGroup(devices, collective, timeout);
    try {
      List<Bounds> all = group.create(factory, (rank, runner) -> Bounds.of(runner));
      bounds = all.get(0);
      if (all.stream().anyMatch(each -> !each.equals(bounds))) {
        throw new IllegalStateException("ranks differ in blocks or steps: " + all);
      }
    } catch (RuntimeException | Error e) {
      group.close();
      throw e;
    }
  }

  @Override
  public ModelConfig config() {
    return model;
  }

  @Override
  public int blockSize() {
    return bounds.blockSize;
  }

  @Override
  public int blockCount() {
    return bounds.blockGroups.get(0).blockCount();
  }

  @Override
  public List<BlockGroup> blockGroups() {
    return bounds.blockGroups;
  }

  /** Each rank has a part of every block. */
  @Override
  public HostBlocks hostBlocks() {
    return bounds.hostBlocks.times(ranks);
  }

  /** Ranks copy at the same time, each as much as the first one. */
  @Override
  public Optional<HostCopyTime> hostCopyTime() {
    return group.run("The time of copies", (rank, runner) -> runner.hostCopyTime()).get(0).stream()
        .map(time -> new HostCopyTime(time.bytes() * ranks, time.seconds()))
        .findFirst();
  }

  @Override
  public int maxStepTokens() {
    return bounds.maxStepTokens;
  }

  @Override
  public long maxStepInputs() {
    return bounds.maxStepInputs;
  }

  @Override
  public Logits run(StepBatch batch) {
    StepInFlight step = submit(batch);
    step.sample();
    return step.await();
  }

  @Override
  public StepInFlight submit(StepBatch batch) {
    StepName name = new StepName(submitted + 1, batch);
    List<StepInFlight> parts = group.run(name, (rank, runner) -> runner.submit(batch));
    submitted++;
    return new Step(name, parts);
  }

  /** Asks the runner of a rank something between steps, on its thread. */
  public <T> T ofRank(int asked, Function<ModelRunner, T> question) {
    return group
        .run(
            "A question",
            (rank, runner) ->
                rank == asked ? Optional.of(question.apply(runner)) : Optional.<T>empty())
        .get(asked)
        .orElseThrow();
  }

  /** That of the first rank: all wait for each other. */
  @Override
  public Optional<DeviceTime> deviceTime() {
    return group.run("The time of devices", (rank, runner) -> runner.deviceTime()).get(0);
  }

  @Override
  public Optional<StepTimes> stepTimes() {
    return group.run("The time of steps", (rank, runner) -> runner.stepTimes()).get(0);
  }

  @Override
  public void close() {
    group.close();
  }

  private final class Step implements StepInFlight {
    private final StepName name;
    private final List<StepInFlight> parts;

    Step(StepName name, List<StepInFlight> parts) {
      this.name = name;
      this.parts = parts;
    }

    @Override
    public boolean tokensStayOnDevice() {
      return parts.get(0).tokensStayOnDevice();
    }

    @Override
    public void sample() {
      if (name.batch().isConstrained()) {
        group.run(
            name,
            (rank, runner) -> {
              parts.get(rank).sample();
              return true;
            });
      }
    }

    @Override
    public Logits await() {
      List<Logits> results = group.run(name, (rank, runner) -> parts.get(rank).await());
      return results.get(0) instanceof HostLogits
          ? new VocabularyShards(
              name.batch().logits(),
              model.vocabularySize(),
              results.stream().map(HostLogits.class::cast).toList())
          : results.get(0);
    }
  }
}
