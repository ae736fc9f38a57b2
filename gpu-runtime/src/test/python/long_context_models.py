"""Writes tiny models of 131,072 positions: two that find a needle in a row of that length, and two random ones.

    python gpu-runtime/src/test/python/long_context_models.py

Needs torch, transformers, tokenizers, safetensors. Writes under gpu-runtime/src/test/resources:
    models/NAME/             a Hugging Face folder
    goldens/long/NAME.json   of a random model, what Hugging Face transformers computes in float32 for the tokens
                             splitmix64(0), splitmix64(1), ... modulo the vocabulary's size:
        positions  of the tokens whose logits follow
        logits     base64 of little-endian f32 [positions, vocabulary]

The weights of `long-needle-llama3` and `long-needle-yarn` are set, not trained: the two layers are an induction head
(Elhage et al., "A mathematical framework for transformer circuits", 2021; Olsson et al., "In-context learning and
induction heads", 2022). The first layer copies the code of the token before to each position. The second attends to
where the token before is the current one, and copies the code of the token there. So whatever followed a token
when it came before follows again: after a document with `AB`, the answer to `A` is `B`. (The first token of a row has none
before it and counts as its own successor, so that a needle begins with the second token at the earliest.)

A token's code is a root of the E8 lattice, of which there are 240; two roots have at most half the inner product of a root
with itself. A token is a byte, for tests that begin with a text. In the first layer, constant queries and keys are rotated
against each other by the angle of one position, so that the score is largest at a distance of one. In the second layer,
codes are in the pairs of dimensions that rotate the least, by 0.22 in 131,072 positions.
"""

import base64
import json
import math
import pathlib
import shutil

import torch
import transformers
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers.models.llama.modeling_llama import LlamaRotaryEmbedding

RESOURCES = pathlib.Path(__file__).parents[1] / "resources"
POSITIONS = 131072
BEGIN, END = "<|begin|>", "<|end|>"
CODE = 8
HEAD = 32
HIDDEN = 32
NEIGHBOR_PAIRS = 8  # pairs of dimensions that find the position before: those that rotate the most
NEIGHBOR_SCORE = 50.0
CODE_SCORE = 40.0
LOGIT = 4.0
RANDOM_POSITIONS = [0, 4095, 8191, 8192, 32767, 65535, 99999, POSITIONS - 1]
CHUNK = 2048

LLAMA3 = {
    "rope_type": "llama3", "rope_theta": 500000.0, "factor": 32.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
    "original_max_position_embeddings": 8192,
}
YARN = {"rope_type": "yarn", "rope_theta": 500000.0, "factor": 32.0, "original_max_position_embeddings": 4096}


def config(vocabulary, rope, **sizes):
    return transformers.LlamaConfig(
        vocab_size=vocabulary, max_position_embeddings=POSITIONS, rms_norm_eps=1e-5, tie_word_embeddings=False,
        rope_parameters=dict(rope), bos_token_id=0, eos_token_id=1, pad_token_id=1, **sizes,
    )


def roots():
    """The 240 roots of E8, each of length sqrt(2), in a random order that is always the same."""
    found = []
    for i in range(CODE):
        for j in range(i):
            for signs in range(4):
                root = [0.0] * CODE
                root[i], root[j] = 1.0 - 2 * (signs & 1), 1.0 - (signs & 2)
                found.append(root)
    for signs in range(1 << CODE):
        if signs.bit_count() % 2 == 0:
            found.append([0.5 - (signs >> i & 1) for i in range(CODE)])
    order = torch.randperm(len(found), generator=torch.Generator().manual_seed(1))
    return torch.tensor(found)[order]


def byte_tokens():
    """The characters that stand for bytes, those of ASCII first."""
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    return sorted(alphabet, key=lambda character: (character not in "ĠĊ", ord(character)))


def vocabulary_size():
    return 2 + len(byte_tokens())


def tokenizer():
    vocabulary = {BEGIN: 0, END: 1} | {character: 2 + i for i, character in enumerate(byte_tokens())}
    bpe = Tokenizer(models.BPE(vocabulary, []))
    bpe.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    bpe.decoder = decoders.ByteLevel()
    bpe.add_special_tokens([BEGIN, END])
    return transformers.PreTrainedTokenizerFast(tokenizer_object=bpe, bos_token=BEGIN, eos_token=END, pad_token=END)


