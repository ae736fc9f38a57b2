#!/usr/bin/env python3
"""Writes the tokenizer goldens of src/test/resources/tokenizer: tiny tokenizers, and the ids that Hugging Face and SentencePiece give.

Needs tokenizers, transformers, sentencepiece and gguf, and the small real model (tools/fetch-model). Each folder gets

  tokenizer.json   the tokenizer for Hugging Face
  vocabulary.json  the same as GGUF metadata, for the kinds that GGUF has
  goldens.jsonl    {"text"|"hostile"|"prompt": ..., "ids": [...]}; "decoded" beside a text where it is another

A "hostile" text contains control tokens, as text. A "prompt" is a rendered chat; its ids are transformers'
tokenizer(prompt, add_special_tokens=False).
"""

import io
import json
import os
import pathlib
import random

import gguf
import jinja2
import sentencepiece
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers
from transformers import PreTrainedTokenizerFast
from transformers.tokenization_utils_base import generate_merges

import tokenizer_texts

TARGET = pathlib.Path(__file__).parent.parent / "resources" / "tokenizer"
TEXTS = tokenizer_texts.texts()
NORMAL, UNKNOWN, CONTROL, USER_DEFINED, UNUSED, BYTE = 1, 2, 3, 4, 5, 6

LLAMA3_WORDS = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
QWEN2_WORDS = LLAMA3_WORDS.replace(r"\p{N}{1,3}", r"\p{N}")

CHATML = "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}<|im_start|>assistant\n"
LLAMA3 = (
    "<|begin_of_text|>{% for m in messages %}<|start_header_id|>{{ m.role }}<|end_header_id|>\n\n{{ m.content | trim }}<|eot_id|>"
    "{% endfor %}<|start_header_id|>assistant<|end_header_id|>\n\n"
)
LLAMA2 = "{% for m in messages %}{% if m.role == 'assistant' %} {{ m.content }} </s>{% else %}<s>[INST] {{ m.content }} [/INST]{% endif %}{% endfor %}"
ZEPHYR = "{% for m in messages %}<|{{ m.role }}|>\n{{ m.content }}</s>\n{% endfor %}<|assistant|>\n"
GEMMA = "<bos>{% for m in messages %}<start_of_turn>{{ m.role }}\n{{ m.content | trim }}<end_of_turn>\n{% endfor %}<start_of_turn>model\n"
PHI3 = "<s>{% for m in messages %}<|{{ m.role }}|>\n{{ m.content }}<|end|>\n{% endfor %} ENDTURN. ENDTURNS éENDTURN ENDTURN\n <|assistant|>\n"


def prompts(template, control_tokens):
    """Rendered chats whose messages contain no control token, and no noncharacter that marks them in Nightshift."""
    draw = random.Random(3)
    harmless = [text for text in TEXTS if len(text) < 300 and not any(token in text for token in control_tokens + ["\ufdd0", "\ufdd1"])]
    render = jinja2.Environment(keep_trailing_newline=True).from_string(template).render
    rendered = []
    for number in range(60):
        messages = [{"role": "system", "content": "You sort tickets."}] if number % 2 else []
        messages.append({"role": "user", "content": draw.choice(harmless)})
        if number % 3 == 0:
            messages += [{"role": "assistant", "content": draw.choice(harmless)}, {"role": "user", "content": draw.choice(harmless)}]
        rendered.append(render(messages=messages))
    return rendered


def hostile_texts(control_tokens):
    draw = random.Random(5)
    made = list(control_tokens)
    for _ in range(40):
        parts = (draw.choice([draw.choice(control_tokens), draw.choice(["a", " ", "\n", "user", "<", "x y", "é"])]) for _ in range(draw.randint(2, 5)))
        made.append("".join(parts).lstrip(" "))
    return [text for text in made if text]


def write(name, tokenizer, template, control_tokens, vocabulary=None, text_ids=None, keep_json=True):
    """Writes a folder. text_ids(text) is the truth for texts, where given; else it is the tokenizer told to read control tokens as text."""
    folder = TARGET / name
    folder.mkdir(parents=True, exist_ok=True)
    if keep_json:
        (folder / "tokenizer.json").write_text(tokenizer.to_str(), encoding="utf-8")
    if vocabulary:
        (folder / "vocabulary.json").write_text(json.dumps(vocabulary, ensure_ascii=False), encoding="utf-8")
    chat = PreTrainedTokenizerFast(tokenizer_object=Tokenizer.from_str(tokenizer.to_str()))
    as_text = Tokenizer.from_str(tokenizer.to_str())
    as_text.encode_special_tokens = True
    if text_ids is None:
        text_ids = lambda text: as_text.encode(text, add_special_tokens=False).ids
    lines = []
    for text in TEXTS:
        ids = as_text.encode(text, add_special_tokens=False).ids
        if not any(token in text for token in control_tokens):
            assert ids == text_ids(text), (name, text, ids, text_ids(text))
        line = {"text": text, "ids": text_ids(text)}
        decoded = as_text.decode(line["ids"], skip_special_tokens=True)
        lines.append(line if decoded == text else line | {"decoded": decoded})
    for text in hostile_texts(control_tokens):
        lines.append({"hostile": text, "ids": text_ids(text)})
    for prompt in prompts(template, control_tokens):
        lines.append({"prompt": prompt, "ids": chat(prompt, add_special_tokens=False)["input_ids"]})
    with open(folder / "goldens.jsonl", "w", encoding="ascii") as out:
        for line in lines:
            out.write(json.dumps(line, separators=(",", ":")) + "\n")


