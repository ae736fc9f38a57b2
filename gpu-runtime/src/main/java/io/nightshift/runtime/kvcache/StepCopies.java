package io.nightshift.runtime.kvcache;

import io.nightshift.runtime.runner.BlockCopy;
import io.nightshift.runtime.runner.HostCopy;
import java.util.List;

/**
 * The copies that a runner must make at the beginning of a step.
 *
 * @param host copies between device and host, which come first
 * @param blocks copies from block to block
 */
public record StepCopies(List<HostCopy> host, List<BlockCopy> blocks) {}
