"""Writes random blocks of every ggml type and what the gguf package (ggml's own Python) makes of them.

    python make_dequantization_cases.py dequantization_cases.npz
"""

import sys

import numpy
from gguf import GGMLQuantizationType, quants

TYPES = ["F32", "F16", "BF16", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q4_K", "Q5_K", "Q6_K", "MXFP4"]
random = numpy.random.default_rng()
arrays = {}
for name in TYPES:
    rows, columns = 32, 37 if name in ("F32", "F16", "BF16") else 512
    kind = GGMLQuantizationType[name]
    values = random.standard_normal((rows, columns)).astype(numpy.float32)
    if name == "F32":
        blocks = values.view(numpy.uint8)
    elif name == "F16":
        blocks = values.astype(numpy.float16).view(numpy.uint8)
    elif name == "BF16":
        blocks = quants.quantize(values, kind).view(numpy.uint8)
    else:
        elements, size = {"Q4_0": (32, 18), "Q4_1": (32, 20), "Q5_0": (32, 22), "Q5_1": (32, 24), "Q8_0": (32, 34),
                          "Q4_K": (256, 144), "Q5_K": (256, 176), "Q6_K": (256, 210), "MXFP4": (32, 17)}[name]
        blocks = random.integers(0, 256, (rows, columns // elements, size), dtype=numpy.uint8)
        halves = {"Q4_0": [0], "Q4_1": [0, 2], "Q5_0": [0], "Q5_1": [0, 2], "Q8_0": [0], "Q4_K": [0, 2], "Q5_K": [0, 2],
                  "Q6_K": [208], "MXFP4": []}[name]
        for at in halves:
            scale = random.standard_normal((rows, columns // elements, 1)).astype(numpy.float16)
            blocks[..., at : at + 2] = scale.view(numpy.uint8)
        if name == "MXFP4":
            blocks[..., 0] = random.integers(110, 140, blocks.shape[:2])
        blocks = blocks.reshape(rows, -1)
    arrays[name + ":blocks"] = numpy.ascontiguousarray(blocks)
    arrays[name + ":values"] = quants.dequantize(blocks, kind).reshape(rows, columns).astype(numpy.float32)
numpy.savez(sys.argv[1], **arrays)
