"""Random fields for every endpoint, nearly all of which are answered, and the spelling of numbers as bytes and JSON. Used by src/ci/replay.py."""
import base64, copy, glob, json, math, re, struct

MEASURES = ["entropy", "varentropy", "margin", "min_entropy", "renyi", "tsallis", "gini", "collision", "kl_from_uniform", "self_certainty", "quadrant_noise_floor",
            "fisher_rao", "quadrant", "surprisal_of", "rank_of", "logtoku", "deepconf"]
ESTIMATES = ["midpoint", "low", "high", "bucket", "truncated", "renormalized"]
DIALECTS = ["auto", "openai_chat", "openai_completion", "openai_responses", "vllm", "sglang", "tgi", "llamacpp", "ollama"]
WORDS = [" the", " a", "Paris", "\n", " ö", "日", "", "\u2028", "\\", '"', " 🙂", "x" * 30, "</s>", " b", " c", " d"]
ENDPOINTS = {}
RESPONSES = [json.load(open(file, encoding="utf-8")) for file in sorted(glob.glob("src/test/resources/dialects/*.json"))]


def raw(text):
    """Stands in a value for JSON that Python would not write."""
    return "~raw~" + text


def write(value, r=None):
    spaced = r is not None and r.random() < 0.1
    text = json.dumps(value, ensure_ascii=r is None or r.random() < 0.7, separators=None if spaced else (",", ":"),
                      indent=r.choice([None, 1]) if spaced else None)
    return re.sub(r'"~raw~([^"]*)"', r"\1", text)


def chance(r, share):
    return r.random() < share


def maybe(r, fields, share, name, make):
    if r.random() < share:
        fields[name] = make()


def number(x):
    return -math.inf if x is None or isinstance(x, str) else float(x)


def pack(dtype, numbers, order="<"):
    if dtype == "bf16":
        return b"".join(struct.pack("<f", clamp(x, 3e38))[2:] for x in numbers)
    code, most = {"f32": ("f", 3e38), "f16": ("e", 65000), "f64": ("d", 1e308)}[dtype]
    return struct.pack(f"{order}{len(numbers)}{code}", *[clamp(x, most) for x in numbers])


def clamp(x, most):
    return x if math.isinf(x) or math.isnan(x) else max(-most, min(most, x))


# Rows.

def width(r):
    return r.choice([1, 2, 2, 3, 4, 5, 7, 8, 9, 12, 16, 17, 25, 33, 40, 64, 100, 257]) if chance(r, 0.97) else r.choice([1000, 1900])


def score_row(r, n):
    style = r.randrange(7)
    if style == 0:
        return [0] * n
    if style == 1:
        return [r.randint(-3, 3) for _ in range(n)]  # ties
    if style == 2:
        row = [round(r.gauss(0, 1), 3) for _ in range(n)]
        row[r.randrange(n)] += r.choice([5, 20, 100, 800])
        return row
    digits = r.choice([1, 2, 4, 6, 17])
    spread = r.choice([0.1, 1, 2.5, 6, 30])
    return [round(r.gauss(0, spread), digits) for _ in range(n)]


def probabilities(scores):
    best = max(scores)
    weights = [math.exp(s - best) for s in scores]
    total = sum(weights)
    return [w / total for w in weights]


def log(p):
    return math.log(p) if p > 0 else "-Infinity"


def whole_rows(r, kind=None, rows=None, n=None):
    """(kind, rows): all of one length, nearly all of them fit to be answered."""
    kind = kind or r.choice(["logits", "logits", "logits", "probs", "logprobs"])
    n = n or width(r)
    rows = rows or (r.choice([1, 1, 1, 2, 3, 5, 8]) if n < 300 else 1)
    found = []
    for _ in range(rows):
        row = score_row(r, n)
        if kind == "logits":
            if chance(r, 0.25):
                keep = r.randrange(n)
                mask = r.choice(["-Infinity", None, "-inf", raw("-Infinity"), "mixed"])
                for i in range(n):
                    if i != keep and chance(r, 0.3):
                        row[i] = r.choice(["-Infinity", None, "-inf"]) if mask == "mixed" else mask
        else:
            p = probabilities(row)
            if chance(r, 0.2) and n > 2:
                p[p.index(min(p))] = 0
            total = sum(p) * r.choice([1, 1, 1, 1.0004, 0.9995, 1.0000005])
            p = [x / total for x in p]
            row = p if kind == "probs" else [log(x) for x in p]
        found.append(row)
    return kind, found


