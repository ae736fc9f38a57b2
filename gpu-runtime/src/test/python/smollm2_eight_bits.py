"""Prints the table of docs/accuracy.md on 8-bit GEMMs: what recipes of quantization do to the small real model.

    python gpu-runtime/src/test/python/smollm2_eight_bits.py $(tools/fetch-model) [NUMBER ...]

Without numbers, all recipes are judged.

Needs torch, transformers, gguf, tokenizers and pyarrow, and no GPU: GEMMs are emulated. Weights are the GGUF file's,
dequantised to f32 (smollm2_goldens.py). A recipe says how the factors of the seven linear layers of a decoder layer are
rounded, and whether the output projection is among them. Products of codes are summed in f32, sums are rounded to bf16 and
then scaled, as the CUDA runner does; all the rest is f32.

Judged against f32 on chat prompts made of the first 200 rows of examples/packages: the KL divergence of the next
token's distribution after the prompt, the root mean square of the difference of its logits, and how often the most
probable token is another one. The same at 8 evenly spaced positions of each prompt. SmoothQuant (Xiao et al., 2023;
strength 0.5) is calibrated on 64 other rows.
"""

import dataclasses
import math
import pathlib
import sys
import time

import gguf
import pyarrow.parquet
import torch

from smollm2_goldens import model_of, tokenizer_of

ROWS = 200
CALIBRATION_ROWS = 64
POSITIONS = 8
BATCH = 25
E4M3_LARGEST = 448.0
BLOCK = 128
LAST_LAYERS = 2
STRONG_CHANNELS = 16
PACKAGES = pathlib.Path(__file__).parents[4] / "examples/packages/packages.parquet"
ATTENTION = ("q_proj", "k_proj", "v_proj", "o_proj")
SMOOTHED = {"input_layernorm": ("q_proj", "k_proj", "v_proj"), "post_attention_layernorm": ("gate_proj", "up_proj")}


def bf16(x):
    return x.bfloat16().float()


def e4m3(x):
    return x.clamp(-E4M3_LARGEST, E4M3_LARGEST).to(torch.float8_e4m3fn).float()


def int8(x):
    return x.round().clamp(-127, 127)


def nonzero(largest):
    return torch.where(largest > 0, largest, torch.ones_like(largest))


def row_scales(x, limit):
    return nonzero(x.abs().amax(-1, keepdim=True)) / limit


def power_of_two_scales(x, limit):
    return torch.exp2(torch.ceil(torch.log2(row_scales(x, limit))))


def tensor_scale(x, limit):
    return nonzero(x.abs().amax()) / limit


