"""Checks every kernel against an independent reference (PyTorch and NumPy in float64) on fresh random inputs.

    python checks.py [FAMILY ...]

Families that end in _small are for compute-sanitizer, which slows kernels down a hundred times and more.

Outputs are filled with NaN first, sizes are odd, blocks lie in random order, slots outside of contexts hold NaN.
"""

import math
import os
import sys
import time
import traceback
import warnings

import attention_cases
import numpy
import torch
from kernels import (GATED_PRODUCTS, HEADS, Module, ceil_divide, fused_gate_up_launch, head_stride, lanes_per_head,
                     row_threads, tensor_map)

DEVICE = "cuda"
failures = []
warnings.filterwarnings("ignore", category=DeprecationWarning)


def error(actual, expected):
    """Norm of the difference over norm of the reference; infinite where one is NaN."""
    actual, expected = actual.double(), expected.double()
    result = ((actual - expected).norm() / expected.norm().clamp_min(1e-30)).item()
    return math.inf if math.isnan(result) else result


def report(what, value, limit):
    ok = value <= limit
    if not ok:
        failures.append(what)
    print(f"{'ok  ' if ok else 'FAIL'} {what}: {value:.2e} (limit {limit:.0e})", flush=True)


def normal(*shape, dtype=torch.bfloat16, scale=1.0):
    return (torch.randn(*shape, device=DEVICE) * scale).to(dtype)


def poisoned(*shape, dtype=torch.bfloat16):
    if dtype == torch.uint8:
        return torch.full(shape, 0x7F, device=DEVICE, dtype=dtype)
    if dtype.is_floating_point:
        return torch.full(shape, math.nan, device=DEVICE, dtype=dtype)
    return torch.full(shape, -77, device=DEVICE, dtype=dtype)


def e4m3(x):
    return x.view(torch.float8_e4m3fn).double()


def powers(count):
    """Powers of two as bytes (E8M0), and as numbers."""
    exponents = torch.randint(120, 131, (count,), device=DEVICE, dtype=torch.uint8)
    return exponents, torch.exp2(exponents.double() - 127)


def scaled_sums(sums):
    """Scales of rows and channels for the sums of a product, and the values that they make."""
    rows = normal(sums.shape[0], dtype=torch.float32).exp()
    exponents, channels = powers(sums.shape[1])
    return rows, exponents, sums.double() * rows.double()[:, None] * channels


def check_norm():
    for hidden in (4096, 2048, 576, 48, 40, 56):
        for rows, with_delta, scaled, with_bias, gathered in (
                (1, 1, 0, 0, 0), (7, 1, 1, 1, 1), (513, 0, 0, 0, 1), (300, 1, 0, 0, 0), (300, 1, 1, 0, 0)):
            module = Module("norm", HIDDEN_SIZE=hidden, NORM_DELTA=0, MULTIPLY=0)
            table = normal(1000, hidden)
            delta = normal(rows, hidden) if with_delta else None
            bias = normal(hidden, dtype=torch.float32) if with_bias else None
            weight = normal(hidden, dtype=torch.float32)
            sources = torch.randint(0, 1000, (rows,), device=DEVICE, dtype=torch.int32) if gathered else None
            total = table[sources.long()].double() if gathered else table[:rows].double()
            row_scales, channel_scales, values = scaled_sums(delta) if scaled else (None, None, delta)
            if with_delta:
                total = total + values.double()
            if with_bias:
                total = total + bias.double()
            expected = total / (total.square().mean(1, keepdim=True) + 1e-5).sqrt() * weight.double()
            residual, output = poisoned(rows, hidden), poisoned(rows, hidden)
            arguments = (delta, row_scales, channel_scales, bias, None, 1.0, sources, table, 1.0, residual, weight, 1e-5)
            module.launch("add_rms_norm", rows, row_threads(hidden), *arguments, output)
            name = f"norm {hidden} rows {rows}"
            report(name, error(output, expected), 4e-3)
            report(name + " residual", error(residual, total), 4e-3)
            output, scales = poisoned(rows, hidden, dtype=torch.uint8), poisoned(rows, dtype=torch.float32)
            module.launch("add_rms_norm_fp8", rows, row_threads(hidden), *arguments, output, scales)
            report(name + " fp8", error(e4m3(output) * scales[:, None].double(), expected), 4e-2)
            largest = expected.abs().amax(1)
            report(name + " scales", error(scales * 448.0, largest), 1e-5)
    # In place, as layers use it.
    residual = normal(33, 2048)
    before, delta = residual.clone(), normal(33, 2048)
    output = poisoned(33, 2048)
    weight = normal(2048, dtype=torch.float32)
    Module("norm", HIDDEN_SIZE=2048, NORM_DELTA=0, MULTIPLY=0).launch(
        "add_rms_norm", 33, row_threads(2048), delta, None, None, None, None, 1.0, None, residual, 1.0, residual, weight,
        1e-5, output)
    report("norm in place", error(residual, before.double() + delta.double()), 4e-3)


