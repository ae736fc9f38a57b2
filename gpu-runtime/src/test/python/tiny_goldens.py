"""What Hugging Face transformers computes with a tiny model; used by tiny_models.py, which describes the file."""

import base64
import contextlib
import json

import numpy
import torch
import transformers

GREEDY_TOKENS = 16


@torch.inference_mode()
def write_goldens(name, folder, path, tokenizer):
    """From the folder, not from the model in memory: what is on disk is what is tested."""
    model = transformers.AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager")
    goldens = [golden(model, tokens) for tokens in prompts(model.config, tokenizer)]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"model": name, "prompts": goldens}, indent=1) + "\n")


def prompts(config, tokenizer):
    random = numpy.random.default_rng(7)
    some = lambda count: random.integers(0, config.vocab_size, count).tolist()
    text = tokenizer("The morning shift reads what the night shift wrote: 42 rows, größer als 41.")["input_ids"]
    tokens = [[5], some(11), some(40), text, [17] * 23]
    if config.rope_parameters.get("rope_type") == "longrope":
        # A prompt and its greedy tokens are on the same side of the original context, and some are at the border.
        border = config.rope_parameters["original_max_position_embeddings"]
        tokens[-1] = [17] * (border + 1)
        tokens.append(some(border - GREEDY_TOKENS))
    return tokens


def golden(model, tokens):
    with recorded_routing(model) as routing:
        output = model(torch.tensor([tokens]), use_cache=False, output_hidden_states=True)
    logits = output.logits[0]
    # The last hidden state is the one after the final norm.
    hidden = output.hidden_states[-1][0]
    positions = list(range(len(tokens))) if len(tokens) < 12 else [len(tokens) - 1]
    result = {
        "tokens": tokens,
        "positions": positions,
        "logits": encoded(logits[positions]),
        "greedy": [],
        "gaps": [],
        "lastHiddenState": encoded(hidden[-1]),
        "meanHiddenState": encoded(hidden.mean(0)),
    }
    if routing:
        result["routing"] = routing
    sequence = list(tokens)
    for _ in range(GREEDY_TOKENS):
        top = model(torch.tensor([sequence]), use_cache=False).logits[0, -1].topk(2)
        result["greedy"].append(top.indices[0].item())
        result["gaps"].append(round((top.values[0] - top.values[1]).item(), 5))
        sequence.append(top.indices[0].item())
    return result


def encoded(rows):
    return base64.b64encode(rows.numpy().astype("<f4").tobytes()).decode()


@contextlib.contextmanager
def recorded_routing(model):
    """Gives a list that is filled in a forward pass: an entry for each layer that has experts."""
    records = []

    def record(router, inputs, layer, chosen_count):
        scores = torch.nn.functional.linear(inputs[0], router.weight, getattr(router, "bias", None))
        top = scores.reshape(-1, scores.shape[-1]).topk(chosen_count + 1)
        gaps = top.values[:, -2] - top.values[:, -1]
        records.append({
            "layer": layer,
            "experts": top.indices[:, :-1].flatten().tolist(),
            "gaps": [round(gap, 4) for gap in gaps.tolist()],
        })

    hooks = []
    for index, layer in enumerate(model.model.layers):
        router = getattr(layer.mlp, "router", None) or getattr(layer.mlp, "gate", None)
        if router is not None:
            count = model.config.num_experts_per_tok
            hook = lambda router, inputs, output, index=index: record(router, inputs, index, count)
            hooks.append(router.register_forward_hook(hook))
    try:
        yield records
    finally:
        for hook in hooks:
            hook.remove()