def best_list(r, vocab):
    """The best k of a row as servers give them: bare numbers, or objects."""
    n = min(vocab, 60)
    p = sorted(probabilities([r.gauss(0, r.choice([0.5, 2, 4])) for _ in range(n)]), reverse=True)
    k = r.randint(1, min(n, r.choice([1, 2, 5, 5, 10, 20])))
    digits = r.choice([3, 4, 6, 17])
    best = [round(math.log(max(x, 1e-300)), digits) for x in p[:k]]
    style = r.randrange(9)
    if style == 0 and k > 2:
        best[-1] = r.choice([-9999, -9999.0, -1000, "-Infinity", raw("-Infinity")])
    if style == 1 and k > 2:
        best[-2:] = [-100, -100]
    if style == 2 and k > 1 and k < n:
        best = [round(math.log(p[-1]) - 0.5, digits)] + best  # sampled outside the best k
    if style == 3:
        r.shuffle(best)
    if chance(r, 0.5):
        return best
    ids, words = chance(r, 0.4), chance(r, 0.7)
    names = r.sample(range(vocab), len(best)) if vocab >= len(best) else range(len(best))
    entries = []
    for i, logprob in enumerate(best):
        entry = {"logprob": logprob}
        if words:
            entry["token"] = (WORDS[i % len(WORDS)] + (str(i) if i >= len(WORDS) else "")) if chance(r, 0.95) else "same"
        if ids:
            entry["id"] = names[i]
        if words and chance(r, 0.2):
            entry["bytes"] = list(entry["token"].encode())
        entries.append(entry)
    return entries


def best_row(r, vocab):
    found = best_list(r, vocab)
    if chance(r, 0.65):
        return found
    row = {"top_logprobs": found}
    if chance(r, 0.4):
        row["sampled_logprob"] = round(-r.expovariate(0.3) - 0.1, 3)
    if chance(r, 0.3):
        row["complete"] = chance(r, 0.5)
    return row


def chat_response(r):
    """An OpenAI chat response with random tokens."""
    content = []
    for _ in range(r.randint(0, 6)):
        top = best_list(r, 5000)
        entries = [e if isinstance(e, dict) else {"token": WORDS[i % len(WORDS)], "logprob": e} for i, e in enumerate(top)]
        entries = [{"token": e.get("token", WORDS[i % len(WORDS)]), "logprob": e["logprob"] if isinstance(e["logprob"], (int, float)) else -9999.0}
                   for i, e in enumerate(entries)]
        chosen = r.choice(entries)
        content.append({**chosen, "top_logprobs": entries if chance(r, 0.9) else []})
    choices = [{"index": 0, "message": {"role": "assistant", "content": "x"}, "logprobs": {"content": content}, "finish_reason": "stop"}]
    if chance(r, 0.1):
        choices.append({**copy.deepcopy(choices[0]), "index": 1})
    return {"id": "c", "object": "chat.completion", "model": "m", "choices": choices}


def input_fields(r, kinds=("whole", "whole", "whole", "best", "best", "openai", "summary", "entropies", "base64")):
    kind = r.choice(kinds)
    if kind == "whole":
        name, rows = whole_rows(r)
        fields = {name: rows[0] if len(rows) == 1 and chance(r, 0.3) else rows}
        if chance(r, 0.1):
            fields["vocab_size"] = len(rows[0]) + (0 if chance(r, 0.9) else 1)
        return fields
    if kind == "base64":
        name, rows = whole_rows(r, "logits")
        dtype = r.choice(["f32", "f16", "bf16", "f64"])
        numbers = [number(x) for row in rows for x in row]
        return {name: {"dtype": dtype, "shape": [len(rows), len(rows[0])], "data": base64.b64encode(pack(dtype, numbers)).decode()}}
    vocab = r.choice([60, 100, 5000, 32000, 128256, 151936])
    fields = {"vocab_size": vocab} if chance(r, 0.75) else {}
    rows = r.choice([1, 1, 2, 3, 6])
    if kind == "best":
        fields["top_logprobs"] = [best_row(r, vocab) for _ in range(rows)] if chance(r, 0.85) else best_row(r, vocab)
    elif kind == "openai":
        made = chance(r, 0.5)
        fixture = r.choice(RESPONSES)
        fields["openai"] = chat_response(r) if made else fixture["response"]
        if not made and "dialect" in fixture and chance(r, 0.9):
            fields["dialect"] = fixture["dialect"]
        elif chance(r, 0.2):
            fields["dialect"] = r.choice(DIALECTS)
    elif kind == "summary":
        summaries = []
        for _ in range(rows):
            row = {"entropy": round(r.expovariate(0.7), r.choice([2, 4, 17]))}
            maybe(r, row, 0.4, "varentropy", lambda: round(r.expovariate(0.7), 4))
            maybe(r, row, 0.2, "top_logprobs", lambda: best_list(r, vocab))
            summaries.append(row)
        fields["summary"] = summaries if chance(r, 0.9) else summaries[0]
    else:
        fields["entropies"] = [round(r.expovariate(0.7), r.choice([1, 4, 17])) for _ in range(r.randint(1, 12))]
    return fields