@torch.no_grad()
def needle_model(rope):
    """
    The residual stream is [1, code of the token, code of the token before, code of the answer, 0, ..]. Codes have
    length sqrt(2), so that the norms divide by the same number everywhere.
    """
    codes = roots()
    model = transformers.LlamaForCausalLM(config(
        vocabulary_size(), rope, hidden_size=HIDDEN, intermediate_size=16, num_hidden_layers=2, num_attention_heads=1,
        num_key_value_heads=1, head_dim=HEAD,
    ))
    for name, parameter in model.named_parameters():
        parameter.fill_(1.0 if "norm" in name else 0.0)
    token, before, answer = (slice(1 + i * CODE, 1 + (i + 1) * CODE) for i in range(3))
    coded = slice(2, 2 + len(codes))
    model.model.embed_tokens.weight[:, 0] = 1.0
    model.model.embed_tokens.weight[coded, token] = codes
    model.lm_head.weight[coded, answer] = LOGIT * codes

    rotary = LlamaRotaryEmbedding(model.config)
    strength = rotary.attention_scaling**2 / math.sqrt(HEAD)
    half = HEAD // 2
    first, second = (layer.self_attn for layer in model.model.layers)
    length_of = lambda codes: math.sqrt((1 + 2 * codes) / HIDDEN)  # what the norm divides by

    height = math.sqrt(NEIGHBOR_SCORE / strength) * length_of(1)
    for pair in range(NEIGHBOR_PAIRS):
        angle = rotary.inv_freq[pair].item()
        first.k_proj.weight[pair, 0] = height
        # A query that is turned back by a position meets the key of the position before.
        first.q_proj.weight[pair, 0] = height * math.cos(angle)
        first.q_proj.weight[half + pair, 0] = -height * math.sin(angle)
    identity = torch.eye(CODE)
    first.v_proj.weight[:CODE, token] = identity * length_of(1)
    first.o_proj.weight[before, :CODE] = identity

    height = math.sqrt(CODE_SCORE / strength) * length_of(2)
    slow = [i for pair in range(half - CODE // 2, half) for i in (pair, half + pair)]
    second.q_proj.weight[slow, token] = identity * height
    second.k_proj.weight[slow, before] = identity * height
    second.v_proj.weight[:CODE, token] = identity * length_of(2)
    second.o_proj.weight[answer, :CODE] = identity
    return model


@torch.no_grad()
def random_model(rope):
    """One layer, with scores that differ so much that a few of all tokens decide."""
    torch.manual_seed(11)
    model = transformers.LlamaForCausalLM(config(
        vocabulary_size(), rope, hidden_size=32, intermediate_size=24, num_hidden_layers=1, num_attention_heads=2,
        num_key_value_heads=1, head_dim=16,
    ))
    for name, parameter in model.named_parameters():
        if "norm" not in name:
            parameter.normal_(0, 1.0 if "embed" in name else 0.4)
    return model


def splitmix64(x):
    mask = (1 << 64) - 1
    z = (x + 0x9E3779B97F4A7C15) & mask
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & mask
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
    return z ^ (z >> 31)


def save(name, model):
    folder = RESOURCES / "models" / name
    shutil.rmtree(folder, ignore_errors=True)
    model.save_pretrained(folder)
    tokenizer().save_pretrained(folder)
    return folder


@torch.inference_mode()
def write_goldens(name, folder):
    model = transformers.AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
    tokens = torch.tensor([[splitmix64(i) % model.config.vocab_size for i in range(POSITIONS)]])
    cache = transformers.DynamicCache(config=model.config)
    rows = []
    for start in range(0, POSITIONS, CHUNK):
        logits = model(tokens[:, start : start + CHUNK], past_key_values=cache).logits[0]
        rows += [logits[position - start] for position in RANDOM_POSITIONS if start <= position < start + CHUNK]
    path = RESOURCES / "goldens/long" / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    encoded = base64.b64encode(torch.stack(rows).numpy().astype("<f4").tobytes()).decode()
    path.write_text(json.dumps({"model": name, "positions": RANDOM_POSITIONS, "logits": encoded}, indent=1) + "\n")
    print(f"{name}: standard deviation of logits {torch.stack(rows).std().item():.2f}", flush=True)


@torch.inference_mode()
def check_needle(folder):
    """A short row, with transformers: the margin of each answer, and that it is right."""
    model = transformers.AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
    encoder = transformers.AutoTokenizer.from_pretrained(folder)
    letters = "abcdefghijklmnopqrstuvwxyz "
    filler = "".join(letters[splitmix64(i) % len(letters)] for i in range(3000))
    text = "." + "ABCD" + filler[:1500] + "EFGH" + filler[1500:] + "IJKL" + filler[:40]
    for key, answer in [("A", "BCD"), ("E", "FGH"), ("I", "JKL")]:
        for token in answer:
            text_tokens = encoder(text + key, return_tensors="pt")["input_ids"]
            top = model(text_tokens).logits[0, -1].topk(2)
            assert encoder.decode(top.indices[0]) == token, (key, token, encoder.decode(top.indices[0]))
            print(f"{folder.name} {key}: {(top.values[0] - top.values[1]).item():.2f}", flush=True)
            key += token


def main():
    torch.set_num_threads(2)
    for scaling, rope in [("llama3", LLAMA3), ("yarn", YARN)]:
        folder = save(f"long-needle-{scaling}", needle_model(rope))
        check_needle(folder)
        folder = save(f"long-random-{scaling}", random_model(rope))
        write_goldens(f"long-random-{scaling}", folder)


if __name__ == "__main__":
    main()
