"""Random attention work lists, a float64 reference, and the launches; used by checks.py and timings.py."""

import math
import random
from dataclasses import dataclass, field

import torch
from kernels import Module, ceil_divide, head_stride

DEVICE = "cuda"


def pitch(size):
    return size if size // 16 % 2 == 1 else size + 16


def shape(height, head_size, fp8, tile=None, stages=None, streams=None, blocks=None):
    """Threads and bytes of shared memory of attention_<height>, as attention.cu has them."""
    stride = head_stride(head_size)
    if height == 16:
        streams = streams or (1 if fp8 else 2)
        warps, stages = 1, stages or 2
        tile = tile or (16 if stride > 64 and not fp8 else 32)
    else:
        streams, stages = 1, 2
        warps = 8 if height == 128 and stride > 128 else 4
        tile = tile or (32 if stride > 128 or stride <= 64 or fp8 else 64)
    stage = 2 * (tile * pitch(stride * (1 if fp8 else 2)) + (tile * 4 if fp8 else 0))
    results = streams * height * (stride + 2) * 4 if streams > 1 else 0
    return 32 * warps * streams, height * 12 + height * pitch(stride * 2) + max(streams * stages * stage, results)


def warpgroup_shape(head_size, fp8, tile=None, stages=None, producers=None):
    """Threads and bytes of shared memory of attention_warpgroup, whose tiles have 128 rows."""
    tile = tile or (128 if head_size == 64 and not fp8 else 64)
    stages = stages or (2 if head_size > 128 else 3 if tile > 64 or fp8 else 4)
    query_stages = 1 if head_size > 128 else 2
    queries = query_stages * (128 * head_size * 2 + 32 + 128 * 16)
    raw = 4 * tile * head_size + 2 * stages * tile * 4 if fp8 else 0
    shared = queries + 2 * stages * tile * head_size * 2 + raw + 16 * (query_stages + 2 * stages)
    return 128 * (2 + (producers or (2 if fp8 else 1))), shared


@dataclass
class Plan:
    """Lists as the kernels read them."""

    pieces: list = field(default_factory=list)
    rows: list = field(default_factory=list)
    tree_masks: list = field(default_factory=list)
    block_tables: list = field(default_factory=list)
    merges: list = field(default_factory=list)
    merge_sources: list = field(default_factory=list)
    partials: int = 0

    def to_device(self):
        def tensor(values, width):
            flat = torch.tensor(values, dtype=torch.int32).reshape(-1, width)
            return (flat if len(flat) else torch.zeros(1, width, dtype=torch.int32)).to(DEVICE)

        self.device = [tensor(self.pieces, 8), tensor(self.rows, 4), tensor(self.tree_masks, 1),
                       tensor(self.block_tables, 1), tensor(self.merges, 4), tensor(self.merge_sources, 1)]


class Launcher:
    def __init__(self, head_size, heads, kv_heads, block_size, fp8, **definitions):
        self.head_size, self.heads, self.kv_heads, self.fp8 = head_size, heads, kv_heads, fp8
        self.definitions = dict(HEAD_SIZE=head_size, QUERY_GROUP=heads // kv_heads, BLOCK_SIZE=block_size, KV_FP8=fp8,
                                SOFT_CAP=0, SINKS=0)
        self.module = Module("attention", **self.definitions, **definitions)

    def attend(self, height, plan, queries, keys, values, key_scales, value_scales, output, partials, log_sums, **tuning):
        pieces, rows, masks, tables = plan.device[:4]
        threads, shared = shape(height, self.head_size, self.fp8, **tuning)
        self.module.launch(f"attention_{height}", len(plan.pieces) * self.kv_heads, threads, queries, keys, values,
                           key_scales, value_scales, pieces, rows, masks, tables, output, partials, log_sums,
                           self.kv_heads, self.head_size**-0.5, 0.0, None, shared=shared)

    def attend_in_warpgroups(self, plan, queries, keys, values, key_scales, value_scales, output, partials, log_sums,
                             multiprocessors=132, tile=None, stages=None, producers=None, arriving_lanes=None):
        """attention_warpgroup, for pieces of 128 rows."""
        definitions = {"TILE_TOKENS": tile, "TILE_STAGES": stages, "PRODUCER_WARPGROUPS": producers,
                       "ARRIVING_LANES": arriving_lanes}
        definitions = {key: value for key, value in definitions.items() if value}
        module = Module("attention_warpgroup", **self.definitions, **definitions)
        pieces, rows, masks, tables = plan.device[:4]
        threads, shared = warpgroup_shape(self.head_size, self.fp8, tile, stages, producers)
        module.launch("attention_warpgroup", min(multiprocessors, len(plan.pieces) * self.kv_heads), threads, queries,
                      keys, values, key_scales, value_scales, pieces, rows, masks, tables, output, partials, log_sums,
                      self.kv_heads, self.head_size**-0.5, 0.0, None, len(plan.pieces), shared=shared)

    def merge(self, plan, partials, log_sums, output):
        self.module.launch("merge_attention", (len(plan.merges), ceil_divide(self.heads, 8)), 256, partials, log_sums,
                           plan.device[4], plan.device[5], output, None, self.heads)


