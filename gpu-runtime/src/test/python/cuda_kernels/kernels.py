"""Compiles and launches the engine's CUDA kernels without the engine: an independent check of them.

Needs NVRTC 13 (the library found by NVRTC_LIBRARY, the headers by CUDA_INCLUDE, a list like PATH), and a GPU and
PyTorch for launching. Cubins are kept in the folder CUBINS, so that they can be made on another machine:

    python kernels.py     compiles all that the checks use, for CUDA_ARCHITECTURE, and names kernels that spill
"""

import ctypes
import hashlib
import json
import os
import pathlib
import struct

SOURCES = pathlib.Path(__file__).parents[3] / "main/resources/io/nightshift/runtime/cuda/kernels"
SOURCES = pathlib.Path(os.environ.get("KERNEL_SOURCES", SOURCES))
CUBINS = pathlib.Path(os.environ.get("CUBINS", "/tmp/nightshift-cubins"))
ARCHITECTURE = os.environ.get("CUDA_ARCHITECTURE", "sm_90a")


def compile_cubin(name, definitions, architecture=ARCHITECTURE):
    """The path of the cubin of NAME.cu, and the compiler's log."""
    source = (SOURCES / f"{name}.cu").read_bytes()
    headers = {path.name: path.read_bytes() for path in sorted(SOURCES.glob("*.cuh"))}
    options = [f"-D{key}={value}" for key, value in sorted(definitions.items())]
    digest = hashlib.sha256(b"\0".join([source, *headers.values(), " ".join(options).encode(), architecture.encode()]))
    target = CUBINS / f"{name}-{digest.hexdigest()[:16]}.cubin"
    if target.exists():
        return target, ""
    nvrtc = ctypes.CDLL(os.environ.get("NVRTC_LIBRARY", "/usr/local/cuda/lib64/libnvrtc.so.13"))
    options += [f"--gpu-architecture={architecture}", "--std=c++17", "--ptxas-options=-v"]
    options += ["-I" + path for path in os.environ.get("CUDA_INCLUDE", "/usr/local/cuda/include:/usr/local/cuda/include/cccl").split(":")]
    program = ctypes.c_void_p()
    texts = (ctypes.c_char_p * len(headers))(*headers.values())
    names = (ctypes.c_char_p * len(headers))(*[header.encode() for header in headers])
    nvrtc.nvrtcCreateProgram(ctypes.byref(program), source, f"{name}.cu".encode(), len(headers), texts, names)
    array = (ctypes.c_char_p * len(options))(*[option.encode() for option in options])
    status = nvrtc.nvrtcCompileProgram(program, len(options), array)
    size = ctypes.c_size_t()
    nvrtc.nvrtcGetProgramLogSize(program, ctypes.byref(size))
    log = ctypes.create_string_buffer(size.value)
    nvrtc.nvrtcGetProgramLog(program, log)
    if status != 0:
        raise RuntimeError(f"{name}.cu with {options}: {log.value.decode()}")
    nvrtc.nvrtcGetCUBINSize(program, ctypes.byref(size))
    cubin = ctypes.create_string_buffer(size.value)
    nvrtc.nvrtcGetCUBIN(program, cubin)
    nvrtc.nvrtcDestroyProgram(ctypes.byref(program))
    CUBINS.mkdir(parents=True, exist_ok=True)
    target.write_bytes(cubin.raw)
    return target, log.value.decode()


def driver(function, *arguments):
    """Calls a function of the CUDA driver, in the context that PyTorch has made."""
    status = getattr(ctypes.CDLL("libcuda.so.1"), function)(*arguments)
    if status != 0:
        raise RuntimeError(f"{function}: CUDA error {status}")


