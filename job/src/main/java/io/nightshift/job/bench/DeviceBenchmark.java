package io.nightshift.job.bench;

import io.nightshift.runtime.config.Device;

/** Benchmarks the engine on the device of the request. */
public final class DeviceBenchmark implements Benchmark {

  @Override
  public String run(Request request) throws Exception {
    Benchmark benchmark =
        request.engine().device() == Device.CUDA ? new CudaBenchmark() : new CpuBenchmark();
    return benchmark.run(request);
  }
}
