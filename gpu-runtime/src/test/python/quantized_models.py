"""Writes tiny random models that public tools have quantized, and what their dequantized weights compute.

    GPTQMODEL_CPU_WORKERS=2 python gpu-runtime/src/test/python/quantized_models.py [NAME ...]

Needs what tiny_models.py needs, and llmcompressor with compressed-tensors, gptqmodel and autoawq; runs on a CPU. Written are
    models/NAME/                a Hugging Face folder with quantization_config
    goldens/tiny/NAME.json      the answers as tiny_models.py describes them, of a model in f32 with the dequantized weights
    goldens/quantized/NAME.json rows of each quantized matrix as the tool dequantizes them, in f32:
        {tensor: {"rows": [indexes], "values": base64 of little-endian f32 [rows, columns]}}

Who quantizes: GPTQModel (gptq), AutoAWQ's packing (awq), llm-compressor (compressed-tensors). The formats fp8 and fbgemm_fp8
need a GPU to be written by transformers: fp8_weights() below follows their specification, the docstrings of
FineGrainedFP8Config and FbgemmFp8Config and the tensors of published checkpoints.
"""

import base64
import json
import pathlib
import shutil
import sys
import tempfile

import numpy
import safetensors.torch
import torch
import transformers
from transformers import LlamaConfig, Qwen2Config

import tiny_models
from tiny_configs import COMMON, plain_rope
from tiny_goldens import write_goldens

RESOURCES = pathlib.Path(__file__).parents[1] / "resources"
SIZES = dict(
    hidden_size=64, intermediate_size=96, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
    max_position_embeddings=256, rope_parameters=plain_rope(10000.0),
)
LARGEST_E4M3 = 448.0


def llama():
    return LlamaConfig(rms_norm_eps=1e-5, tie_word_embeddings=False, **SIZES, **COMMON)


def qwen2():
    return Qwen2Config(rms_norm_eps=1e-6, tie_word_embeddings=True, use_sliding_window=False, **SIZES, **COMMON)


def linear_weights(tensors):
    return [name for name in tensors if name.endswith("_proj.weight")]


def edit(folder, tensors, quantization):
    safetensors.torch.save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    path = folder / "config.json"
    config = json.loads(path.read_text())
    config["quantization_config"] = quantization
    path.write_text(json.dumps(config, indent=2) + "\n")


def load(folder):
    return safetensors.torch.load_file(folder / "model.safetensors")


# fp8 and fbgemm_fp8: by their specification


def spread(scales, block, shape):
    """Scales of blocks for each element."""
    wide = scales.repeat_interleave(block[0], 0).repeat_interleave(block[1], 1)
    return wide[: shape[0], : shape[1]]


