package io.nightshift.runtime.cuda.kernels;

import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.device.DeviceVector;
import java.util.List;

/**
 * An {@link AttentionPlan} on the device, without the block tables, which all plans of a step have
 * in common; all elements are ints.
 *
 * @param pieces for each of {@link AttentionShape#HEIGHTS} the pieces, {@code [pieces][8]}
 * @param rows {@code [rows][4]}
 * @param treeMasks bit sets of token trees
 * @param merges {@code [merges][4]}
 * @param mergeSources partial results of the merges
 */
public record DeviceAttentionPlan(
    List<DeviceMatrix> pieces,
    DeviceMatrix rows,
    DeviceVector treeMasks,
    DeviceMatrix merges,
    DeviceVector mergeSources) {}