def check_activation():
    for size, gelu in ((14336, 0), (8192, 0), (1536, 0), (1536, 1), (100, 0), (72, 0)):
        for rows in (1, 131):
            module = Module("activation", INTERMEDIATE_SIZE=size, ACTIVATION=gelu)
            gate_up = normal(rows, 2 * size, scale=3)
            gate, up = gate_up.double().split(size, 1)
            activated = torch.nn.functional.gelu(gate, approximate="tanh") if gelu else torch.nn.functional.silu(gate)
            expected = activated * up
            output = poisoned(rows, size)
            module.launch("gated_activation", rows, row_threads(size), gate_up, output)
            report(f"activation {size} gelu {gelu} rows {rows}", error(output, expected), 4e-3)
            output, scales = poisoned(rows, size, dtype=torch.uint8), poisoned(rows, dtype=torch.float32)
            row_scales, channel_scales, values = scaled_sums(gate_up)
            gate, up = values.split(size, 1)
            activated = torch.nn.functional.gelu(gate, approximate="tanh") if gelu else torch.nn.functional.silu(gate)
            module.launch("gated_activation_fp8", rows, row_threads(size), gate_up, row_scales, channel_scales,
                          output, scales)
            report(f"activation {size} fp8", error(e4m3(output) * scales[:, None].double(), activated * up), 4e-2)


def check_gated_product():
    """Rows behind the last hold NaN in the source, and must keep it in the output. Few blocks do many tiles each."""
    most = torch.cuda.get_device_properties(0).multi_processor_count
    for inputs, size, gelu in GATED_PRODUCTS:
        weights = normal(2 * size, inputs, scale=inputs**-0.5)
        for rows in (1, 127, 128, 129, 1000, 8192):
            for multiprocessors in (most, 4) if rows <= 1000 else (most,):
                fused_gate_up_case(weights, rows, gelu, multiprocessors)


def fused_gate_up_case(weights, rows, gelu, multiprocessors):
    size, inputs = weights.shape[0] // 2, weights.shape[1]
    source, output = poisoned(rows + 200, inputs), poisoned(rows + 200, size)
    source[:rows] = normal(rows, inputs)
    gate, up = (source[:rows].double() @ weights.double().T).split(size, 1)
    activated = torch.nn.functional.gelu(gate, approximate="tanh") if gelu else torch.nn.functional.silu(gate)
    blocks, threads, shared = fused_gate_up_launch(multiprocessors, rows, size)
    Module("fused_gate_up", INPUTS=inputs, INTERMEDIATE_SIZE=size, ACTIVATION=gelu).launch(
        "fused_gate_up", blocks, threads, tensor_map(source), tensor_map(weights), output, rows, shared=shared)
    name = f"gated product {inputs} -> {size} rows {rows} on {multiprocessors}"
    report(name, error(output[:rows], activated * up), 4e-3)
    report(name + ", rows behind", (~output[rows:].isnan()).sum().item(), 0)