def is_whole(fields):
    return any(name in fields for name in ("logits", "logprobs", "probs"))


def common(r, fields):
    maybe(r, fields, 0.3, "unit", lambda: r.choice(["nat", "bit", "bit"]))
    maybe(r, fields, 0.1, "model", lambda: r.choice(["m", "known", "Qwen/Qwen3-8B", "日本", ""]))
    return fields


# One function an endpoint: fields that are mostly answered.

def endpoint(path, weight):
    def add(make):
        ENDPOINTS[path] = (weight, make)
        return make
    return add


@endpoint("/v1/entropy", 22)
def entropy(r):
    other = r.random()
    if other < 0.07:
        fields = {"confidences": [round(r.gauss(11, 4), 3) for _ in range(r.randint(1, 30))]}
    elif other < 0.1:
        fields = {"lowest_groups": [round(r.gauss(9, 3), 3) for _ in range(r.randint(1, 20))], "keep_percent": r.choice([0, 10, 50, 90.5, 100])}
    else:
        fields = input_fields(r)
    if is_whole(fields):
        maybe(r, fields, 0.3, "temperature", lambda: r.choice([0.1, 0.5, 0.7, 1, 1.0, 2, 10, 1e-3]))
    maybe(r, fields, 0.3, "estimate", lambda: r.choice(ESTIMATES))
    if chance(r, 0.5):
        fields["measures"] = wanted = r.sample(MEASURES[:12], r.randint(0, 6))
        if chance(r, 0.35):
            wanted += r.sample(MEASURES[12:], r.randint(1, 2))
        if "renyi" in wanted or "tsallis" in wanted:
            fields["order"] = r.choice([0, 0.5, 1, 1.0, 2, 3.7] if "tsallis" in wanted else [0, 0.5, 1, 2, 20, "inf"])
        if "surprisal_of" in wanted or "rank_of" in wanted:
            fields["ids"] = [r.choice([0, 0, 1, 2]) for _ in range(r.randint(1, 3))]
        if "logtoku" in wanted or "deepconf" in wanted:
            maybe(r, fields, 0.8, "k", lambda: r.choice([1, 1, 2, 3]))
    maybe(r, fields, 0.1, "prefix_len", lambda: r.choice([1, 2, 3, 50]))
    if chance(r, 0.15) or "confidences" in fields:
        maybe(r, fields, 0.6, "group", lambda: r.choice([1, 1, 2, 3, 2048]))
        maybe(r, fields, 0.4, "bottom", lambda: r.choice([0.1, 0.5, 1]))
        maybe(r, fields, 0.4, "tail", lambda: r.choice([1, 2, 2048]))
        maybe(r, fields, 0.4, "threshold", lambda: r.choice([0.5, 9, 11]))
        if "confidences" not in fields and chance(r, 0.9):
            fields["measures"] = list(dict.fromkeys(fields.get("measures", []) + ["deepconf"]))
    return common(r, fields)


FROM_THE_BEST = ["epsilon_cutoff", "eta_cutoff", "min_p", "top_a", "top_h", "top_k", "top_p"]  # samplers that can tell without the tail


def step(r, names=None):
    number_of = lambda *choices: r.choice(choices)
    name = r.choice(names or sorted(STEPS))
    return {"sampler": name, **({} if names and name == "top_h" else STEPS[name](r, number_of))}


def some(r, **fields):
    return {name: value for name, value in fields.items() if chance(r, 0.6)}


