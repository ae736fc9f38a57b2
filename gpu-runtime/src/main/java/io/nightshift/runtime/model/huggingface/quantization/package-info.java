/**
 * Quantized weights in Hugging Face folders, as {@code quantization_config} in {@code config.json}
 * describes them. {@link io.nightshift.runtime.model.huggingface.quantization.QuantizationMethods}
 * is the entry class: it chooses the scheme by {@code quant_method}. Each scheme finds the tensors
 * of a linear layer's weights and reads them as codes, scales and offsets.
 */
@NullMarked
package io.nightshift.runtime.model.huggingface.quantization;

import org.jspecify.annotations.NullMarked;
