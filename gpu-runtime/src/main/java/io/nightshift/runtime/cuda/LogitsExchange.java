package io.nightshift.runtime.cuda;

import io.nightshift.runtime.cuda.SamplingInputs.DeviceChunk;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.device.DeviceVector;
import io.nightshift.runtime.cuda.device.KernelLibrary;
import io.nightshift.runtime.cuda.kernels.ExchangeKernels;
import io.nightshift.runtime.cuda.peer.PeerGroup;
import io.nightshift.runtime.cuda.peer.PeerOffsets;
import java.util.List;

/**
 * Sampling by ranks that each have computed the columns of their share of the vocabulary. Rows are
 * dealt to the ranks: each gathers its rows whole, samples from them as one GPU would, and
 * publishes the results, so that all ranks have the tokens of all rows. Whatever the sampling
 * parameters, the tokens are those that one GPU would sample from these logits.
 */
final class LogitsExchange {
  private final PeerGroup peers;
  private final ExchangeKernels kernels;
  private final PeerOffsets arena;
  private final DeviceMatrix gathered;
  private final List<SampledResults> results;
  private final List<PeerOffsets> resultOffsets;

  /**
   * All ranks must create it at the same time.
   *
   * @param arena the allocation with the logits
   * @param gathered f32 {@code [a rank's share of the rows][vocabulary]}
   * @param results of all steps in flight
   */
  LogitsExchange(
      KernelLibrary library,
      CudaStream stream,
      PeerGroup peers,
      PeerOffsets arena,
      DeviceMatrix gathered,
      List<SampledResults> results) {
    this.peers = peers;
    this.arena = arena;
    this.gathered = gathered;
    this.results = results;
    kernels = new ExchangeKernels(library, stream, peers);
    resultOffsets = results.stream().map(each -> peers.share(each.memory())).toList();
  }

  /** Samples from whole rows. */
  interface RowSampling {
    void sample(DeviceChunk chunk, int first, DeviceMatrix logits, SampledResults results);
  }

  /** Starts the sampling of a step. */
  void begin() {
    peers.beginSampling();
  }

  /**
   * Enqueues the sampling of a chunk of rows.
   *
   * @param logits f32 {@code [rows of the chunk][this rank's columns]}
   * @param cells target of the logits that the chunk gathers
   * @param sampling of this rank's share of the rows
   */
  void sample(
      DeviceChunk chunk,
      DeviceMatrix logits,
      DeviceVector cells,
      SampledResults target,
      RowSampling sampling) {
    kernels.await();
    int share = (chunk.rows() + peers.degree() - 1) / peers.degree();
    int first = Math.min(chunk.rows(), peers.rank() * share);
    int count = Math.min(share, chunk.rows() - first);
    if (count > 0) {
      DeviceMatrix rows = gathered.rows(0, count);
      kernels.gatherRows(logits, arena, first, rows);
      sampling.sample(chunk, first, rows, target);
      publish(target, chunk, chunk.firstRow() + first, count);
    }
    if (cells.length() > 0) {
      kernels.gatherCells(logits, arena, chunk.gathered(), cells);
    }
    // The results are complete, and the logits may be overwritten.
    kernels.await();
  }

  private void publish(SampledResults target, DeviceChunk chunk, int first, int count) {
    PeerOffsets offsets = resultOffsets.get(results.indexOf(target));
    var rows = target.rows(first, count);
    kernels.publish(rows.tokens(), offsets);
    kernels.publish(rows.logProbabilities(), offsets);
    kernels.publish(rows.logSumExps(), offsets);
    if (chunk.wantsTopLogprobs()) {
      kernels.publish(target.topLogprobsOf(first, count), offsets);
    }
  }
}
