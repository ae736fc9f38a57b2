"""Writes tiny random models of every family, and what Hugging Face transformers computes with them.

    python gpu-runtime/src/test/python/tiny_models.py [NAME ...]

Without names, all models (tiny_configs.py) are written. Needs torch, transformers, accelerate, tokenizers, safetensors,
gguf. Writes under gpu-runtime/src/test/resources:
    models/NAME/             a Hugging Face folder with everything that a real one has
    models/NAME.gguf         the same model as llama.cpp's converter writes it (tiny_gguf.py), for those that it can
    goldens/tiny/NAME.json   the answers, in float32 whatever the weights' type:
        prompts    a list of objects:
            tokens           the prompt
            positions        of the tokens whose logits follow: all of a short prompt, the last of a long one
            logits           base64 of little-endian f32 [positions, vocabulary]
            greedy           16 token ids of greedy decoding, going on past an end-of-sequence token
            gaps             for each of them, the difference of the two largest logits
            lastHiddenState  of the last token after the final norm: base64 of little-endian f32 [hidden]
            meanHiddenState  the mean of these over all tokens
            routing          an object for each layer with experts:
                layer        its index
                experts      [tokens, experts per token] in one list: chosen experts, that of the largest score first
                gaps         [tokens]: how far the first expert that is not chosen is below the last that is, in the
                             router's scores before softmax

Sizes are small and odd on purpose: no power of two for runners to lean on, head sizes that do not follow from the
width, prompts longer than the sliding windows and than the rope scalings' original contexts.
"""

import json
import pathlib
import shutil
import sys

import safetensors.torch
import tokenizers
import torch
import transformers
from tokenizers import decoders, models, pre_tokenizers, trainers

import mxfp4
from tiny_configs import VOCABULARY, configs
from tiny_goldens import write_goldens
from tiny_gguf import write_gguf

RESOURCES = pathlib.Path(__file__).parents[1] / "resources"
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
                parameter.copy_(norm_center(config, name) + 0.2 * torch.randn_like(parameter))
            elif name.endswith(("bias", "sinks")):
                parameter.copy_(0.5 * torch.randn_like(parameter))
            elif name.endswith("experts.gate_up_proj") and config.model_type == "gpt_oss":
                parameter.mul_(2)  # so that the clamp at 7 matters
    return model.to(dtype)


def norm_center(config, name):
    """Gemma's weights are what is added to 1. Its embeddings are large, so outputs of layers have to be too."""
    if not config.model_type.startswith("gemma"):
        return 1
    return 1 if "post_" in name else 0


def save(name, model, folder):
    shutil.rmtree(folder, ignore_errors=True)
    model.save_pretrained(folder, max_shard_size="60KB" if name == "tiny-mistral" else "1GB")
    tokenizer().save_pretrained(folder)
    if name == "tiny-llama-rope-scaling":
        rewrite_config_as_before_version_5(folder / "config.json")
    if name == "tiny-gpt-oss-mxfp4":
        quantize_experts(folder)


def rewrite_config_as_before_version_5(path):
    config = json.loads(path.read_text())
    scaling = config.pop("rope_parameters")
    config["rope_theta"] = scaling.pop("rope_theta")
    config["rope_scaling"] = scaling
    config["torch_dtype"] = config.pop("dtype")
    path.write_text(json.dumps(config, indent=2) + "\n")


def quantize_experts(folder):
    """As OpenAI publishes gpt-oss: only the matrices of the experts, each with its output's elements as rows."""
    path = folder / "model.safetensors"
    tensors = {}
    for name, tensor in safetensors.torch.load_file(path).items():
        if name.endswith(("experts.gate_up_proj", "experts.down_proj")):
            codes, scales = mxfp4.quantized(tensor.float().transpose(1, 2).contiguous().numpy())
            tensors[name + "_blocks"] = torch.from_numpy(mxfp4.packed_neighbors(codes))
            tensors[name + "_scales"] = torch.from_numpy(scales)
        else:
            tensors[name] = tensor
    safetensors.torch.save_file(tensors, path, metadata={"format": "pt"})
    config = json.loads((folder / "config.json").read_text())
    config["quantization_config"] = {
        "quant_method": "mxfp4",
        "modules_to_not_convert": [
            "model.layers.*.self_attn", "model.layers.*.mlp.router", "model.embed_tokens", "lm_head",
        ],
    }
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")


def main():
    names = sys.argv[1:]
    for seed, (name, config, dtype) in enumerate(configs()):
        if names and name not in names:
            continue
        folder = RESOURCES / "models" / name
        save(name, random_model(config, dtype, seed), folder)
        write_goldens(name, folder, RESOURCES / "goldens/tiny" / f"{name}.json", tokenizer())
        write_gguf(folder, tokenizer())
        print(name, sum(file.stat().st_size for file in folder.iterdir()))


if __name__ == "__main__":
    main()