def block_scales(x):
    """A scale for each element, the same in each block of 128 x 128."""
    rows, columns = x.shape
    padded = torch.zeros(-(-rows // BLOCK) * BLOCK, -(-columns // BLOCK) * BLOCK)
    padded[:rows, :columns] = x.abs()
    largest = padded.view(-1, BLOCK, padded.shape[1] // BLOCK, BLOCK).amax((1, 3))
    scales = nonzero(largest) / E4M3_LARGEST
    return scales.repeat_interleave(BLOCK, 0).repeat_interleave(BLOCK, 1)[:rows, :columns]


def group_scales(x):
    """A scale for each element, the same in 128 columns of a row."""
    rows, columns = x.shape
    padded = torch.nn.functional.pad(x.abs(), (0, -columns % BLOCK))
    scales = nonzero(padded.view(rows, -1, BLOCK).amax(-1)) / E4M3_LARGEST
    return scales.repeat_interleave(BLOCK, 1)[:, :columns]


@dataclasses.dataclass
class Recipe:
    """Each of `weights` and `inputs` maps a matrix to codes and the scales of its rows."""

    name: str
    weights: object
    inputs: object
    exact: bool = True  # codes are numbers in bf16, whose products are exact in f32
    vocabulary: bool = False
    attention: bool = True
    last_layers: bool = True
    smooth: bool = False
    second_term: bool = False


def coded(code, scales, limit):
    def apply(x):
        scale = scales(x, limit)
        return code(x / scale), scale

    return apply


def by_element(scales):
    """Scales vary within a row, so that they belong to the terms, not to the sum."""

    def apply(x):
        scale = scales(x)
        return e4m3(x / scale) * scale, torch.ones(())

    return apply


def blocks_to_channels(x):
    return FP8_CHANNELS(bf16(by_element(block_scales)(x)[0]))


def rounded(x):
    return bf16(x), torch.ones(())


FP8_CHANNELS = coded(e4m3, row_scales, E4M3_LARGEST)
FP8_POWERS = coded(e4m3, power_of_two_scales, E4M3_LARGEST)
FP8_TENSOR = coded(e4m3, tensor_scale, E4M3_LARGEST)
INT8_ROWS = coded(int8, row_scales, 127.0)

RECIPES = [
    Recipe("bf16", rounded, rounded),
    Recipe("fp8, channel scales that are powers of two", FP8_POWERS, FP8_CHANNELS),
    Recipe("fp8, channel scales in f32: the standard recipe", FP8_CHANNELS, FP8_CHANNELS),
    Recipe("fp8, a weight scale for each tensor", FP8_TENSOR, FP8_CHANNELS),
    Recipe("fp8, weight and input scales for each tensor", FP8_TENSOR, FP8_TENSOR),
    Recipe("fp8, blocks of 128 x 128, inputs in groups of 128", by_element(block_scales), by_element(group_scales),
           exact=False),
    Recipe("fp8, blocks of 128 x 128, requantized by channel", blocks_to_channels, FP8_CHANNELS),
    Recipe("fp8 weights, powers of two, inputs in bf16", FP8_POWERS, rounded),
    Recipe("the standard recipe, output projection too", FP8_CHANNELS, FP8_CHANNELS, vocabulary=True),
    Recipe("the standard recipe, attention's projections in bf16", FP8_CHANNELS, FP8_CHANNELS, attention=False),
    Recipe("the standard recipe, last two layers in bf16", FP8_CHANNELS, FP8_CHANNELS, last_layers=False),
    Recipe("the standard recipe, 16 strongest inputs in two terms", FP8_CHANNELS, FP8_CHANNELS, second_term=True),
    Recipe("int8, scales of channels and tokens in f32", INT8_ROWS, INT8_ROWS),
    Recipe("int8, the same with SmoothQuant in the norms", INT8_ROWS, INT8_ROWS, smooth=True),
    Recipe("fp8, the standard recipe with SmoothQuant", FP8_CHANNELS, FP8_CHANNELS, smooth=True),
]


class EmulatedLinear(torch.nn.Module):
    def __init__(self, weight, recipe, strongest):
        super().__init__()
        self.codes, self.scales = recipe.weights(bf16(weight))
        self.inputs = recipe.inputs
        if recipe.exact:
            self.codes = self.codes.bfloat16()
        self.strongest = strongest if recipe.second_term else None

    def forward(self, x):
        rows = x.reshape(-1, x.shape[-1])
        codes, scales = self.inputs(rows)
        if self.strongest is not None:
            rest, some = rows / scales - codes, self.strongest
            codes = torch.cat([codes, e4m3(rest[:, some] * 16) / 16], -1)
            weights = torch.cat([self.codes, self.codes[:, some]], -1)
        else:
            weights = self.codes
        sums = bf16(codes.to(weights.dtype) @ weights.T)
        result = sums * scales * (self.scales if self.scales.dim() == 0 else self.scales.T)
        return result.reshape(*x.shape[:-1], -1)


def emulated_layer(recipe, name, layer, layers):
    return (recipe.attention or name not in ATTENTION) and (recipe.last_layers or layer < layers - LAST_LAYERS)


def emulate(path, recipe, largest):
    """The model with the linear layers of a recipe."""
    model = model_of(gguf.GGUFReader(path))
    layers = model.model.layers
    bf16_recipe = RECIPES[0]
    for index, layer in enumerate(layers):
        if recipe.smooth:
            smooth(layer, index, largest)
        for part in (layer.self_attn, layer.mlp):
            for name, linear in list(part.named_children()):
                if isinstance(linear, torch.nn.Linear):
                    used = recipe if emulated_layer(recipe, name, index, len(layers)) else bf16_recipe
                    strongest = largest[index, name].topk(STRONG_CHANNELS).indices
                    setattr(part, name, EmulatedLinear(linear.weight.data, used, strongest))
    model.lm_head = EmulatedLinear(
        model.lm_head.weight.data, recipe if recipe.vocabulary else bf16_recipe, None
    )
    return model


def smooth(layer, index, largest):
    """Divides a norm's weights by a factor for each channel, and multiplies the columns of the layers behind it."""
    for norm_name, names in SMOOTHED.items():
        linears = [getattr(layer.self_attn, name, None) or getattr(layer.mlp, name) for name in names]
        weights = torch.cat([linear.weight.data for linear in linears]).abs().amax(0)
        factors = (largest[index, names[0]].sqrt() / weights.clamp(min=1e-5).sqrt()).clamp(min=1e-5)
        getattr(layer, norm_name).weight.data /= factors
        for linear in linears:
            linear.weight.data *= factors


def batches(examples):
    return [examples[start : start + BATCH] for start in range(0, len(examples), BATCH)]


def prompts(tokenizer, rows):
    for row in rows:
        messages = [
            {"role": "system", "content": "You sort software packages into sections."},
            {"role": "user", "content": f"{row['package']}: {row['description']}\nWhich section does it belong to?"},
        ]
        text = tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
        yield tokenizer(text, add_special_tokens=False)["input_ids"]


def padded(examples):
    """Prompts as one batch. What pads the shorter ones comes last, where no other token sees it."""
    longest = max(map(len, examples))
    return torch.tensor([tokens + [0] * (longest - len(tokens)) for tokens in examples])


def shared_tokens(examples):
    """Number of tokens with which all prompts begin."""
    return next(i for i, column in enumerate(zip(*examples)) if len(set(column)) > 1)


def logits_of(model, batch, shared):
    """Logits after each prompt, and at evenly spaced positions of what it does not share."""
    states = model.model(padded(batch)).last_hidden_state
    read = []
    for tokens, row in zip(batch, states):
        own = len(tokens) - shared
        spaced = [shared + (i + 1) * own // (POSITIONS + 1) for i in range(POSITIONS)]
        read.append(row[[len(tokens) - 1, *spaced]])
    return model.lm_head(torch.stack(read))


def calibrate(model, examples):
    """The largest absolute input of each channel of each linear layer."""
    largest = {}
    hooks = []
    for index, layer in enumerate(model.model.layers):
        for part in (layer.self_attn, layer.mlp):
            for name, linear in part.named_children():
                if isinstance(linear, torch.nn.Linear):

                    def note(module, inputs, key=(index, name)):
                        seen = inputs[0].abs().flatten(0, -2).amax(0)
                        largest[key] = torch.maximum(largest[key], seen) if key in largest else seen

                    hooks.append(linear.register_forward_pre_hook(note))
    for batch in batches(examples):
        model.model(padded(batch))
    for hook in hooks:
        hook.remove()
    return largest


class Difference:
    def __init__(self):
        self.kl = self.squares = 0.0
        self.count = self.flips = 0

    def add(self, expected, actual):
        expected_log = torch.log_softmax(expected, -1)
        actual_log = torch.log_softmax(actual, -1)
        self.kl += (expected_log.exp() * (expected_log - actual_log)).sum().item()
        self.squares += (expected - actual).square().mean(-1).sum().item()
        self.flips += (expected.argmax(-1) != actual.argmax(-1)).sum().item()
        self.count += len(expected)

    def __str__(self):
        rms = math.sqrt(self.squares / self.count)
        return f"{self.kl / self.count:.4f} | {rms:.3f} | {100 * self.flips / self.count:.1f}%"


@torch.inference_mode()
def main(path, wanted):
    reader = gguf.GGUFReader(path)
    model = model_of(reader)
    tokenizer = tokenizer_of(reader.fields)
    rows = pyarrow.parquet.read_table(PACKAGES).slice(0, ROWS + CALIBRATION_ROWS).to_pylist()
    judged = list(prompts(tokenizer, rows[:ROWS]))
    largest = calibrate(model, list(prompts(tokenizer, rows[ROWS:])))
    print(f"{len(judged)} prompts, {sum(map(len, judged))} tokens; torch {torch.__version__}", flush=True)
    shared = shared_tokens(judged)
    expected = [logits_of(model, batch, shared) for batch in batches(judged)]
    print("| recipe | KL | RMS | other token | KL | RMS | other token |")
    print("| --- | --- | --- | --- | --- | --- | --- |", flush=True)
    for recipe in [RECIPES[int(number)] for number in wanted] or RECIPES:
        started = time.monotonic()
        emulated = emulate(path, recipe, largest)
        last, spaced = Difference(), Difference()
        for batch, reference in zip(batches(judged), expected):
            actual = logits_of(emulated, batch, shared)
            last.add(reference[:, 0], actual[:, 0])
            spaced.add(reference[:, 1:].flatten(0, 1), actual[:, 1:].flatten(0, 1))
        print(f"| {recipe.name} | {last} | {spaced} |", flush=True)
        print(f"{time.monotonic() - started:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), sys.argv[2:])