STEPS = {
    "logit_bias": lambda r, n: {"bias": n({}, {"0": -100}, [[0, 2.5], [1, -1]])},
    "temperature": lambda r, n: {"temperature": n(0, 0.3, 0.7, 1, 1.5, 3)},
    "top_h": lambda r, n: some(r, alpha=n(0.1, 0.4, 0.55, 1), variant=n("paper", "reference", "hf"), top_n=n(1, 5, 100), rule=n("stop", "skip")),
    "top_k": lambda r, n: {"k": n(0, 1, 2, 5, 50), **some(r, ties=n("exact", "all"))},
    "top_p": lambda r, n: {"p": n(0, 0.1, 0.5, 0.9, 0.95, 1)},
    "min_p": lambda r, n: {"min_p": n(0, 0.05, 0.1, 0.5, 1)},
    "typical_p": lambda r, n: {"mass": n(0.1, 0.5, 0.9, 1)},
    "epsilon_cutoff": lambda r, n: {"epsilon": n(0, 3e-4, 0.01, 0.3)},
    "eta_cutoff": lambda r, n: {"epsilon": n(0, 3e-4, 0.01, 0.3)},
    "top_n_sigma": lambda r, n: {"n": n(0.5, 1, 2.5), **some(r, ddof=n(0, 1))},
    "top_a": lambda r, n: {"a": n(0, 0.2, 1)},
    "tail_free": lambda r, n: {"z": n(0.1, 0.5, 0.95, 1)},
    "xtc": lambda r, n: {"probability": n(0, 0.5, 1), "u": n(0, 0.3, 0.7), **some(r, threshold=n(0.05, 0.1, 0.3), protected_ids=n([], [0], [1, 2]))},
    "p_less": lambda r, n: some(r, normalised=n(True, False)),
    "min_k": lambda r, n: some(r, tau=n(0, 1, 3, 10)),
    "mirostat_v1": lambda r, n: some(r, mu=n(1, 5, 10), tau=n(2, 5), eta=n(0, 0.1, 1), m=n(2, 10, 100), sampled_id=n(0, 1)),
    "mirostat_v2": lambda r, n: some(r, mu=n(1, 5, 10), tau=n(2, 5), eta=n(0, 0.1, 1), sampled_id=n(0, 1)),
    "dynamic_temperature": lambda r, n: {"min_temp": n(0, 0.5), "max_temp": n(0.5, 2), **some(r, exponent=n(0.5, 1, 2))},
    "quadratic": lambda r, n: {"smoothing_factor": n(0, 0.3, 2), **some(r, smoothing_curve=n(1, 2, 3))},
    "adaptive_p": lambda r, n: {"target": n(0, 0.3, 1), **some(r, decay=n(0, 0.9), sampled_id=n(0, 1)),
                              **n({}, {"weighted_sum": n(0, 1), "total_weight": n(1, 10)})},
}


def shorthand(r, most, names=None):
    makers = {
        "temperature": [0, 0.5, 1, 2], "top_h": [0.1, 0.4, 0.7, 1], "top_k": [0, 1, 3, 50], "top_p": [0, 0.3, 0.9, 1], "min_p": [0, 0.1, 1],
        "typical_p": [0.3, 0.9, 1], "epsilon_cutoff": [0, 0.01, 0.2], "eta_cutoff": [0, 0.01, 0.2], "top_n_sigma": [0.5, 1, 3], "top_a": [0, 0.3],
        "tail_free": [0.3, 0.95], "p_less": [True, False], "min_k": [1, 3]}
    names = names or sorted(makers)
    return {name: r.choice(makers[name]) for name in r.sample(names, min(len(names), r.randint(1, most)))}


def chain(r, fields, must=True):
    way, whole = r.random(), is_whole(fields) or chance(r, 0.2)
    names = None if whole else FROM_THE_BEST
    if way < 0.5:
        fields["steps"] = [step(r, names) for _ in range(r.choice([1, 1, 1, 2, 3, 4]) if whole else 1)]
    elif way < 0.95 or must:
        fields.update(shorthand(r, r.choice([1, 1, 2, 3, 5]) if whole else 1, names))
    return fields


