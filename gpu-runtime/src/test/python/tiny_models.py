"""Writes tiny random models of every family, and what Hugging Face transformers computes with them.

    python gpu-runtime/src/test/python/tiny_models.py

Needs torch, transformers, tokenizers, safetensors, gguf. Writes under gpu-runtime/src/test/resources:
    models/NAME/             a Hugging Face folder with everything that a real one has
    models/NAME.gguf         the same model as llama.cpp's converter writes it (not for mistral, whose sliding window
                             GGUF files leave out)
    goldens/tiny/NAME.json   the answers, in float32 whatever the weights' type:
        prompts    a list of objects:
            tokens     the prompt
            positions  of the tokens whose logits follow: all of a short prompt, the last of a long one
            logits     base64 of little-endian f32 [positions, vocabulary]
            greedy     16 token ids of greedy decoding, going on past an end-of-sequence token
            gaps       for each of them, the difference of the two largest logits

Sizes are small and odd on purpose: no power of two for runners to lean on, head sizes that do not follow from the
width, prompts longer than the sliding window and than the rope scaling's original context.
"""

import base64
import json
import math
import pathlib
import shutil

import gguf
import numpy
import tokenizers
import torch
import transformers
from tokenizers import decoders, models, pre_tokenizers, trainers
from transformers import LlamaConfig, MistralConfig, Qwen2Config, Qwen3Config

RESOURCES = pathlib.Path(__file__).parents[1] / "resources"
GREEDY_TOKENS = 16
VOCABULARY = 331
BEGIN, END, UNKNOWN = "<|begin|>", "<|end|>", "<|unknown|>"
CHAT_TEMPLATE = (
    "{{ bos_token }}{% for message in messages %}[{{ message['role'] }}]{{ message['content'] }}{{ eos_token }}"
    "{% endfor %}{% if add_generation_prompt %}[assistant]{% endif %}"
)
TRAINING_TEXT = [
    "The night shift answers every row while the others sleep, and in the morning all of them are there.",
    "A model reads the tokens of a prompt, one layer after the other, and tells which token comes next.",
    "What the rows share is computed once; what is theirs alone is computed when their turn comes.",
]


def configs():
    """Name, configuration, type of the stored weights."""
    common = dict(vocab_size=VOCABULARY, bos_token_id=0, eos_token_id=1, pad_token_id=1, initializer_range=0.25)
    yield "tiny-llama", LlamaConfig(
        hidden_size=48, intermediate_size=100, num_hidden_layers=3, num_attention_heads=6, num_key_value_heads=2,
        max_position_embeddings=256, rms_norm_eps=1e-5, tie_word_embeddings=False,
        rope_parameters={"rope_type": "default", "rope_theta": 10000.0}, **common,
    ), torch.bfloat16
    yield "tiny-llama-rope-scaling", LlamaConfig(
        hidden_size=40, intermediate_size=72, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=1,
        head_dim=16, max_position_embeddings=128, rms_norm_eps=1e-5, tie_word_embeddings=True,
        rope_parameters={
            "rope_type": "llama3", "rope_theta": 500000.0, "factor": 8.0, "low_freq_factor": 1.0,
            "high_freq_factor": 4.0, "original_max_position_embeddings": 32,
        }, **common,
    ), torch.float32
    yield "tiny-llama-bias", LlamaConfig(
        hidden_size=40, intermediate_size=56, num_hidden_layers=2, num_attention_heads=5, num_key_value_heads=5,
        max_position_embeddings=128, rms_norm_eps=1e-6, tie_word_embeddings=True, attention_bias=True,
        rope_parameters={"rope_type": "linear", "rope_theta": 10000.0, "factor": 2.0}, **common,
    ), torch.float16
    yield "tiny-mistral", MistralConfig(
        hidden_size=48, intermediate_size=88, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
        head_dim=12, max_position_embeddings=256, rms_norm_eps=1e-5, tie_word_embeddings=False, sliding_window=9,
        rope_parameters={"rope_type": "default", "rope_theta": 10000.0}, **common,
    ), torch.bfloat16
    yield "tiny-qwen2", Qwen2Config(
        hidden_size=56, intermediate_size=96, num_hidden_layers=3, num_attention_heads=7, num_key_value_heads=1,
        max_position_embeddings=256, rms_norm_eps=1e-6, tie_word_embeddings=True, use_sliding_window=False,
        rope_parameters={"rope_type": "default", "rope_theta": 1000000.0}, **common,
    ), torch.bfloat16
    yield "tiny-qwen3", Qwen3Config(
        hidden_size=48, intermediate_size=80, num_hidden_layers=2, num_attention_heads=6, num_key_value_heads=3,
        head_dim=20, max_position_embeddings=256, rms_norm_eps=1e-6, tie_word_embeddings=False,
        rope_parameters={"rope_type": "default", "rope_theta": 1000000.0}, **common,
    ), torch.bfloat16


