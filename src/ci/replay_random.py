"""Random requests, good and bad, the same for the same seed: good ones as JSON, bytes, queries and batches, and what spoils them. Used by
src/ci/replay.py."""
import copy, gzip, json, math, random, re, struct
from urllib.parse import quote
from replay_fields import (
    ENDPOINTS, chance, entropy, input_fields, is_whole, maybe, number, observations, pack, raw, shorthand, whole_rows, write)
from replay_wire import BYTES, JSON, NDJSON, NPY, Request

# From fields to requests.

QUERY = {"unit", "temperature", "estimate", "measures", "order", "k", "ids", "prefix_len", "vocab_size", "group", "bottom", "tail", "threshold",
         "return", "max_return", "certificate", "exact", "node_limit", "seed", "counter", "format", "strict", "mapping", "zero_row", "model",
         "symmetrize", "marginal_x", "pooled", "answers_per_prompt", "window", "fill", "target_large_fraction", "dialect", "probs", "logits",
         "logprobs", "entropies", "confidences", "top_h", "top_k", "top_p", "min_p", "typical_p", "epsilon_cutoff", "eta_cutoff", "top_n_sigma",
         "top_a", "tail_free", "p_less", "min_k", "keep_percent", "lowest_groups", "top_logprobs"}


def query_text(value):
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return ",".join(query_text(v) for v in value)
    return "-Infinity" if value is None else str(value).replace("~raw~", "")


def query(fields):
    return "&".join(f"{quote(name)}={quote(query_text(value), safe=',')}" for name, value in fields.items())


def target(path, fields):
    return path + ("?" + query(fields) if fields else "")