@dataclass
class Sequence:
    blocks: list
    context: int
    tokens: list  # rows of the step
    window: int
    parents: list

    def visible(self):
        """For each query token: begin, end, nodes of the tree that it sees."""
        tree_start = self.context - len(self.parents)
        result = []
        for i in range(len(self.tokens)):
            position = self.context - len(self.tokens) + i
            nodes = []
            end = position + 1
            if position >= tree_start:
                node = position - tree_start
                while node >= 0:
                    nodes.append(node)
                    node = self.parents[node]
                position = tree_start + len(nodes) - 1
                end = tree_start
                if self.window:
                    nodes = nodes[: self.window]
            begin = max(0, position - self.window + 1) if self.window else 0
            result.append((min(begin, end), end, nodes))
        return result


@dataclass
class Case:
    name: str
    head_size: int
    heads: int
    kv_heads: int
    block_size: int
    fp8: int
    height: int
    sequences: list
    plan: Plan
    block_count: int
    token_count: int


def add_rows(plan, sequence, indices):
    first = len(plan.rows)
    visible = sequence.visible()
    for i in indices:
        begin, end, nodes = visible[i]
        mask = -1
        if nodes:
            mask = len(plan.tree_masks)
            words = [0] * ceil_divide(len(sequence.parents), 32)
            for node in nodes:
                words[node // 32] |= 1 << node % 32
            plan.tree_masks += [w - (1 << 32) if w >> 31 else w for w in words]
        plan.rows.append([sequence.tokens[i], begin, end, mask])
    seen = [visible[i] for i in indices]
    low = min(begin for begin, _, _ in seen)
    high = max(max([end] + [end + node + 1 for node in nodes]) for _, end, nodes in seen)
    return first, low, high, max(begin for begin, _, _ in seen), min(end for _, end, _ in seen)


def random_cases(head_size, heads, kv_heads, block_size, fp8, height, longest=250):
    generator = random.Random(torch.randint(1 << 30, (1,)).item())
    group = heads // kv_heads
    for name in ("whole", "split", "prefix"):
        plan = Plan()
        free = list(range((2500 + 5 * longest) // block_size + 100))
        block_count = len(free)
        generator.shuffle(free)
        sequences = []
        prefix_blocks = generator.randint(1, 60 // block_size + 1) if name == "prefix" else 0
        shared = [free.pop() for _ in range(prefix_blocks)]
        for _ in range(5):
            queries = generator.choice([1, 1, 2, 5, 40])
            context = prefix_blocks * block_size + queries + generator.randint(0, longest)
            window = generator.choice([0, 0, 9, 100]) if name != "prefix" else 0
            tree = generator.choice([0, generator.randint(1, queries)])
            if queries == 40 and generator.random() < 0.5:
                tree = 39
            parents = [generator.randint(-1, n - 1) for n in range(tree)]
            blocks = shared + [free.pop() for _ in range(ceil_divide(context, block_size) - prefix_blocks)]
            sequences.append(Sequence(blocks, context, [0] * queries, window, parents))
        tokens = list(range(sum(len(s.tokens) for s in sequences)))
        generator.shuffle(tokens)
        token_count = len(tokens)
        for sequence in sequences:
            sequence.tokens = [tokens.pop() for _ in sequence.tokens]
        sources = {}
        table_of = []
        for sequence in sequences:
            table_of.append(len(plan.block_tables))
            plan.block_tables += sequence.blocks
        most = max(1, height // group)

        def add_piece(table, first, count, begin, end, unmasked_begin, unmasked_end, rows):
            partial = -1
            if name != "whole":
                partial = plan.partials
                plan.partials += count
                for i, token in enumerate(rows):
                    sources.setdefault(token, []).append(partial + i)
            plan.pieces.append([first, count, table, begin, end, unmasked_begin, unmasked_end, partial])

        if name == "prefix":
            pairs = [(s, i) for s in sequences for i in range(len(s.tokens))]
            generator.shuffle(pairs)
            for start in range(0, len(pairs), most):
                chunk = pairs[start : start + most]
                first = len(plan.rows)
                for sequence, i in chunk:
                    plan.rows.append([sequence.tokens[i], 0, prefix_blocks * block_size, -1])
                end = prefix_blocks * block_size
                add_piece(table_of[0], first, len(chunk), 0, end, 0, end, [s.tokens[i] for s, i in chunk])
        for sequence, table in zip(sequences, table_of):
            count = len(sequence.tokens)
            for start in range(0, count, most):
                indices = list(range(start, min(count, start + most)))
                first, low, high, unmasked_begin, unmasked_end = add_rows(plan, sequence, indices)
                low = max(low, prefix_blocks * block_size)
                cuts = [low, high]
                if name == "split":
                    cuts = sorted(set(cuts + [generator.randint(low, high) for _ in range(generator.randint(0, 4))]))
                for begin, end in zip(cuts, cuts[1:]):
                    add_piece(table, first, len(indices), begin, end, unmasked_begin, unmasked_end,
                              [sequence.tokens[i] for i in indices])
        for token, partials in sources.items():
            plan.merges.append([token, len(plan.merge_sources), len(partials), 0])
            plan.merge_sources += partials
        # Padding, as for a graph.
        plan.pieces.append([0, 0, 0, 0, 0, 0, 0, -1])
        if plan.merges:
            plan.merges.append([0, 0, 0, 0])
        plan.to_device()
        yield Case(name, head_size, heads, kv_heads, block_size, fp8, height, sequences, plan, block_count, token_count)


def check(case, **warpgroup):
    """Runs the case; the norm of the error over that of the reference, of the worst sequence.

    With arguments of attend_in_warpgroups, by attention_warpgroup.
    """
    stride = head_stride(case.head_size)
    shape_of_cache = (2, case.block_count, case.kv_heads, case.block_size, stride)
    content = torch.randn(shape_of_cache, device=DEVICE)
    content[..., case.head_size :] = 0
    scales = None
    if case.fp8:
        scales = torch.rand(shape_of_cache[:-1], device=DEVICE) * 0.02 + 0.001
        cache = (content * 100).clamp(-448, 448).to(torch.float8_e4m3fn)
        exact = cache.double() * scales[..., None].double()
        cache = cache.view(torch.uint8)
    else:
        cache = content.bfloat16()
        exact = cache.double()
    covered = torch.zeros(case.block_count, case.block_size, dtype=torch.bool, device=DEVICE)
    for sequence in case.sequences:
        for token in range(sequence.context):
            covered[sequence.blocks[token // case.block_size], token % case.block_size] = True
    hidden = ~covered[None, :, None, :].expand(2, -1, case.kv_heads, -1)
    cache[hidden] = 0x7F if case.fp8 else math.nan
    if case.fp8:
        scales[hidden] = math.nan
    queries = torch.zeros(case.token_count, case.heads, stride, device=DEVICE, dtype=torch.bfloat16)
    queries[..., : case.head_size] = torch.randn(case.token_count, case.heads, case.head_size, device=DEVICE) * 1.5
    output = torch.full((case.token_count, case.heads, case.head_size), math.nan, device=DEVICE, dtype=torch.bfloat16)
    partials = torch.full((max(1, case.plan.partials), case.heads, case.head_size), math.nan, device=DEVICE)
    log_sums = torch.full((max(1, case.plan.partials), case.heads), math.nan, device=DEVICE)
    launcher = Launcher(case.head_size, case.heads, case.kv_heads, case.block_size, case.fp8)
    arguments = (case.plan, queries, cache[0], cache[1], scales[0] if case.fp8 else None,
                 scales[1] if case.fp8 else None, output, partials, log_sums)
    if warpgroup:
        launcher.attend_in_warpgroups(*arguments, **warpgroup)
    else:
        launcher.attend(case.height, *arguments)
    if case.plan.merges:
        launcher.merge(case.plan, partials, log_sums, output)
    group = case.heads // case.kv_heads
    worst = 0.0
    for sequence in case.sequences:
        blocks = torch.tensor(sequence.blocks, device=DEVICE)
        context = exact[:, blocks].permute(0, 2, 1, 3, 4).reshape(2, case.kv_heads, -1, stride)
        context = context[:, :, : sequence.context, : case.head_size]
        keys, values = (part.repeat_interleave(group, 0) for part in context)
        rows = torch.tensor(sequence.tokens, device=DEVICE)
        scores = torch.einsum("qhd,hkd->hqk", queries[rows][..., : case.head_size].double(), keys)
        visible = torch.zeros(len(rows), sequence.context, dtype=torch.bool)
        for i, (begin, end, nodes) in enumerate(sequence.visible()):
            visible[i, begin:end] = True
            for node in nodes:
                visible[i, end + node] = True
        scores = scores * case.head_size**-0.5
        scores = scores.masked_fill(~visible.to(DEVICE)[None], -math.inf)
        expected = torch.einsum("hqk,hkd->qhd", scores.softmax(-1), values)
        difference = ((output[rows].double() - expected).norm() / expected.norm()).item()
        worst = math.inf if math.isnan(difference) else max(worst, difference)
    return worst
