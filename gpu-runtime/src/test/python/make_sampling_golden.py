"""Writes what Hugging Face transformers' logits processors make of random logits.

Usage: python make_sampling_golden.py > ../resources/io/nightshift/runtime/sampling/filtered-distributions.json

Needs torch and transformers (made with transformers 5). Every case has the logits of a small
vocabulary, the context tokens, the sampling parameters, the probabilities of the distribution that
transformers would draw from, and the token that its greedy search would take.
"""

import json
import random
import sys

import torch
from transformers.generation.logits_process import (
    LogitsProcessorList,
    MinPLogitsWarper,
    RepetitionPenaltyLogitsProcessor,
    TemperatureLogitsWarper,
    TopKLogitsWarper,
    TopPLogitsWarper,
)

VOCABULARY = 64
CASES = 80


def case(rng: random.Random) -> dict:
    spread = rng.choice([0.5, 2.0, 6.0])
    logits = torch.tensor([rng.gauss(0, spread) for _ in range(VOCABULARY)], dtype=torch.float32)
    # Few digits make a small file; what is read back is what the processors see.
    logits = torch.tensor([round(v, 4) for v in logits.tolist()], dtype=torch.float32)
    context = [rng.randrange(VOCABULARY) for _ in range(rng.randrange(1, 12))]
    parameters = {
        "temperature": rng.choice([1.0, round(rng.uniform(0.2, 2.0), 3)]),
        "topK": rng.choice([0, rng.randrange(1, VOCABULARY)]),
        "topP": rng.choice([1.0, round(rng.uniform(0.05, 0.99), 3)]),
        "minP": rng.choice([0.0, round(rng.uniform(0.001, 0.5), 4)]),
        "repetitionPenalty": rng.choice([1.0, round(rng.uniform(0.6, 1.8), 3)]),
    }
    penalty = LogitsProcessorList()
    if parameters["repetitionPenalty"] != 1.0:
        penalty.append(RepetitionPenaltyLogitsProcessor(parameters["repetitionPenalty"]))
    # The order of GenerationMixin._get_logits_processor.
    warpers = LogitsProcessorList()
    if parameters["temperature"] != 1.0:
        warpers.append(TemperatureLogitsWarper(parameters["temperature"]))
    if parameters["topK"] != 0:
        warpers.append(TopKLogitsWarper(parameters["topK"]))
    if parameters["topP"] != 1.0:
        warpers.append(TopPLogitsWarper(parameters["topP"]))
    if parameters["minP"] != 0.0:
        warpers.append(MinPLogitsWarper(parameters["minP"]))
    ids = torch.tensor([context])
    penalized = penalty(ids, logits.unsqueeze(0).clone())
    greedy = int(penalized.argmax())
    probabilities = torch.softmax(warpers(ids, penalized).double(), dim=-1)[0]
    return {
        "logits": [round(v, 4) for v in logits.tolist()],
        "context": context,
        **parameters,
        "greedy": greedy,
        "logprob": float(torch.log_softmax(logits.double(), dim=-1)[greedy]),
        "probabilities": {
            str(i): float(f"{p:.7g}") for i, p in enumerate(probabilities.tolist()) if p > 0
        },
    }


def main() -> None:
    rng = random.Random(20261101)
    json.dump([case(rng) for _ in range(CASES)], sys.stdout, separators=(",", ":"))
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
