"""Writes goldens/smollm2/prompts.json.gz: what Hugging Face transformers answers with the small real model.

    python gpu-runtime/src/test/python/smollm2_goldens.py $(tools/fetch-model)

Needs torch, transformers, tokenizers, gguf, and a Debian system: the rows are package records of
`apt-cache dumpavail`. Weights are the GGUF file's, dequantised to float32; everything is computed in float32 on the CPU.
The tokenizer is built here from the file's vocabulary and merges, with the pre-tokenizer of the model's published
tokenizer.json (GGUF calls it "smollm"): every digit by itself, then GPT-2's byte-level splitting. transformers' own
conversion from GGUF leaves the digits out and is not used; its loading of GGUF weights is not used either, as it
needs one more package.

The file is one JSON object:
    model          name of the GGUF file
    versions       of the libraries that computed it
    prompts        a list of objects:
        name           for messages
        system, user   the messages of a chat prompt (system is null where the template inserts its own);
                       both are absent for a plain prompt
        text           the whole prompt, chat template applied
        tokens         its token ids
        top_logits     the five largest logits after the last prompt token, as [token, logit]
        greedy         up to 8 token ids of greedy decoding; an end-of-turn token (2) is the last where it comes
        gaps           for each of them, the difference of the two largest logits
        choices        in 40 chat prompts:
            texts              the choices
            tokens             their token ids, each tokenized by itself; the end-of-turn token is added where
                               one choice's tokens are the beginning of another's
            log_probabilities  sum of the tokens' natural log probabilities behind the prompt
            probabilities      their exponentials, normalised over the choices
"""

import copy
import gzip
import itertools
import json
import pathlib
import subprocess
import sys

import gguf
import tokenizers
import torch
import transformers
from tokenizers import decoders, models, pre_tokenizers

END_OF_TURN = 2
GREEDY_TOKENS = 8
OUTPUT = pathlib.Path(__file__).parents[1] / "resources/goldens/smollm2/prompts.json.gz"

SYSTEM_PROMPTS = [
    None,
    "You sort software packages into sections. Answer with the name of the section and nothing else.",
    "Answer in one short sentence.",
    "Tu es un assistant serviable. Réponds en français.",
    "You are given a record about a piece of software. Rate how useful it is for a data engineer from 1 to 10.\n"
    "Think of these points:\n- Does it process data?\n- Can it be scripted?\n- Is it maintained?\nAnswer with a number.",
]

QUESTIONS = [
    "Which section does this package belong to?\n\n{record}",
    "{record}\n\nWhat is this package for?",
    "Summarize: {short}",
    "{short}",
]

CHOICE_SETS = [
    ["games", "libs", "python", "net", "science", "doc"],
    ["library", "video game", "network tool", "documentation", "programming language"],
    ["1", "2", "3", "5", "8", "10"],
    ["yes", "no", "maybe", "yes, but only on servers", "no idea"],
    ["Sound and video", "Sound", "Web servers", "Ruby", "Databases", "Électronique"],
]

PLAIN_PROMPTS = [
    "a",
    "The capital of France is",
    "  leading spaces and\ttabs\t\tstay ",
    "Line one\nline two\n\n\nline five\r\nline six",
    "1234567890 3.14159 1,000,000 0x7f 50% 2026-11-22",
    "I'm sure they've said it'll work; we'd better check what's DON'T and it's.",
    "def fibonacci(n):\n    if n < 2:\n        return n\n    return",
    "public static void main(String[] args) {\n\tSystem.out.println(\"Hello\");\n",
    "SELECT id, count(*) FROM orders WHERE day >= '2026-01-01' GROUP BY id HAVING",
    '{"name": "nightshift", "tags": ["flink", "llm"], "size": ',
    "#include <stdio.h>\nint main(void) {\n  for (int i = 0; i < 10; ++i) printf(\"%d\\n\", i);\n",
    "Die Würde des Menschen ist unantastbar. Sie zu achten und zu schützen ist",
    "Le chat s'est endormi près de la fenêtre, et l'été n'en finissait pas",
    "En un lugar de la Mancha, de cuyo nombre no quiero acordarme,",
    "Все счастливые семьи похожи друг на друга,",
    "吾輩は猫である。名前はまだ無い。",
    "床前明月光，疑是地上霜。",
    "대한민국의 수도는",
    "مرحبا بالعالم، هذا نص قصير",
    "שלום עולם",
    "नमस्ते दुनिया, आप कैसे हैं?",
    "สวัสดีชาวโลก",
    "Xin chào thế giới",
    "Ça coûte 12 €, soit ½ du prix № 7 … “vraiment” ?",
    "😀 👍🏽 👩‍👩‍👧‍👦 🇩🇪 end of emoji",
    "zero\u200bwidth, nbsp\u00a0here, combining e\u0301, ligature ﬁ, full　width",
    "x² + y² = z², ∑ᵢ aᵢ ≤ ∞, ①②③ Ⅳ ٣٤٥",
    "https://example.org/path?query=1&other=%20#fragment",
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "The quick brown fox jumps over the lazy dog. " * 12,
    "=== Title ===\n\n* item\n** sub-item\n\n| a | b |\n|---|---|\n| 1 | 2 |\n",
    "Once upon a time, in a village by the sea, there lived an old fisherman who",
]


