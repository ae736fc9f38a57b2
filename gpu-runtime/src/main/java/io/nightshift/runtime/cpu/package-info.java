/**
 * The model runner on CPUs: matrix products by oneDNN over weights packed once, the rest in plain
 * Java. Start at {@link io.nightshift.runtime.cpu.CpuModelRunner}.
 */
@NullMarked
package io.nightshift.runtime.cpu;

import org.jspecify.annotations.NullMarked;