def check_quantize():
    for columns in (4096, 14336, 40):
        source = normal(257, columns, scale=0.02)
        source[3] = 0
        output, scales = poisoned(257, columns, dtype=torch.uint8), poisoned(257, dtype=torch.float32)
        Module("quantize", COLUMNS=columns).launch("quantize_rows", 257, row_threads(columns), source, output, scales)
        report(f"quantize {columns}", error(e4m3(output) * scales[:, None].double(), source), 4e-2)
        scaled = (source.float() * (448 / source.float().abs().amax(1, keepdim=True).clamp_min(1e-30)))
        same = (scaled.to(torch.float8_e4m3fn).view(torch.uint8) == output).double().mean().item()
        # The quotient is multiplied here and divided there, which moves values at a border.
        report(f"quantize {columns} equal bits", 1 - same, 4e-3)
        powers_of_two = poisoned(257, dtype=torch.uint8)
        Module("quantize", COLUMNS=columns).launch("quantize_channels", 257, row_threads(columns), source, output,
                                                   powers_of_two)
        channels = torch.exp2(powers_of_two.double() - 127)[:, None]
        report(f"quantize channels {columns}", error(e4m3(output) * channels, source), 4e-2)
        largest = e4m3(output).abs().amax(1)
        largest[3] = 448
        report("  scales", ((largest < 224) | (largest > 448)).sum().item(), 0)
        source[5, 7] = math.nan
        Module("quantize", COLUMNS=columns).launch("quantize_rows", 257, row_threads(columns), source, output, scales)
        report("quantize: NaN stays visible", 0.0 if math.isnan(scales[5].item()) else 1.0, 0)
        Module("quantize", COLUMNS=columns).launch("quantize_channels", 257, row_threads(columns), source, output,
                                                   powers_of_two)
        report("quantize: NaN in a channel", 0.0 if powers_of_two[5].item() == 255 else 1.0, 0)


def rotated(x, positions, frequencies):
    angles = (positions.float()[:, None] * frequencies[None]).double()
    cosine, sine = angles.cos()[:, None], angles.sin()[:, None]
    low, high = x.chunk(2, -1)
    return torch.cat([low * cosine - high * sine, high * cosine + low * sine], -1)


def check_rotary():
    for head_size, heads, kv_heads, block_size in HEADS:
        for fp8 in (0, 1):
            for with_bias, with_norm, tokens in ((0, 0, 37), (1, 0, 1), (0, 1, 130)):
                rotary_case(head_size, heads, kv_heads, block_size, fp8, with_bias, with_norm, tokens)
    rotary_case(128, 0, 8, 16, 0, 0, 0, 41)
    rotary_case(128, 32, 0, 16, 0, 0, 1, 41)
    rotary_case(128, 32, 8, 16, 0, 1, 1, 41, scaled=1)
    rotary_case(64, 9, 3, 32, 1, 0, 0, 130, scaled=1)
    rotary_case(12, 4, 2, 8, 0, 1, 0, 37, scaled=1)


def check_rotary_small():
    for fp8 in (0, 1):
        rotary_case(128, 4, 2, 16, fp8, 1, 1, 9)
        rotary_case(12, 4, 2, 8, fp8, 0, 1, 9, scaled=1)
        rotary_case(64, 9, 3, 32, fp8, 0, 0, 9)


