package io.nightshift.runtime.cuda.kernels;

import io.nightshift.runtime.cuda.device.DeviceMatrix;

/**
 * Memory for attention to parts of a context, which {@code merge_attention} combines.
 *
 * @param outputs f32 {@code [partials][heads * headSize]}
 * @param logSums f32 {@code [partials][heads]}: log-sum-exps of the scores, to base 2
 */
public record AttentionPartials(DeviceMatrix outputs, DeviceMatrix logSums) {}
