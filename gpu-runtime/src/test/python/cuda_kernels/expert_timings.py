"""Times the kernels of a mixture of experts on random routing, after comparing some rows with double precision.

    python expert_timings.py [TOKENS ...]

SHAPES: a JSON list of [experts, experts per token, hidden size, intermediate size]; those of Qwen3-30B-A3B unless given.
Bytes are those that must move at least: weights once, and rows. EVEN=1 gives all experts the same number of rows.
"""

import json
import os
import sys

import timings
import torch
from kernels import Module, ceil_divide, row_threads, tensor_map
from timings import DEVICE, report, seconds

STAGES, STAGE_BYTES = 4, (128 + 256) * 128 + 16


class Layer:
    """The experts of one layer with random weights, as ExpertGemmKernels and ExpertRoutingKernels in Java run them."""

    def __init__(self, experts, each, hidden, size, fp8):
        self.experts, self.each, self.hidden, self.size, self.fp8 = experts, each, hidden, size, fp8
        definitions = dict(EXPERTS=experts, EXPERTS_PER_TOKEN=each, NORMALIZED=1, HIDDEN_SIZE=hidden, INTERMEDIATE_SIZE=size,
                           ACTIVATION=0, WEIGHTS_FP8=fp8)
        self.modules = {name: Module("expert_" + name, **definitions) for name in ("routing", "gate_up", "down")}
        self.modules["norm"] = Module("norm", HIDDEN_SIZE=hidden, NORM_DELTA=0, MULTIPLY=0, COMBINE=1)
        self.norm_weight = torch.ones(hidden, device=DEVICE)
        self.modules["quantize"] = Module("quantize", COLUMNS=size)
        self.gate_up = self.random(experts * 2 * size, hidden, 0.02)
        self.down = self.random(experts * hidden, size, 0.02)
        self.gate_up_scales = torch.full((experts * 2 * size,), 121 if fp8 else 127, device=DEVICE, dtype=torch.uint8)
        self.down_scales = torch.full((experts * hidden,), 121 if fp8 else 127, device=DEVICE, dtype=torch.uint8)
        self.maps = tensor_map(self.gate_up), tensor_map(self.down, 256)
        self.blocks = torch.cuda.get_device_properties(0).multi_processor_count
        self.shared = STAGES * STAGE_BYTES + 2 * (experts + 1) * 4

    def random(self, rows, columns, scale):
        x = torch.empty(rows, columns, device=DEVICE, dtype=torch.bfloat16)
        for part in x.split(1 << 16):
            part.copy_(torch.randn(*part.shape, device=DEVICE) * (1 if self.fp8 else scale))
        return x.to(torch.float8_e4m3fn).view(torch.uint8) if self.fp8 else x

    def use(self, tokens):
        """Inputs of a step and room for its results, all of them poisoned."""
        rows = tokens * self.each
        self.tokens, self.rows = tokens, rows
        self.source = self.random(tokens, self.hidden, 1)
        if not self.fp8:
            self.source.copy_(torch.randn(tokens, self.hidden, device=DEVICE))
        self.source_scales = torch.rand(tokens, device=DEVICE) + 0.5
        self.scores = torch.randn(tokens, self.experts, device=DEVICE)
        if os.environ.get("EVEN") == "1":
            best = (torch.arange(rows, device=DEVICE) % self.experts).view(tokens, self.each)
            self.scores.scatter_add_(1, best, torch.full(best.shape, 20.0, device=DEVICE))
        chunks = ceil_divide(tokens, 64)
        ints = lambda *shape: torch.full(shape, -1, device=DEVICE, dtype=torch.int32)
        self.chosen, self.token_rows = ints(tokens, self.each), ints(tokens, self.each)
        self.counts, self.offsets, self.row_tokens = ints(chunks, self.experts), ints(self.experts + 1), ints(rows)
        self.weights = torch.full((tokens, self.each), torch.nan, device=DEVICE)
        self.loads = torch.zeros(self.experts, device=DEVICE)
        nans = lambda *shape: torch.full(shape, torch.nan, device=DEVICE, dtype=torch.bfloat16)
        self.activated, self.outputs, self.combined = nans(rows, self.size), nans(rows, self.hidden), nans(tokens, self.hidden)
        self.residual, self.normed = torch.zeros_like(self.combined), nans(tokens, self.hidden)
        self.quantized = torch.zeros(rows, self.size, device=DEVICE, dtype=torch.uint8) if self.fp8 else self.activated
        self.quantized_scales = torch.full((rows,), torch.nan, device=DEVICE)
        self.input_map = tensor_map(self.quantized, 64)

    def route(self):
        blocks = ceil_divide(self.tokens, 64)
        routing = self.modules["routing"]
        routing.launch("choose_experts", blocks, 1024, self.scores, None, self.chosen, self.weights, self.token_rows,
                       self.counts, self.tokens)
        routing.launch("order_rows", blocks, 1024, self.chosen, self.token_rows, self.counts, self.offsets,
                       self.row_tokens, self.token_rows, self.loads, self.tokens)

    def multiply_gate_up(self):
        self.modules["gate_up"].launch("expert_gate_up", self.blocks, 384, self.source, self.source_scales, self.row_tokens,
                                       self.offsets, self.maps[0], self.gate_up_scales, None, self.activated,
                                       shared=self.shared)

    def quantize(self):
        self.modules["quantize"].launch("quantize_rows", self.rows, row_threads(self.size), self.activated, self.quantized,
                                        self.quantized_scales)

    def multiply_down(self):
        self.modules["down"].launch("expert_down", self.blocks, 288, self.input_map, self.quantized_scales, self.offsets,
                                    self.maps[1], self.down_scales, None, self.outputs, shared=self.shared)

    def combine(self):
        """Adds the weighted sums to a residual stream of zeros, and norms it as the next part of the model does."""
        self.modules["norm"].launch("add_rms_norm", self.tokens, row_threads(self.hidden), self.outputs, None, None,
                                    self.token_rows, self.weights, self.each, None, None, 1.0, None, self.residual, 1.0,
                                    self.combined, self.norm_weight, 1e-6, self.normed)

    def run(self):
        self.route()
        self.multiply_gate_up()
        if self.fp8:
            self.quantize()
        self.multiply_down()
        self.combine()

    def numbers(self, matrix):
        return (matrix.view(torch.float8_e4m3fn) if self.fp8 else matrix).double()

    def check(self):
        """Runs all kernels, and compares some tokens with PyTorch in double precision."""
        self.run()
        torch.cuda.synchronize()
        best = torch.topk(self.scores.double(), self.each)
        assert torch.equal(best.indices.int(), self.chosen), "other experts"
        expected_weights = torch.softmax(best.values, -1)
        worst = 0.0
        for token in torch.randint(0, self.tokens, (16,)).tolist() + [0, self.tokens - 1]:
            x = self.numbers(self.source[token]) * (self.source_scales[token].double() if self.fp8 else 1)
            total = 0
            for k, expert in enumerate(self.chosen[token].tolist()):
                weights = self.gate_up.view(self.experts, 2, self.size, self.hidden)[expert]
                scale = 2.0**-6 if self.fp8 else 1
                gate, up = (self.numbers(weights[i]) @ x * scale for i in (0, 1))
                hidden = torch.nn.functional.silu(gate) * up
                down = self.numbers(self.down.view(self.experts, self.hidden, self.size)[expert]) * scale
                total = total + expected_weights[token, k] * (down @ hidden)
            error = ((self.combined[token].double() - total).norm() / total.norm()).item()
            worst = max(worst, error if error == error else float("inf"))
        assert worst < (0.06 if self.fp8 else 0.01), f"error {worst}"
        return worst


