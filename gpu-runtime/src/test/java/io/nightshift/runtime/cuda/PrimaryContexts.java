package io.nightshift.runtime.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.cuda.cudart.CUctx_st;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.SizeTPointer;

/**
 * The contexts of GPUs, held while engines come and go: all that leaks in a context stays as long
 * as the context does.
 */
final class PrimaryContexts implements AutoCloseable {
  private final List<CUctx_st> contexts;

  /** Those of the first GPUs. */
  PrimaryContexts(int gpus) {
    VisibleGpus.ofThisHost(); // initializes the driver
    contexts = IntStream.range(0, gpus).mapToObj(PrimaryContexts::retain).toList();
  }

  /** Bytes of free memory of each GPU. */
  List<Long> freeMemory() {
    return contexts.stream().map(PrimaryContexts::freeMemory).toList();
  }

  private static CUctx_st retain(int device) {
    CUctx_st context = new CUctx_st();
    assertThat(cudart.cuDevicePrimaryCtxRetain(context, device)).isEqualTo(cudart.CUDA_SUCCESS);
    return context;
  }

  private static long freeMemory(CUctx_st context) {
    try (SizeTPointer free = new SizeTPointer(1);
        SizeTPointer total = new SizeTPointer(1)) {
      assertThat(cudart.cuCtxSetCurrent(context)).isEqualTo(cudart.CUDA_SUCCESS);
      assertThat(cudart.cuMemGetInfo(free, total)).isEqualTo(cudart.CUDA_SUCCESS);
      return free.get();
    }
  }

  @Override
  public void close() {
    for (int gpu = 0; gpu < contexts.size(); gpu++) {
      cudart.cuDevicePrimaryCtxRelease(gpu);
    }
  }
}