def gguf_vocabulary(model, tokens, types, pre="", scores=(), merges=(), space_prefix=False, **ids):
    return {
        "model": model, "pre": pre, "tokens": tokens, "scores": list(scores), "tokenTypes": types, "merges": list(merges),
        "bos": ids.get("bos"), "eos": ids.get("eos"), "unknown": ids.get("unknown"), "padding": None, "addBos": False, "addSpacePrefix": space_prefix,
    }


def byte_level(name, words, pre, ignore_merges, normalizer, special, ordinary, template):
    tokenizer = Tokenizer(models.BPE(ignore_merges=ignore_merges))
    tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(words), "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(vocab_size=900, initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()), show_progress=False)
    tokenizer.train_from_iterator(tokenizer_texts.corpus(), trainer)
    tokenizer.add_special_tokens([AddedToken(token, special=True, normalized=False) for token in special])
    tokenizer.add_tokens([AddedToken(token, special=False, normalized=False) for token in ordinary])
    model = json.loads(tokenizer.to_str())["model"]
    tokens = [token for token, _ in sorted(tokenizer.get_vocab().items(), key=lambda entry: entry[1])]
    types = [CONTROL if token in special else USER_DEFINED if token in ordinary else NORMAL for token in tokens]
    vocabulary = gguf_vocabulary("gpt2", tokens, types, pre=pre, merges=[" ".join(merge) for merge in model["merges"]], eos=tokens.index(special[-1]))
    write(name, tokenizer, template, special, vocabulary)


def sentencepiece_model(kind, size, **options):
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(tokenizer_texts.corpus()), model_writer=model, model_type=kind, vocab_size=size, normalization_rule_name="identity",
        remove_extra_whitespaces=False, character_coverage=0.98, minloglevel=2, num_threads=1, **options,
    )
    return sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())


def pieces(model):
    size = range(model.get_piece_size())
    types = [
        UNKNOWN if model.is_unknown(i) else CONTROL if model.is_control(i) else BYTE if model.is_byte(i) else UNUSED if model.is_unused(i) else NORMAL for i in size
    ]
    return [model.id_to_piece(i) for i in size], [model.get_score(i) for i in size], types


def sentencepiece_decoder(space_prefix):
    steps = [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()]
    return decoders.Sequence(steps + ([decoders.Strip(" ", 1, 0)] if space_prefix else []))


def sentencepiece_bpe(tokens, scores, types):
    vocabulary = {token: i for i, token in enumerate(tokens)}
    names = [token for token, kind in zip(tokens, types) if kind in (UNKNOWN, CONTROL, BYTE)]
    merges = generate_merges(vocabulary, dict(zip(tokens, scores)), names)
    return Tokenizer(models.BPE(vocab=vocabulary, merges=merges, unk_token="<unk>", fuse_unk=True, byte_fallback=True))


def special(tokenizer, *tokens, **flags):
    tokenizer.add_special_tokens([AddedToken(token, special=True, normalized=False, **flags) for token in tokens])


def llama_family():
    model = sentencepiece_model("bpe", 1100, byte_fallback=True, split_digits=True, allow_whitespace_only_pieces=True)
    tokens, scores, types = pieces(model)
    control = ["<unk>", "<s>", "</s>"]
    vocabulary = gguf_vocabulary("llama", tokens, types, scores=scores, space_prefix=True, bos=1, eos=2, unknown=0)

    legacy = sentencepiece_bpe(tokens, scores, types)
    legacy.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    legacy.decoder = sentencepiece_decoder(True)
    special(legacy, *control)
    write("llama2", legacy, LLAMA2, control, vocabulary, text_ids=model.encode)

    first = sentencepiece_bpe(tokens, scores, types)
    first.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="first", split=False)
    first.decoder = sentencepiece_decoder(True)
    special(first, *control)
    write("mistral", first, ZEPHYR, control)

    flags = Tokenizer.from_str(legacy.to_str())
    special(flags, "<|user|>", "<|end|>", "<|system|>", rstrip=True)
    special(flags, "<|assistant|>", lstrip=True, rstrip=True)
    special(flags, "ENDTURN", single_word=True)
    control = control + ["<|user|>", "<|end|>", "<|system|>", "<|assistant|>", "ENDTURN"]
    write("phi3", flags, PHI3, control, text_ids=model.encode)