@endpoint("/v1/truncation", 22)
def truncation(r, must=True):
    exact = chance(r, 0.08)
    if exact:
        kind, rows = whole_rows(r, rows=r.choice([1, 2]), n=r.randint(1, 14))
        fields = {kind: rows, "exact": True, "top_h": r.choice([0.2, 0.4, 0.7])}
        maybe(r, fields, 0.6, "node_limit", lambda: r.choice([1, 50, 1000, 100000]))
    else:
        fields = chain(r, input_fields(r, ("whole", "whole", "whole", "whole", "whole", "best", "best", "best", "openai", "base64")), must)
    maybe(r, fields, 0.4, "return", lambda: r.sample(["ids", "probs", "logprobs", "bitmask", "cutoff"], r.randint(0, 5)))
    maybe(r, fields, 0.2, "max_return", lambda: r.choice([0, 1, 3, 1000]))
    maybe(r, fields, 0.15, "certificate", lambda: chance(r, 0.5))
    maybe(r, fields, 0.2, "compare", lambda: [step(r) if chance(r, 0.6) else shorthand(r, 1) for _ in range(r.randint(1, 3))])
    return common(r, fields)


@endpoint("/v1/sample", 6)
def sample(r):
    fields = truncation(r, must=False)
    maybe(r, fields, 0.7, "seed", lambda: r.choice([0, 1, -1, 42, 2**63 - 1, -2**63, r.getrandbits(60)]))
    maybe(r, fields, 0.5, "counter", lambda: r.choice([0, 1, 1000, 2**40]))
    return fields


def ead_config(r):
    fields = {"threshold": r.choice([0.3, 0.5, 1, 1.0, 1.5, 2])}
    maybe(r, fields, 0.2, "profile", lambda: r.choice(["ead-paper", "gateway"]))
    maybe(r, fields, 0.5, "window", lambda: r.choice([1, 2, 3, 5, 8, 64]))
    maybe(r, fields, 0.3, "hysteresis", lambda: r.choice([0, 0.1, 0.25]))
    if chance(r, 0.3):
        fields["smoothing"] = r.choice(["mean", "ewma", "ewma"])
        maybe(r, fields, 0.5, "ewma_alpha", lambda: r.choice([0.1, 0.5, 1]))
    maybe(r, fields, 0.3, "fill", lambda: r.choice(["full", "partial"]))
    maybe(r, fields, 0.2, "reset_on_switch", lambda: chance(r, 0.5))
    maybe(r, fields, 0.2, "initial", lambda: r.choice(["small", "large"]))
    for name, values in (("min_small", [0, 1, 4]), ("min_large", [0, 1, 4]), ("cooldown", [0, 2]), ("max_large_stint", [0, 3]),
                         ("max_large_fraction", [0.1, 0.5, 1]), ("max_switches", [0, 1, 3]), ("on_escalate", ["next", "redo"]),
                         ("point", ["lower", "midpoint", "upper"]), ("cost_ratio", [1, 5, 10.5])):
        maybe(r, fields, 0.2, name, lambda: r.choice(values))
    maybe(r, fields, 0.1, "normalize", lambda: chance(r, 0.7))
    return fields


def observation(r):
    way = r.random()
    if way < 0.55:
        return round(r.expovariate(1), r.choice([1, 3, 17]))
    if way < 0.62:
        return None
    if way < 0.75:
        low = round(r.expovariate(1), 3)
        found = {"lower": low, "upper": round(low + r.random(), 3)}
    elif way < 0.85:
        found = {"entropy": round(r.expovariate(1), 3)}
    else:
        found = {"top_logprobs": best_list(r, 5000)}
    maybe(r, found, 0.15, "force", lambda: r.choice(["small", "large"]))
    return found


def observations(r):
    return [observation(r) for _ in range(r.choice([0, 1, 1, 3, 8, 20]))]


@endpoint("/v1/ead", 13)
def ead(r):
    way = r.random()
    if way < 0.6:
        fields = {"config": ead_config(r), "observations": observations(r)}
    elif way < 0.7:
        fields = {"config": ead_config(r), **input_fields(r)}
    elif way < 0.9:
        fields = {"sequences": []}
        maybe(r, fields, 0.7, "config", lambda: ead_config(r))
        for i in range(r.randint(1, 4)):
            item = {"observations": observations(r)}
            maybe(r, item, 0.5, "id", lambda: f"s{i}")
            maybe(r, item, 0.4, "config", lambda: ead_config(r))
            fields["sequences"].append(item)
    else:
        fields = {"simulate": [ead_config(r) for _ in range(r.randint(1, 3))], "observations": observations(r)}
    if chance(r, 0.4) or "normalize" in write(fields):
        fields.setdefault("vocab_size", 128256)
    maybe(r, fields, 0.2, "return", lambda: ["next"])
    return common(r, fields)


