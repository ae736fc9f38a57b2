package io.nightshift.runtime.cuda;

import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.cuda.SamplingInputs.DeviceChunk;
import io.nightshift.runtime.cuda.device.CudaDevice;
import io.nightshift.runtime.cuda.device.CudaStream;
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
 * Takes steps from their layout to their results, two in flight: while the device computes one, the
 * next one's inputs are copied to it, and the last one's results to the host, in streams of their
 * own. Tokens that a step samples are there for the next one without the host. Steps that only
 * decode are replayed as graphs.
 */
final class StepPipeline implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StepPipeline.class);

  private final CudaStream stream;
  private final CudaStream uploads;
  private final CudaStream downloads;
  private final StepPacker packer;
  private final ForwardPass forward;
  private final DeviceSampling sampling;
  private final long logits;
  private final int chunkRows;
  private final int vocabularySize;
  private final DeviceClock clock;
  private final StepGraphs graphs;
  private final StepSlot[] slots = new StepSlot[StepSlot.COUNT];
  private int turn;
  private long submitted;
  private boolean warned;

  /**
   * @param stream computes
   * @param logits address of the arena's logits, {@code chunkRows} rows
   */
  StepPipeline(
      CudaStream stream,
      StepPacker packer,
      ForwardPass forward,
      DeviceSampling sampling,
      long logits,
      ModelConfig config,
      EngineConfig options) {
    this.stream = stream;
    this.packer = packer;
    this.forward = forward;
    this.sampling = sampling;
    this.logits = logits;
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

  /** Logits requests of the step in flight, whose tokens the next one may name. */
  int requestsInFlight() {
    ForwardBatch before = slots[1 - turn].layout();
    return before == null ? 0 : before.logits().size();
  }

  /** Puts a step into the streams. */
  StepInFlight submit(ForwardBatch layout) {
    StepSlot slot = slots[turn];
    StepSlot before = slots[1 - turn];
    slot.begin(layout);
    turn = 1 - turn;
    SamplingInputs wanted = new SamplingInputs(layout, vocabularySize);
    warnOnceOfHostLogits(wanted);
    boolean repeats = wanted.possible() && packer.canRepeat(layout);
    int rows = layout.logitsRows().size();
    List<DeviceChunk> chunks =
        wanted.pack(
            slot.inputs.buffer,
            repeats ? StepPacker.rounded(rows) : rows,
            chunkRows,
            before.layout());
    DeviceStep step = packer.pack(layout, before.layout(), repeats, slot.inputs.buffer);
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
    slot.results.copyToHost(downloads, wanted.gatheredCount());
    slot.done.record(downloads);
    return new Submitted(++submitted, slot, layout, wanted);
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
    if (!step.tokenIdsKnown()) {
      sampling.fillIn(step.tokenIds(), 1, step.tokens(), before);
    }
    forward.run(step);
  }

  private void computeAndSample(
      DeviceStep step, List<DeviceChunk> chunks, SampledResults results, SampledResults before) {
    compute(step, before);
    for (DeviceChunk chunk : chunks) {
      forward.projectLogits(chunk.firstRow(), chunk.rows());
      sampling.run(chunk, logits, results, before);
    }
  }

  private void copyRows(List<DeviceChunk> chunks, int rows, CudaLogits target) {
    target.reserve(rows);
    for (DeviceChunk chunk : chunks) {
      forward.projectLogits(chunk.firstRow(), chunk.rows());
      target.copy(stream, logits, chunk.firstRow(), chunk.rows());
    }
  }

  /** What the device has done with its time in the steps that were awaited. */
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
    private final ForwardBatch layout;
    private final SamplingInputs wanted;

    Submitted(long number, StepSlot slot, ForwardBatch layout, SamplingInputs wanted) {
      this.number = number;
      this.slot = slot;
      this.layout = layout;
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
            "Step %s (%s tokens of %s sequences) failed, or the one behind it. %s"
                .formatted(number, layout.tokens(), layout.sequences().size(), e.getMessage()),
            e);
      }
      clock.countStep();
      return wanted.possible()
          ? new SampledLogits(layout, wanted, slot.results)
          : slot.rows.of(layout);
    }
  }
}
