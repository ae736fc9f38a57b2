/**
 * A model's weights on the device: fused, and in the precision of its products. Start at {@link
 * io.nightshift.runtime.cuda.weights.DeviceWeights}.
 */
@NullMarked
package io.nightshift.runtime.cuda.weights;

import org.jspecify.annotations.NullMarked;
