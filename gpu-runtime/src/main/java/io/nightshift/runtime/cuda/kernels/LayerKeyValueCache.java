package io.nightshift.runtime.cuda.kernels;

import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.device.DeviceVector;
import org.jspecify.annotations.Nullable;

/**
 * The KV cache of one layer, a row for each head of each token: {@code [block][head][slot]}.
 *
 * @param keys bf16 or e4m3 {@code [rows][headStride]}
 * @param values as the keys
 * @param keyScales an f32 for each row of the keys; null with bf16
 * @param valueScales an f32 for each row of the values; null with bf16
 */
public record LayerKeyValueCache(
    DeviceMatrix keys,
    DeviceMatrix values,
    @Nullable DeviceVector keyScales,
    @Nullable DeviceVector valueScales) {}
