package io.nightshift.runtime.runner;

/**
 * Copies the keys and values of a block between the device and host memory, in every layer of a
 * group, before the step begins.
 *
 * <p>The copies of a step have the effect that they have one after the other: a block that was
 * copied to the host may be the target of a later copy. A runner may make them while the step
 * before still runs, unless {@link #afterPrevious} is set.
 *
 * @param toHost whether the block is copied from the device to the host, rather than back
 * @param group index of the group that the device's block belongs to
 * @param block the block on the device
 * @param hostBlock the block in host memory, which has room for a block of every group
 * @param afterPrevious whether the step before must have ended: it writes to the block, or, if the
 *     device's block is the target, may access it
 */
public record HostCopy(
    boolean toHost, int group, int block, int hostBlock, boolean afterPrevious) {}
