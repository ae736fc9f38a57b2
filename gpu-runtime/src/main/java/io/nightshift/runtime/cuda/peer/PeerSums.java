package io.nightshift.runtime.cuda.peer;

import io.nightshift.runtime.cuda.device.DeviceVector;

/**
 * Where a rank finds the partial sums of the others.
 *
 * @param group the ranks
 * @param deltaOffsets of the allocation with the partial sums and the scales of their rows ({@link
 *     PeerGroup#share})
 * @param channelOffsets of the allocation of the weights, with the scales of the channels
 */
public record PeerSums(PeerGroup group, DeviceVector deltaOffsets, DeviceVector channelOffsets) {}