def fp8_weights(weight, block):
    """Codes e4m3 and f32 scales of blocks, which codes are multiplied by."""
    rows, columns = -(-weight.shape[0] // block[0]), -(-weight.shape[1] // block[1])
    padded = torch.zeros(rows * block[0], columns * block[1])
    padded[: weight.shape[0], : weight.shape[1]] = weight
    largest = padded.reshape(rows, block[0], columns, block[1]).abs().amax((1, 3))
    scales = largest / LARGEST_E4M3
    return (weight / spread(scales, block, weight.shape)).to(torch.float8_e4m3fn), scales


def fp8_blocks(folder):
    tensors = load(folder)
    for name in linear_weights(tensors):
        tensors[name], tensors[name + "_scale_inv"] = fp8_weights(tensors[name].float(), (64, 64))
    edit(folder, tensors, {
        "activation_scheme": "dynamic", "fmt": "e4m3", "quant_method": "fp8", "weight_block_size": [64, 64],
        "modules_to_not_convert": ["lm_head", "model.layers.0.input_layernorm"],
    })


def fp8_tensors(folder):
    """As vLLM's tools write it: with measured scales of activations and of the KV cache."""
    tensors = load(folder)
    for name in linear_weights(tensors):
        shape = tuple(tensors[name].shape)
        tensors[name], scale = fp8_weights(tensors[name].float(), shape)
        tensors[name + "_scale"] = scale[0, 0].clone()
        module = name.removesuffix("weight")
        tensors[module + "input_scale"] = torch.tensor(0.0123)
        if module.endswith(("k_proj.", "v_proj.")):
            tensors[module + module[-7] + "_scale"] = torch.tensor(1.0)
    edit(folder, tensors, {"activation_scheme": "static", "ignored_layers": ["lm_head"], "quant_method": "fp8"})


def fbgemm(folder):
    tensors = load(folder)
    for name in linear_weights(tensors):
        if "layers.0.self_attn" in name:
            continue
        tensors[name], tensors[name + "_scale"] = fp8_weights(tensors[name].float(), (1, tensors[name].shape[1]))
        tensors[name.removesuffix("weight") + "input_scale_ub"] = torch.tensor([1200.0])
    edit(folder, tensors, {
        "activation_scale_ub": 1200.0, "modules_to_not_convert": ["model.layers.0.self_attn", "lm_head"],
        "quant_method": "fbgemm_fp8",
    })


def dequantized_fp8(folder, tensors, config):
    block = config.get("weight_block_size")
    for name in linear_weights(tensors):
        scale = tensors.get(name + "_scale_inv", tensors.get(name + "_scale"))
        if scale is not None:
            weight = tensors[name].float()
            yield name, weight * (spread(scale, block, weight.shape) if block else scale)


# gptq: GPTQModel


def gptq(bits, group_size, act_order, checkpoint_format="gptq", symmetric=True):
    def quantize(folder):
        from gptqmodel import GPTQModel, QuantizeConfig

        random = numpy.random.default_rng(5)
        config = QuantizeConfig(
            bits=bits, group_size=group_size, desc_act=act_order, sym=symmetric, format=checkpoint_format,
            act_group_aware=False,
        )
        model = GPTQModel.load(str(folder), config, device="cpu")
        rows = [random.integers(0, 331, 64).tolist() for _ in range(32)]
        model.quantize([{"input_ids": row, "attention_mask": [1] * 64} for row in rows], batch_size=1)
        with tempfile.TemporaryDirectory() as target:
            model.save(target)
            for file in ["model.safetensors", "config.json"]:
                shutil.copy(pathlib.Path(target) / file, folder / file)

    return quantize


def dequantized_gptq(folder, tensors, config):
    from gptqmodel import BACKEND, GPTQModel
    from gptqmodel.nn_modules.qlinear.torch import TorchLinear

    model = GPTQModel.load(str(folder), backend=BACKEND.GPTQ_TORCH, device="cpu", dtype=torch.float16)
    for name, module in model.model.named_modules():
        if isinstance(module, TorchLinear):
            module.scales = module.scales.float()
            yield name + ".weight", module.dequantize_weight().float().T


# awq: AutoAWQ's layer and packing


def awq(folder):
    from awq.modules.linear.gemm import WQLinear_GEMM

    tensors, group = load(folder), 32
    for name in linear_weights(tensors):
        weight = tensors.pop(name).float()
        groups = weight.reshape(weight.shape[0], -1, group)
        low, high = groups.amin(-1), groups.amax(-1)
        scales = ((high - low).clamp(min=1e-5) / 15).half().float()
        zeros = (-torch.round(low / scales)).clamp(0, 15)
        wide = lambda values: values.repeat_interleave(group, 1)
        codes = (torch.round(weight / wide(scales)) + wide(zeros)).clamp(0, 15)
        linear = torch.nn.Linear(weight.shape[1], weight.shape[0], bias=False)
        linear.weight.data = (codes - wide(zeros)) * wide(scales)
        packed = WQLinear_GEMM.from_linear(linear, 4, group, scales=scales.T.contiguous(), zeros=zeros.T.contiguous())
        for part in ["qweight", "qzeros", "scales"]:
            tensors[name.removesuffix("weight") + part] = getattr(packed, part).contiguous()
    edit(folder, tensors, {
        "bits": 4, "group_size": group, "modules_to_not_convert": None, "quant_method": "awq", "version": "gemm",
        "zero_point": True,
    })


def dequantized_awq(folder, tensors, config):
    from awq.utils.packing_utils import reverse_awq_order, unpack_awq

    for name in [name for name in tensors if name.endswith(".qweight")]:
        part = lambda suffix: tensors[name.removesuffix("qweight") + suffix]
        codes, zeros = reverse_awq_order(*unpack_awq(part("qweight"), part("qzeros"), 4), 4)
        wide = lambda values: values.repeat_interleave(config["group_size"], 0)
        scales = part("scales").float()
        weight = ((codes & 15).float() - wide((zeros & 15).float())) * wide(scales)
        yield name.removesuffix("qweight") + "weight", weight.T


# compressed-tensors: llm-compressor


def compressed(*groups, ignore=("lm_head",)):
    """Each group: names of layers or Linear, and a preset's name or arguments of the weights' quantization."""

    def quantize(folder):
        from compressed_tensors.quantization import QuantizationArgs, QuantizationScheme, preset_name_to_scheme
        from llmcompressor import oneshot
        from llmcompressor.modifiers.quantization import QuantizationModifier

        schemes = {}
        for index, (targets, how) in enumerate(groups):
            schemes[f"group_{index}"] = (
                preset_name_to_scheme(how, targets) if isinstance(how, str)
                else QuantizationScheme(targets=targets, weights=QuantizationArgs(**how))
            )
        model = transformers.AutoModelForCausalLM.from_pretrained(folder, dtype=torch.bfloat16, device_map="cpu")
        oneshot(model=model, recipe=QuantizationModifier(config_groups=schemes, ignore=list(ignore)))
        with tempfile.TemporaryDirectory() as target:
            model.save_pretrained(target, save_compressed=True)
            for file in ["model.safetensors", "config.json"]:
                shutil.copy(pathlib.Path(target) / file, folder / file)

    return quantize


def dequantized_compressed(folder, tensors, config):
    from compressed_tensors.compressors import BaseCompressor
    from compressed_tensors.compressors.mx_utils import decompress_mx_scale
    from compressed_tensors.compressors.nvfp4.helpers import unpack_fp4_from_uint8
    from compressed_tensors.quantization import QuantizationConfig
    from compressed_tensors.quantization.lifecycle.forward import dequantize
    from compressed_tensors.utils.match import match_name

    groups = QuantizationConfig.model_validate({k: v for k, v in config.items() if k in QuantizationConfig.model_fields})
    modules = sorted({name.rpartition(".")[0] for name in tensors if name.endswith("weight_scale")})
    for module in modules:
        schemes = list(groups.config_groups.values())
        named = [s for s in schemes if any(match_name(module, target) for target in s.targets)]
        scheme = (named or schemes)[0]
        form = str(getattr(scheme.format, "value", scheme.format) or config["format"])
        state = {name.rpartition(".")[2]: tensor for name, tensor in tensors.items() if name.startswith(module + ".")}
        if form in ("nvfp4-pack-quantized", "mxfp4-pack-quantized"):
            packed = state["weight_packed"]
            codes = unpack_fp4_from_uint8(packed, packed.shape[0], packed.shape[1] * 2, torch.float32)
            scale = state["weight_scale"]
            scale = decompress_mx_scale(scale) if scale.dtype == torch.uint8 else scale
            weight = dequantize(
                codes, scale.float(), args=scheme.weights, global_scale=state.get("weight_global_scale"),
                dtype=torch.float32,
            )
        else:
            if form == "mxfp8-quantized":
                state["weight_scale"] = decompress_mx_scale(state["weight_scale"])
                form = "naive-quantized"
            state["weight_scale"] = state["weight_scale"].float()
            weight = BaseCompressor.get_value_from_registry(form).decompress(state, scheme)["weight"]
        yield module + ".weight", weight.float()


INT4 = dict(num_bits=4, type="int", strategy="group", group_size=32)
MODELS = {
    "tiny-llama-fp8-blocks": (llama, fp8_blocks, dequantized_fp8),
    "tiny-qwen2-fp8": (qwen2, fp8_tensors, dequantized_fp8),
    "tiny-llama-fbgemm-fp8": (llama, fbgemm, dequantized_fp8),
    "tiny-llama-gptq": (llama, gptq(4, 32, True), dequantized_gptq),
    "tiny-qwen2-gptq-v2": (qwen2, gptq(8, -1, False, "gptq_v2", False), dequantized_gptq),
    "tiny-llama-awq": (llama, awq, dequantized_awq),
    "tiny-llama-w4a16": (llama, compressed((["Linear"], dict(INT4, symmetric=True))), dequantized_compressed),
    "tiny-qwen2-w4a16-asymmetric": (
        qwen2, compressed((["Linear"], dict(INT4, symmetric=False))), dequantized_compressed),
    "tiny-qwen2-w8a16-asymmetric": (
        qwen2, compressed((["Linear"], dict(num_bits=8, type="int", strategy="channel", symmetric=False))),
        dequantized_compressed),
    "tiny-llama-w8a8": (llama, compressed((["Linear"], "W8A8")), dequantized_compressed),
    "tiny-llama-fp8-dynamic": (
        llama, compressed((["Linear"], "FP8_DYNAMIC"), ignore=["lm_head", "re:.*layers.1.self_attn.*"]),
        dequantized_compressed),
    "tiny-qwen2-mixed": (
        qwen2,
        compressed(
            (["re:.*down_proj$"], "NVFP4A16"), (["re:.*gate_proj$"], "MXFP4A16"), (["re:.*o_proj$"], "FP8_BLOCK"),
            (["re:.*up_proj$"], "MXFP8A16")),
        dequantized_compressed),
}


def write_rows(path, dequantized):
    rows = {}
    for name, weight in sorted(dequantized.items()):
        some = [0, 17, weight.shape[0] - 1]
        values = weight[some].contiguous().numpy().astype("<f4").tobytes()
        rows[name] = {"rows": some, "values": base64.b64encode(values).decode()}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(rows, indent=1) + "\n")