def tokenizer():
    bpe = tokenizers.Tokenizer(models.BPE())
    bpe.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    bpe.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=[BEGIN, END, UNKNOWN],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    bpe.train_from_iterator(TRAINING_TEXT, trainer)
    assert bpe.get_vocab_size() == VOCABULARY
    fast = transformers.PreTrainedTokenizerFast(
        tokenizer_object=bpe, bos_token=BEGIN, eos_token=END, pad_token=END, unk_token=UNKNOWN
    )
    fast.chat_template = CHAT_TEMPLATE
    return fast


def random_model(config, dtype, seed):
    torch.manual_seed(seed)
    model = transformers.AutoModelForCausalLM.from_config(config, dtype=torch.float32)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if "norm" in name:
                parameter.copy_(1 + 0.2 * torch.randn_like(parameter))
            elif name.endswith("bias"):
                parameter.copy_(0.5 * torch.randn_like(parameter))
    return model.to(dtype)


def save(name, model, folder):
    shutil.rmtree(folder, ignore_errors=True)
    model.save_pretrained(folder, max_shard_size="60KB" if name == "tiny-mistral" else "1GB")
    tokenizer().save_pretrained(folder)
    if name == "tiny-llama-rope-scaling":
        rewrite_config_as_before_version_5(folder / "config.json")


def rewrite_config_as_before_version_5(path):
    config = json.loads(path.read_text())
    scaling = config.pop("rope_parameters")
    config["rope_theta"] = scaling.pop("rope_theta")
    config["rope_scaling"] = scaling
    config["torch_dtype"] = config.pop("dtype")
    path.write_text(json.dumps(config, indent=2) + "\n")


@torch.inference_mode()
def write_goldens(name, folder):
    """From the folder, not from the model in memory: what is on disk is what is tested."""
    model = transformers.AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager")
    random = numpy.random.default_rng(7)
    prompts = [[5], random.integers(0, VOCABULARY, 11).tolist(), random.integers(0, VOCABULARY, 40).tolist()]
    prompts.append(tokenizer()("The morning shift reads what the night shift wrote: 42 rows, größer als 41.")["input_ids"])
    prompts.append([17] * 23)
    goldens = []
    for tokens in prompts:
        logits = model(torch.tensor([tokens]), use_cache=False).logits[0]
        positions = list(range(len(tokens))) if len(tokens) < 12 else [len(tokens) - 1]
        golden = {
            "tokens": tokens,
            "positions": positions,
            "logits": base64.b64encode(logits[positions].numpy().astype("<f4").tobytes()).decode(),
            "greedy": [],
            "gaps": [],
        }
        sequence = list(tokens)
        for _ in range(GREEDY_TOKENS):
            top = model(torch.tensor([sequence]), use_cache=False).logits[0, -1].topk(2)
            golden["greedy"].append(top.indices[0].item())
            golden["gaps"].append(round((top.values[0] - top.values[1]).item(), 5))
            sequence.append(top.indices[0].item())
        goldens.append(golden)
    path = RESOURCES / "goldens/tiny" / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"model": name, "prompts": goldens}, indent=1) + "\n")


