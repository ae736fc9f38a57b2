package io.nightshift.runtime.cuda.weights;

import io.nightshift.runtime.cuda.device.DeviceVector;
import org.jspecify.annotations.Nullable;

/**
 * The weights of a mixture of experts. Biases are f32, and null if the model has none.
 *
 * @param router from hidden to a score for each expert, always bf16
 * @param routerBias {@code [experts]}
 * @param gateUp {@code [experts * 2 * intermediate][hidden]}: for each expert its gate and its up
 *     projection, in this order
 * @param gateUpBias a bias for each of its rows
 * @param down {@code [experts * hidden][intermediate]}
 * @param downBias a bias for each of its rows
 */
public record ExpertsWeights(
    DeviceLinear router,
    @Nullable DeviceVector routerBias,
    DeviceLinear gateUp,
    @Nullable DeviceVector gateUpBias,
    DeviceLinear down,
    @Nullable DeviceVector downBias)
    implements FeedForwardWeights {}
