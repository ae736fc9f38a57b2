"""Writes goldens/smollm2/tensors.json: some rows of the small real model's weights, as Hugging Face transformers has them.

    python gpu-runtime/src/test/python/smollm2_tensor_goldens.py $(tools/fetch-model)

The file is a JSON list of {"tensor": Hugging Face's name, "row": index, "values": base64 of little-endian f32}.
"""

import base64
import json
import pathlib
import sys

import gguf
from smollm2_goldens import OUTPUT, model_of

ROWS = {
    "model.embed_tokens.weight": [0, 2, 49151],
    "model.layers.0.self_attn.q_proj.weight": [0, 1, 32, 575],
    "model.layers.29.self_attn.k_proj.weight": [31, 64, 191],
    "model.layers.7.self_attn.v_proj.weight": [100],
    "model.layers.12.mlp.down_proj.weight": [575],
    "model.layers.3.input_layernorm.weight": [0],
}


def main(path):
    state = model_of(gguf.GGUFReader(path)).state_dict()
    goldens = []
    for tensor, rows in ROWS.items():
        matrix = state[tensor].reshape(-1, state[tensor].shape[-1]).numpy().astype("<f4")
        for row in rows:
            goldens.append({"tensor": tensor, "row": row, "values": base64.b64encode(matrix[row].tobytes()).decode()})
    (OUTPUT.parent / "tensors.json").write_text(json.dumps(goldens, indent=1) + "\n")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
