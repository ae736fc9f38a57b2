package io.nightshift.runtime.cuda.device;

import static io.nightshift.runtime.cuda.device.CudaCalls.check;

import org.bytedeco.cuda.cudart.CUgraphExec_st;
import org.bytedeco.cuda.cudart.CUgraph_st;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.cuda.global.cudart;

/** A queue of device work, which is executed in order. */
public final class CudaStream implements AutoCloseable {
  private final CudaDevice device;
  private final CUstream_st handle = new CUstream_st();

  public CudaStream(CudaDevice device) {
    this(device, 0);
  }

  private CudaStream(CudaDevice device, int priority) {
    this.device = device;
    check(
        cudart.cuStreamCreateWithPriority(handle, cudart.CU_STREAM_NON_BLOCKING, priority),
        device,
        "cuStreamCreateWithPriority(" + priority + ")");
  }

  /** A stream whose kernels go before those of other streams that have not started. */
  public static CudaStream urgent(CudaDevice device) {
    int[] least = new int[1];
    int[] greatest = new int[1];
    check(
        cudart.cuCtxGetStreamPriorityRange(least, greatest), device, "cuCtxGetStreamPriorityRange");
    return new CudaStream(device, greatest[0]);
  }

  public CudaDevice device() {
    return device;
  }

  /** The handle, for libraries that take streams. */
  public CUstream_st handle() {
    return handle;
  }

  /** Copies {@code bytes} from the start of pinned memory to a device address. */
  public void copyToDevice(PinnedMemory source, long target, long bytes) {
    copyToDevice(source, 0, target, bytes);
  }

  /** Copies {@code bytes} from an offset in pinned memory to a device address. */
  public void copyToDevice(PinnedMemory source, long offset, long target, long bytes) {
    check(
        cudart.cuMemcpyHtoDAsync(target, source.at(offset, bytes), bytes, handle),
        device,
        "cuMemcpyHtoDAsync(" + bytes + " bytes)");
  }

  /** Copies {@code bytes} from a device address to an offset in pinned memory. */
  public void copyToHost(long source, PinnedMemory target, long offset, long bytes) {
    check(
        cudart.cuMemcpyDtoHAsync(target.at(offset, bytes), source, bytes, handle),
        device,
        "cuMemcpyDtoHAsync(" + bytes + " bytes)");
  }

  /** Copies {@code bytes} from one device address to another. */
  public void copy(long source, long target, long bytes) {
    check(
        cudart.cuMemcpyDtoDAsync(target, source, bytes, handle),
        device,
        "cuMemcpyDtoDAsync(" + bytes + " bytes)");
  }

  /** Sets {@code bytes} from a device address to a value. */
  public void fill(long target, int value, long bytes) {
    check(
        cudart.cuMemsetD8Async(target, (byte) value, bytes, handle),
        device,
        "cuMemsetD8Async(" + bytes + " bytes)");
  }

  /** Makes further work of this stream wait for the event. */
  public void await(CudaEvent event) {
    check(cudart.cuStreamWaitEvent(handle, event.handle(), 0), device, "cuStreamWaitEvent");
  }

  /** Waits on the host until all work has ended. */
  public void synchronize() {
    check(cudart.cuStreamSynchronize(handle), device, "cuStreamSynchronize");
  }

  /** Records what {@code work} enqueues in this stream as a graph, without running it. */
  public CudaGraph capture(Runnable work) {
    check(
        cudart.cuStreamBeginCapture(handle, cudart.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL),
        device,
        "cuStreamBeginCapture");
    CUgraph_st graph = new CUgraph_st();
    try {
      work.run();
    } catch (RuntimeException e) {
      cudart.cuStreamEndCapture(handle, graph);
      cudart.cuGraphDestroy(graph);
      throw e;
    }
    check(cudart.cuStreamEndCapture(handle, graph), device, "cuStreamEndCapture");
    try {
      CUgraphExec_st executable = new CUgraphExec_st();
      check(cudart.cuGraphInstantiate(executable, graph, 0), device, "cuGraphInstantiate");
      return new CudaGraph(device, executable);
    } finally {
      cudart.cuGraphDestroy(graph);
    }
  }

  /** Waits until all work has ended or failed. */
  @Override
  public void close() {
    cudart.cuStreamSynchronize(handle);
    cudart.cuStreamDestroy(handle);
  }
}