def write_answers(name, folder, tensors, dequantized, config):
    """Of a model without quantization_config."""
    shape = config()
    plain = transformers.AutoModelForCausalLM.from_config(shape, dtype=torch.float32)
    parameters = {key: None for key, _ in plain.named_parameters()}
    state = {key: dequantized.get(key, tensors.get(key)).float() for key in parameters}
    plain.load_state_dict(state, strict=not shape.tie_word_embeddings)
    with tempfile.TemporaryDirectory() as target:
        plain.save_pretrained(target)
        write_goldens(name, target, RESOURCES / "goldens/tiny" / f"{name}.json", tiny_models.tokenizer())


def main():
    names = sys.argv[1:]
    for seed, (name, (config, quantize, dequantize)) in enumerate(MODELS.items()):
        if names and name not in names:
            continue
        folder = RESOURCES / "models" / name
        tiny_models.save(name, tiny_models.random_model(config(), torch.bfloat16, 100 + seed), folder)
        quantize(folder)
        tensors = load(folder)
        quantization = json.loads((folder / "config.json").read_text())["quantization_config"]
        dequantized = {key: value.contiguous() for key, value in dequantize(folder, tensors, quantization)}
        assert dequantized
        write_rows(RESOURCES / "goldens/quantized" / f"{name}.json", dequantized)
        write_answers(name, folder, tensors, dequantized, config)
        print(name, len(dequantized), sum(file.stat().st_size for file in folder.iterdir()))


if __name__ == "__main__":
    main()
