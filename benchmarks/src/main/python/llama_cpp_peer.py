"""llama.cpp (llama-cpp-python, built natively) on the CPU workloads of cpu_rows.py: the strong baseline.

    CMAKE_ARGS="-DGGML_NATIVE=ON" pip install llama-cpp-python numpy
    python llama_cpp_peer.py MODEL.gguf ROWS_DIR [key=value ...]

Keys: threads=2, seqs=16 (rows together), ubatch=512, unified=0|1 (one KV buffer for all sequences, or one each), flash=0|1, kv=f16|f32,
repack=1, label=1, generate=1, rows=N (fewer), reuse=1|0|both, repeat=1, out=FILE (token ids as JSON lines),
tokens=DIR (only writes the prompts' token ids, DIR/cpu_label.tokens.jsonl and DIR/cpu_generate.tokens.jsonl).

Groups of `seqs` rows: one llama_decode for all their prompts (logits for each last token only), then one for each output step, greedy
by arg max, end of sequence ignored. With reuse=1 the common prefix of all rows is evaluated once, llama_memory_seq_cp gives it to every
sequence, and only the rest of a prompt is decoded; between groups everything after the prefix is removed.
"""
import ctypes, json, os, sys, time

import llama_cpp as L
import numpy as np

CALLBACK = L.llama_log_callback(lambda level, text, user: sys.stderr.write(text.decode()) if os.environ.get("LLAMA_LOG") else None)


class Peer:
    def __init__(self, path, threads=2, seqs=16, ubatch=512, unified=0, flash=1, kv="f16", repack=1, per_seq=512):
        L.llama_log_set(CALLBACK, ctypes.c_void_p(0))
        L.llama_backend_init()
        mp = L.llama_model_default_params()
        mp.use_extra_bufts = bool(repack)
        mp.n_gpu_layers = 0
        self.model = L.llama_model_load_from_file(path.encode(), mp)
        self.vocab = L.llama_model_get_vocab(self.model)
        self.n_vocab = L.llama_vocab_n_tokens(self.vocab)
        cp = L.llama_context_default_params()
        cp.n_seq_max, cp.n_ctx = seqs + 1, per_seq * (seqs + 1)
        cp.n_batch, cp.n_ubatch = per_seq * (seqs + 1), ubatch
        cp.n_threads = cp.n_threads_batch = threads
        cp.flash_attn_type, cp.kv_unified = flash, bool(unified)
        cp.type_k = cp.type_v = 0 if kv == "f32" else 1
        self.ctx = L.llama_init_from_model(self.model, cp)
        assert self.ctx, "no context"
        self.memory, self.seqs = L.llama_get_memory(self.ctx), seqs
        n = cp.n_batch
        self.token, self.pos = np.zeros(n, np.int32), np.zeros(n, np.int32)
        self.n_seq, self.seq, self.flag = np.ones(n, np.int32), np.zeros(n, np.int32), np.zeros(n, np.int8)
        base = self.seq.ctypes.data
        self.seq_pointers = (ctypes.POINTER(ctypes.c_int32) * n)(*[ctypes.cast(base + 4 * i, ctypes.POINTER(ctypes.c_int32)) for i in range(n)])
        at = lambda a, t: a.ctypes.data_as(ctypes.POINTER(t))
        self.batch = L.llama_batch_init(1, 0, 1)
        self.batch.token, self.batch.pos = at(self.token, ctypes.c_int32), at(self.pos, ctypes.c_int32)
        self.batch.n_seq_id, self.batch.seq_id, self.batch.logits = at(self.n_seq, ctypes.c_int32), self.seq_pointers, at(self.flag, ctypes.c_int8)

    def tokenize(self, text):
        raw = text.encode()
        ids = (L.llama_token * (len(raw) + 8))()
        return list(ids[:L.llama_tokenize(self.vocab, raw, len(raw), ids, len(ids), False, True)])

    def decode(self, parts, want_logits=True):
        """parts: (sequence, first position, tokens); arg max after each part's last token."""
        n, last = 0, []
        for s, p, tokens in parts:
            m = n + len(tokens)
            self.token[n:m], self.pos[n:m], self.seq[n:m], self.flag[n:m] = tokens, np.arange(p, p + len(tokens)), s, 0
            self.flag[m - 1] = want_logits
            n = m
            last.append(n - 1)
        self.batch.n_tokens = n
        code = L.llama_decode(self.ctx, self.batch)
        assert code == 0, f"llama_decode returned {code}"
        if want_logits:
            return [self.logits(i).argmax().item() for i in last]

    def logits(self, i):
        return np.ctypeslib.as_array(L.llama_get_logits_ith(self.ctx, i), (self.n_vocab,))

    def run(self, prompts, steps, reuse):
        out, shared = [], 0
        L.llama_memory_clear(self.memory, False)
        evaluated = 0
        if reuse:
            while all(shared < len(p) - 1 and p[shared] == prompts[0][shared] for p in prompts): shared += 1
            self.decode([(self.seqs, 0, prompts[0][:shared])], False)
            evaluated += shared
            for s in range(self.seqs): L.llama_memory_seq_cp(self.memory, self.seqs, s, -1, -1)
        for g in range(0, len(prompts), self.seqs):
            group = prompts[g:g + self.seqs]
            if g:
                for s in range(self.seqs): L.llama_memory_seq_rm(self.memory, s, shared, -1)
            evaluated += sum(len(p) - shared for p in group)
            tokens = self.decode([(s, shared, p[shared:]) for s, p in enumerate(group)])
            rows = [[t] for t in tokens]
            for step in range(steps - 1):
                tokens = self.decode([(s, len(p) + step, [rows[s][-1]]) for s, p in enumerate(group)])
                for r, t in zip(rows, tokens): r.append(t)
            out += rows
        return out, evaluated


