package io.nightshift.runtime.cuda.kernels;

import io.nightshift.runtime.cuda.device.CudaKernel;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.device.DeviceVector;
import io.nightshift.runtime.cuda.device.KernelArguments;
import io.nightshift.runtime.cuda.device.KernelLaunch;
import io.nightshift.runtime.cuda.device.KernelLibrary;
import io.nightshift.runtime.cuda.device.KernelSource;
import io.nightshift.runtime.cuda.peer.PeerGroup;
import io.nightshift.runtime.cuda.peer.PeerOffsets;
import java.util.Map;

/** The kernels of {@code exchange.cu}: what ranks exchange for the sampling of a step. */
public final class ExchangeKernels {
  private static final int THREADS = 256;
  private static final int ELEMENTS = 4;
  private static final int WARP = 32;

  private final CudaStream stream;
  private final PeerGroup peers;
  private final KernelArguments arguments;
  private final CudaKernel awaitPeers;
  private final CudaKernel gatherRows;
  private final CudaKernel gatherCells;
  private final CudaKernel publish;

  public ExchangeKernels(KernelLibrary library, CudaStream stream, PeerGroup peers) {
    this.stream = stream;
    this.peers = peers;
    arguments = library.arguments();
    KernelSource source = KernelSource.resource("exchange", Map.of("RANKS", peers.degree()));
    awaitPeers = library.kernel(source, "await_peers");
    gatherRows = library.kernel(source, "gather_rows");
    gatherCells = library.kernel(source, "gather_cells");
    publish = library.kernel(source, "publish");
  }

  /** Waits until all ranks have come as far: what they have written before is visible then. */
  public void await() {
    awaitPeers.launch(
        stream, KernelLaunch.of("await_peers", 1, WARP), peers.addExchange(arguments.begin(), 1));
  }

  /**
   * Gathers whole rows of logits.
   *
   * @param shard f32 {@code [...][columns of a rank]}
   * @param offsets of the allocation of the shards
   * @param rows f32 {@code [rows][vocabulary]}: rows {@code first} and following
   */
  public void gatherRows(DeviceMatrix shard, PeerOffsets offsets, int first, DeviceMatrix rows) {
    int blocks = (rows.columns() + THREADS * ELEMENTS - 1) / (THREADS * ELEMENTS);
    gatherRows.launch(
        stream,
        new KernelLaunch("gather_rows", blocks, rows.rowCount(), 1, THREADS, 0),
        arguments
            .begin()
            .buffer(shard)
            .integer(shard.columns())
            .buffer(offsets.onDevice())
            .integer(first)
            .integer(rows.columns())
            .buffer(rows));
  }

  /**
   * Gathers single logits.
   *
   * @param shard f32 {@code [...][columns of a rank]}
   * @param offsets of the allocation of the shards
   * @param cells ints {@code [cells][2]}: row, and column in the vocabulary
   * @param target f32, one for each cell
   */
  public void gatherCells(
      DeviceMatrix shard, PeerOffsets offsets, DeviceMatrix cells, DeviceVector target) {
    gatherCells.launch(
        stream,
        KernelLaunch.forItems("gather_cells", cells.rows(), THREADS),
        arguments
            .begin()
            .buffer(shard)
            .integer(shard.columns())
            .buffer(offsets.onDevice())
            .buffer(cells)
            .buffer(target)
            .integer(cells.rowCount()));
  }

  /**
   * Copies numbers to the same place in the memory of all other ranks.
   *
   * @param values of 4 bytes each
   * @param offsets of their allocation
   */
  public void publish(DeviceVector values, PeerOffsets offsets) {
    if (values.length() > 0) {
      publish.launch(
          stream,
          KernelLaunch.forItems("publish", values.length(), THREADS),
          arguments.begin().buffer(values).integer(values.size()).buffer(offsets.onDevice()));
    }
  }
}
