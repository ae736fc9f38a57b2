"""Configurations of the tiny models: small and odd on purpose, for runners to have no power of two to lean on."""

import torch
from transformers import (
    Gemma2Config, Gemma3TextConfig, GptOssConfig, GraniteConfig, LlamaConfig, MistralConfig, MixtralConfig, Olmo2Config,
    Phi3Config, Qwen2Config, Qwen3Config, Qwen3MoeConfig, SmolLM3Config,
)

VOCABULARY = 331
COMMON = dict(vocab_size=VOCABULARY, bos_token_id=0, eos_token_id=1, pad_token_id=1, initializer_range=0.25)


def plain_rope(theta):
    return {"rope_type": "default", "rope_theta": theta}


def configs():
    """Name, configuration, type of the stored weights. A model's place is the seed of its weights."""
    yield "tiny-llama", LlamaConfig(
        hidden_size=48, intermediate_size=100, num_hidden_layers=3, num_attention_heads=6, num_key_value_heads=2,
        max_position_embeddings=256, rms_norm_eps=1e-5, tie_word_embeddings=False,
        rope_parameters=plain_rope(10000.0), **COMMON,
    ), torch.bfloat16
    yield "tiny-llama-rope-scaling", LlamaConfig(
        hidden_size=40, intermediate_size=72, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=1,
        head_dim=16, max_position_embeddings=128, rms_norm_eps=1e-5, tie_word_embeddings=True,
        rope_parameters={
            "rope_type": "llama3", "rope_theta": 500000.0, "factor": 8.0, "low_freq_factor": 1.0,
            "high_freq_factor": 4.0, "original_max_position_embeddings": 32,
        }, **COMMON,
    ), torch.float32
    yield "tiny-llama-bias", LlamaConfig(
        hidden_size=40, intermediate_size=56, num_hidden_layers=2, num_attention_heads=5, num_key_value_heads=5,
        max_position_embeddings=128, rms_norm_eps=1e-6, tie_word_embeddings=True, attention_bias=True,
        rope_parameters={"rope_type": "linear", "rope_theta": 10000.0, "factor": 2.0}, **COMMON,
    ), torch.float16
    yield "tiny-mistral", MistralConfig(
        hidden_size=48, intermediate_size=88, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
        head_dim=12, max_position_embeddings=256, rms_norm_eps=1e-5, tie_word_embeddings=False, sliding_window=9,
        rope_parameters=plain_rope(10000.0), **COMMON,
    ), torch.bfloat16
    yield "tiny-qwen2", Qwen2Config(
        hidden_size=56, intermediate_size=96, num_hidden_layers=3, num_attention_heads=7, num_key_value_heads=1,
        max_position_embeddings=256, rms_norm_eps=1e-6, tie_word_embeddings=True, use_sliding_window=False,
        rope_parameters=plain_rope(1000000.0), **COMMON,
    ), torch.bfloat16
    yield "tiny-qwen3", Qwen3Config(
        hidden_size=48, intermediate_size=80, num_hidden_layers=2, num_attention_heads=6, num_key_value_heads=3,
        head_dim=20, max_position_embeddings=256, rms_norm_eps=1e-6, tie_word_embeddings=False,
        rope_parameters=plain_rope(1000000.0), **COMMON,
    ), torch.bfloat16
    yield "tiny-llama-yarn", LlamaConfig(
        hidden_size=40, intermediate_size=56, num_hidden_layers=2, num_attention_heads=5, num_key_value_heads=1,
        head_dim=16, max_position_embeddings=128, rms_norm_eps=1e-5, tie_word_embeddings=True,
        rope_parameters={
            "rope_type": "yarn", "rope_theta": 10000.0, "factor": 4.0, "original_max_position_embeddings": 32,
            "beta_fast": 8.0, "beta_slow": 0.5,
        }, **COMMON,
    ), torch.bfloat16
    yield "tiny-llama-dynamic", LlamaConfig(
        hidden_size=32, intermediate_size=40, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=4,
        max_position_embeddings=128, rms_norm_eps=1e-5, tie_word_embeddings=True,
        rope_parameters={"rope_type": "dynamic", "rope_theta": 10000.0, "factor": 2.0}, **COMMON,
    ), torch.bfloat16
    yield "tiny-gemma2", Gemma2Config(
        hidden_size=40, intermediate_size=40, num_hidden_layers=3, num_attention_heads=4, num_key_value_heads=2,
        head_dim=14, max_position_embeddings=256, rms_norm_eps=1e-6, query_pre_attn_scalar=11, sliding_window=9,
        attn_logit_softcapping=3.0, final_logit_softcapping=4.0, rope_parameters=plain_rope(10000.0), **COMMON,
    ), torch.bfloat16
    yield "tiny-gemma3", Gemma3TextConfig(
        hidden_size=24, intermediate_size=40, num_hidden_layers=7, num_attention_heads=3, num_key_value_heads=1,
        head_dim=16, max_position_embeddings=256, rms_norm_eps=1e-6, query_pre_attn_scalar=21, sliding_window=7,
        rope_parameters={
            "sliding_attention": plain_rope(10000.0),
            "full_attention": {"rope_type": "linear", "rope_theta": 1000000.0, "factor": 8.0},
        }, **COMMON,
    ), torch.bfloat16
    yield "tiny-phi3", Phi3Config(
        hidden_size=48, intermediate_size=56, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
        max_position_embeddings=128, original_max_position_embeddings=128, rms_norm_eps=1e-5, sliding_window=13,
        tie_word_embeddings=False, rope_parameters={**plain_rope(10000.0), "partial_rotary_factor": 0.5}, **COMMON,
    ), torch.bfloat16
    yield "tiny-phi3-longrope", Phi3Config(
        hidden_size=48, intermediate_size=72, num_hidden_layers=2, num_attention_heads=3, num_key_value_heads=1,
        max_position_embeddings=128, original_max_position_embeddings=32, rms_norm_eps=1e-5,
        tie_word_embeddings=True, rope_parameters={
            "rope_type": "longrope", "rope_theta": 10000.0, "partial_rotary_factor": 0.75,
            "original_max_position_embeddings": 32,
            "short_factor": [1.0, 1.05, 1.1, 1.2, 1.35, 1.5], "long_factor": [1.1, 1.4, 2.0, 2.7, 3.5, 4.0],
        }, **COMMON,
    ), torch.bfloat16
    yield "tiny-granite", GraniteConfig(
        hidden_size=40, intermediate_size=64, num_hidden_layers=3, num_attention_heads=4, num_key_value_heads=2,
        max_position_embeddings=256, rms_norm_eps=1e-5, tie_word_embeddings=True, embedding_multiplier=3.0,
        attention_multiplier=0.2, residual_multiplier=0.6, logits_scaling=1.5,
        rope_parameters=plain_rope(10000.0), **COMMON,
    ), torch.bfloat16
    yield "tiny-olmo2", Olmo2Config(
        hidden_size=48, intermediate_size=56, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
        max_position_embeddings=256, rms_norm_eps=1e-6, tie_word_embeddings=False,
        rope_parameters=plain_rope(500000.0), **COMMON,
    ), torch.bfloat16
    yield "tiny-smollm3", SmolLM3Config(
        hidden_size=40, intermediate_size=48, num_hidden_layers=5, num_attention_heads=4, num_key_value_heads=1,
        max_position_embeddings=256, rms_norm_eps=1e-6, tie_word_embeddings=True,
        rope_parameters=plain_rope(2000000.0), **COMMON,
    ), torch.bfloat16
    yield "tiny-mixtral", MixtralConfig(
        hidden_size=40, intermediate_size=16, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
        max_position_embeddings=256, rms_norm_eps=1e-5, tie_word_embeddings=False, num_local_experts=5,
        num_experts_per_tok=2, rope_parameters=plain_rope(1000000.0), **COMMON,
    ), torch.bfloat16
    yield "tiny-qwen3-moe", Qwen3MoeConfig(
        hidden_size=40, intermediate_size=80, moe_intermediate_size=16, num_hidden_layers=2, num_attention_heads=5,
        num_key_value_heads=1, head_dim=12, max_position_embeddings=256, rms_norm_eps=1e-6, tie_word_embeddings=False,
        num_experts=6, num_experts_per_tok=3, norm_topk_prob=True, rope_parameters=plain_rope(1000000.0), **COMMON,
    ), torch.bfloat16
    yield "tiny-qwen3-moe-dense-layer", Qwen3MoeConfig(
        hidden_size=32, intermediate_size=56, moe_intermediate_size=24, num_hidden_layers=3, num_attention_heads=2,
        num_key_value_heads=1, head_dim=16, max_position_embeddings=256, rms_norm_eps=1e-6, tie_word_embeddings=True,
        num_experts=5, num_experts_per_tok=2, norm_topk_prob=False, mlp_only_layers=[1],
        rope_parameters=plain_rope(1000000.0), **COMMON,
    ), torch.bfloat16
    for name, hidden_size, intermediate_size in [("tiny-gpt-oss", 48, 24), ("tiny-gpt-oss-mxfp4", 64, 32)]:
        yield name, GptOssConfig(
            hidden_size=hidden_size, intermediate_size=intermediate_size, num_hidden_layers=2, num_attention_heads=6,
            num_key_value_heads=2, head_dim=12, max_position_embeddings=128, rms_norm_eps=1e-5,
            tie_word_embeddings=False, sliding_window=8, num_local_experts=5, num_experts_per_tok=2, rope_parameters={
                "rope_type": "yarn", "rope_theta": 150000.0, "factor": 4.0, "beta_fast": 8.0, "beta_slow": 1.0,
                "truncate": False, "original_max_position_embeddings": 32,
            }, **COMMON,
        ), torch.bfloat16
