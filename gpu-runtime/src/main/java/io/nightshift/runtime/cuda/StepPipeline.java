package io.nightshift.runtime.cuda;

import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.cuda.SamplingInputs.DeviceChunk;
import io.nightshift.runtime.cuda.device.CudaDevice;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.peer.PeerGroup;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.runner.DeviceLostException;
import io.nightshift.runtime.runner.DeviceTime;
import io.nightshift.runtime.runner.ForwardBatch;
import io.nightshift.runtime.runner.Logits;
import io.nightshift.runtime.runner.StepInFlight;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes steps from their batch to their results, two in flight: while the device computes one, the
 * next one's inputs are copied to it, and the last one's results to the host, in separate streams.
 * Tokens that a step samples stay on the device for the next one. Steps that only decode are
 * replayed as graphs.
 *
 * <p>A step with constrained rows is enqueued in two parts: up to its logits when it is submitted,
 * and its sampling once the host knows the masks, which depend on the tokens of the step before.
 */
final class StepPipeline implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StepPipeline.class);

  private final CudaStream stream;
  private final CudaStream uploads;
  private final CudaStream downloads;
  private final StepPacker packer;
  private final CudaTransformer model;
  private final DeviceSampling sampling;
  private final DeviceMasks masks;
  private final int chunkRows;
  private final int vocabularySize;
  private final int logitsColumns;
  private final @Nullable PeerGroup peers;
  private final @Nullable HostBlockCopies hostCopies;
  private final DeviceClock clock;
  private final StepGraphs graphs;
  private final List<StepSlot> slots;
  private int turn;
  private long submitted;
  private boolean warned;

  /** Whether the last step still needs its sampling. */
  private boolean unsampled;

  /**
   * @param stream the stream of the model and its sampling
   * @param slots {@link StepSlot#COUNT} of them, to be closed after the pipeline
   * @param peers the other ranks, if the model is a shard
   * @param hostCopies null without host memory; to be closed after the pipeline
   */
  StepPipeline(
      CudaStream stream,
      StepPacker packer,
      CudaTransformer model,
      DeviceSampling sampling,
      DeviceMasks masks,
      List<StepSlot> slots,
      ModelConfig config,
      EngineConfig options,
      @Nullable PeerGroup peers,
      @Nullable HostBlockCopies hostCopies) {
    this.stream = stream;
    this.packer = packer;
    this.model = model;
    this.sampling = sampling;
    this.masks = masks;
    this.chunkRows = StepArena.logitsRows(options);
    this.slots = List.copyOf(slots);
    this.peers = peers;
    this.hostCopies = hostCopies;
    this.vocabularySize = config.vocabularySize();
    this.logitsColumns = config.logitsColumns();
    CudaDevice device = stream.device();
    uploads = new CudaStream(device);
    downloads = new CudaStream(device);
    clock = new DeviceClock(device);
    graphs = new StepGraphs(stream);
  }

  /** Number of logits requests of the step in flight, whose tokens the next one may name. */
  int requestsInFlight() {
    ForwardBatch before = slots.get(1 - turn).batch();
    return before == null ? 0 : before.logits().size();
  }

  /**
   * Enqueues a step; one with constrained rows up to its logits.
   *
   * @throws IllegalStateException if the step before was not sampled
   */
  StepInFlight submit(ForwardBatch batch) {
    StepSlot slot = slots.get(turn);
    StepSlot before = slots.get(1 - turn);
    if (unsampled) {
      throw new IllegalStateException("a step while the one before is not sampled");
    }
    slot.begin(batch);
    turn = 1 - turn;
    SamplingInputs wanted = new SamplingInputs(batch, vocabularySize);
    warnOnceOfHostLogits(wanted);
    boolean repeats = wanted.possible() && packer.canRepeat(batch);
    int rows = batch.logitsRows().size();
    Submitted step =
        new Submitted(
            ++submitted,
            slot,
            before.results,
            batch,
            before.batch(),
            wanted,
            repeats ? StepPacker.rounded(rows) : batch.logits().isEmpty() ? 0 : rows);
    if (wanted.possible() && wanted.isConstrained()) {
      submitWithoutSampling(step, repeats);
    } else {
      submitWhole(step, repeats);
    }
    return step;
  }

  private void submitWhole(Submitted step, boolean repeats) {
    List<DeviceChunk> chunks = step.packSampling();
    DeviceStep inputs = step.packForward(repeats);
    start(step, inputs);
    if (repeats) {
      graphs.run(inputs, chunks, () -> computeAndSample(inputs, chunks, step));
    } else if (step.wanted.possible()) {
      computeAndSample(inputs, chunks, step);
    } else {
      compute(inputs, step);
      copyRows(chunks, step.rowCount, step.slot.rows);
    }
    end(step);
  }

  private void submitWithoutSampling(Submitted step, boolean repeats) {
    DeviceStep inputs = step.packForward(repeats);
    start(step, inputs);
    // The arena holds the logits of one chunk.
    int firstRows = Math.min(chunkRows, step.rowCount);
    Runnable work =
        () -> {
          compute(inputs, step);
          model.projectLogits(0, firstRows);
        };
    if (repeats) {
      graphs.run(inputs, List.of(), work);
    } else {
      work.run();
    }
    clock.startMaskWait(stream);
    unsampled = true;
  }

  /** Enqueues the second part of a step that was submitted without sampling. */
  private void sample(Submitted step) {
    if (slots.get(turn).batch() != null) {
      throw new IllegalStateException("masks while the step before is in flight");
    }
    masks.begin();
    List<DeviceChunk> chunks = step.packSampling();
    masks.copy(uploads);
    step.slot.inputs.copy(uploads);
    step.slot.masksUploaded.record(uploads);
    stream.await(step.slot.masksUploaded);
    clock.endMaskWait(stream);
    sampling.begin();
    for (DeviceChunk chunk : chunks) {
      DeviceMatrix logits =
          chunk.firstRow() == 0
              ? model.projectedLogits(chunk.rows())
              : model.projectLogits(chunk.firstRow(), chunk.rows());
      sampling.run(chunk, logits, step.slot.results, step.before);
    }
    unsampled = false;
    end(step);
  }

  private void start(Submitted step, DeviceStep inputs) {
    if (peers != null) {
      peers.beginStep(inputs.number());
    }
    step.slot.inputs.copy(uploads);
    step.slot.uploaded.record(uploads);
    stream.await(step.slot.uploaded);
    if (hostCopies != null) {
      // The step before has the other slot; if none is in flight, its end has passed.
      hostCopies.enqueue(step.batch.hostCopies(), slots.get(turn).computed, stream);
    }
    clock.startStep(stream);
  }

  private void end(Submitted step) {
    clock.endStep(stream);
    step.slot.computed.record(stream);
    downloads.await(step.slot.computed);
    step.slot.results.copyToHost(
        downloads, step.wanted.gatheredCount(), step.wanted.topLogprobsRows());
    step.slot.done.record(downloads);
  }

  private void warnOnceOfHostLogits(SamplingInputs wanted) {
    if (wanted.hasTooManyCells() && !warned) {
      warned = true;
      LOG.warn(
          "A step scores more than {} tokens of choices, which is all that the GPU gathers: the"
              + " logits of such steps go to the host, which takes longer. Fewer running sequences"
              + " avoid that",
          SamplingInputs.MAX_CELLS);
    }
  }

  private void compute(DeviceStep inputs, Submitted step) {
    if (!inputs.tokens().idsKnown()) {
      sampling.fillIn(inputs.tokens().ids(), step.before);
    }
    model.forward(inputs);
    pool(inputs.pooling(), step.slot.pooled);
  }

  /** Copies sums of hidden states to the host, as many at a time as the arena has room for. */
  private void pool(DeviceMatrix requests, PinnedRows target) {
    target.reserve(requests.rowCount());
    int each = model.poolingRows();
    for (int first = 0; first < requests.rowCount(); first += each) {
      int count = Math.min(each, requests.rowCount() - first);
      target.copy(stream, model.pool(requests.rows(first, count)), first);
    }
  }

  private void computeAndSample(DeviceStep inputs, List<DeviceChunk> chunks, Submitted step) {
    compute(inputs, step);
    sampling.begin();
    for (DeviceChunk chunk : chunks) {
      DeviceMatrix logits = model.projectLogits(chunk.firstRow(), chunk.rows());
      sampling.run(chunk, logits, step.slot.results, step.before);
    }
  }

  private void copyRows(List<DeviceChunk> chunks, int rows, PinnedRows target) {
    target.reserve(rows);
    for (DeviceChunk chunk : chunks) {
      DeviceMatrix logits = model.projectLogits(chunk.firstRow(), chunk.rows());
      target.copy(stream, logits, chunk.firstRow());
    }
  }

  /** How the device has spent its time in the steps that were awaited. */
  DeviceTime deviceTime() {
    return clock.time();
  }

  @Override
  public void close() {
    uploads.close();
    downloads.close(); // after the last step: it waits for the results
    graphs.close();
    clock.close();
  }

  private final class Submitted implements StepInFlight {
    private final long number;
    private final StepSlot slot;
    private final SampledResults before;
    private final ForwardBatch batch;
    private final @Nullable ForwardBatch batchBefore;
    private final SamplingInputs wanted;
    private final int rowCount;

    /**
     * @param before results of the step before
     * @param batchBefore the step before, if it is in flight
     * @param rowCount number of logits rows, which may be padded
     */
    Submitted(
        long number,
        StepSlot slot,
        SampledResults before,
        ForwardBatch batch,
        @Nullable ForwardBatch batchBefore,
        SamplingInputs wanted,
        int rowCount) {
      this.number = number;
      this.slot = slot;
      this.before = before;
      this.batch = batch;
      this.batchBefore = batchBefore;
      this.wanted = wanted;
      this.rowCount = rowCount;
    }

    private List<DeviceChunk> packSampling() {
      return wanted.pack(slot.inputs.buffer, rowCount, chunkRows, batchBefore, masks::place);
    }

    private DeviceStep packForward(boolean repeats) {
      return packer.pack(number, batch, batchBefore, repeats, slot.inputs.buffer);
    }

    @Override
    public boolean tokensStayOnDevice() {
      return wanted.possible();
    }

    @Override
    public void sample() {
      if (wanted.possible() && wanted.isConstrained()) {
        StepPipeline.this.sample(this);
      }
    }

    @Override
    public Logits await() {
      if (unsampled && slot == slots.get(1 - turn)) {
        throw new IllegalStateException("a step is awaited before it is sampled");
      }
      try {
        slot.await();
      } catch (DeviceLostException e) {
        throw new DeviceLostException(
            "Step %s (%s tokens of %s sequences) or the one after it failed. %s"
                .formatted(number, batch.tokens(), batch.sequences().size(), e.getMessage()),
            e);
      }
      clock.countStep();
      return wanted.possible()
          ? new SampledLogits(batch, wanted, slot.results, slot.pooled)
          : new CudaLogits(batch, slot.rows, logitsColumns, slot.pooled);
    }
  }
}
