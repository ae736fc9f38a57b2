#!/usr/bin/env python3
"""Writes src/test/resources/tokenizer/real: odd texts, and what Hugging Face makes of them with the vocabularies of real models.

Needs tokenizers, and the vocabularies (tools/fetch-tokenizers). texts.json has the texts, one a line. goldens.json has for each
tokenizer three lists of hashes, one hash for each text: "text", of the ids of the text alone, in which control tokens are text;
"chat", of the ids of the text as a user's turn; "decoded", of the text that the ids decode to. "ids" has some ids in full. A
hash is the first 8 hexadecimal digits of the SHA-256 of the ids, in decimal with commas between, or of the text as UTF-8.

A name that ends in .gguf stands for the same vocabulary as GGUF file, which has the control tokens that llama.cpp's converter sees;
it has, by number of the text, only the hashes that differ.
"""

import hashlib
import json
import os
import pathlib

from tokenizers import Tokenizer

import odd_texts
import tokenizer_ggufs

TARGET = pathlib.Path(__file__).parent.parent / "resources" / "tokenizer" / "real"
CACHE = pathlib.Path(os.environ.get("NIGHTSHIFT_CACHE", pathlib.Path.home() / ".cache" / "nightshift")) / "tokenizers"
EXAMPLES = 12

# A user's turn: control tokens are tuples, and "{}" is the text.
TURNS = {
    "gemma3": [("<bos>",), ("<start_of_turn>",), "user\n{}", ("<end_of_turn>",), "\n", ("<start_of_turn>",), "model\n"],
    "mixtral": [("<s>",), " [INST] {} [/INST]"],
    "qwen3": [("<|im_start|>",), "user\n{}", ("<|im_end|>",), "\n", ("<|im_start|>",), "assistant\n"],
    "gpt-oss": [("<|start|>",), "user", ("<|message|>",), "{}", ("<|end|>",), ("<|start|>",), "assistant"],
    "llama3": [("<|begin_of_text|>",), ("<|start_header_id|>",), "user", ("<|end_header_id|>",), "\n\n{}", ("<|eot_id|>",)],
    "cl100k": ["user\n{}", ("<|endoftext|>",)],
}


def digest(text):
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:8]


def reference(path, control):
    """The tokenizer that reads control tokens as text, and its encoding of one segment."""
    described = json.loads(path.read_text(encoding="utf-8"))
    for token in described["added_tokens"]:
        token["special"] = token["content"] in control
    tokenizer = Tokenizer.from_str(json.dumps(described))
    tokenizer.encode_special_tokens = True
    ids = {token["id"] for token in described["added_tokens"] if token["special"]}

    def encode(text):
        encoded = tokenizer.encode(text, add_special_tokens=False).ids
        assert not ids & set(encoded), (path, text, encoded)
        return encoded

    return tokenizer, encode


def goldens(name, path, control, texts):
    tokenizer, encode = reference(path, control)
    made = {"text": [], "chat": [], "decoded": [], "ids": {}}
    for number, text in enumerate(texts):
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        ids = encode(text)
        chat = []
        for part in TURNS[name]:
            chat += [tokenizer.token_to_id(part[0])] if isinstance(part, tuple) else encode(part.replace("{}", text)) if part != "{}" or text else []
        made["text"].append(digest(",".join(map(str, ids))))
        made["chat"].append(digest(",".join(map(str, chat))))
        made["decoded"].append(digest(tokenizer.decode(ids, skip_special_tokens=True)))
        if number % (len(texts) // EXAMPLES) == 0:
            made["ids"][number] = ids
    return made


def differences(one, other):
    return {key: {number: hash for number, hash in enumerate(other[key]) if hash != one[key][number]} for key in ("text", "chat", "decoded")}


def main():
    TARGET.mkdir(parents=True, exist_ok=True)
    lines = ",\n".join(json.dumps(text) for text in odd_texts.texts())
    (TARGET / "texts.json").write_text("[\n" + lines + "\n]\n", encoding="ascii")
    # As a reader of the file has them: two surrogates that make a pair are a character.
    texts = json.loads("[" + lines + "]")
    made = {}
    for name in TURNS:
        path = CACHE / name / "tokenizer.json"
        added = json.loads(path.read_text(encoding="utf-8"))["added_tokens"]
        one = goldens(name, path, {token["content"] for token in added if token["special"]}, texts)
        made[name] = {key: " ".join(value) if isinstance(value, list) else value for key, value in one.items()}
        made[name + ".gguf"] = differences(one, goldens(name, path, tokenizer_ggufs.control_tokens(added), texts))
    (TARGET / "goldens.json").write_text(json.dumps(made, indent=0, separators=(",", ":")) + "\n", encoding="ascii")


if __name__ == "__main__":
    main()
