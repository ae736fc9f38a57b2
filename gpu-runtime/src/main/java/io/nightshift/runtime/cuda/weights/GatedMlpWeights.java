package io.nightshift.runtime.cuda.weights;

/**
 * The projections of a gated MLP.
 *
 * @param gateUp rows of the gate and the up projection, in this order
 */
public record GatedMlpWeights(DeviceLinear gateUp, DeviceLinear down)
    implements FeedForwardWeights {}