def headers(r):
    found = []
    if chance(r, 0.12):
        found.append(("X-Request-Id", r.choice(["abc-1", "7" * 128, "7" * 129, "with space", "é", "~!@#", "a"])))
    if chance(r, 0.06):
        found.append(("traceparent", r.choice(["00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "00-0-0-0", "junk"])))
    if chance(r, 0.15):
        found.append(("Accept", r.choice(["*/*", JSON, "application/*", "application/json;q=0.5, text/html"])))
    if chance(r, 0.04):
        found.append(("X-Request-Timeout-Ms", r.choice(["60000"] * 8 + ["999999999", "0", "-5", "soon", "1e3"])))
    return found


def pick_endpoint(r):
    names = sorted(ENDPOINTS)
    return r.choices(names, [ENDPOINTS[name][0] for name in names])[0]


def valid(r, kind="valid", strict=False):
    path = pick_endpoint(r)
    fields = ENDPOINTS[path][1](r)
    in_query = {name: fields.pop(name) for name in list(fields) if name in QUERY and fields[name] != [] and chance(r, 0.04)}
    found = headers(r)
    if path in ("/v1/entropy", "/v1/truncation", "/v1/step") and chance(r, 0.08):
        found = [("Accept", BYTES)]
        if chance(r, 0.8):  # what packs: whole rows without decisions
            for name in ("top_logprobs", "openai", "dialect", "summary", "vocab_size", "confidences", "lowest_groups", "keep_percent", "ead", "estimate"):
                fields.pop(name, None)
            if not is_whole(fields):
                fields.update(input_fields(r, ("whole",)))
        if path != "/v1/entropy":
            maybe(r, in_query, 0.6, "format", lambda: r.choice(["ids", "bitmask"]))
            fields.pop("format", None)
        kind = "packed"
    then = carry_on(r, path, fields) if path in ("/v1/ead", "/v1/step") and chance(r, 0.5) and not in_query else None
    return Request(kind, "POST", target(path, in_query), write(fields, r), r.choice([JSON] * 9 + ["application/json;charset=UTF-8"]),
                   found, strict=strict, chunked=chance(r, 0.03), then=then)


def carry_on(r, path, fields):
    """Sends the states of the answer back, as they are or spoiled."""
    def then(answer, left=3):
        try:
            data = json.loads(answer.body)["data"]
            states = [item["state"] for item in data]
        except (ValueError, KeyError, TypeError):
            return []
        if not states:
            return []
        spoiled = chance(r, 0.15)
        if spoiled:
            state = r.choice(states)
            name = r.choice(sorted(state))
            state[name] = r.choice([99, -1, "x", None, [], [1, 2, 3], 0.5, 2**31, "small"])
        body = {name: value for name, value in fields.items() if name not in ("observations", "state", "states")}
        if path == "/v1/step":
            body["states"] = [state if chance(r, 0.9) else None for state in states]
        elif "sequences" in fields:
            body["sequences"] = [{**item, "state": state} for item, state in zip(fields["sequences"], states)]
        elif "simulate" in fields:
            body.update(state=states[0], observations=observations(r))
        else:
            body["state"] = states[0]
            if "observations" in fields:
                body["observations"] = observations(r)
        again = None if spoiled or left == 1 else lambda found: then(found, left - 1)
        return [Request("carried on", "POST", path, write(body), then=again)]
    return then


def get(r, kind="GET twin"):
    path = r.choice(["/v1/entropy", "/v1/truncation"])
    name, rows = whole_rows(r, rows=1, n=r.randint(1, 20))
    fields = {name: rows[0]}
    if path == "/v1/entropy":
        extra = entropy(r)
        fields.update({n: v for n, v in extra.items() if n in ("unit", "measures", "order", "k", "ids", "estimate", "temperature")})
    else:
        fields.update(shorthand(r, 3))
        maybe(r, fields, 0.3, "return", lambda: r.sample(["ids", "probs", "logprobs", "bitmask", "cutoff"], 2))
    text = query(fields)
    way = r.random()
    if way < 0.06:
        text += r.choice(["&unit=bit&unit=nat", "&x=1", "&", "&=", "&unit", "&%70robs=1", "&probs=%zz", "&unit=%", "&a=%C3%28", "&unit=b%69t",
                          "&temperature=+1", "&measures=,", "&temperature=NaN", "&temperature=1e400", "&top_k=1.0", "&ids=0,,1"])
    elif way < 0.1:
        text = text.replace(",", r.choice(["%2C", ",,", ", ".replace(" ", "%20"), ";"]))
    accept = [("Accept", BYTES)] if chance(r, 0.08) else headers(r)
    return Request(kind, "HEAD" if chance(r, 0.03) else "GET", path + "?" + text, headers=accept)


# Bytes.

def npy(descr, fortran, shape, data, version=1):
    header = f"{{'descr': '{descr}', 'fortran_order': {fortran}, 'shape': {shape}, }}"
    lead = 10 if version == 1 else 12
    header += " " * (-(lead + len(header) + 1) % 64) + "\n"
    return b"\x93NUMPY" + bytes([version, 0]) + struct.pack("<H" if version == 1 else "<I", len(header)) + header.encode() + data


def binary(r):
    """Rows as bytes: raw or npy, nearly always well; packed answers where they are asked for."""
    path = r.choice(["/v1/entropy"] * 4 + ["/v1/truncation"] * 4 + ["/v1/step"] * 3 + ["/v1/sample"])
    dtype = r.choice(["f32", "f32", "f16", "bf16", "f64"])
    kind, rows = whole_rows(r, n=r.choice([1, 2, 3, 5, 8, 16, 17, 31, 64, 100, 300, 1000]))
    if dtype in ("f16", "bf16") and kind != "logits":
        kind = "logits"
    numbers = [number(x) for row in rows for x in row]
    fields = {"kind": kind} if kind != "logits" or chance(r, 0.2) else {}
    if path == "/v1/entropy":
        extra = entropy(r)
        fields.update({n: v for n, v in extra.items() if n in ("unit", "measures", "order", "k", "ids", "estimate", "temperature")})
        if chance(r, 0.5):
            fields.pop("measures", None)
    else:
        fields.update(shorthand(r, 2) if path == "/v1/truncation" or chance(r, 0.8) else {})
        maybe(r, fields, 0.2, "return", lambda: r.sample(["ids", "probs", "logprobs", "bitmask", "cutoff"], 2))
        maybe(r, fields, 0.2, "unit", lambda: "bit")
    found = headers(r)
    if path != "/v1/sample" and chance(r, 0.35):
        found = [("Accept", BYTES)]
        if path != "/v1/entropy":
            maybe(r, fields, 0.6, "format", lambda: r.choice(["ids", "bitmask"]))
    shape, spoil = [len(rows), len(rows[0])], r.random()
    if spoil < 0.05:
        numbers[r.randrange(len(numbers))] = r.choice([math.nan, math.inf, -math.inf, 1e30])
    if spoil > 0.98:
        numbers = [-math.inf] * len(numbers)
    if chance(r, 0.3):
        order = r.choice(["<"] * 8 + [">"])
        descr = order + {"f32": "f4", "f16": "f2", "f64": "f8", "bf16": "V2"}[dtype]
        if dtype == "bf16" and chance(r, 0.7):
            dtype, descr = "f32", "<f4"
        if dtype == "bf16":
            fields["dtype"] = r.choice(["bf16", "bfloat16"])
        if chance(r, 0.05):
            descr = r.choice(["<i4", "|u1", "<c8", "=f4", "float32"])
        dims = f"({shape[0]}, {shape[1]})" if shape[0] > 1 or chance(r, 0.5) else f"({shape[1]},)"
        body = npy(descr, chance(r, 0.08), dims, pack(dtype, numbers, order if dtype != "bf16" else "<"), r.choice([1] * 8 + [2, 2, 3, 4]))
        if chance(r, 0.06):
            body = body[:r.randrange(len(body))] if chance(r, 0.7) else body.replace(b"NUMPY", b"NUMPI")
        return Request("npy", "POST", target(path, fields), body, NPY, found, chunked=chance(r, 0.05))
    fields["dtype"] = dtype if chance(r, 0.9) else r.choice(["float32", "<f4", "float16", "bfloat16", "f8", "F32", ""])
    fields["shape"] = shape if len(rows) > 1 or chance(r, 0.6) else shape[1:]
    body = pack(dtype, numbers)
    if chance(r, 0.08):
        fields["shape"] = r.choice([[0, 4], [1, -4], [1, 2, 2], ["x"], [1.5, 4], [65536, 65536], [4096, 1048576], [len(rows) + 1, shape[1]], []])
    if chance(r, 0.03):
        fields.pop(r.choice(["dtype", "shape"]))
    if chance(r, 0.05):
        body = body[:-1] if chance(r, 0.5) else body + b"\0"
    return Request("octet-stream", "POST", target(path, fields), body, BYTES, found, chunked=chance(r, 0.05))


# Batches.

def batch(r):
    bare = chance(r, 0.25)
    fixed_path = pick_endpoint(r)
    lines = []
    for i in range(r.choice([0, 1, 2, 3, 5, 8, 12])):
        path = fixed_path if bare else pick_endpoint(r)
        body = write(ENDPOINTS[path][1](r))
        if chance(r, 0.12):
            body = spoil_value(r, body)
        if bare:
            lines.append(body)
        else:
            line = {"custom_id": r.choice([str(i), "é", "", "x" * 50])} if chance(r, 0.8) else {}
            if chance(r, 0.3):
                line["method"] = r.choice(["POST", "POST", "POST", "GET", "post", 1])
            line["url"] = path if chance(r, 0.95) else r.choice(["/v1/nowhere", "/v1/batch", "", 7, "http://example/v1/entropy"])
            line["body"] = raw("@")
            if chance(r, 0.04):
                line[r.choice(["extra", "Url", "custom"])] = 1
            if chance(r, 0.03):
                del line[r.choice(sorted(line))]
            lines.append(write(line).replace("@", body, 1) if '"body":@' in write(line) else write(line))
        if chance(r, 0.06):
            lines[-1] = r.choice(["", "\r", "{", "null", "[]", "not json", lines[-1] + "x", lines[-1][:len(lines[-1]) // 2], " ", '{"url":1}'])
    end = r.choice(["\n", "\n", "\n", "\r\n"])
    body = end.join(line.replace("\n", " ") for line in lines) + (end if lines and chance(r, 0.8) else "")
    asked = "?url=" + quote(fixed_path, safe="/") if bare else r.choice([""] * 40 + ["?url=/v1/nowhere", "?uri=/v1/score", "?unit=bit"])
    return Request("batch", "POST", "/v1/batch" + asked, body, r.choice([NDJSON] * 20 + [JSON, "application/x-ndjson; charset=utf-8"]),
                   headers(r), chunked=chance(r, 0.4))


# What spoils a request.

ODD = [True, False, None, [], {}, "", "1", "abc", -1, 0, 1, 2, 2.5, 1e308, -1e308, 10**20, 2**31, 2**63, 1e-320, "-Infinity", "NaN", "bits", [[]], [[1, 2]],
       [None], {"a": 1}, raw("NaN"), raw("Infinity"), raw("-Infinity"), raw("1e999"), raw("-1e999"), raw("01"), raw("+1"), raw(".5"), raw("1."),
       raw("0x1"), raw("1e"), raw("-"), raw("1E+2"), raw("-0"), raw("-0.0"), raw("nan"), raw("nul"), raw("undefined"), raw("1_000"), "\ud800", "\u0000",
       "x" * 300, raw("1" * 600), raw("0." + "3" * 511), raw("1e-999"), raw("12345678901234567890.5"), [0.5, 0.5], "日本", "é"]
NAMES = ["a/b~c", "", "x", "Logits", "logit", "temprature", "unit ", "top-p", "openai", "data", "日", "a" * 256, "a" * 257, "\u0000", "__proto__", "'", "\n"]


def places(value, found=None):
    """Every (container, key) below a value."""
    found = [] if found is None else found
    pairs = list(value.items()) if isinstance(value, dict) else list(enumerate(value)) if isinstance(value, list) else []
    for key, child in pairs:
        found.append((value, key))
        places(child, found)
    return found


def misspell(r, name):
    if not name:
        return "x"
    i = r.randrange(len(name))
    return r.choice([name[:i] + name[i + 1:], name[:i] + name[i] + name[i:], name[:i] + "x" + name[i + 1:], name.upper(), name + "s", name.replace("_", "-")])


def spoil_fields(r, fields):
    """Changes one thing in it, in place."""
    everywhere = places(fields)
    if not everywhere:
        return
    way = r.randrange(12)
    near_top = [p for p in everywhere if p[0] is fields]
    container, key = r.choice(near_top if chance(r, 0.5) else everywhere)
    if way <= 3:
        container[key] = r.choice(ODD)
    elif way == 4:
        objects = [p for p in everywhere if isinstance(p[0], dict)]
        container, key = r.choice(objects)
        container[misspell(r, key)] = container.pop(key)
    elif way == 5:
        r.choice([fields] + [p[0][p[1]] for p in everywhere if isinstance(p[0][p[1]], dict)])[r.choice(NAMES)] = r.choice(ODD)
    elif way == 6:
        del container[key]
    elif way == 7:  # ragged, or of another length
        lists = [p[0][p[1]] for p in everywhere if isinstance(p[0][p[1]], list)]
        if lists:
            row = r.choice(lists)
            row.pop() if row and chance(r, 0.5) else row.append(copy.deepcopy(row[0]) if row else 0)
    elif way == 8:  # all masked, or all the same
        lists = [p[0][p[1]] for p in everywhere if isinstance(p[0][p[1]], list)]
        if lists:
            row = r.choice(lists)
            row[:] = [r.choice([None, 0, "-Infinity", raw("NaN"), -100, 1])] * len(row)
    elif way == 9:  # another input beside it
        fields.update(input_fields(r))
    elif way == 10:
        numbers = [p for p in everywhere if isinstance(p[0][p[1]], (int, float)) and not isinstance(p[0][p[1]], bool)]
        if numbers:
            container, key = r.choice(numbers)
            container[key] = r.choice([-container[key], container[key] * 1000, container[key] + 0.5, str(container[key]), 0])
    else:
        words = [p for p in everywhere if isinstance(p[0][p[1]], str)]
        if words:
            container, key = r.choice(words)
            container[key] = misspell(r, container[key])


def spoil_value(r, text):
    try:
        fields = json.loads(text)
    except ValueError:
        return text
    spoil_fields(r, fields)
    return write(fields)


def spoil_text(r, text):
    """JSON that is none any more, or that is written in an odd way."""
    data = text.encode("utf-8", "surrogatepass")
    i = r.randrange(len(data))
    way = r.randrange(14)
    if way < 3:
        return data[:i]
    if way < 5:
        return data[:i] + r.choice([b",", b"]", b"}", b"{", b"[", b'"', b"\\", b":", b"\x00", b"\xff", b"\xc3", b"'", b"/*x*/", b"0", b"-", b" "]) + data[i:]
    if way == 5:
        return data[:i] + data[i + 1:]
    if way == 6:
        return data + r.choice([b" ", b"\n\n", b"x", b"{}", b"\x00", b",", b"]"])
    if way == 7:
        return r.choice([b"\xef\xbb\xbf", b" \r\n\t", b"\x0b", b"//\n"]) + data
    if way == 8:  # a key twice
        names = re.findall(rb'"([a-z_]+)":', data)
        return b'{"%s":1,' % r.choice(names) + data[1:] if names and data[:1] == b"{" else data
    if way == 9:
        return r.choice([b"", b"[]", b"null", b"1", b'"x"', b"{}", b"[{}]", b"true", b"{", b"NaN", b" "])
    if way == 10:  # deep
        depth = r.choice([10, 62, 63, 64, 65, 500])
        return b'{"logits":' + b"[" * depth + b"1" + b"]" * depth + b"}"
    if way == 11:
        return b'{"%s":1,' % (b"n" * r.choice([255, 256, 257, 5000])) + data[1:]
    if way == 12:
        return data.replace(b'"', b"'") if chance(r, 0.5) else data.replace(b",", b",,", 1)
    return data.decode("utf-8", "surrogatepass").encode(r.choice(["utf-16-le", "utf-32", "latin-1"]), "replace")  # UTF-16 with a mark is read beyond its end


def invalid(r):
    path = pick_endpoint(r)
    fields = ENDPOINTS[path][1](r)
    if chance(r, 0.6):
        for _ in range(r.choice([1, 1, 1, 2])):
            spoil_fields(r, fields)
        body = write(fields, r)
    else:
        body = spoil_text(r, write(fields, r))
    return Request("spoiled", "POST", path, body, headers=headers(r), chunked=chance(r, 0.03))


PATHS = ["/v1/entropi", "/v1/entropy/", "/entropy", "/v1", "/v1/", "/V1/entropy", "//v1/entropy", "/v1/entropies", "/v1/ead/", "/v1/ead/calibration",
         "/v1/evaluation", "/v1/evaluation/tsu/x", "/error", "/favicon.ico", "/v1/entropy;a=b", "/v1/./entropy", "/v1/%65ntropy", "/v1/entropy%20", "/x/../v1/limits"]


def odd_http(r):
    """A good body in an odd envelope."""
    path = pick_endpoint(r)
    body = write(ENDPOINTS[path][1](r))
    way = r.randrange(8)
    if way == 0:
        return Request("odd http", r.choice(["GET", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "BREW"]), path, body)
    if way == 1:
        return Request("odd http", "POST", path, body, r.choice([
            None, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/xml", "application/*", "json", "",
            "application/json; charset=latin1", "application/json;charset=utf-16", "APPLICATION/JSON", "application/problem+json", NDJSON, "text/json", BYTES, NPY]))
    if way == 2:
        return Request("odd http", "POST", path, body, headers=[("Accept", r.choice([
            "text/csv", "text/html", "application/xml", "application/problem+json", "image/*", BYTES, "application/json;q=0", "junk", "", BYTES + ", " + JSON]))])
    if way == 3:
        encoding = r.choice(["gzip", "GZIP", "deflate", "br", "identity", "zstd", "gzip, gzip", "x\u00e9"])
        return Request("odd http", "POST", path, gzip.compress(body.encode(), mtime=0), headers=[("Content-Encoding", encoding)])
    if way == 4:
        return Request("odd http", r.choice(["GET", "POST", "HEAD"]), r.choice(PATHS), body)
    if way == 5:
        return Request("odd http", "POST", path + "?" + r.choice([
            "unit=bit", "unit=bit&unit=bit", "unit=", "unit", "=", "&&", "%", "a=%zz", "a=%C3%28", "unit=b%69t", "temperature=NaN", "x=1", "logits=1,2",
            "unit=bit;vocab_size=5", "vocab_size=5", "url=/v1/entropy", "dtype=f32", "unit=bit#x", "a=b=c", "%00=1", "unit=%0Abit"]), body)
    if way == 6:
        return Request("odd http", "POST", path, body, headers=[("Expect", r.choice(["100-continue", "100-Continue", "200-maybe"]))])
    return Request("odd http", "POST", path, body, headers=[(name, r.choice(["", "x", "1, 2", "0"])) for name in
                                                           r.sample(["X-Request-Id", "traceparent", "X-Forwarded-For", "X-Forwarded-Proto", "Origin", "Range",
                                                                     "If-None-Match", "X-HTTP-Method-Override", "Accept-Encoding", "Accept-Language"], 2)])


def narrow(r):
    """To the services with narrow limits: much of it is too large for them."""
    way = r.random()
    if way < 0.75:
        return valid(r, "narrow limits", strict=True)
    request = batch(r) if way < 0.85 else binary(r) if way < 0.95 else get(r)
    request.kind, request.strict = "narrow limits", True
    request.headers.append(("Authorization", "Bearer second"))
    return request


MIX = [(valid, 46), (invalid, 22), (binary, 10), (get, 6), (batch, 5), (odd_http, 5), (narrow, 6)]


def random_requests(seed, count):
    """This many, each by a number of its own: a change of one kind leaves the others alone."""
    makers, weights = zip(*MIX)
    found = []
    for i in range(count):
        r = random.Random(f"{seed}/{i}")
        found.append(r.choices(makers, weights)[0](r))
    return found
