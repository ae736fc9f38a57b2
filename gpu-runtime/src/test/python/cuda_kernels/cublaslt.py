"""cuBLASLt's products, for comparison: all algorithms that it names for a shape."""

import ctypes

import torch

WORKSPACE_BYTES = 64 << 20
BF16, F32, COMPUTE_F32 = 14, 0, 68
TRANSPOSE_FIRST, MAX_WORKSPACE = 3, 1


class HeuristicResult(ctypes.Structure):
    _fields_ = [("algorithm", ctypes.c_uint64 * 8), ("workspace", ctypes.c_size_t), ("status", ctypes.c_int),
                ("waves", ctypes.c_float), ("reserved", ctypes.c_int * 4)]


class Product:
    """source[rows][inputs] times the transpose of weights[outputs][inputs], bf16; call run with an index of algorithms."""

    library = None

    def __init__(self, rows, inputs, outputs):
        if Product.library is None:
            torch.zeros(8, 8, device="cuda") @ torch.zeros(8, 8, device="cuda")  # loads cuBLAS
            Product.library = ctypes.CDLL("libcublasLt.so.13")
            Product.handle = self.make("cublasLtCreate")
            Product.workspace = torch.empty(WORKSPACE_BYTES, device="cuda", dtype=torch.uint8)
        self.operation = self.make("cublasLtMatmulDescCreate", COMPUTE_F32, F32)
        self.set("cublasLtMatmulDescSetAttribute", self.operation, TRANSPOSE_FIRST, ctypes.c_int32(1))
        self.layouts = [self.make("cublasLtMatrixLayoutCreate", BF16, ctypes.c_uint64(height), ctypes.c_uint64(width),
                                  ctypes.c_int64(height))
                        for height, width in ((inputs, outputs), (inputs, rows), (outputs, rows))]
        preference = self.make("cublasLtMatmulPreferenceCreate")
        self.set("cublasLtMatmulPreferenceSetAttribute", preference, MAX_WORKSPACE, ctypes.c_uint64(WORKSPACE_BYTES))
        weights, source, target = self.layouts
        found, count = (HeuristicResult * 16)(), ctypes.c_int()
        self.call("cublasLtMatmulAlgoGetHeuristic", self.handle, self.operation, weights, source, target, target, preference,
                  16, found, ctypes.byref(count))
        self.algorithms = [found[i] for i in range(count.value)]

    def call(self, function, *arguments):
        status = getattr(self.library, function)(*arguments)
        if status != 0:
            raise RuntimeError(f"{function}: status {status}")

    def make(self, function, *arguments):
        made = ctypes.c_void_p()
        self.call(function, ctypes.byref(made), *arguments)
        return made

    def set(self, function, target, attribute, value):
        self.call(function, target, attribute, ctypes.byref(value), ctypes.sizeof(value))

    def run(self, algorithm, source, weights, target):
        one, zero = ctypes.c_float(1), ctypes.c_float(0)
        a, b, c = self.layouts
        address = ctypes.c_void_p(target.data_ptr())
        self.call("cublasLtMatmul", self.handle, self.operation, ctypes.byref(one), ctypes.c_void_p(weights.data_ptr()), a,
                  ctypes.c_void_p(source.data_ptr()), b, ctypes.byref(zero), address, c, address, c,
                  ctypes.byref(self.algorithms[algorithm].algorithm), ctypes.c_void_p(self.workspace.data_ptr()),
                  ctypes.c_size_t(WORKSPACE_BYTES), ctypes.c_void_p(torch.cuda.current_stream().cuda_stream))