@endpoint("/v1/ead/calibrate", 3)
def calibrate(r):
    fields = {"traces": [[round(r.expovariate(1), 4) for _ in range(r.randint(1, 20))] for _ in range(r.randint(1, 4))],
              "target_large_fraction": r.choice([0, 0.1, 0.25, 0.5, 1])}
    maybe(r, fields, 0.6, "window", lambda: r.choice([1, 2, 5]))
    maybe(r, fields, 0.5, "fill", lambda: r.choice(["full", "partial"]))
    return common(r, fields)


@endpoint("/v1/step", 12)
def engine_step(r):
    fields = chain(r, input_fields(r, ("whole", "whole", "whole", "best", "best", "openai", "base64")), must=False)
    if chance(r, 0.55):
        fields["ead"] = ead_config(r)
        if "normalize" in fields["ead"] and not is_whole(fields):
            fields.setdefault("vocab_size", 128256)
    maybe(r, fields, 0.3, "return", lambda: r.sample(["ids", "probs", "logprobs", "bitmask", "cutoff"], r.randint(0, 4)))
    maybe(r, fields, 0.1, "max_return", lambda: r.choice([0, 2]))
    maybe(r, fields, 0.1, "format", lambda: r.choice(["ids", "bitmask"]))
    maybe(r, fields, 0.1, "compare", lambda: [step(r)])
    return common(r, fields)


def square(r, n):
    rows = [[1.0] * n for _ in range(n)]
    digits = r.choice([1, 3, 17])
    for i in range(n):
        for j in range(i):
            rows[i][j] = rows[j][i] = round(r.random(), digits)
    return rows


def vectors(r, n, size):
    return [[round(r.gauss(0, 1), 3) for _ in range(size)] for _ in range(n)]


def question(r):
    n = r.choice([2, 3, 3, 4, 5, 8])
    each = r.choice([1, 1, 2, 3])
    m, kind = n * each, r.choice(["sim", "embeddings"])
    if kind == "sim":
        fields = {"sim_x": square(r, n), "sim_y": square(r, m)}
    else:
        size = r.choice([1, 2, 5])
        fields = {"embeddings_x": vectors(r, n, size), "embeddings_y": vectors(r, m, size)}
        if chance(r, 0.2):
            fields["embeddings_x"] = {"dtype": "f64", "shape": [n, size],
                                      "data": base64.b64encode(pack("f64", sum(fields["embeddings_x"], []))).decode()}
    if each > 1:
        if chance(r, 0.5):
            fields["answers_per_prompt"] = each
        else:
            order = r.sample(range(m), m)
            fields["groups"] = [order[i * each:(i + 1) * each] for i in range(n)]
        way = r.randrange(5)
        if way == 0:
            fields["bootstrap"] = some(r, draws=r.choice([1, 5, 30]), seed=r.choice([0, 7, -3, 2**62]))
        elif way == 1:
            fields["picks"] = [[r.randrange(each) for _ in range(n)] for _ in range(r.randint(1, 4))]
        elif way == 2 and each**n <= 300:
            fields["exhaustive"] = True
        elif way == 3:
            fields["pooled"] = True
    return fields


def question_options(r, fields):
    maybe(r, fields, 0.3, "mapping", lambda: r.choice(["shifted", "absolute", "clipped"]))
    maybe(r, fields, 0.3, "zero_row", lambda: r.choice(["error", "self", "uniform"]))
    maybe(r, fields, 0.2, "symmetrize", lambda: chance(r, 0.7))
    maybe(r, fields, 0.2, "marginal_x", lambda: r.choice(["bayes", "paper"]))
    return fields


@endpoint("/v1/inv-entropy", 12)
def inv_entropy(r):
    if chance(r, 0.8):
        fields = question_options(r, question(r))
    else:
        fields = question_options(r, {"items": [question_options(r, question(r)) for _ in range(r.randint(1, 4))]})
    maybe(r, fields, 0.4, "return", lambda: r.sample(["matrices", "diagonal", "per_draw"], r.randint(0, 3)))
    return common(r, fields)


def members(r):
    n, count = width(r), r.randint(1, 5)
    if chance(r, 0.4):
        kind, rows = whole_rows(r, rows=count, n=n)
        return count, {kind: rows, **({"temperature": r.choice([0.5, 1, 2])} if chance(r, 0.2) else {})}
    return count, {"members": [whole_row(r, n) for _ in range(count)]}


