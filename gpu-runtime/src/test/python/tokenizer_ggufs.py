#!/usr/bin/env python3
"""Writes the vocabularies of Hugging Face folders as GGUF files, with the metadata that llama.cpp's converter writes.

Usage: tokenizer_ggufs.py FOLDER; every subfolder that has a tokenizer.json gets a vocabulary.gguf. Needs gguf.
"""

import json
import pathlib
import re
import sys

import gguf

# Where the converter takes the name of the pre-tokenizer from a hash of the tokenizer's output.
PRE_TOKENIZERS = {"qwen3": "qwen2", "gpt-oss": "gpt-4o", "llama3": "llama-bpe", "cl100k": "dbrx"}
BYTE = re.compile("<0x[0-9A-F]{2}>")
SPACE = "▁"
# SentencePiece gives it to pieces of nothing but spaces.
WHITESPACE_SCORE = -1e9


def looks_special(token):
    """Some models declare control tokens as ordinary added tokens; the converter goes by their form."""
    return token in ("<pad>", "<mask>") or (token.startswith("<|") and token.endswith("|>")) or (token.startswith("<unused") and token.endswith(">"))


def control_tokens(added):
    """Contents of the added tokens that the converter marks as control tokens."""
    return {token["content"] for token in added if token["special"] or looks_special(token["content"])}


def token_types(tokens, added):
    control = control_tokens(added)
    ordinary = {token["content"] for token in added} - control
    types = []
    for token in tokens:
        if token is None:
            types.append(gguf.TokenType.UNUSED)
        elif token == "<unk>":
            types.append(gguf.TokenType.UNKNOWN)
        elif token in control:
            types.append(gguf.TokenType.CONTROL)
        elif token in ordinary:
            types.append(gguf.TokenType.USER_DEFINED)
        else:
            types.append(gguf.TokenType.BYTE if BYTE.fullmatch(token) else gguf.TokenType.NORMAL)
    return types


def scores(tokens, types):
    """SentencePiece's BPE pieces have their negative rank, which is the order of their ids; other pieces have 0."""
    all_normal = [
        WHITESPACE_SCORE if not token.strip(SPACE) else -float(number) if kind == gguf.TokenType.NORMAL else 0.0 for number, (token, kind) in enumerate(zip(tokens, types))
    ]
    return [0.0 if kind != gguf.TokenType.NORMAL else score for score, kind in zip(all_normal, types)]


def write(folder):
    tokenizer = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
    config = json.loads((folder / "tokenizer_config.json").read_text(encoding="utf-8"))
    vocabulary = dict(tokenizer["model"]["vocab"])
    added = tokenizer["added_tokens"]
    for token in added:
        vocabulary[token["content"]] = token["id"]
    tokens = [None] * (max(vocabulary.values()) + 1)
    for token, number in vocabulary.items():
        tokens[number] = token
    types = token_types(tokens, added)
    writer = gguf.GGUFWriter(folder / "vocabulary.gguf.new", "llama")
    if folder.name in PRE_TOKENIZERS:
        writer.add_tokenizer_model("gpt2")
        writer.add_tokenizer_pre(PRE_TOKENIZERS[folder.name])
        merges = [merge if isinstance(merge, str) else " ".join(merge) for merge in tokenizer["model"]["merges"]]
        writer.add_token_merges(merges)
    else:
        writer.add_tokenizer_model("llama")
        writer.add_tokenizer_pre("default")
        writer.add_token_scores(scores(tokens, types))
        writer.add_add_space_prefix(any(step["type"] == "Prepend" for step in tokenizer["normalizer"].get("normalizers", [])))
        # The converter writes pieces that users define as they stand in a text.
        tokens = [token.replace(SPACE, " ") if kind == gguf.TokenType.USER_DEFINED else token for token, kind in zip(tokens, types)]
        writer.add_unk_token_id(vocabulary["<unk>"])
    writer.add_token_list([token if token is not None else f"[PAD{number}]" for number, token in enumerate(tokens)])
    writer.add_token_types(types)
    writer.add_add_bos_token(bool(config.get("add_bos_token", False)))
    for key, add in (("bos_token", writer.add_bos_token_id), ("eos_token", writer.add_eos_token_id), ("pad_token", writer.add_pad_token_id)):
        content = config.get(key)
        content = content["content"] if isinstance(content, dict) else content
        if content in vocabulary:
            add(vocabulary[content])
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.close()
    (folder / "vocabulary.gguf.new").rename(folder / "vocabulary.gguf")


if __name__ == "__main__":
    for path in sorted(pathlib.Path(sys.argv[1]).glob("*/tokenizer.json")):
        write(path.parent)
