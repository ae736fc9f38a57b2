package io.nightshift.runtime.cuda.device;

import static io.nightshift.runtime.cuda.device.CudaCalls.check;

import org.bytedeco.cuda.cudart.CUgraphExec_st;
import org.bytedeco.cuda.global.cudart;

/** Device work that is recorded once and launched as a whole. */
public final class CudaGraph implements AutoCloseable {
  private final CudaDevice device;
  private final CUgraphExec_st handle;

  CudaGraph(CudaDevice device, CUgraphExec_st handle) {
    this.device = device;
    this.handle = handle;
  }

  public void launch(CudaStream stream) {
    check(cudart.cuGraphLaunch(handle, stream.handle()), device, "cuGraphLaunch");
  }

  @Override
  public void close() {
    cudart.cuGraphExecDestroy(handle);
  }
}
