"""Writes a tiny model as the GGUF file that llama.cpp's converter makes of its Hugging Face folder: metadata, names of
tensors, order of query and key rows, stacked experts; used by tiny_models.py.
"""

import json
import math

import gguf
import numpy
import safetensors.torch
import torch
import transformers

import mxfp4

ARCHITECTURES = {"gemma3_text": "gemma3", "mixtral": "llama", "qwen3_moe": "qwen3moe", "gpt_oss": "gpt-oss"}

# What GGUF files cannot say: Mistral's sliding window, and that only some of a model's layers have experts.
# The converter ignores dynamic rope scaling, and knows gpt-oss with MXFP4 experts only.
NOT_CONVERTED = ["tiny-mistral", "tiny-qwen3-moe-dense-layer", "tiny-llama-dynamic", "tiny-gpt-oss"]

# Architectures whose query and key rows are interleaved.
INTERLEAVED = ["llama", "granite", "smollm3"]


def write_gguf(folder, tokenizer):
    if folder.name in NOT_CONVERTED:
        return
    config = transformers.AutoConfig.from_pretrained(folder)
    architecture = ARCHITECTURES.get(config.model_type, config.model_type)
    writer = gguf.GGUFWriter(folder.parent / f"{folder.name}.gguf", architecture)
    writer.add_name(folder.name)
    add_dimensions(writer, config, architecture)
    add_numbers(writer, config)
    add_rope(writer, config, architecture)
    add_tokenizer(writer, tokenizer)
    add_weights(writer, folder, config, architecture)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def head_size(config):
    return getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads


def add_dimensions(writer, config, architecture):
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_key_value_heads)
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    if architecture not in ["phi3", "olmo2", "granite", "smollm3"]:
        writer.add_key_length(head_size(config))
        writer.add_value_length(head_size(config))
    if architecture in INTERLEAVED:
        writer.add_vocab_size(config.vocab_size)
        writer.add_rope_dimension_count(head_size(config))
    if getattr(config, "num_experts_per_tok", None):
        writer.add_expert_count(config.num_local_experts)
        writer.add_expert_used_count(config.num_experts_per_tok)
    if architecture in ["qwen3moe", "gpt-oss"]:
        writer.add_expert_feed_forward_length(getattr(config, "moe_intermediate_size", config.intermediate_size))
    if architecture in ["gemma2", "gemma3", "phi3", "gpt-oss"]:
        writer.add_sliding_window(config.sliding_window or 0)


def add_numbers(writer, config):
    if config.model_type == "granite":
        writer.add_attention_scale(config.attention_multiplier)
        writer.add_embedding_scale(config.embedding_multiplier)
        writer.add_residual_scale(config.residual_multiplier)
        writer.add_logit_scale(config.logits_scaling)
    if config.model_type == "gemma2":
        writer.add_attn_logit_softcapping(config.attn_logit_softcapping)
        writer.add_final_logit_softcapping(config.final_logit_softcapping)
    if config.model_type.startswith("gemma"):
        # The converter leaves it out: readers know the scales of the models that Google published.
        writer.add_attention_scale(config.query_pre_attn_scalar**-0.5)


def add_rope(writer, config, architecture):
    rope = config.rope_parameters.get("full_attention", config.rope_parameters)
    if architecture == "phi3":
        writer.add_rope_dimension_count(int(head_size(config) * rope["partial_rotary_factor"]))
        writer.add_rope_scaling_orig_ctx_len(config.original_max_position_embeddings)
    if architecture != "gemma2":
        writer.add_rope_freq_base(rope["rope_theta"])
    if rope["rope_type"] == "linear":
        writer.add_rope_scaling_type(gguf.RopeScalingType.LINEAR)
        writer.add_rope_scaling_factor(rope["factor"])
    if rope["rope_type"] == "llama3":
        factors = numpy.array(list(rope_frequency_factors(config)), dtype=numpy.float32)
        writer.add_tensor("rope_freqs.weight", factors)
    if rope["rope_type"] == "yarn":
        writer.add_rope_scaling_type(gguf.RopeScalingType.YARN)
        writer.add_rope_scaling_factor(rope["factor"])
        writer.add_rope_scaling_orig_ctx_len(rope["original_max_position_embeddings"])
        writer.add_rope_scaling_yarn_beta_fast(rope["beta_fast"])
        writer.add_rope_scaling_yarn_beta_slow(rope["beta_slow"])
    if rope["rope_type"] == "longrope":
        original = config.original_max_position_embeddings
        extension = config.max_position_embeddings / original
        writer.add_rope_scaling_attn_factors(math.sqrt(1 + math.log(extension) / math.log(original)))
        writer.add_tensor("rope_factors_long.weight", numpy.array(rope["long_factor"], dtype=numpy.float32))
        writer.add_tensor("rope_factors_short.weight", numpy.array(rope["short_factor"], dtype=numpy.float32))


def rope_frequency_factors(config):
    """The converter's formula for Llama 3's scaling."""
    rope = config.rope_parameters
    factor, low, high = rope["factor"], rope["low_freq_factor"], rope["high_freq_factor"]
    context = rope["original_max_position_embeddings"]
    exponents = torch.arange(0, config.head_dim, 2, dtype=torch.float32) / config.head_dim
    for frequency in (1.0 / rope["rope_theta"] ** exponents).tolist():
        wave_length = 2 * math.pi / frequency
        if wave_length < context / high:
            yield 1.0
        elif wave_length > context / low:
            yield factor
        else:
            smooth = (context / wave_length - low) / (high - low)
            yield 1 / ((1 - smooth) / factor + smooth)