def rotary_case(head_size, heads, kv_heads, block_size, fp8, with_bias, with_norm, tokens, scaled=0):
    module = Module("rotary", HEAD_SIZE=head_size, BLOCK_SIZE=block_size, KV_FP8=fp8, ROPE_DIMENSIONS=head_size,
                    NORM_ALL_HEADS=0)
    stride, half, blocks = head_stride(head_size), head_size // 2, 40
    frequencies = 1 / 10000 ** (torch.arange(half, device=DEVICE, dtype=torch.float32) * 2 / head_size)
    table = poisoned(5000, half, 2, dtype=torch.float32)
    module.launch("rotary_table", ceil_divide(5000 * half, 256), 256, frequencies, 1.0, table, 5000)
    positions = torch.randint(0, 5000, (tokens,), device=DEVICE, dtype=torch.int32)
    slots = torch.randperm(blocks * block_size, device=DEVICE)[:tokens].int()
    skipped = tokens > 3
    if skipped:
        slots[2] = -1
    projection = normal(tokens, (heads + 2 * kv_heads) * head_size)
    bias = normal((heads + 2 * kv_heads) * head_size, dtype=torch.float32) if with_bias else None
    norms = [normal(head_size, dtype=torch.float32) if with_norm else None for _ in range(2)]
    queries = poisoned(tokens, max(heads, 1), stride)
    dtype = torch.uint8 if fp8 else torch.bfloat16
    cache = poisoned(2, blocks, max(kv_heads, 1), block_size, stride, dtype=dtype)
    scales = poisoned(2, blocks, max(kv_heads, 1), block_size, dtype=torch.float32)
    total = heads + 2 * kv_heads
    row_scales, channel_scales, values = scaled_sums(projection) if scaled else (None, None, projection)
    module.launch("rotate_and_store", ceil_divide(tokens * total * lanes_per_head(head_size), 256), 256, projection,
                  row_scales, channel_scales, bias, norms[0], norms[1], 1e-6, None, table, positions, slots,
                  queries, cache[0], cache[1], scales[0] if fp8 else None, scales[1] if fp8 else None, tokens, heads, kv_heads)
    x = values.double() + (bias.double() if with_bias else 0)
    x = x.view(tokens, total, head_size)
    q, k, v = x.split([heads, kv_heads, kv_heads], 1)

    def normed(y, weight):
        return y / (y.square().mean(-1, keepdim=True) + 1e-6).sqrt() * weight.double() if with_norm else y

    name = f"rotary {head_size}x{heads}/{kv_heads} fp8 {fp8} bias {with_bias} norm {with_norm} scaled {scaled}"
    if heads:
        report(name + " queries", error(queries[..., :head_size], rotated(normed(q, norms[0]), positions, frequencies)),
               4e-3)
        if stride > head_size:
            report(name + " query padding", queries[..., head_size:].double().abs().max().item(), 0)
    if not kv_heads:
        return
    kept = slots >= 0
    at = slots[kept].long()
    limit = 4e-2 if fp8 else 4e-3
    for part, expected in ((0, rotated(normed(k, norms[1]), positions, frequencies)), (1, v)):
        stored = e4m3(cache[part]) if fp8 else cache[part].double()
        if fp8:
            stored = stored * scales[part][..., None].double()
        stored = stored.permute(0, 2, 1, 3).reshape(blocks * block_size, kv_heads, stride)
        report(name + f" part {part}", error(stored[at][..., :head_size], expected[kept]), limit)
        if stride > head_size:
            report(name + f" padding {part}", stored[at][..., head_size:].abs().max().item(), 0)
        others = torch.ones(blocks * block_size, dtype=torch.bool, device=DEVICE)
        others[at] = False
        report(name + f" others untouched {part}", (~stored[others].isnan()).sum().item(), 0)


def check_blocks():
    for head_size, heads, kv_heads, block_size in HEADS[:4]:
        for fp8 in (0, 1):
            module = Module("blocks", HEAD_SIZE=head_size, BLOCK_SIZE=block_size, KV_FP8=fp8)
            stride, blocks, layers = head_stride(head_size), 20, 3
            shape = (layers, 2, blocks, kv_heads, block_size)
            cache = torch.randint(0, 120, shape + (stride * (1 if fp8 else 2),), device=DEVICE, dtype=torch.uint8)
            scales = torch.rand(shape, device=DEVICE)
            expected, expected_scales = cache.clone(), scales.clone()
            copies = [(3, 7, 1), (4, 19, block_size), (0, 5, block_size - 1)]
            for source, target, tokens in copies:
                expected[:, :, target, :, :tokens] = cache[:, :, source, :, :tokens]
                expected_scales[:, :, target, :, :tokens] = scales[:, :, source, :, :tokens]
            module.launch("copy_blocks", (3, 2 * layers, kv_heads), 128, cache, scales,
                          torch.tensor(copies, device=DEVICE, dtype=torch.int32), blocks, kv_heads)
            same = torch.equal(cache, expected) and torch.equal(scales, expected_scales)
            report(f"blocks {head_size} fp8 {fp8}", 0.0 if same else 1.0, 0)


def check_attention():
    for head_size, heads, kv_heads, block_size in HEADS:
        for fp8 in (0, 1):
            for height in (16, 64, 128):
                if height >= heads // kv_heads:
                    for case in attention_cases.random_cases(head_size, heads, kv_heads, block_size, fp8, height):
                        worst = attention_cases.check(case)
                        report(f"attention {head_size}x{heads}/{kv_heads} block {block_size} fp8 {fp8} height {height} "
                               f"{case.name}", worst, 6e-3)