def whole_row(r, n):
    kind, rows = whole_rows(r, rows=1, n=n)
    fields = {kind: rows[0] if chance(r, 0.8) else rows}
    maybe(r, fields, 0.2, "temperature", lambda: r.choice([0.5, 1, 2]))
    return fields


def sampled(r):
    n = r.randint(1, 6)
    fields = {}
    square = lambda values: [[1 if i == j else r.choice(values) for j in range(n)] for i in range(n)]
    maybe(r, fields, 0.6, "texts", lambda: [" ".join(r.choices(["yes", "no", "Paris", "is", "Ä"], k=r.randint(0, 4))) for _ in range(n)])
    maybe(r, fields, 0.5, "logprobs", lambda: [[-r.random() * r.choice([1, 50]) for _ in range(r.randint(1, 4))] for _ in range(n)])
    maybe(r, fields, 0.3, "classes", lambda: [r.randrange(3) for _ in range(n)])
    maybe(r, fields, 0.3, "entail", lambda: square([0, 0.3, 0.5]))
    if "entail" in fields:
        fields["contra"] = [[0 if i == j else r.choice([0, 0.2, 0.5]) for j in range(n)] for i in range(n)]
    maybe(r, fields, 0.3, "similarity", lambda: square([0, 0.25, 0.9]))
    maybe(r, fields, 0.8, "symmetrize", lambda: True)
    maybe(r, fields, 0.2, "energies", lambda: [r.choice([0, 1, 700, -2]) for _ in range(n)])
    maybe(r, fields, 0.2, "answer", lambda: r.randrange(n))
    maybe(r, fields, 0.2, "measures", lambda: r.sample(["sequence", "kle", "spectral", "semantic_entropy", "lexical", "consistency"], 2))
    maybe(r, fields, 0.2, "options", lambda: {"kle": {"t": r.choice([0, 0.3, 9])}, "semantic_classes": {"rule": r.choice(["strict", "loose", "either"])}})
    return fields


@endpoint("/v1/uncertainty", 5)
def uncertainty(r):
    fields = sampled(r) if chance(r, 0.8) else {"items": [sampled(r) for _ in range(r.randint(1, 4))]}
    maybe(r, fields, 0.5, "about", lambda: False)
    return common(r, fields)


def one_ensemble(r):
    count, fields = members(r)
    weights = lambda: [1] + [r.choice([0, 0.5, 1, 3]) for _ in range(count - 1)]
    if chance(r, 0.3):
        fields["log_likelihoods"] = [-1] + [r.choice([None, -0.5, -3, -1000]) for _ in range(count - 1)]
        maybe(r, fields, 0.5, "prior", weights)
    else:
        maybe(r, fields, 0.5, "weights", weights)
    return fields


@endpoint("/v1/ensemble", 5)
def ensemble(r):
    fields = one_ensemble(r) if chance(r, 0.8) else {"items": [one_ensemble(r) for _ in range(r.randint(1, 4))]}
    maybe(r, fields, 0.2, "max_return", lambda: r.choice([0, 5, 1000]))
    return common(r, fields)


def pair(r):
    n = width(r)
    fields = {"reference": whole_row(r, n), "candidate": whole_row(r, n)}
    maybe(r, fields, 0.3, "label", lambda: r.randrange(n))
    maybe(r, fields, 0.3, "renyi_orders", lambda: r.sample([0, 0.3, 1, 1.0001, 2, 7, "inf"], 3))
    maybe(r, fields, 0.2, "embeddings", lambda: [[r.choice([-1, 0.5, 2]) for _ in range(3)] for _ in range(n)])
    maybe(r, fields, 0.3, "coupling", lambda: r.choice(["maximal", "minimum_entropy"]))
    return fields


@endpoint("/v1/compare", 5)
def compare(r):
    fields = pair(r) if chance(r, 0.8) else {"items": [pair(r) for _ in range(r.randint(1, 4))]}
    maybe(r, fields, 0.2, "max_return", lambda: r.choice([0, 5, 1000]))
    return common(r, fields)


@endpoint("/v1/evaluation/tsu", 3)
def tsu(r):
    n = r.randint(2, 5)
    fields = {"scores": [[round(r.gauss(0, 1) + 0.5 * t, r.choice([0, 2])) for t in range(n)] for _ in range(r.randint(1, 6))]}
    maybe(r, fields, 0.4, "temperatures", lambda: [0.2 * t for t in range(n)])
    maybe(r, fields, 0.4, "strict", lambda: chance(r, 0.5))
    return fields


