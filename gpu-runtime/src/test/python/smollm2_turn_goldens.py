"""Writes goldens/smollm2/turns.json: short answers of the small real model that it ends itself.

    python gpu-runtime/src/test/python/smollm2_turn_goldens.py $(tools/fetch-model)

Computed as in smollm2_goldens.py, which also says what is needed and what the file's fields mean. Here `greedy` always
ends with the end-of-turn token, and `answer` is the text of the tokens before it.
"""

import json
import pathlib
import sys

import gguf
import torch

from smollm2_goldens import END_OF_TURN, OUTPUT, answer, model_of, tokenizer_of

LONGEST_TURN = 40

CONVERSATIONS = [
    (None, "Answer with one word: what is the capital of France?"),
    (None, "Answer with one word: which colour is the sky on a clear day?"),
    (None, "What is 2 + 2? Answer with a number."),
    (None, "Translate to French: Good morning."),
    ("Answer in one short sentence.", "What does a library do?"),
    ("You sort words into kinds: animal, plant or tool. Answer with the kind only.", "hammer"),
    ("Say goodbye in one sentence.", "I have to go now."),
]


@torch.inference_mode()
def main(path):
    torch.set_num_threads(2)
    reader = gguf.GGUFReader(path)
    tokenizer = tokenizer_of(reader.fields)
    model = model_of(reader)
    prompts = []
    for system, user in CONVERSATIONS:
        messages = [{"role": "system", "content": system}] if system else []
        messages.append({"role": "user", "content": user})
        text = tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
        prompt = {"name": user, "system": system, "user": user, "text": text}
        answer(model, tokenizer, prompt, LONGEST_TURN)
        assert prompt["greedy"][-1] == END_OF_TURN, f"{user}: no end within {LONGEST_TURN} tokens"
        prompt["answer"] = tokenizer.decode(prompt["greedy"][:-1], clean_up_tokenization_spaces=False)
        print(f"{user} -> {prompt['answer']} (smallest gap {min(prompt['gaps'])})")
        prompts.append(prompt)
    document = {"model": path.name, "prompts": prompts}
    OUTPUT.with_name("turns.json").write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
