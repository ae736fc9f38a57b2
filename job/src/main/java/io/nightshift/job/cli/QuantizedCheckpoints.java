package io.nightshift.job.cli;

import io.nightshift.runtime.model.huggingface.quantization.QuantizationMethods;
import java.util.List;

/** The section of docs/models.md about folders whose weights are quantized. */
final class QuantizedCheckpoints {
  private static final String TABLE =
      """
      | `quant_method`, format | weights | refused |
      | --- | --- | --- |
      | `fp8` | e4m3; a scale for each block, row or matrix | another `fmt` |
      | `fbgemm_fp8` | e4m3; a scale for each row | |
      | `compressed-tensors` | formats as follows, also mixed | sparse weights, `transform_config` |
      | - `float-quantized` | e4m3; scales of matrices, rows, groups or blocks | other bits |
      | - `int-quantized` | 8 bits; scales likewise; zero points | other bits |
      | - `naive-quantized` | like one of these two | other bits |
      | - `pack-quantized` | 4 or 8 bits; groups or rows; zero points; `weight_g_idx` | other bits |
      | - `mxfp4-pack-quantized` | e2m1; a power of two for 32 columns | |
      | - `nvfp4-pack-quantized` | e2m1; an e4m3 scale for 16 columns, one for the matrix | |
      | - `mxfp8-quantized` | e4m3; a power of two for 32 columns | |
      | `gptq` | 4 or 8 bits; any `group_size`, `desc_act`, `dynamic`; `gptq_v2` | 2 and 3 bits, Marlin |
      | `awq` | 4 bits; any `group_size`; zero points; `version: gemm` | other versions and bits |
      | `mxfp4` | experts as gpt-oss has them | models without experts |
      """;

  private static final List<String> RULES =
      List.of(
          "What is stored decides whether a layer is quantized, and the lists of"
              + " `quantization_config` (`modules_to_not_convert`, `ignored_layers`, `ignore`,"
              + " `targets`) must agree; only for the output projection and routers, which some"
              + " tools quantize and others do not, the lists do not count. An entry that names no"
              + " module of the model is refused, unless it names a part for images or sound.",
          "Scales of activations (`input_scale`, `input_scale_ub`, `input_global_scale` and the"
              + " like) are left out: activations are computed with in `model.dtype`, and with"
              + " `fp8` they are quantized with scales of their own, one for each token. What"
              + " `quantization_config` says about activations has no effect for the same reason.",
          "The KV cache is not quantized: `kv_cache_scheme`, `k_scale` and `v_scale` have no effect"
              + " either.",
          "Layers of a shard whose columns divide a group, and those with act-order whose columns"
              + " are divided, are widened when they are loaded.",
          "Every other key is refused by name, and so is a scale, zero point or group index that is"
              + " missing or has another shape than `config.json` implies.");

  private QuantizedCheckpoints() {}

  static void append(StringBuilder page) {
    page.append("\n## Quantized folders\n");
    ModelsPage.paragraph(
        page,
        "`quantization_config` in `config.json` says how the weights of linear layers are"
            + " quantized. Read are the methods "
            + ModelsPage.code(QuantizationMethods.names())
            + "; any other one is refused. `nightshift plan` and `run` need no option for it.");
    page.append('\n').append(TABLE);
    for (String rule : RULES) {
      page.append('\n').append(ModelsPage.indented("- ", rule));
    }
    page.append('\n');
  }
}