def main():
    path, folder = sys.argv[1:3]
    opt = dict(a.split("=", 1) for a in sys.argv[3:])
    take = lambda k, d: opt.get(k, d)
    kw = {k: (v if k == "kv" else int(v)) for k, v in opt.items() if k in ("threads", "seqs", "ubatch", "unified", "flash", "kv", "repack")}
    print("libllama", L.llama_print_system_info().decode().strip(), flush=True)
    peer = Peer(path, **kw)
    for name, steps in ("cpu_label", 3), ("cpu_generate", 32):
        if not int(take(name[4:], 1)): continue
        texts = [json.loads(line) for line in open(os.path.join(folder, name + ".jsonl"))]
        texts = texts[:int(take("rows", len(texts)))]
        t = time.perf_counter()
        prompts = [peer.tokenize(r["prompt"]) for r in texts]
        t_tok = time.perf_counter() - t
        n = sum(map(len, prompts))
        if "tokens" in opt:
            with open(os.path.join(opt["tokens"], name + ".tokens.jsonl"), "w") as f:
                for r, p in zip(texts, prompts): f.write(json.dumps(dict(id=r["id"], ids=p)) + "\n")
            continue
        for reuse in {"1": [1], "0": [0], "both": [1, 0]}[take("reuse", "both")]:
            if name == "cpu_generate" and reuse and take("reuse", "both") == "both": continue
            for _ in range(int(take("repeat", 1))):
                peer.run(prompts[:peer.seqs], 2, reuse)  # warm up
                t, cpu = time.perf_counter(), time.process_time()
                out, evaluated = peer.run(prompts, steps, reuse)
                t, cpu = time.perf_counter() - t, time.process_time() - cpu
                print(f"llama.cpp {name} {' '.join(f'{k}={v}' for k, v in kw.items())} reuse={reuse}: {t:.2f} s, {len(out) / t:.2f} rows/s, "
                      f"prompt tok/s {n / t:.0f} (evaluated {evaluated / t:.0f}), output tok/s {steps * len(out) / t:.1f}, tokenizing {t_tok * 1e3:.0f} ms, {cpu:.2f} CPU s", flush=True)
            if "out" in opt:
                with open(f"{opt['out']}.{name}.reuse{reuse}.jsonl", "w") as f:
                    for r, o in zip(texts, out): f.write(json.dumps(dict(id=r["id"], ids=o)) + "\n")


if __name__ == "__main__":
    main()
