package io.nightshift.runtime.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.cuda.device.CudaToolkit;
import io.nightshift.runtime.cuda.device.KernelCompiler;
import io.nightshift.runtime.cuda.device.KernelSource;
import java.util.List;
import java.util.Map;
import org.bytedeco.cuda.cudart.CUfunc_st;
import org.bytedeco.cuda.cudart.CUmod_st;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerPointer;

/** A kernel that makes the driver give up a device. */
final class FaultyKernel {
  private FaultyKernel() {}

  /** Writes where no memory is, in the context of the calling thread, which loses its device. */
  static void writeWhereNoMemoryIs() {
    String text = "extern \"C\" __global__ void fault() { *(volatile int*)64 = 1; }";
    KernelSource source = new KernelSource("fault.cu", text, Map.of(), List.of());
    byte[] cubin = new KernelCompiler(CudaToolkit.find()).compile(source, "sm_90a");
    CUmod_st module = new CUmod_st();
    CUfunc_st function = new CUfunc_st();
    try (BytePointer image = new BytePointer(cubin)) {
      assertThat(cudart.cuModuleLoadData(module, image)).isZero();
    }
    assertThat(cudart.cuModuleGetFunction(function, module, "fault")).isZero();
    PointerPointer<?> none = null;
    assertThat(cudart.cuLaunchKernel(function, 1, 1, 1, 1, 1, 1, 0, (CUstream_st) null, none, none))
        .isZero();
  }
}
