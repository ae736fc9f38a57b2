"""Writes goldens/smollm2/embeddings.json.gz: hidden states of the small real model as embeddings.

    python gpu-runtime/src/test/python/smollm2_embedding_goldens.py $(tools/fetch-model)

Computed as in smollm2_goldens.py, which also says what is needed. The file is one JSON object with a list `prompts` of
objects:
    text    the prompt
    tokens  its token ids
    last    hidden state of the last token after the final norm: base64 of little-endian f32 [hidden]
    mean    the mean of these over all tokens
"""

import base64
import gzip
import json
import pathlib
import sys

import gguf
import torch

from smollm2_goldens import OUTPUT, PLAIN_PROMPTS, model_of, tokenizer_of

TEXTS = PLAIN_PROMPTS[:12] + [
    "The parcel arrived two days late and the box was damaged.",
    "The package came two days late, and its box was damaged.",
    "How do I reset my password?",
    "Steps for resetting a forgotten password",
    "Flink executes jobs on a cluster. " * 60,
]


def encoded(vector):
    return base64.b64encode(vector.numpy().astype("<f4").tobytes()).decode()


@torch.inference_mode()
def main(path):
    torch.set_num_threads(2)
    reader = gguf.GGUFReader(path)
    tokenizer = tokenizer_of(reader.fields)
    model = model_of(reader)
    prompts = []
    for text in TEXTS:
        tokens = tokenizer(text, add_special_tokens=False)["input_ids"]
        states = model.model(torch.tensor([tokens])).last_hidden_state[0]
        mean = states.double().mean(0).float()
        prompts.append({"text": text, "tokens": tokens, "last": encoded(states[-1]), "mean": encoded(mean)})
    document = {"model": path.name, "prompts": prompts}
    target = OUTPUT.with_name("embeddings.json.gz")
    target.write_bytes(gzip.compress(json.dumps(document, ensure_ascii=False).encode(), mtime=0))
    print(f"{len(prompts)} prompts, {sum(len(p['tokens']) for p in prompts)} tokens, {target.stat().st_size} bytes")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