def tokenizer_of(fields):
    tokens = fields["tokenizer.ggml.tokens"].contents()
    types = fields["tokenizer.ggml.token_type"].contents()
    merges = [tuple(merge.split(" ")) for merge in fields["tokenizer.ggml.merges"].contents()]
    assert fields["tokenizer.ggml.pre"].contents() == "smollm"
    tokenizer = tokenizers.Tokenizer(models.BPE({token: i for i, token in enumerate(tokens)}, merges))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
    )
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([token for token, kind in zip(tokens, types) if kind == 3])
    fast = transformers.PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token=tokens[END_OF_TURN])
    fast.chat_template = fields["tokenizer.chat_template"].contents()
    return fast


def unpermuted(weight, heads):
    """Rows as Hugging Face has them: llama.cpp's converter interleaves the two halves of each head."""
    return weight.reshape(heads, weight.shape[0] // heads // 2, 2, -1).swapaxes(1, 2).reshape(weight.shape)


def model_of(reader):
    value = lambda key: reader.fields[f"llama.{key}"].contents()
    config = transformers.LlamaConfig(
        vocab_size=value("vocab_size"),
        hidden_size=value("embedding_length"),
        intermediate_size=value("feed_forward_length"),
        num_hidden_layers=value("block_count"),
        num_attention_heads=value("attention.head_count"),
        num_key_value_heads=value("attention.head_count_kv"),
        max_position_embeddings=value("context_length"),
        rms_norm_eps=value("attention.layer_norm_rms_epsilon"),
        rope_parameters={"rope_type": "default", "rope_theta": value("rope.freq_base")},
        tie_word_embeddings=True,
        attn_implementation="eager",
    )
    names = gguf.get_tensor_name_map(gguf.MODEL_ARCH.LLAMA, config.num_hidden_layers)
    stored = {tensor.name: gguf.dequantize(tensor.data, tensor.tensor_type) for tensor in reader.tensors}
    model = transformers.LlamaForCausalLM(config).float().eval()
    state = {}
    for name in model.state_dict():
        if name == "lm_head.weight":
            continue
        weight = stored.pop(names.get_name(name, try_suffixes=(".weight",)))
        if "q_proj" in name:
            weight = unpermuted(weight, config.num_attention_heads)
        if "k_proj" in name:
            weight = unpermuted(weight, config.num_key_value_heads)
        state[name] = torch.from_numpy(weight.copy())
    assert not stored, stored.keys()
    missing, unexpected = model.load_state_dict(state, strict=False)
    assert missing == ["lm_head.weight"] and not unexpected, (missing, unexpected)
    model.tie_weights()
    return model


def records():
    """(short text, whole record) of packages spread over the archive."""
    kept = ["Package", "Section", "Depends", "Homepage", "Tag", "Description"]
    blocks = subprocess.run(["apt-cache", "dumpavail"], capture_output=True, text=True, check=True).stdout.split("\n\n")
    for block in blocks[:: len(blocks) // 100]:
        fields = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line and not line.startswith(" "))
        if "Package" in fields and "Description" in fields:
            whole = "\n".join(f"{key}: {fields[key][:400]}" for key in kept if key in fields and key != "Section")
            yield f"{fields['Package']}: {fields['Description']}", whole


def chat_prompts(tokenizer):
    for i, (short, record) in enumerate(itertools.islice(records(), 80)):
        system = SYSTEM_PROMPTS[i % len(SYSTEM_PROMPTS)]
        user = QUESTIONS[i % len(QUESTIONS)].format(short=short, record=record)
        messages = ([] if system is None else [{"role": "system", "content": system}]) + [
            {"role": "user", "content": user}
        ]
        text = tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
        prompt = {"name": f"package {short.split(':')[0]}", "system": system, "user": user, "text": text}
        if i % 2 == 0:
            prompt["choices"] = {"texts": CHOICE_SETS[i // 2 % len(CHOICE_SETS)]}
        yield prompt


def choice_tokens(tokenizer, texts):
    plain = [tokenizer(text, add_special_tokens=False)["input_ids"] for text in texts]
    return [
        tokens + [END_OF_TURN] if any(other != tokens and other[: len(tokens)] == tokens for other in plain) else tokens
        for tokens in plain
    ]


def answer(model, tokenizer, prompt, greedy_tokens=GREEDY_TOKENS):
    prompt["tokens"] = tokenizer(prompt["text"], add_special_tokens=False)["input_ids"]
    assert tokenizer.decode(prompt["tokens"], clean_up_tokenization_spaces=False) == prompt["text"]
    output = model(torch.tensor([prompt["tokens"]]), use_cache=True, logits_to_keep=1)
    logits, cache = output.logits[0, -1], output.past_key_values
    top = logits.topk(5)
    prompt["top_logits"] = [[token, round(value, 4)] for token, value in zip(top.indices.tolist(), top.values.tolist())]
    if "choices" in prompt:
        score(model, tokenizer, prompt["choices"], logits, cache)
    prompt["greedy"], prompt["gaps"] = [], []
    while True:
        top = logits.topk(2)
        token = top.indices[0].item()
        prompt["greedy"].append(token)
        prompt["gaps"].append(round((top.values[0] - top.values[1]).item(), 5))
        if token == END_OF_TURN or len(prompt["greedy"]) == greedy_tokens:
            return
        output = model(torch.tensor([[token]]), past_key_values=cache, use_cache=True)
        logits, cache = output.logits[0, -1], output.past_key_values


def score(model, tokenizer, choices, first_logits, cache):
    choices["tokens"] = choice_tokens(tokenizer, choices["texts"])
    sums = []
    for tokens in choices["tokens"]:
        log_probability = first_logits.log_softmax(-1)[tokens[0]].item()
        if len(tokens) > 1:
            logits = model(torch.tensor([tokens[:-1]]), past_key_values=copy.deepcopy(cache)).logits[0]
            log_probability += logits.log_softmax(-1)[range(len(tokens) - 1), tokens[1:]].sum().item()
        sums.append(log_probability)
    choices["log_probabilities"] = [round(value, 5) for value in sums]
    choices["probabilities"] = [round(value, 6) for value in torch.tensor(sums, dtype=torch.float64).softmax(0).tolist()]


@torch.inference_mode()
def main(path):
    torch.set_num_threads(2)
    reader = gguf.GGUFReader(path)
    tokenizer = tokenizer_of(reader.fields)
    model = model_of(reader)
    prompts = list(chat_prompts(tokenizer)) + [
        {"name": f"plain {i}", "text": text} for i, text in enumerate(PLAIN_PROMPTS)
    ]
    for prompt in prompts:
        answer(model, tokenizer, prompt)
    versions = {"transformers": transformers.__version__, "torch": torch.__version__, "tokenizers": tokenizers.__version__}
    document = {"model": path.name, "versions": versions, "prompts": prompts}
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    OUTPUT.write_bytes(gzip.compress(json.dumps(document, ensure_ascii=False).encode(), mtime=0))
    print(f"{len(prompts)} prompts, {sum(len(p['tokens']) for p in prompts)} tokens, {OUTPUT.stat().st_size} bytes")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