def permuted(weight, heads):
    """Interleaves the two halves of each head's rows, as llama.cpp's converter does for architecture llama."""
    return weight.reshape(heads, 2, weight.shape[0] // heads // 2, -1).swapaxes(1, 2).reshape(weight.shape)


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


def write_gguf(folder):
    config = transformers.AutoConfig.from_pretrained(folder)
    model = transformers.AutoModelForCausalLM.from_pretrained(folder, dtype="auto")
    architecture = config.model_type
    head_size = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
    writer = gguf.GGUFWriter(folder.with_suffix(".gguf"), architecture)
    writer.add_name(folder.name)
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_key_value_heads)
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    writer.add_rope_freq_base(config.rope_parameters["rope_theta"])
    writer.add_key_length(head_size)
    writer.add_value_length(head_size)
    if architecture == "llama":
        writer.add_vocab_size(config.vocab_size)
        writer.add_rope_dimension_count(head_size)
    if config.rope_parameters["rope_type"] == "linear":
        writer.add_rope_scaling_type(gguf.RopeScalingType.LINEAR)
        writer.add_rope_scaling_factor(config.rope_parameters["factor"])
    if config.rope_parameters["rope_type"] == "llama3":
        factors = numpy.array(list(rope_frequency_factors(config)), dtype=numpy.float32)
        writer.add_tensor("rope_freqs.weight", factors)
    add_tokenizer(writer)
    add_weights(writer, model, config, architecture)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def add_tokenizer(writer):
    content = json.loads(tokenizer().backend_tokenizer.to_str())["model"]
    tokens = sorted(content["vocab"], key=content["vocab"].get)
    control, normal = gguf.TokenType.CONTROL, gguf.TokenType.NORMAL
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(tokens)
    writer.add_token_types([control if token in (BEGIN, END, UNKNOWN) else normal for token in tokens])
    writer.add_token_merges([" ".join(merge) for merge in content["merges"]])
    writer.add_bos_token_id(0)
    writer.add_eos_token_id(1)
    writer.add_unk_token_id(2)
    writer.add_pad_token_id(1)
    writer.add_add_bos_token(False)
    writer.add_chat_template(CHAT_TEMPLATE)


def add_weights(writer, model, config, architecture):
    names = gguf.get_tensor_name_map(
        {value: key for key, value in gguf.MODEL_ARCH_NAMES.items()}[architecture], config.num_hidden_layers
    )
    stored_type = {
        torch.float32: gguf.GGMLQuantizationType.F32,
        torch.float16: gguf.GGMLQuantizationType.F16,
        torch.bfloat16: gguf.GGMLQuantizationType.BF16,
    }[model.dtype]
    for name, parameter in model.named_parameters():
        weight = parameter.detach().float().numpy()
        if architecture == "llama" and "q_proj" in name:
            weight = permuted(weight, config.num_attention_heads)
        if architecture == "llama" and "k_proj" in name:
            weight = permuted(weight, config.num_key_value_heads)
        kind = stored_type if weight.ndim == 2 else gguf.GGMLQuantizationType.F32
        stored_name = names.get_name(name, try_suffixes=(".weight", ".bias"))
        writer.add_tensor(stored_name, gguf.quantize(weight, kind), raw_dtype=kind)


def main():
    for seed, (name, config, dtype) in enumerate(configs()):
        folder = RESOURCES / "models" / name
        save(name, random_model(config, dtype, seed), folder)
        write_goldens(name, folder)
        if config.model_type != "mistral":
            write_gguf(folder)
        print(name, sum(file.stat().st_size for file in folder.iterdir()))


if __name__ == "__main__":
    main()