def check_warpgroup():
    for head_size, heads, kv_heads, block_size in HEADS:
        if head_size not in (64, 128, 256):
            continue
        for fp8 in (0,) if head_size == 256 else (0, 1):
            for multiprocessors, longest in ((132, 250), (1, 250), (3, 1500)):
                for case in attention_cases.random_cases(head_size, heads, kv_heads, block_size, fp8, 128, longest):
                    worst = attention_cases.check(case, multiprocessors=multiprocessors)
                    report(f"attention_warpgroup {head_size}x{heads}/{kv_heads} block {block_size} fp8 {fp8} {case.name} "
                           f"{longest} on {multiprocessors}", worst, 6e-3)


def check_attention_small():
    for fp8 in (0, 1):
        for height in (16, 64, 128):
            for case in attention_cases.random_cases(128, 8, 2, 16, fp8, height, 100):
                report(f"attention fp8 {fp8} height {height} {case.name}", attention_cases.check(case), 6e-3)


def check_warpgroup_small():
    warpgroup_small()


def check_warpgroup_arrivals_small():
    """All lanes of a warp arrive where one does for it: racecheck does not see the order which that one makes."""
    warpgroup_small(arriving_lanes=32)


def warpgroup_small(**variant):
    for fp8 in (0, 1):
        for case in attention_cases.random_cases(128, 8, 2, 16, fp8, 128):
            worst = attention_cases.check(case, multiprocessors=2, **variant)
            report(f"attention_warpgroup fp8 {fp8} {case.name} {variant}", worst, 6e-3)


MASK64 = (1 << 64) - 1


def mix(z):
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 & MASK64
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB & MASK64
    return z ^ (z >> 31)


def uniform(seed, counter):
    gamma = 0x9E3779B97F4A7C15
    return (mix((mix((seed + gamma) & MASK64) + (counter + 1) * gamma) & MASK64) >> 11) * 2.0**-53


ROW = numpy.dtype([("temperature", "f8"), ("top_p", "f8"), ("min_p", "f8"), ("penalty", "f8"), ("seed", "i8"),
                   ("top_k", "i4"), ("position", "i4"), ("seen", "i4"), ("allowed", "i4"), ("unused", "i8")])


def sampled(logits, row, seen, allowed):
    """The rules of the engine's sampler, by sorting."""
    x = logits.astype(numpy.float32).copy()
    if row["penalty"] != 1 and row["seen"] >= 0:
        at = seen[row["seen"]]
        y = x[at].astype(numpy.float64)
        x[at] = numpy.where(y > 0, y / row["penalty"], y * row["penalty"]).astype(numpy.float32)
    if row["allowed"] >= 0:
        mask = numpy.ones(len(x), bool)
        mask[allowed[row["allowed"]]] = False
        x[mask] = -numpy.inf
    if row["temperature"] == 0:
        return int(x.argmax()), 1.0
    order = numpy.argsort(-x, kind="stable")
    weight = numpy.exp((x - x.max()).astype(numpy.float64) / row["temperature"])
    kept = len(x) if row["top_k"] == 0 else min(row["top_k"], len(x))
    if row["top_p"] < 1:
        cumulated = weight[order[:kept]].cumsum()
        kept = min(kept, int(numpy.searchsorted(cumulated, row["top_p"] * cumulated[-1])) + 1)
    mask = numpy.zeros(len(x), bool)
    mask[order[:kept]] = True
    weight = numpy.where(mask & (weight >= row["min_p"]), weight, 0)
    cumulated = weight.cumsum()
    point = uniform(int(row["seed"]) & MASK64, int(row["position"])) * cumulated[-1]
    token = int(numpy.searchsorted(cumulated, point, side="right"))
    margin = min(abs(cumulated[token] - point), abs(point - (cumulated[token - 1] if token else 0))) / cumulated[-1]
    return token, margin


