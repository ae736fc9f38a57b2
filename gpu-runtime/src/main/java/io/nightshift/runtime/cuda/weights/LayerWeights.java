package io.nightshift.runtime.cuda.weights;

/**
 * One transformer layer on the device. Norms and biases are addresses of f32 vectors, 0 where the
 * model has none.
 *
 * @param queryKeyValue rows of the query, key and value projections, in this order
 * @param gateUp rows of the gate and the up projection, in this order
 */
public record LayerWeights(
    long attentionNorm,
    DeviceLinear queryKeyValue,
    long queryKeyValueBias,
    long queryNorm,
    long keyNorm,
    DeviceLinear attentionOutput,
    long attentionOutputBias,
    long feedForwardNorm,
    DeviceLinear gateUp,
    DeviceLinear down) {}
