/**
 * The model runner on CPUs. GEMMs, norms and softmax are oneDNN kernels over native memory, the
 * rest is plain Java. {@link io.nightshift.runtime.cpu.CpuModelRunner} is the entry class; it runs
 * one {@link io.nightshift.runtime.cpu.CpuTransformer} per worker thread. Other packages of the
 * engine know only the {@link io.nightshift.runtime.runner.ModelRunner} that it implements.
 */
@NullMarked
package io.nightshift.runtime.cpu;

import org.jspecify.annotations.NullMarked;
