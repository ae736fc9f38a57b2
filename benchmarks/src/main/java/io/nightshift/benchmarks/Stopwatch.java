package io.nightshift.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** Time since it was made: on the clock, and that of all threads of this process on CPUs. */
final class Stopwatch {
  private static final OperatingSystemMXBean PROCESS =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private final long began = System.nanoTime();
  private final long cpuBegan = PROCESS.getProcessCpuTime();

  double seconds() {
    return (System.nanoTime() - began) / 1e9;
  }

  double cpuSeconds() {
    return (PROCESS.getProcessCpuTime() - cpuBegan) / 1e9;
  }
}
