#!/usr/bin/env python3
"""Writes the vocabularies of two tokenizers as files of byte-pair ranks, once, into a folder.

    byte_pair_ranks.py [FOLDER]

A file has a line "BASE64 RANK" for each token, as tiktoken's files have. The npm packages
llama3-tokenizer-js (128,000 tokens, llama3.ranks) and js-tiktoken (199,998 tokens,
o200k_base.ranks) carry them; needs npm. FOLDER is by default
$NIGHTSHIFT_CACHE/vocabularies, or ~/.cache/nightshift/vocabularies.
"""

import base64
import json
import os
import pathlib
import re
import subprocess
import sys
import tarfile
import tempfile


def packed(package, member):
    """The text of one file of an npm package."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            ["npm", "pack", "--silent", package], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        (archive,) = pathlib.Path(folder).glob("*.tgz")
        with tarfile.open(archive) as tar:
            return tar.extractfile("package/" + member).read().decode()


def byte_level_alphabet():
    """The byte of each character of byte-level BPE (Radford et al., 2019)."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [value for value in range(0x100) if value not in printable]
    substitutes = {chr(0x100 + i): value for i, value in enumerate(others)}
    return {chr(value): value for value in printable} | substitutes


def llama3():
    """Tokens by rank: the file has them in the byte-level alphabet, a line each, in base64."""
    source = packed("llama3-tokenizer-js@1.2.0", "src/data-converted.js")
    encoded = re.search(r'llama_vocab_base64 = "([^"]*)"', source).group(1)
    bytes_of = byte_level_alphabet()
    lines = base64.b64decode(encoded).decode().split("\n")
    return {rank: bytes(bytes_of[char] for char in line) for rank, line in enumerate(lines)}


def o200k_base():
    """Tokens by rank: the file has lines "! FIRST-RANK BASE64 BASE64 ..."."""
    source = packed("js-tiktoken@1.0.21", "dist/ranks/o200k_base.js")
    ranks = json.loads(source[source.index("{"):source.rindex("}") + 1])["bpe_ranks"]
    tokens = {}
    for line in ranks.split("\n"):
        _, first, *encoded = line.split(" ")
        for i, token in enumerate(encoded):
            tokens[int(first) + i] = base64.b64decode(token)
    return tokens


def main():
    cache = os.environ.get("NIGHTSHIFT_CACHE", pathlib.Path.home() / ".cache/nightshift")
    default = pathlib.Path(cache) / "vocabularies"
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else default
    folder.mkdir(parents=True, exist_ok=True)
    for name, read in (("llama3", llama3), ("o200k_base", o200k_base)):
        path = folder / (name + ".ranks")
        if not path.exists():
            part = path.with_suffix(".part")
            part.write_text("".join(
                f"{base64.b64encode(token).decode()} {rank}\n"
                for rank, token in sorted(read().items())))
            part.rename(path)
        print(path)


if __name__ == "__main__":
    main()
