"""MXFP4 of the OCP Microscaling Formats specification, as gpt-oss' experts have it: blocks of 32 elements of 4 bits
(E2M1) with a scale of 8 bits (E8M0, a power of two).

In safetensors, a tensor NAME is NAME_blocks, u8 [..., columns / 32, 16], whose bytes hold two neighbors, the first in
the low bits, and NAME_scales, u8 [..., columns / 32]. In ggml, a block is the scale and 16 bytes, whose low bits are the
first half of the block's elements and whose high bits are the second.
"""

import numpy

BLOCK = 32
SCALE_BIAS = 127
LARGEST = 6.0
VALUES = numpy.array([0, 0.5, 1, 1.5, 2, 3, 4, 6, -0.0, -0.5, -1, -1.5, -2, -3, -4, -6], dtype=numpy.float32)


def quantized(weights):
    """Codes u8 [..., columns / 32, 32] and scales u8 [..., columns / 32] of f32 weights [..., columns]."""
    blocks = weights.reshape(*weights.shape[:-1], -1, BLOCK)
    largest = numpy.abs(blocks).max(-1)
    exponents = numpy.ceil(numpy.log2(numpy.maximum(largest, 1e-30) / LARGEST))
    scaled = blocks / numpy.exp2(exponents)[..., None]
    codes = numpy.abs(scaled[..., None] - VALUES).argmin(-1).astype(numpy.uint8)
    return codes, (exponents + SCALE_BIAS).astype(numpy.uint8)


def dequantized(codes, scales):
    values = VALUES[codes] * numpy.exp2(scales.astype(numpy.float32) - SCALE_BIAS)[..., None]
    return values.reshape(*codes.shape[:-2], -1)


def packed_neighbors(codes):
    """The bytes of safetensors, [..., columns / 32, 16]."""
    return codes[..., 0::2] | codes[..., 1::2] << 4


def unpacked_neighbors(blocks):
    return numpy.stack([blocks & 15, blocks >> 4], axis=-1).reshape(*blocks.shape[:-1], BLOCK)


def ggml_blocks(codes, scales):
    """The bytes of GGUF, [..., columns / 32 * 17]."""
    halves = codes[..., : BLOCK // 2] | codes[..., BLOCK // 2 :] << 4
    return numpy.concatenate([scales[..., None], halves], axis=-1).reshape(*codes.shape[:-2], -1)