def time_layer(layer, tokens):
    layer.use(tokens)
    name = f"{layer.experts}x{layer.each} {layer.hidden}x{layer.size} fp8 {layer.fp8} {tokens}"
    print(json.dumps({"checked": name, "error": layer.check()}), flush=True)
    flop = 2 * layer.rows * layer.hidden * layer.size / 1e12
    element = 1 if layer.fp8 else 2
    used = int((layer.offsets[1:] > layer.offsets[:-1]).sum())
    weights = used * layer.hidden * layer.size * element
    repeats = 8 if tokens <= 1024 else 3
    time_of = lambda call: seconds([call] * repeats)
    report("routing", name, time_of(layer.route), layer.tokens * layer.experts * 4 / 1e9)
    moved = 2 * weights + tokens * layer.hidden * element + layer.rows * layer.size * 2
    report("gate_up", name, time_of(layer.multiply_gate_up), moved / 1e9, 2 * flop)
    if layer.fp8:
        report("quantize", name, time_of(layer.quantize), layer.rows * layer.size * 3 / 1e9)
    moved = weights + layer.rows * (layer.size * element + layer.hidden * 2)
    report("down", name, time_of(layer.multiply_down), moved / 1e9, flop)
    report("combine, add and norm", name, time_of(layer.combine), (layer.rows + 3 * tokens) * layer.hidden * 2 / 1e9)
    report("all", name, time_of(layer.run), teraflop=3 * flop)


if __name__ == "__main__":
    source = torch.randn(1 << 30, device=DEVICE)
    target = torch.empty_like(source)
    time = seconds([lambda: torch.neg(source, out=target)] * 3)
    timings.copy_bandwidth = 2 * source.numel() * 4 / time / 1e9
    report("copy (an element-wise kernel)", "4 GiB", time, 2 * source.numel() * 4 / 1e9)
    del source, target
    for shape in json.loads(os.environ.get("SHAPES", "[[128, 8, 2048, 768]]")):
        for fp8 in (0, 1):
            layer = Layer(*shape, fp8)
            for tokens in map(int, sys.argv[1:] or (256, 1024, 4096, 8192, 16384)):
                time_layer(layer, tokens)
            del layer
            torch.cuda.empty_cache()
