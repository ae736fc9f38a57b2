/**
 * A model's weights on the device, fused and in the precision of its GEMMs. Start at {@link
 * io.nightshift.runtime.cuda.weights.DeviceWeights}. Stands on {@code cuda.kernels}, {@code
 * cuda.gemm} and {@code cuda.device}.
 */
@NullMarked
package io.nightshift.runtime.cuda.weights;

import org.jspecify.annotations.NullMarked;
