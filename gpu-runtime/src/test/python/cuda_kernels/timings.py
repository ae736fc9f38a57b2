"""Times the kernels on shapes of the 8b and 1b models, beside the machine's copy bandwidth.

    python timings.py [GROUP ...]

Graphs of several launches over rotating buffers, replayed; medians. Bytes are those that must move at least.
"""

import json
import os
import random
import statistics
import sys

import cublaslt
import numpy
import torch
from attention_cases import Launcher, Plan, shape
from checks import ROW
from kernels import Module, ceil_divide, fused_gate_up_launch, head_stride, lanes_per_head, row_threads, tensor_map

DEVICE = "cuda"
results = []
copy_bandwidth = 0.0


def graph_of(calls):
    for call in calls:
        call()
    torch.cuda.synchronize()
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        for call in calls:
            call()
    graph.replay()
    return graph


def sustained(variants, lasting=0.3, rounds=3):
    """Median time of a replay of each variant's calls, at the clocks that lasting work leaves the chip: variants take
    turns, and the first half of a turn does not count."""
    graphs = {name: graph_of(calls) for name, calls in variants.items()}
    times = {name: [] for name in variants}
    for _ in range(rounds):
        for name, graph in graphs.items():
            marks = [torch.cuda.Event(enable_timing=True) for _ in range(2)]
            marks[0].record()
            graph.replay()
            marks[1].record()
            marks[1].synchronize()
            replays = max(4, int(lasting * 1000 / marks[0].elapsed_time(marks[1])))
            marks = [torch.cuda.Event(enable_timing=True) for _ in range(replays + 1)]
            marks[0].record()
            for mark in marks[1:]:
                graph.replay()
                mark.record()
            torch.cuda.synchronize()
            times[name] += [a.elapsed_time(b) / 1000 for a, b in zip(marks[replays // 2 :], marks[replays // 2 + 1 :])]
    return {name: statistics.median(each) for name, each in times.items()}


def seconds(calls, replays=7):
    """Median time of one of `calls`, which run one after the other in a graph."""
    graph = graph_of(calls)
    times = []
    for _ in range(replays):
        start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
        start.record()
        graph.replay()
        end.record()
        end.synchronize()
        times.append(start.elapsed_time(end) / 1000 / len(calls))
    return statistics.median(times)


def report(kernel, shape, time, gigabytes=None, teraflop=None):
    line = {"kernel": kernel, "shape": shape, "us": round(time * 1e6, 2)}
    if gigabytes:
        line["GB/s"] = round(gigabytes / time)
        line["share of copy"] = round(gigabytes / time / copy_bandwidth, 3)
    if teraflop:
        line["TFLOP/s"] = round(teraflop / time, 1)
    results.append(line)
    print(json.dumps(line), flush=True)


def bf16(*shape, scale=1.0):
    return torch.randn(*shape, device=DEVICE, dtype=torch.bfloat16) * scale


def copies_of(count, make):
    return [make() for _ in range(count)]


def rotations(bytes_each):
    """Buffers that together are several times the second-level cache."""
    return int(min(16, max(3, 3e8 // bytes_each)))


def time_row_threads():
    """What other numbers of threads a row would give."""
    for most in (128, 256, 512, 1024):
        for rows in (256, 1024, 8192):
            module = Module("norm", HIDDEN_SIZE=4096, NORM_DELTA=0, MULTIPLY=0, MOST_ROW_THREADS=most)
            weight = torch.ones(4096, device=DEVICE)
            scales, row_scales, channel_scales = scales_of(rows, 4096)
            threads = row_threads(4096, most)
            sets = copies_of(rotations(rows * 4096 * 6), lambda: [bf16(rows, 4096) for _ in range(3)])
            time = seconds([lambda s=s: module.launch("add_rms_norm_fp8", rows, threads, s[0], row_scales, channel_scales,
                                                      None, None, 1.0, None, s[1], 1.0, s[1], weight, 1e-5, s[2], scales) for s in sets])
            report(f"add_rms_norm_fp8 of {most}", f"{rows}x4096", time, rows * 4096 * 7 / 1e9)
            module = Module("activation", INTERMEDIATE_SIZE=14336, ACTIVATION=0, MOST_ROW_THREADS=most)
            scales, row_scales, channel_scales = scales_of(rows, 28672)
            threads = row_threads(14336, most)
            sets = copies_of(rotations(rows * 14336 * 6), lambda: [bf16(rows, 28672), bf16(rows, 14336)])
            time = seconds([lambda s=s: module.launch("gated_activation", rows, threads, *s) for s in sets])
            report(f"gated_activation of {most}", f"{rows}x14336", time, rows * 14336 * 6 / 1e9)
            time = seconds([lambda s=s: module.launch("gated_activation_fp8", rows, threads, s[0], row_scales,
                                                      channel_scales, s[1], scales) for s in sets])
            report(f"gated_activation_fp8 of {most}", f"{rows}x14336", time, rows * 14336 * 5 / 1e9)


def scales_of(rows, columns):
    """Scales of a result, and of the rows and channels of sums."""
    return (torch.empty(rows, device=DEVICE), torch.rand(rows, device=DEVICE),
            torch.full((columns,), 127, device=DEVICE, dtype=torch.uint8))


def time_rows():
    for hidden, rows in ((4096, 256), (4096, 1024), (4096, 8192), (2048, 8192)):
        module = Module("norm", HIDDEN_SIZE=hidden, NORM_DELTA=0, MULTIPLY=0)
        weight = torch.ones(hidden, device=DEVICE)
        size = rows * hidden * 2
        sets = copies_of(rotations(4 * size), lambda: [bf16(rows, hidden) for _ in range(3)])
        scales, row_scales, channel_scales = scales_of(rows, hidden)
        time = seconds([lambda s=s: module.launch("add_rms_norm", rows, row_threads(hidden), s[0], None, None, None, None, 1.0,
                                                  None, s[1], 1.0, s[1], weight, 1e-5, s[2]) for s in sets])
        report("add_rms_norm", f"{rows}x{hidden}", time, 4 * size / 1e9)
        time = seconds([lambda s=s: module.launch("add_rms_norm_fp8", rows, row_threads(hidden), s[0], row_scales,
                                                  channel_scales, None, None, 1.0, None, s[1], 1.0, s[1], weight, 1e-5, s[2], scales)
                        for s in sets])
        report("add_rms_norm_fp8", f"{rows}x{hidden}", time, 3.5 * size / 1e9)
    for size, rows in ((14336, 256), (14336, 1024), (14336, 8192), (8192, 8192)):
        module = Module("activation", INTERMEDIATE_SIZE=size, ACTIVATION=0)
        sets = copies_of(rotations(rows * size * 6), lambda: [bf16(rows, 2 * size), bf16(rows, size)])
        scales, row_scales, channel_scales = scales_of(rows, 2 * size)
        time = seconds([lambda s=s: module.launch("gated_activation", rows, row_threads(size), *s) for s in sets])
        report("gated_activation", f"{rows}x{size}", time, rows * size * 6 / 1e9)
        time = seconds([lambda s=s: module.launch("gated_activation_fp8", rows, row_threads(size), s[0], row_scales,
                                                  channel_scales, s[1], scales) for s in sets])
        report("gated_activation_fp8", f"{rows}x{size}", time, rows * size * 5 / 1e9)
    for rows in (256, 1024, 8192):
        module = Module("quantize", COLUMNS=4096)
        sets = copies_of(rotations(rows * 4096 * 3), lambda: [
            bf16(rows, 4096), torch.empty(rows, 4096, device=DEVICE, dtype=torch.uint8)])
        scales = torch.empty(rows, device=DEVICE)
        time = seconds([lambda s=s: module.launch("quantize_rows", rows, row_threads(4096), *s, scales) for s in sets])
        report("quantize_rows", f"{rows}x4096", time, rows * 4096 * 3 / 1e9)


def time_products():
    """Gate, up and activation: in two kernels, with the fastest of cuBLASLt's algorithms or PyTorch's, and in one.

    ROWS: a JSON list of row counts.
    """
    for model, inputs, size, layers in (("8b", 4096, 14336, 4), ("1b", 2048, 8192, 8)):
        weights = [bf16(2 * size, inputs, scale=0.02) for _ in range(layers)]
        for rows in json.loads(os.environ.get("ROWS", "[256, 512, 1024, 2048, 4096, 8192]")):
            for name, time in sustained(fused_gate_ups(weights, rows)).items():
                report(name, f"{model} {rows}", time / layers, teraflop=4 * rows * inputs * size / 1e12)
        del weights
        torch.cuda.empty_cache()


def fused_gate_ups(weights, rows):
    """For each way, a call for each layer's weights."""
    size, inputs = weights[0].shape[0] // 2, weights[0].shape[1]
    source, gate_up, output = bf16(rows, inputs), bf16(rows, 2 * size), bf16(rows, size)
    product = cublaslt.Product(rows, inputs, 2 * size)
    times = sustained({i: [lambda w=w, i=i: product.run(i, source, w, gate_up) for w in weights]
                       for i in range(len(product.algorithms))}, 0.05, 2)
    fastest = min(times, key=times.get)
    activation = Module("activation", INTERMEDIATE_SIZE=size, ACTIVATION=0)
    one_kernel = Module("fused_gate_up", INPUTS=inputs, INTERMEDIATE_SIZE=size, ACTIVATION=0)
    multiprocessors = torch.cuda.get_device_properties(0).multi_processor_count
    blocks, threads, shared = fused_gate_up_launch(multiprocessors, rows, size)
    source_map = tensor_map(source)

    def multiply(w):
        product.run(fastest, source, w, gate_up)

    def multiply_in_torch(w):
        torch.mm(source, w.T, out=gate_up)

    def activate():
        activation.launch("gated_activation", rows, row_threads(size), gate_up, output)

    def multiply_and_activate(weights_map):
        one_kernel.launch("fused_gate_up", blocks, threads, source_map, weights_map, output, rows, shared=shared)

    return {
        "cuBLASLt": [lambda w=w: multiply(w) for w in weights],
        "cuBLASLt and activation": [lambda w=w: (multiply(w), activate()) for w in weights],
        "torch and activation": [lambda w=w: (multiply_in_torch(w), activate()) for w in weights],
        "fused_gate_up": [lambda m=m: multiply_and_activate(m) for m in map(tensor_map, weights)],
    }


def time_rotary():
    for head_size, heads, kv_heads, tokens in ((128, 32, 8, 256), (128, 32, 8, 1024), (128, 32, 8, 8192), (64, 32, 8, 8192)):
        _, row_scales, channel_scales = scales_of(tokens, (heads + 2 * kv_heads) * head_size)
        for fp8, scales in ((0, (None, None)), (1, (None, None)), (1, (row_scales, channel_scales))):
            module = Module("rotary", HEAD_SIZE=head_size, BLOCK_SIZE=16, KV_FP8=fp8, ROPE_DIMENSIONS=head_size,
                            NORM_ALL_HEADS=0)
            total = heads + 2 * kv_heads
            table = torch.rand(2048, head_size, device=DEVICE)
            positions = torch.randint(0, 2048, (tokens,), device=DEVICE, dtype=torch.int32)
            blocks = tokens // 16 * 4
            slots = torch.cat([b * 16 + torch.arange(16) for b in torch.randperm(blocks)[: tokens // 16]]).int().to(DEVICE)
            count = rotations(tokens * total * head_size * 4)
            sets = copies_of(count, lambda: [
                bf16(tokens, total * head_size), bf16(tokens, heads, head_size),
                torch.empty(2, blocks, kv_heads, 16, head_size * (1 if fp8 else 2), device=DEVICE, dtype=torch.uint8),
                torch.empty(2, blocks, kv_heads, 16, device=DEVICE)])
            grid = ceil_divide(tokens * total * lanes_per_head(head_size), 256)
            time = seconds([lambda s=s: module.launch(
                "rotate_and_store", grid, 256, s[0], *scales, None, None, None, 1e-6, None, table, positions, slots, s[1], s[2][0],
                s[2][1], s[3][0] if fp8 else None, s[3][1] if fp8 else None, tokens, heads, kv_heads) for s in sets])
            moved = tokens * head_size * (total * 2 + heads * 2 + 2 * kv_heads * (1 if fp8 else 2))
            report("rotate_and_store", f"{tokens} tokens {heads}/{kv_heads}x{head_size} fp8 {fp8} scales {scales[0] is not None}", time,
                   moved / 1e9)


def time_sampling():
    vocabulary = 128256
    for rows, f32 in ((64, 0), (256, 0), (1024, 0), (256, 1)):
        module = Module("sampling", LOGITS_F32=f32)
        sets = copies_of(rotations(rows * vocabulary * 2), lambda: (
            torch.randn(rows, vocabulary, device=DEVICE) * 2).to(torch.float32 if f32 else torch.bfloat16))
        outputs = [torch.empty(rows, device=DEVICE, dtype=torch.int32) for _ in range(3)]
        for name, temperature, top_k, top_p in (("greedy", 0, 0, 1), ("temperature", 1, 0, 1), ("top-p", 1, 0, 0.9),
                                                ("top-k and top-p", 0.7, 40, 0.9)):
            parameters = numpy.zeros(rows, ROW)
            for i in range(rows):
                parameters[i] = (temperature, top_p, 0, 1, i, top_k, 0, -1, -1, 0)
            device = torch.from_numpy(parameters.view(numpy.uint8)).to(DEVICE)
            time = seconds([lambda s=s: module.launch("sample_tokens", rows, 1024, s, numpy.int64(vocabulary), vocabulary,
                                                      device, None, None, *outputs) for s in sets])
            report("sample_tokens " + name, f"{rows}x{vocabulary} {'f32' if f32 else 'bf16'}", time,
                   rows * vocabulary * (4 if f32 else 2) / 1e9)


class Paged:
    """Sequences with random blocks in a cache that they fill; several caches to rotate."""

    def __init__(self, head_size, heads, kv_heads, fp8, contexts, block_size=16, shared=0, members=None):
        self.head_size, self.heads, self.kv_heads, self.fp8 = head_size, heads, kv_heads, fp8
        self.contexts, self.block_size = contexts, block_size
        common = shared // block_size
        members = members or len(contexts)
        groups = ceil_divide(len(contexts), members)
        count = sum(ceil_divide(c, block_size) - common for c in contexts) + groups * common
        order = torch.randperm(count).tolist()
        self.tables = []
        for i, context in enumerate(contexts):
            if i % members == 0:
                prefix, order = order[:common], order[common:]
            own = ceil_divide(context, block_size) - common
            self.tables.append(prefix + order[:own])
            order = order[own:]
        row = head_size * (1 if fp8 else 2)
        self.bytes = count * block_size * kv_heads * row * 2
        self.caches = []
        for _ in range(int(min(8, max(1, 4e8 // self.bytes)))):
            cache = torch.randn(2, count, kv_heads, block_size, head_size, device=DEVICE, dtype=torch.bfloat16)
            scales = torch.rand(2, count, kv_heads, block_size, device=DEVICE) if fp8 else [None, None]
            self.caches.append((cache.to(torch.float8_e4m3fn).view(torch.uint8) if fp8 else cache, scales))

    def launcher(self, **definitions):
        return Launcher(self.head_size, self.heads, self.kv_heads, self.block_size, self.fp8, **definitions)

    def tables_of(self, plan):
        starts = []
        for table in self.tables:
            starts.append(len(plan.block_tables))
            plan.block_tables += table
        return starts


def run_attention(paged, tokens, parts, tuning=None):
    """Seconds of the launches (height, plan) of `parts`, with the merge of the last plan.

    A height that is a dict is one of attention_warpgroup, with these definitions.
    """
    tuning = tuning or {}
    kind = "DECODE" if parts[0][0] == 16 else "PREFILL"
    definitions = {f"{kind}_{key.upper()}": value for key, value in tuning.items()}
    launcher = paged.launcher(**definitions)
    queries = bf16(tokens, paged.heads, paged.head_size)
    output = torch.empty(tokens, paged.heads, paged.head_size, device=DEVICE, dtype=torch.bfloat16)
    most = max(1, parts[-1][1].partials)
    partials = torch.empty(most, paged.heads, paged.head_size, device=DEVICE)
    log_sums = torch.empty(most, paged.heads, device=DEVICE)
    for _, plan in parts:
        plan.to_device()

    def call(cache, scales):
        for height, plan in parts:
            arguments = (plan, queries, cache[0], cache[1], scales[0], scales[1], output, partials, log_sums)
            if isinstance(height, dict):
                launcher.attend_in_warpgroups(*arguments, **height)
            else:
                launcher.attend(height, *arguments, **tuning)
        if parts[-1][1].merges:
            launcher.merge(parts[-1][1], partials, log_sums, output)

    return seconds([lambda c=c: call(*c) for c in paged.caches * (2 if len(paged.caches) < 4 else 1)])


def decode_plan(paged, split, start=0, height=16):
    """One query token each; contexts from `start` on, in parts of at most `split` tokens, the longest first."""
    plan = Plan()
    tables = paged.tables_of(plan)
    pieces = []
    for i, context in enumerate(paged.contexts):
        plan.rows.append([i, 0, context, -1])
        parts = ceil_divide(context - start, split)
        size = ceil_divide(ceil_divide(context - start, parts), 16) * 16
        ranges = [(b, min(context, b + size)) for b in range(start, context, size)]
        sources = []
        for begin, end in ranges:
            partial = -1
            if len(ranges) > 1 or start:
                partial = plan.partials
                plan.partials += 1
                sources.append(partial)
            pieces.append([i, 1, tables[i], begin, end, 0, context, partial])
        if sources:
            plan.merges.append([i, len(plan.merge_sources), len(sources), 0])
            plan.merge_sources += sources
    plan.pieces = sorted(pieces, key=lambda p: p[3] - p[4])
    return plan


def time_decode():
    random.seed(1)
    tunings = json.loads(os.environ.get("TUNINGS", "[{}]"))
    cases = [("8b 256 rows of 600", (128, 32, 8), [600] * 256, 1 << 20),
             ("8b 256 rows of 64 to 1100", (128, 32, 8), [random.randint(64, 1100) for _ in range(256)], 1 << 20),
             ("8b 1024 rows of 64 to 576", (128, 32, 8), [random.randint(64, 576) for _ in range(1024)], 1 << 20),
             ("8b 512 rows of 300 to 2500", (128, 32, 8), [random.randint(300, 2500) for _ in range(512)], 1 << 20),
             ("8b 100 rows of 150 to 500", (128, 32, 8), [random.randint(150, 500) for _ in range(100)], 1 << 20),
             ("1b 100 rows of 150 to 500", (64, 32, 8), [random.randint(150, 500) for _ in range(100)], 1 << 20),
             ("8b 64 rows of 2000", (128, 32, 8), [2000] * 64, 1024),
             ("8b 8 rows of 16000, split 512", (128, 32, 8), [16000] * 8, 512),
             ("8b 1 row of 16000, split 512", (128, 32, 8), [16000], 512),
             ("1b 256 rows of 600", (64, 32, 8), [600] * 256, 1 << 20),
             ("1b 1024 rows of 64 to 576", (64, 32, 8), [random.randint(64, 576) for _ in range(1024)], 1 << 20)]
    for name, heads, contexts, split in cases:
        for fp8 in json.loads(os.environ.get("DECODE_FP8", "[0, 1]")):
            paged = Paged(*heads, fp8, contexts)
            moved = sum(contexts) * heads[2] * heads[0] * 2 * (1 if fp8 else 2) / 1e9
            for tuning in tunings:
                if tuning.get("tile", 32) < 32 and fp8:
                    continue
                if shape(16, heads[0], fp8, **tuning)[1] > 227 * 1024:
                    continue
                time = run_attention(paged, len(contexts), [(16, decode_plan(paged, split))], tuning)
                report("attention_16 decode", f"{name} fp8 {fp8} {tuning or ''}", time, moved)
            torch.cuda.empty_cache()


def prefill_plan(paged, chunks, height, causal=True):
    """Sequences whose last `chunk` tokens are queries; they see their whole contexts where not causal."""
    plan = Plan()
    tables = paged.tables_of(plan)
    most = height // (paged.heads // paged.kv_heads)
    token = 0
    for table, context, chunk in zip(tables, paged.contexts, chunks):
        first = context - chunk
        for start in range(0, chunk, most):
            count = min(most, chunk - start)
            row = len(plan.rows)
            ends = [first + start + i + 1 if causal else context for i in range(count)]
            plan.rows += [[token + start + i, 0, end, -1] for i, end in enumerate(ends)]
            plan.pieces.append([row, count, table, 0, ends[-1], 0, ends[0], -1])
        token += chunk
    plan.pieces.sort(key=lambda p: p[3] - p[4])
    return plan


PREFILLS = [("1x8192", [8192], [8192]), ("16x512", [512] * 16, [512] * 16), ("11x775", [775] * 11, [775] * 11),
            ("54x152 behind 512", [664] * 54, [152] * 54), ("2048 behind 6144, not causal", [8192], [2048])]
SHAPES = {"8b": (128, 32, 8), "1b": (64, 32, 8), "256": (256, 16, 8)}


def time_prefill():
    """Variants: a JSON list of [name of SHAPES, fp8, arguments of attend_in_warpgroups, or null for attention_128]."""
    variants = [["8b", 0, {}], ["8b", 1, {}], ["1b", 0, {}], ["1b", 1, {}], ["256", 0, {}], ["256", 1, None]]
    for model, fp8, warpgroup in json.loads(os.environ.get("VARIANTS", "null")) or variants:
        heads = SHAPES[model]
        for name, contexts, chunks in PREFILLS:
            causal = "not causal" not in name
            paged = Paged(*heads, fp8, contexts, shared=512 if "behind 512" in name else 0)
            scores = sum(c * q - (q * (q - 1) / 2 if causal else 0) for c, q in zip(contexts, chunks))
            flop = 4 * scores * heads[0] * heads[1] / 1e12
            kernel = 128 if warpgroup is None else warpgroup
            time = run_attention(paged, sum(chunks), [(kernel, prefill_plan(paged, chunks, 128, causal))])
            report(f"prefill {model} fp8 {fp8}", f"{name} {kernel}", time, teraflop=flop)
            torch.cuda.empty_cache()


def time_prefix():
    """Groups of rows that share a prefix each: every row reads it, or tiles of a group's rows do."""
    cases = json.loads(os.environ.get("PREFIXES", "null")) or [
        [1, 1024, 512, 150], [64, 16, 1024, 60], [64, 8, 1024, 60], [64, 4, 1024, 60], [64, 2, 1024, 60],
        [128, 4, 512, 200], [64, 16, 256, 300]]
    for groups, members, prefix, own in cases:
        for fp8 in (0, 1):
            rows = groups * members
            paged = Paged(128, 32, 8, fp8, [prefix + own] * rows, shared=prefix, members=members)
            alone = run_attention(paged, rows, [(16, decode_plan(paged, 1 << 20))])
            name = f"{groups} x {members} rows {prefix}+{own} fp8 {fp8}"
            report("each row reads the prefix", name, alone)
            for kernel, height, splits in ((16, 16, 1), (64, 64, 1), ({}, 128, 1)):
                suffix = decode_plan(paged, 1 << 20, start=prefix)
                dense = Plan(rows=suffix.rows, block_tables=suffix.block_tables)
                starts = [0]
                for table in paged.tables:
                    starts.append(starts[-1] + len(table))
                for group in range(groups):
                    end_row = (group + 1) * members
                    for start in range(group * members, end_row, height // 4):
                        count = min(height // 4, end_row - start)
                        for part in range(splits):
                            partial = suffix.partials
                            suffix.partials += count
                            for i in range(count):
                                suffix.merges[start + i].append(partial + i)
                            begin, end = prefix * part // splits, prefix * (part + 1) // splits
                            dense.pieces.append([start, count, starts[start], begin, end, 0, prefix, partial])
                sources = []
                for merge in suffix.merges:
                    own_sources = suffix.merge_sources[merge[1] : merge[1] + merge[2]] + merge[4:]
                    merge[1:] = [len(sources), len(own_sources), 0]
                    sources += own_sources
                suffix.merge_sources = sources
                time = run_attention(paged, rows, [(kernel, dense), (16, suffix)])
                report(f"prefix once, {kernel} in {splits}", name, time, paged.bytes / 1e9)
            torch.cuda.empty_cache()


def time_weights():
    rows, columns = 14336, 4096
    output = bf16(rows, columns)
    for name, size in (("q4_1", 20), ("q8_0", 34), ("q6_k", 210 / 8), ("f32", 128), ("bf16", 64)):
        source = torch.randint(0, 255, (int(rows * columns / 32 * size),), device=DEVICE, dtype=torch.uint8)
        time = seconds([lambda: Module("dequantize").launch(f"dequantize_{name}", rows * columns // 8 // 256, 256, source,
                                                            output, rows, columns, 0)] * 3)
        report("dequantize_" + name, f"{rows}x{columns}", time, (rows * columns * (2 + size / 32)) / 1e9)
    table = torch.randn(65536, device=DEVICE)
    time = seconds([lambda: Module("random").launch("random_rows", rows * columns // 4 // 256, 256, table,
                                                    numpy.int64(1 << 40), 0, output, rows, columns)] * 3)
    report("random_rows", f"{rows}x{columns}", time, rows * columns * 2 / 1e9)


if __name__ == "__main__":
    source = torch.randn(1 << 30, device=DEVICE)
    target = torch.empty_like(source)
    time = seconds([lambda: torch.neg(source, out=target)] * 3)
    copy_bandwidth = 2 * source.numel() * 4 / time / 1e9
    report("copy (an element-wise kernel)", "4 GiB", time, 2 * source.numel() * 4 / 1e9)
    del source, target
    left, right = bf16(8192, 8192), bf16(8192, 8192)
    report("torch matmul", "8192^3 bf16", seconds([lambda: left @ right] * 5), teraflop=2 * 8192**3 / 1e12)
    del left, right
    for group in sys.argv[1:] or ["rows", "products", "rotary", "sampling", "decode", "prefill", "prefix", "weights"]:
        globals()["time_" + group]()
        torch.cuda.empty_cache()
    if "OUT" in os.environ:
        with open(os.environ["OUT"] + "/timings.json", "a") as file:
            file.writelines(json.dumps(line) + "\n" for line in results)