@endpoint("/v1/conformal/calibrate", 3)
def conformal_calibrate(r):
    kind, rows = whole_rows(r, rows=r.randint(1, 8), n=r.randint(1, 6))
    fields = {"alpha": r.choice([0.1, 0.2, 0.5, 0.9]), "rows": [{kind: row, "label": r.randrange(len(row))} for row in rows]}
    maybe(r, fields, 0.7, "score", lambda: r.choice(["lac", "aps", "raps"]))
    maybe(r, fields, 0.3, "lambda", lambda: r.choice([0, 0.01, 1]))
    maybe(r, fields, 0.3, "k_reg", lambda: r.randint(0, 3))
    maybe(r, fields, 0.3, "u", lambda: [r.random() for _ in rows])
    return fields


@endpoint("/v1/conformal/predict", 3)
def conformal_predict(r):
    kind, rows = whole_rows(r, rows=r.randint(1, 5), n=r.randint(1, 6))
    score = r.choice(["lac", "aps", "raps"])
    fields = {"qhat": r.choice([None, 0.3, 0.8, 1.0]), "score": score, "rows": [{kind: row} for row in rows]}
    maybe(r, fields, 0.3, "rule", lambda: "score" if score == "lac" else r.choice(["score", "inclusive"]))
    maybe(r, fields, 0.3, "allow_empty", lambda: chance(r, 0.5))
    return fields


def judged(r, name, n, make):
    return {name: [make() for _ in range(n)], "correct": [r.choice([0, 1, True, False]) for _ in range(n)]}


@endpoint("/v1/evaluation/calibration", 2)
def evaluation_calibration(r):
    fields = judged(r, "confidence", r.randint(1, 12), lambda: round(r.random(), r.choice([1, 3])))
    maybe(r, fields, 0.3, "bins", lambda: r.randint(1, 30))
    return fields


@endpoint("/v1/evaluation/ranking", 2)
def evaluation_ranking(r):
    return judged(r, "uncertainty", r.randint(1, 12), lambda: round(r.gauss(0, 1), r.choice([0, 3])))


@endpoint("/v1/evaluation/binary", 2)
def evaluation_binary(r):
    fields = {"series": [r.choice([0, 1]) for _ in range(r.randint(1, 30))]}
    maybe(r, fields, 0.3, "max_streak", lambda: r.randint(1, 6))
    maybe(r, fields, 0.3, "unit", lambda: r.choice(["nat", "bit"]))
    return fields


@endpoint("/v1/calibration/fit", 2)
def calibration_fit(r):
    n = r.randint(20, 60)
    fields = {"scores": [round(r.gauss(i % 2, 1), 2) for i in range(n)], "correct": [1 - i % 2 for i in range(n)]}
    maybe(r, fields, 0.8, "method", lambda: r.choice(["platt", "isotonic", "histogram"]))
    maybe(r, fields, 0.2, "bins", lambda: r.randint(1, 5))
    return fields


@endpoint("/v1/labels", 6)
def labels(r):
    if chance(r, 0.2):
        fields = {"candidates": [{"name": f"candidate {i}", "logprobs": [round(-r.expovariate(1), 3) for _ in range(r.randint(1, 5))]} for i in range(r.randint(1, 4))]}
        maybe(r, fields, 0.6, "normalize", lambda: r.choice(["sum", "mean", "per_byte"]))
        return common(r, fields)
    fields = input_fields(r, ("whole", "best", "openai"))
    ids = r.sample(range(8), 8)
    scored = chance(r, 0.3)
    fields["labels"] = [
        {"name": name, "tokens": [name, *ids[2 * i : 2 * i + 2]]} | ({"score": i} if scored else {}) for i, name in enumerate(["a", "b", "the"][: r.randint(1, 3)])]
    maybe(r, fields, 0.3, "match", lambda: r.choice(["exact", "trim", "fold"]))
    maybe(r, fields, 0.3, "variants", lambda: r.choice(["any", "listed"]))
    maybe(r, fields, 0.2, "position", lambda: r.choice(["first", "last", 0, {"after": "a"}]))
    return common(r, fields)


@endpoint("/v1/score", 7)
def score(r):
    fields = input_fields(r, ("openai",))
    maybe(r, fields, 0.4, "flags", lambda: some(r, entropy_above=r.choice([0.5, 1, 3]), logprob_below=r.choice([-0.5, -2])))
    return common(r, fields)