def add_tokenizer(writer, tokenizer):
    content = json.loads(tokenizer.backend_tokenizer.to_str())["model"]
    tokens = sorted(content["vocab"], key=content["vocab"].get)
    special = tokenizer.all_special_tokens
    control, normal = gguf.TokenType.CONTROL, gguf.TokenType.NORMAL
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(tokens)
    writer.add_token_types([control if token in special else normal for token in tokens])
    writer.add_token_merges([" ".join(merge) for merge in content["merges"]])
    writer.add_bos_token_id(tokenizer.bos_token_id)
    writer.add_eos_token_id(tokenizer.eos_token_id)
    writer.add_unk_token_id(tokenizer.unk_token_id)
    writer.add_pad_token_id(tokenizer.pad_token_id)
    writer.add_add_bos_token(False)
    writer.add_chat_template(tokenizer.chat_template)


def add_weights(writer, folder, config, architecture):
    number = {value: key for key, value in gguf.MODEL_ARCH_NAMES.items()}[architecture]
    names = gguf.get_tensor_name_map(number, config.num_hidden_layers)
    weights = stored_weights(folder, config)
    for name, tensor in gathered_experts(weights):
        if architecture in INTERLEAVED and "q_proj" in name:
            tensor = permuted(tensor, config.num_attention_heads)
        if architecture in INTERLEAVED and "k_proj" in name:
            tensor = permuted(tensor, config.num_key_value_heads)
        if architecture.startswith("gemma") and name.endswith("norm.weight"):
            tensor = tensor.float() + 1
        stored_name = names.get_name(name, try_suffixes=(".weight", ".bias"))
        assert stored_name, name
        add_tensor(writer, stored_name if "." in stored_name[-7:] else stored_name + ".weight", tensor)


def stored_weights(folder, config):
    """All tensors of a folder; the matrices of gpt-oss' experts are pairs of MXFP4 codes and scales."""
    if config.model_type != "gpt_oss":
        return safetensors.torch.load_file(folder / "model.safetensors")
    weights = {}
    stored = safetensors.torch.load_file(folder / "model.safetensors")
    for name, tensor in stored.items():
        experts, _, part = name.rpartition(".experts.")
        if part == "gate_up_proj_bias":
            weights[f"{experts}.experts.gate_proj.bias"] = tensor[:, 0::2]
            weights[f"{experts}.experts.up_proj.bias"] = tensor[:, 1::2]
        elif part == "down_proj_bias":
            weights[f"{experts}.experts.down_proj.bias"] = tensor
        elif part == "gate_up_proj_blocks":
            codes, scales = mxfp4_of(stored, name)
            weights[f"{experts}.experts.gate_proj.weight"] = (codes[:, 0::2], scales[:, 0::2])
            weights[f"{experts}.experts.up_proj.weight"] = (codes[:, 1::2], scales[:, 1::2])
        elif part == "down_proj_blocks":
            weights[f"{experts}.experts.down_proj.weight"] = mxfp4_of(stored, name)
        elif not part.endswith("_scales"):
            weights[name] = tensor
    return weights


def mxfp4_of(stored, name):
    return mxfp4.unpacked_neighbors(stored[name].numpy()), stored[name.replace("_blocks", "_scales")].numpy()


def gathered_experts(weights):
    """Matrices of single experts, as Mixtral and Qwen3 have them, become one tensor [experts, rows, columns]."""
    gathered = {}
    for name in sorted(weights):
        layer, separator, rest = name.partition(".experts.")
        expert, _, part = rest.partition(".")
        if expert.isdigit():
            gathered.setdefault(f"{layer}.experts.{part}", {})[int(expert)] = weights[name]
        else:
            gathered[name] = weights[name]
    for name, tensor in gathered.items():
        if isinstance(tensor, dict):
            name = name.replace(".block_sparse_moe.", ".mlp.")
            for old, new in [(".w1.", ".gate_proj."), (".w2.", ".down_proj."), (".w3.", ".up_proj.")]:
                name = name.replace(old, new)
            tensor = torch.stack([tensor[expert] for expert in sorted(tensor)])
        yield name, tensor


def permuted(weight, heads):
    """Interleaves the two halves of each head's rows, as the converter does for ggml's first rotary embedding."""
    return weight.reshape(heads, 2, weight.shape[0] // heads // 2, -1).swapaxes(1, 2).reshape(weight.shape)


def add_tensor(writer, name, tensor):
    if isinstance(tensor, tuple):
        writer.add_tensor(name, mxfp4.ggml_blocks(*tensor), raw_dtype=gguf.GGMLQuantizationType.MXFP4)
        return
    matrix_type = {
        torch.float32: gguf.GGMLQuantizationType.F32,
        torch.float16: gguf.GGMLQuantizationType.F16,
        torch.bfloat16: gguf.GGMLQuantizationType.BF16,
    }[tensor.dtype]
    # Vectors, biases of experts and routers are stored as f32.
    small = tensor.ndim == 1 or name.endswith(".bias") or "ffn_gate_inp" in name
    kind = gguf.GGMLQuantizationType.F32 if small else matrix_type
    writer.add_tensor(name, gguf.quantize(tensor.float().contiguous().numpy(), kind), raw_dtype=kind)