def gemma():
    ordinary = ["\n", "\n\n", "\n\n\n", "\t", "<table>"]
    model = sentencepiece_model("bpe", 1100, byte_fallback=True, split_digits=True, allow_whitespace_only_pieces=True, add_dummy_prefix=False)
    tokens, scores, types = pieces(model)
    control = ["<bos>", "<eos>", "<start_of_turn>", "<end_of_turn>"]
    # SentencePiece's own names for the first tokens, then what Gemma has; turn markers take the place of rare pieces.
    tokens[1], tokens[2] = "<eos>", "<bos>"
    for i, token in enumerate(["<start_of_turn>", "<end_of_turn>"] + [token for token in ordinary if token not in tokens]):
        tokens.append(token), scores.append(0.0), types.append(CONTROL if i < 2 else USER_DEFINED)
    for token in ordinary:
        types[tokens.index(token)] = USER_DEFINED
    tokenizer = sentencepiece_bpe(tokens, scores, types)
    tokenizer.normalizer = normalizers.Replace(" ", "▁")
    tokenizer.pre_tokenizer = pre_tokenizers.Split(" ", "merged_with_previous")
    tokenizer.decoder = sentencepiece_decoder(False)
    special(tokenizer, "<unk>", *control)
    tokenizer.add_tokens([AddedToken(token, special=False, normalized=False) for token in ordinary])
    vocabulary = gguf_vocabulary("llama", tokens, types, scores=scores, bos=2, eos=1, unknown=0)
    write("gemma", tokenizer, GEMMA, control, vocabulary)


def unigram(name, byte_fallback):
    model = sentencepiece_model("unigram", 800, byte_fallback=byte_fallback)
    tokens, scores, types = pieces(model)
    tokenizer = Tokenizer(models.Unigram(list(zip(tokens, scores)), unk_id=0, byte_fallback=byte_fallback))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always", split=False)
    tokenizer.decoder = sentencepiece_decoder(True) if byte_fallback else decoders.Metaspace(replacement="▁", prepend_scheme="always")
    control = ["<unk>", "<s>", "</s>"]
    special(tokenizer, *control)
    vocabulary = gguf_vocabulary("t5", tokens, types, scores=scores, space_prefix=True, bos=1, eos=2, unknown=0)
    as_metaspace = Tokenizer.from_str(tokenizer.to_str())
    as_metaspace.encode_special_tokens = True

    def text_ids(text):
        # Metaspace sets no second space before a text that begins with one, SentencePiece does; and Unigram finds control tokens
        # in its vocabulary, SentencePiece does not.
        return model.encode(text) if any(token in text for token in control) else as_metaspace.encode(text, add_special_tokens=False).ids

    write(name, tokenizer, ZEPHYR, control, vocabulary, text_ids)


def smollm2():
    cache = pathlib.Path(os.environ.get("NIGHTSHIFT_CACHE", pathlib.Path.home() / ".cache" / "nightshift"))
    fields = gguf.GGUFReader(cache / "models" / "SmolLM2-135M-Instruct.Q4_1.gguf").fields
    tokens, types, merges = (fields["tokenizer.ggml." + key].contents() for key in ("tokens", "token_type", "merges"))
    tokenizer = Tokenizer(models.BPE(vocab={token: i for i, token in enumerate(tokens)}, merges=[tuple(merge.split(" ")) for merge in merges]))
    # As in the model's own tokenizer.json.
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)])
    tokenizer.decoder = decoders.ByteLevel()
    control = [token for token, kind in zip(tokens, types) if kind == CONTROL]
    special(tokenizer, *control)
    write("smollm2", tokenizer, fields["tokenizer.chat_template"].contents(), control, keep_json=False)


if __name__ == "__main__":
    byte_level("llama3", LLAMA3_WORDS, "llama-bpe", True, None, ["<|begin_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"], [], LLAMA3)
    byte_level("qwen2", QWEN2_WORDS, "qwen2", False, normalizers.NFC(), ["<|endoftext|>", "<|im_start|>", "<|im_end|>"], ["<think>", "</think>", "<tool_call>"], CHATML)
    llama_family()
    gemma()
    unigram("unigram", False)
    unigram("unigram-bytes", True)
    smollm2()
