"""Writes goldens/decoders.json: random blocks of every tensor type, decoded by ggml's Python package `gguf`.

    python gpu-runtime/src/test/python/decoder_goldens.py

The file is one JSON object, by type: {"blocks": base64 of the encoded bytes, "floats": base64 of little-endian f32}.
Scales are f16 numbers of every kind but infinity and NaN, which no quantiser writes.
"""

import base64
import json
import pathlib

import gguf
import numpy

OUTPUT = pathlib.Path(__file__).parents[1] / "resources/goldens/decoders.json"

# Where the f16 scales of a block are, in bytes.
SCALES = {
    "Q4_0": [0], "Q4_1": [0, 2], "Q5_0": [0], "Q5_1": [0, 2], "Q8_0": [0], "Q2_K": [80, 82], "Q3_K": [108],
    "Q4_K": [0, 2], "Q5_K": [0, 2], "Q6_K": [208], "IQ4_NL": [0], "IQ4_XS": [0],
}
BLOCKS = 12


def finite_halves(random, count):
    """Random bits, so that subnormal numbers and both zeros come up, with the first few set to them."""
    bits = random.integers(0, 1 << 16, count, dtype=numpy.uint16)
    bits = numpy.where((bits & 0x7C00) == 0x7C00, bits & 0xBFFF, bits)
    edges = numpy.array([0x0000, 0x8000, 0x0001, 0x8001, 0x03FF, 0x0400, 0x7BFF, 0xFBFF, 0x3C00], dtype=numpy.uint16)
    bits[: len(edges)] = edges[: len(bits)]
    return bits


def encoded(random, name, kind):
    if name == "F32":
        return random.standard_normal(64).astype(numpy.float32).view(numpy.uint8)
    if name == "F16":
        halves = finite_halves(random, 1024)
        halves[-2:] = [0x7C00, 0xFC00]  # infinities
        return halves.view(numpy.uint8)
    if name == "BF16":
        return (random.standard_normal(64).astype(numpy.float32).view(numpy.uint32) >> 16).astype(numpy.uint16).view(numpy.uint8)
    if name == "MXFP4":
        return mxfp4_blocks(random)
    if name == "NVFP4":
        return nvfp4_blocks(random)
    block_bytes = gguf.GGML_QUANT_SIZES[kind][1]
    blocks = random.integers(0, 256, (BLOCKS, block_bytes), dtype=numpy.uint8)
    for offset in SCALES[name]:
        blocks[:, offset : offset + 2] = finite_halves(random, BLOCKS).view(numpy.uint8).reshape(BLOCKS, 2)
    return blocks.reshape(-1)


def mxfp4_blocks(random):
    """Scales of every kind but NaN, and no negative zeros, which ggml takes for positive ones."""
    halves = random.integers(0, 16, (2, BLOCKS, 16), dtype=numpy.uint8)
    halves[halves == 8] = 0
    scales = random.integers(0, 255, (BLOCKS, 1), dtype=numpy.uint8)
    scales[:4, 0] = [0, 1, 2, 254]
    return numpy.concatenate([scales, halves[0] | halves[1] << 4], axis=1).reshape(-1)


def nvfp4_blocks(random):
    """Scales of every kind, and no negative zeros, as above."""
    halves = random.integers(0, 16, (2, BLOCKS, 32), dtype=numpy.uint8)
    halves[halves == 8] = 0
    scales = random.integers(0, 128, (BLOCKS, 4), dtype=numpy.uint8)
    scales[0] = [0, 1, 8, 127]
    return numpy.concatenate([scales, halves[0] | halves[1] << 4], axis=1).reshape(-1)


def main():
    random = numpy.random.default_rng(20261122)
    goldens = {}
    for name in ["F32", "F16", "BF16", *SCALES, "MXFP4", "NVFP4"]:
        kind = gguf.GGMLQuantizationType[name]
        blocks = encoded(random, name, kind)
        if name == "F16":
            floats = blocks.view(numpy.float16).astype(numpy.float32)
        else:
            floats = gguf.dequantize(blocks, kind)
        goldens[name] = {
            "blocks": base64.b64encode(blocks.tobytes()).decode(),
            "floats": base64.b64encode(numpy.ascontiguousarray(floats, dtype="<f4").tobytes()).decode(),
        }
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    OUTPUT.write_text(json.dumps(goldens, indent=1) + "\n")


if __name__ == "__main__":
    main()