def bit_sets(sets, vocabulary):
    words = numpy.zeros((len(sets), ceil_divide(vocabulary, 32)), numpy.uint32)
    for i, ids in enumerate(sets):
        numpy.bitwise_or.at(words[i], ids // 32, numpy.uint32(1) << (ids % 32).astype(numpy.uint32))
    return torch.from_numpy(words.view(numpy.int32)).to(DEVICE)


def check_sampling():
    sampling_cases(96, ((128256, 128256, 0), (128256, 128256, 1), (331, 331, 1), (331, 336, 0), (49152, 49152, 1),
                        (5, 5, 0)))


def check_sampling_small():
    sampling_cases(8, ((5003, 5003, 1), (331, 331, 1), (331, 336, 0), (5, 5, 0)))


def sampling_cases(rows, shapes):
    random = numpy.random.default_rng(int(time.time()))
    for vocabulary, stride, f32 in shapes:
        module = Module("sampling", LOGITS_F32=f32)
        logits = normal(rows, stride, dtype=torch.float32 if f32 else torch.bfloat16, scale=2.5)
        logits[:, vocabulary:] = math.nan
        logits[0, : vocabulary // 2] = logits[0, vocabulary // 2]
        parameters = numpy.zeros(rows, ROW)
        sets = [random.integers(0, vocabulary, random.integers(1, 300)) for _ in range(rows)]
        seen = [numpy.unique(s) for s in sets[: rows // 2]]
        allowed = [numpy.unique(s) for s in sets[rows // 2 :]]
        for i in range(rows):
            parameters[i] = (
                random.choice([0, 0.3, 1, 1.7]), random.choice([1, 0.95, 0.5, 1e-9]), random.choice([0, 0, 0.05, 1]),
                random.choice([1, 1.3, 0.7]), random.integers(-(2**62), 2**62), random.choice([0, 1, 40, 1000]),
                random.integers(0, 500), random.integers(-1, len(seen)), random.choice([-1, -1, i % len(allowed)]), 0)
        raw = logits.float()[:, :vocabulary].double()
        tokens = poisoned(rows, dtype=torch.int32)
        logprobs, sums = poisoned(rows, dtype=torch.float32), poisoned(rows, dtype=torch.float32)
        module.launch("sample_tokens", rows, 1024, logits, numpy.int64(stride), vocabulary,
                      torch.from_numpy(parameters.view(numpy.uint8)).to(DEVICE), bit_sets(seen, vocabulary),
                      bit_sets(allowed, vocabulary), tokens, logprobs, sums)
        host = logits.float().cpu().numpy()[:, :vocabulary]
        wrong = near = 0
        for i in range(rows):
            expected, margin = sampled(host[i], parameters[i], seen, allowed)
            if expected != tokens[i].item():
                near += margin < 1e-12
                wrong += margin >= 1e-12
                if margin >= 1e-12:
                    print("   ", i, parameters[i], expected, tokens[i].item(), margin)
        report(f"sampling {vocabulary} f32 {f32} (near ties {near})", wrong, 0)
        report("  log sum exp", (sums.double() - raw.logsumexp(1)).abs().max().item(), 1e-5)
        picked = raw.gather(1, tokens[:, None].long().clamp_min(0))[:, 0] - raw.logsumexp(1)
        report("  logprobs", (logprobs.double() - picked).abs().max().item(), 1e-5)
        maxima, again = poisoned(rows, dtype=torch.float32), poisoned(rows, dtype=torch.float32)
        module.launch("logits_statistics", rows, 1024, logits, numpy.int64(stride), vocabulary, maxima, again)
        report("  statistics", (maxima.double() - raw.amax(1)).abs().max().item()
               + (again.double() - raw.logsumexp(1)).abs().max().item(), 1e-5)
        cells = torch.stack([torch.randint(0, rows, (777,)), torch.randint(0, vocabulary, (777,))], 1).int().to(DEVICE)
        gathered = poisoned(777, dtype=torch.float32)
        module.launch("gather_logits", 4, 256, logits, numpy.int64(stride), cells, gathered, 777)
        report("  gather", (gathered.double() - raw[cells[:, 0].long(), cells[:, 1].long()]).abs().max().item(), 0)
        marked = torch.zeros(rows, ceil_divide(vocabulary, 32), device=DEVICE, dtype=torch.int32)
        module.launch("mark_tokens", 4, 256, marked, ceil_divide(vocabulary, 32), cells, 777)
        expected = bit_sets([cells[cells[:, 0] == i, 1].cpu().numpy().astype(numpy.int64) for i in range(rows)],
                            vocabulary)
        report("  marks", 0.0 if torch.equal(marked, expected) else 1.0, 0)
        if vocabulary == 331:
            logits[1, 5], logits[2, 5] = math.nan, math.inf
            logits[3, :vocabulary] = -math.inf
            parameters["allowed"] = -1
            module.launch("sample_tokens", rows, 1024, logits, numpy.int64(stride), vocabulary,
                          torch.from_numpy(parameters.view(numpy.uint8)).to(DEVICE), bit_sets(seen, vocabulary),
                          bit_sets(allowed, vocabulary), tokens, logprobs, sums)
            bad = [i for i in range(rows) if tokens[i].item() == -1]
            report("  overflow is reported", 0.0 if bad == [1, 2, 3] else 1.0, 0)


def check_dequantize():
    cases = numpy.load(os.environ.get("DEQUANTIZATION_CASES", "dequantization_cases.npz"))
    for name in sorted({key.split(":")[0] for key in cases}):
        blocks, expected = cases[name + ":blocks"], torch.from_numpy(cases[name + ":values"]).to(DEVICE)
        rows, columns = expected.shape
        source = torch.from_numpy(blocks).to(DEVICE)
        for head in (0, 16):
            output = poisoned(rows, columns)
            Module("dequantize").launch(f"dequantize_{name.lower()}", ceil_divide(rows * ceil_divide(columns, 8), 256),
                                        256, source, output, rows, columns, head)
            wanted = expected
            if head:
                wanted = expected.view(rows // head, head // 2, 2, columns).transpose(1, 2).reshape(rows, columns)
            report(f"dequantize {name} interleaved {head}", error(output, wanted.bfloat16()), 1e-4)


def check_pooling():
    ranges = [(0, 1), (3, 40), (699, 1), (50, 640), (3, 1)]
    for columns in (4096, 576, 33):
        states, sums = poisoned(700, columns), poisoned(len(ranges), columns, dtype=torch.float32)
        expected = torch.empty(len(ranges), columns, device=DEVICE, dtype=torch.float64)
        for first, rows in ranges:
            states[first:first + rows] = normal(rows, columns)
        for i, (first, rows) in enumerate(ranges):
            expected[i] = states[first:first + rows].double().sum(0)
        Module("pooling").launch("sum_rows", (len(ranges), ceil_divide(columns, 256)), 256, states, columns,
                                 torch.tensor(ranges, device=DEVICE, dtype=torch.int32), sums)
        report(f"pooling {columns}", error(sums, expected), 1e-5)


def check_random():
    table = torch.randn(65536, device=DEVICE) * 0.02
    host = table.cpu().numpy()
    for rows, columns, first in ((5, 4096, 0), (3, 37, 100)):
        base = -0x7FEDCBA900000000
        output = poisoned(rows, columns)
        Module("random").launch("random_rows", ceil_divide(rows * ceil_divide(columns, 4), 256), 256, table,
                                numpy.int64(base), first, output, rows, columns)
        expected = numpy.zeros((rows, columns), numpy.float32)
        for row in range(rows):
            state = mix(((base & MASK64 | (first + row)) + 0x9E3779B97F4A7C15) & MASK64)
            for column in range(columns):
                bits = mix((state + column // 4 * 4 + 0x9E3779B97F4A7C15) & MASK64)
                expected[row, column] = host[bits >> 16 * (column % 4) & 0xFFFF]
        same = torch.equal(output, torch.from_numpy(expected).to(DEVICE).bfloat16())
        report(f"random {rows}x{columns}", 0.0 if same else 1.0, 0)


if __name__ == "__main__":
    families = [name[6:] for name in list(globals()) if name.startswith("check_")]
    seed = int(os.environ.get("SEED", time.time()))
    print("seed", seed)
    for family in sys.argv[1:] or families:
        torch.manual_seed(seed)
        start = time.time()
        try:
            globals()["check_" + family]()
            torch.cuda.synchronize()
        except Exception:
            traceback.print_exc()
            failures.append(family + " (exception)")
        print(f"-- {family}: {time.time() - start:.1f} s", flush=True)
    print(f"{len(failures)} failures", failures[:40])
    sys.exit(1 if failures else 0)
