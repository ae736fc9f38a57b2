package io.nightshift.runtime.cuda;

import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.cuda.SamplingInputs.DeviceChunk;
import io.nightshift.runtime.cuda.device.CudaDevice;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.runner.DeviceLostException;
import io.nightshift.runtime.runner.DeviceTime;
import io.nightshift.runtime.runner.ForwardBatch;
import io.nightshift.runtime.runner.Logits;
import io.nightshift.runtime.runner.StepInFlight;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes steps from their batch to their results, two in flight: while the device computes one, the
 * next one's inputs are copied to it, and the last one's results to the host, in separate streams.
 * Tokens that a step samples stay on the device for the next one. Steps that only decode are
 * replayed as graphs.
 */
final class StepPipeline implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StepPipeline.class);

  private final CudaStream stream;
  private final CudaStream uploads;
  private final CudaStream downloads;
  private final StepPacker packer;
  private final CudaTransformer model;
  private final DeviceSampling sampling;
  private final int chunkRows;
  private final int vocabularySize;
  private final DeviceClock clock;
  private final StepGraphs graphs;
  private final StepSlot[] slots = new StepSlot[StepSlot.COUNT];
  private int turn;
  private long submitted;
  private boolean warned;

  /**
   * @param stream the stream of the model and its sampling
   */
  StepPipeline(
      CudaStream stream,
      StepPacker packer,
      CudaTransformer model,
      DeviceSampling sampling,
      ModelConfig config,
      EngineConfig options) {
    this.stream = stream;
    this.packer = packer;
    this.model = model;
    this.sampling = sampling;
    this.chunkRows = StepArena.logitsRows(options);
    this.vocabularySize = config.vocabularySize();
    CudaDevice device = stream.device();
    uploads = new CudaStream(device);
    downloads = new CudaStream(device);
    clock = new DeviceClock(device);
    graphs = new StepGraphs(stream);
    for (int i = 0; i < slots.length; i++) {
      slots[i] = new StepSlot(device, config, options);
    }
  }

  /** Number of logits requests of the step in flight, whose tokens the next one may name. */
  int requestsInFlight() {
    ForwardBatch before = slots[1 - turn].batch();
    return before == null ? 0 : before.logits().size();
  }

  /** Enqueues a step. */
  StepInFlight submit(ForwardBatch batch) {
    StepSlot slot = slots[turn];
    StepSlot before = slots[1 - turn];
    slot.begin(batch);
    turn = 1 - turn;
    SamplingInputs wanted = new SamplingInputs(batch, vocabularySize);
    warnOnceOfHostLogits(wanted);
    boolean repeats = wanted.possible() && packer.canRepeat(batch);
    int rows = batch.logitsRows().size();
    List<DeviceChunk> chunks =
        wanted.pack(
            slot.inputs.buffer,
            repeats ? StepPacker.rounded(rows) : rows,
            chunkRows,
            before.batch());
    DeviceStep step = packer.pack(batch, before.batch(), repeats, slot.inputs.buffer);
    slot.inputs.copy(uploads);
    slot.uploaded.record(uploads);
    stream.await(slot.uploaded);
    clock.startStep(stream);
    if (repeats) {
      graphs.run(step, chunks, () -> computeAndSample(step, chunks, slot.results, before.results));
    } else if (wanted.possible()) {
      computeAndSample(step, chunks, slot.results, before.results);
    } else {
      compute(step, before.results);
      copyRows(chunks, rows, slot.rows);
    }
    clock.endStep(stream);
    slot.computed.record(stream);
    downloads.await(slot.computed);
    slot.results.copyToHost(downloads, wanted.gatheredCount(), wanted.topLogprobsRows());
    slot.done.record(downloads);
    return new Submitted(++submitted, slot, batch, wanted);
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

  private void compute(DeviceStep step, SampledResults before) {
    if (!step.tokens().idsKnown()) {
      sampling.fillIn(step.tokens().ids(), before);
    }
    model.forward(step);
  }

  private void computeAndSample(
      DeviceStep step, List<DeviceChunk> chunks, SampledResults results, SampledResults before) {
    compute(step, before);
    for (DeviceChunk chunk : chunks) {
      DeviceMatrix logits = model.projectLogits(chunk.firstRow(), chunk.rows());
      sampling.run(chunk, logits, results, before);
    }
  }

  private void copyRows(List<DeviceChunk> chunks, int rows, CudaLogits target) {
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
    for (StepSlot slot : slots) {
      slot.close();
    }
    graphs.close();
    clock.close();
  }

  private final class Submitted implements StepInFlight {
    private final long number;
    private final StepSlot slot;
    private final ForwardBatch batch;
    private final SamplingInputs wanted;

    Submitted(long number, StepSlot slot, ForwardBatch batch, SamplingInputs wanted) {
      this.number = number;
      this.slot = slot;
      this.batch = batch;
      this.wanted = wanted;
    }

    @Override
    public boolean tokensStayOnDevice() {
      return wanted.possible();
    }

    @Override
    public Logits await() {
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
          ? new SampledLogits(batch, wanted, slot.results)
          : slot.rows.of(batch);
    }
  }
}