def tensor_map(matrix, box_rows=128):
    """The driver's description of a matrix of bf16 or bytes whose boxes are copied to shared memory with the 128-byte
    swizzle, as TensorMap in Java makes it."""
    rows, columns = matrix.shape
    size = matrix.element_size()
    assert matrix.is_contiguous() and size in (1, 2)
    memory = ctypes.create_string_buffer(128 + 64)
    address = (ctypes.addressof(memory) + 63) // 64 * 64
    element, plain, swizzle_128, promote_256, zeros = 9 if size == 2 else 0, 0, 3, 3, 0
    driver("cuTensorMapEncodeTiled", ctypes.c_void_p(address), element, 2, ctypes.c_void_p(matrix.data_ptr()),
           (ctypes.c_uint64 * 2)(columns, rows), (ctypes.c_uint64 * 1)(columns * size), (ctypes.c_uint32 * 2)(128 // size, box_rows),
           (ctypes.c_uint32 * 2)(1, 1), plain, swizzle_128, promote_256, zeros)
    return ctypes.string_at(address, 128)


class Module:
    """The kernels of one file for one set of definitions; call launch."""

    loaded = {}

    def __init__(self, name, **definitions):
        import torch

        key = (name, tuple(sorted(definitions.items())))
        if key not in Module.loaded:
            torch.cuda.synchronize()  # makes the context
            module = ctypes.c_void_p()
            driver("cuModuleLoadData", ctypes.byref(module), compile_cubin(name, definitions)[0].read_bytes())
            Module.loaded[key] = module
        self.module = Module.loaded[key]

    def launch(self, kernel, grid, block, *arguments, shared=0):
        """Launches with tensors (or None) as pointers; ints are 32 bits, floats f32, bytes and others what they are."""
        import torch

        function = ctypes.c_void_p()
        driver("cuModuleGetFunction", ctypes.byref(function), self.module, kernel.encode())
        if shared > 48 * 1024:
            max_dynamic_shared_bytes = 8
            driver("cuFuncSetAttribute", function, max_dynamic_shared_bytes, shared)
        values = []
        for argument in arguments:
            if argument is None:
                values.append(bytes(8))
            elif isinstance(argument, torch.Tensor):
                assert argument.is_contiguous() and argument.is_cuda
                values.append(struct.pack("Q", argument.data_ptr()))
            elif isinstance(argument, int):
                values.append(struct.pack("i", argument))
            elif isinstance(argument, float):
                values.append(struct.pack("f", argument))
            else:
                values.append(argument if isinstance(argument, bytes) else argument.tobytes())
        pointers = (ctypes.c_char_p * len(values))(*values)
        grid = (*grid, 1, 1)[:3] if isinstance(grid, (tuple, list)) else (grid, 1, 1)
        stream = ctypes.c_void_p(torch.cuda.current_stream().cuda_stream)
        driver("cuLaunchKernel", function, *grid, block, 1, 1, shared, stream, pointers, None)


def ceil_divide(a, b):
    return -(-a // b)


def vector_width(columns):
    return next(width for width in (8, 4, 2, 1) if columns % width == 0)


def fused_gate_up_launch(multiprocessors, rows, intermediate):
    """Blocks, threads and bytes of shared memory of fused_gate_up, as FusedGateUpShape in Java has them."""
    cluster, stages = 2, 4
    tiles = ceil_divide(rows, 128 * cluster) * (intermediate // 128)
    return cluster * min(multiprocessors // cluster, tiles), 288, stages * (3 * 128 * 128 + 16)


def row_threads(columns, most=256):
    vectors = columns // vector_width(columns)
    each = ceil_divide(vectors, most)
    return ceil_divide(ceil_divide(vectors, each), 32) * 32


def head_stride(head_size):
    return ceil_divide(head_size, 16) * 16


def lanes_per_head(head_size):
    half = head_size // 2
    lanes = half // vector_width(half)
    power = 1
    while power < lanes:
        power *= 2
    return power


HEADS = [  # head size, query heads, KV heads, block size
    (128, 32, 8, 16),
    (64, 32, 8, 16),
    (64, 9, 3, 32),
    (8, 6, 2, 4),
    (8, 5, 5, 8),
    (12, 4, 2, 8),
    (16, 4, 1, 4),
    (20, 6, 3, 8),
    (80, 8, 8, 16),
    (96, 14, 2, 16),
    (256, 8, 4, 16),
    (128, 10, 2, 64),
    (128, 24, 3, 16),
    (64, 12, 2, 16),
]

MODULES = [("norm", dict(HIDDEN_SIZE=size, NORM_DELTA=0, MULTIPLY=0)) for size in (4096, 2048, 576, 48, 40, 56)]
MODULES += [("activation", dict(INTERMEDIATE_SIZE=size, ACTIVATION=0)) for size in (14336, 8192, 1536, 100, 72)]
MODULES += [("activation", dict(INTERMEDIATE_SIZE=1536, ACTIVATION=1))]
GATED_PRODUCTS = [(4096, 14336, 0), (2048, 8192, 0), (576, 1536, 0), (64, 256, 1)]  # inputs, intermediate size, ACTIVATION
MODULES += [("fused_gate_up", dict(INPUTS=inputs, INTERMEDIATE_SIZE=size, ACTIVATION=gelu)) for inputs, size, gelu in GATED_PRODUCTS]
for fp8 in (0, 1):  # experts, experts per token, hidden size, intermediate size
    for experts, each, hidden, size in ((128, 8, 2048, 768), (8, 2, 4096, 14336), (32, 4, 2880, 2880)):
        EXPERTS = dict(EXPERTS=experts, EXPERTS_PER_TOKEN=each, NORMALIZED=1, HIDDEN_SIZE=hidden, INTERMEDIATE_SIZE=size,
                       ACTIVATION=0, WEIGHTS_FP8=fp8)
        MODULES += [("expert_" + name, EXPERTS) for name in ("routing", "gate_up", "down", "portable")]
MODULES += [("norm", dict(HIDDEN_SIZE=2048, NORM_DELTA=0, MULTIPLY=0, COMBINE=1))]
MODULES += [("quantize", dict(COLUMNS=size)) for size in (4096, 14336, 40)]
MODULES += [("sampling", dict(LOGITS_F32=f32)) for f32 in (0, 1)]
MODULES += [("dequantize", {}), ("random", {})]
for head_size, query_heads, key_value_heads, block_size in HEADS:
    for fp8 in (0, 1):
        MODULES += [
            ("rotary", dict(HEAD_SIZE=head_size, BLOCK_SIZE=block_size, KV_FP8=fp8, ROPE_DIMENSIONS=head_size,
                            NORM_ALL_HEADS=0)),
            ("blocks", dict(HEAD_SIZE=head_size, BLOCK_SIZE=block_size, KV_FP8=fp8)),
            ("attention", dict(HEAD_SIZE=head_size, QUERY_GROUP=query_heads // key_value_heads, BLOCK_SIZE=block_size,
                               KV_FP8=fp8, SOFT_CAP=0, SINKS=0)),
        ]
        if head_size in (64, 128) or (head_size, fp8) == (256, 0):
            MODULES.append(("attention_warpgroup", MODULES[-1][1]))
for fp8 in (0, 1):  # what racecheck follows
    MODULES.append(("attention_warpgroup", dict(HEAD_SIZE=128, QUERY_GROUP=4, BLOCK_SIZE=16, KV_FP8=fp8, SOFT_CAP=0, SINKS=0,
                                                ARRIVING_LANES=32)))

for tuning in json.loads(os.environ.get("TUNINGS", "[]")):
    definitions = {f"DECODE_{key.upper()}": value for key, value in tuning.items()}
    for head_size in (64, 128):
        for fp8 in (0, 1):
            MODULES.append(("attention", dict(HEAD_SIZE=head_size, QUERY_GROUP=4, BLOCK_SIZE=16, KV_FP8=fp8, SOFT_CAP=0,
                                              SINKS=0, **definitions)))


def compile_job(module):
    return module, compile_cubin(module[0], module[1])[1]


if __name__ == "__main__":
    import multiprocessing

    with multiprocessing.Pool() as pool:
        for (name, definitions), log in pool.imap(compile_job, MODULES):
            lines = log.splitlines()
            for i, line in enumerate(lines[:-2]):
                if "Function properties" in line and " 0 bytes spill stores" not in lines[i + 1]:
                    print(name, definitions, line.split()[-1], lines[i + 1].strip(), lines[i + 2].strip())
