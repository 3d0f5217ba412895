"""What is always sent: golden vectors, the examples of the contract and of the pages, responses of inference servers, every route, every limit,
and every problem that a client can provoke. Used by src/ci/replay.py."""
import glob, gzip, json, math, os, re, shlex
from urllib.parse import quote
from replay_fields import DIALECTS, RESPONSES, pack, raw, write
from replay_wire import BYTES, HOST, JSON, NDJSON, Request


def post(kind, path, body, **more):
    return Request(kind, "POST", path, body if isinstance(body, (str, bytes)) else write(body), **more)


def problem_codes():
    """Every code that the service knows."""
    (source,) = glob.glob("src/main/java/**/ProblemKind.java", recursive=True)
    return {name.lower() for name in re.findall(r"^  ([A-Z_]+)\(\s*\d{3},", open(source).read(), re.M)}


def fixed(contract):
    """All of it, for the contract that the old jar serves."""
    return [*golden(), *examples(contract), *pages(), *dialects(), *routes(contract), *texts(), *limits(), *problems(), *wire()]


# Golden vectors: a case's input and parameters are one flat body.

def cases(file):
    return json.load(open(f"src/test/resources/golden/{file}.json"))["cases"]


def golden():
    return [*golden_truncation(), *golden_ead(), *golden_inv_entropy(), *golden_uq()]


def golden_truncation():
    spelled = {"-inf": "-Infinity", "nan": raw("NaN"), "+inf": raw("Infinity")}
    for case in cases("truncation"):
        given = case["input"]
        if "generator" in given:
            row = generated(given["generator"])
        else:
            row = [spelled.get(x, x) if isinstance(x, str) else x for x in given.get("probs", given.get("logits"))]
        if "probs" in given:
            total = sum(x for x in row if not isinstance(x, str))
            row = [x if isinstance(x, str) else x / total for x in row]
        body = {"probs" if "probs" in given else "logits": [row], "steps": case["steps"], "max_return": 100_000}
        if "ecmm_optimum_mass" in case["expected"].get("extra", {}):
            body.update(exact=True, node_limit=1_000_000)
        for path in ("/v1/truncation", "/v1/sample", "/v1/step"):
            yield post("golden", path, body)
        yield post("golden", "/v1/truncation", {**body, "return": ["ids", "probs", "logprobs", "bitmask", "cutoff"], "unit": "bit"})
        yield post("golden", "/v1/truncation?format=bitmask", body, headers=[("Accept", BYTES)])


def generated(made):
    """The rows that the file describes by a formula; splitmix64 draws."""
    n, scale, state = made["n"], made["scale"], made.get("seed", 0)

    def uniform():
        nonlocal state
        state = (state + 0x9E3779B97F4A7C15) % 2**64
        z = (state ^ state >> 30) * 0xBF58476D1CE4E5B9 % 2**64
        z = (z ^ z >> 27) * 0x94D049BB133111EB % 2**64
        return ((z ^ z >> 31) >> 11) * 2.0**-53

    kinds = {"irwin_hall": lambda i: scale * (sum(uniform() for _ in range(12)) - 6), "uniform": lambda i: scale * uniform(),
             "stride": lambda i: -scale * math.log(1 + i * made["stride"] % n)}
    row = [kinds.get(made["kind"], kinds["stride"])(i) for i in range(n)]
    if "quantum" in made:
        row = [math.floor(x / made["quantum"]) * made["quantum"] for x in row]
    for i, more in made.get("boost", []):
        row[i] += more
    if "mask" in made:
        row = ["-Infinity" if i % made["mask"]["modulus"] == made["mask"]["remainder"] else x for i, x in enumerate(row)]
    return row


def golden_ead():
    unit = {"bits": "bit", "nats": "nat"}
    for case in cases("ead"):
        kind, given, asked = case["kind"], case["input"], case["params"]
        if kind == "ead":
            config = {name: value for name, value in asked.items() if name not in ("unit", "vocab_size")}
            body = {"config": config, "unit": unit[asked.get("unit", "nats")]}
            body.update({"vocab_size": asked["vocab_size"]} if "vocab_size" in asked else {})
            yield post("golden", "/v1/ead", {**body, "observations": given["observations"]}, then=cut_in_two(body, given["observations"]))
        elif kind == "calibrate":
            yield post("golden", "/v1/ead/calibrate", {"traces": given["traces"], "target_large_fraction": asked["target_fraction"],
                                                       "window": asked["window"], "fill": asked["fill"]})
        elif kind == "topk_bounds":
            for estimate in ("midpoint", "low", "high", "bucket", "truncated", "renormalized"):
                body = {"top_logprobs": [given], "estimate": estimate, "unit": unit[asked.get("unit", "nats")]}
                yield post("golden", "/v1/entropy", {**body, **({"vocab_size": asked["vocab_size"]} if "vocab_size" in asked else {})})
        elif kind == "top_h_certify":
            yield post("golden", "/v1/truncation", {"top_logprobs": [given["top_logprobs"]], "vocab_size": asked["vocab_size"], "top_h": asked["alpha"]})
        elif kind in ("varentropy", "quadrant"):
            body = {"logits": given["logits"]} if "logits" in given else {"summary": [given]}
            yield post("golden", "/v1/entropy", {**body, "unit": unit[asked.get("unit", "nats")], "measures": ["varentropy", "quadrant"]})
        elif kind in ("prefix_entropy", "deepconf", "deepconf_stop", "deepconf_threshold"):
            body = {**given, **asked}
            yield post("golden", "/v1/entropy", {**body, "unit": unit[body["unit"]]} if "unit" in body else body)
        elif kind == "adapter":
            for dialect in ("auto", asked["kind"]):
                for path in ("/v1/entropy", "/v1/score"):
                    yield post("golden", path, {"openai": given["response"], "vocab_size": 128256, "dialect": dialect})


def cut_in_two(body, observations):
    """The same observations in two calls: the state of the first goes into the second."""
    def then(answer):
        if answer.status != "200":
            return []
        cut = len(observations) // 2

        def rest(first):
            state = json.loads(first.body)["data"][0]["state"]
            return [post("carried on", "/v1/ead", {**body, "observations": observations[cut:], "state": state})]
        return [post("carried on", "/v1/ead", {**body, "observations": observations[:cut]}, then=rest)]
    return then


def golden_inv_entropy():
    names = {"simYAll": "sim_y", "base": "unit"}
    for case in cases("inv_entropy"):
        op, given, asked = case["op"], case["input"], case["params"]
        if op in ("inv_entropy", "replicated", "pooled"):
            body = {}
            for name, value in {**given, **asked}.items():
                if name in ("seed", "draws"):
                    body.setdefault("bootstrap", {})[name] = value
                else:
                    body[names.get(name, re.sub("([A-Z])", r"_\1", name).lower())] = "bit" if name == "base" else value
            if op == "pooled":
                body["pooled"] = True
            yield post("golden", "/v1/inv-entropy", body)
            yield post("golden", "/v1/inv-entropy", {**body, "return": ["matrices", "diagonal", "per_draw"]})
            yield post("golden", "/v1/inv-entropy", {"items": [body, {}, body]})
        elif op == "two_level":
            sides = [[[1 if i == j else given[eps] for j in range(given["n"])] for i in range(given["n"])] for eps in ("epsX", "epsY")]
            yield post("golden", "/v1/inv-entropy", {"sim_x": sides[0], "sim_y": sides[1]})
        elif op == "similarity":
            rows = given["embeddings"]
            yield post("golden", "/v1/inv-entropy", {"embeddings_x": rows, "embeddings_y": rows, "mapping": asked["mapping"], "return": ["matrices"]})
        elif op == "tsu":
            yield post("golden", "/v1/evaluation/tsu", {"scores": given["scores"], "strict": asked["strict"]})


def golden_uq():
    tails = {"renormalize": "renormalized", "bucket": "bucket", "spread": "high"}
    for case in cases("uq"):
        op, given, asked = case["op"], case["input"], case["params"]
        if op == "token_entropy":
            rows = given["rows"]
            body = {{"logits": "logits", "probs": "probs"}.get(asked["kind"], "top_logprobs"):
                    [[p / sum(row) for p in row] for row in rows] if asked["kind"] == "probs" else rows}
            if "temperature" in asked:
                body["temperature"] = asked["temperature"]
            if asked.get("base") == 2:
                body["unit"] = "bit"
            if "vocab" in asked:
                body["vocab_size"] = asked["vocab"]
            if "tail" in asked:
                body["estimate"] = tails[asked["tail"]]
            yield post("golden", "/v1/entropy", body)
        elif op == "uniform_distance":
            yield post("golden", "/v1/entropy", {"logits": given["logits"], "order": asked["alpha"],
                                                 "measures": ["kl_from_uniform", "self_certainty", "renyi", "fisher_rao"]})
        elif op == "logtoku":
            yield post("golden", "/v1/entropy", {"logits": given["logits"], "k": asked["k"], "measures": ["logtoku"]})
        elif op == "deepconf":
            confidences = [-sum(row) / len(row) for row in given["topLogprobs"]]
            yield post("golden", "/v1/entropy", {"confidences": confidences, "group": asked["window"], "bottom": asked["bottom"], "tail": asked["tail"]})


# Examples.

def examples(contract):
    for path, operations in contract["paths"].items():
        for media, content in operations.get("post", {}).get("requestBody", {}).get("content", {}).items():
            for example in content.get("examples", {}).values():
                value = example["value"]
                body = value if isinstance(value, str) else write(value)
                yield post("example", path, body, media=media)
                if media == JSON:
                    yield post("example", path, json.dumps(value, indent=2), headers=[("X-Request-Id", "an-example")])
                    yield post("example", "/v1/batch", write({"custom_id": "1", "url": path, "body": value}) + "\n", media=NDJSON)
                    yield post("example", "/v1/batch?url=" + path, body + "\n" + body, media=NDJSON)
        for parameter in operations.get("get", {}).get("parameters", []):
            for example in parameter.get("examples", {}).values():
                value = quote(str(example["value"]))
                in_path = parameter.get("in") == "path"
                name = parameter["name"]
                yield Request("example", "GET", path.replace("{" + name + "}", value) if in_path else f"{path}?{name}={value}")


def pages():
    """Every curl command of the README and of the pages."""
    files = ["README.md", *sorted(glob.glob("src/docs/**/*.md", recursive=True)), *sorted(glob.glob("src/examples/**/*.md", recursive=True)),
             *sorted(glob.glob("src/examples/**/*.sh", recursive=True)), "src/main/resources/pages/cheat-sheet.txt"]
    for file in files:
        text = open(file, encoding="utf-8").read().replace("\\\n", " ")
        text = text.replace("{base}", HOST).replace("$base", HOST).replace('"$json"', "'Content-Type: application/json'")
        for start in re.finditer(r"(?:^|[|;&] *| {2})curl (?=['\"-]|localhost)", text, re.M):
            words = shlex.shlex(text[start.end():], posix=True, punctuation_chars="|;&\n")
            words.whitespace, words.whitespace_split, words.commenters = " \t\r", True, ""
            command = []
            try:
                for word in words:
                    if word and set(word) <= set("|;&\n"):
                        break
                    command.append(word)
            except ValueError:
                continue
            if request := of_curl(command):
                yield request


def of_curl(words):
    url, body, headers, media, method = None, None, [], "application/x-www-form-urlencoded", None
    words = iter(words)
    for word in words:
        if word == "-H":
            name, _, value = next(words).partition(": ")
            if name.lower() == "content-type":
                media = value
            else:
                headers.append((name, value))
        elif word in ("-d", "--data-binary", "--data", "-T"):
            body = next(words)
        elif word == "-X":
            method = next(words)
        elif word in ("-o", "-w", "--max-time"):
            next(words)
        elif HOST in word:
            url = word
    if not url:
        return None
    if body and body.startswith("@"):
        given = body[1:]
        body = open(given, "rb").read() if os.path.exists(given) else pack("f32", [0.25 * (i % 97) for i in range(2 * 128256)])
    target = url.partition(HOST)[2] or "/"
    method = method or ("GET" if body is None else "POST")
    return Request("page", method, target, body or b"", media, headers)


def dialects():
    """Responses of inference servers to every endpoint that takes an input; two that are joined are none."""
    config = {"threshold": 0.7, "window": 2}
    for fixture in RESPONSES:
        response = fixture["response"]
        names = list(dict.fromkeys(["auto", fixture.get("dialect", "auto"), fixture["recognised_as"]]))
        for size in ({}, {"vocab_size": 128256}):
            for dialect in names:
                body = {"openai": response, "dialect": dialect, **size}
                yield post("dialect", "/v1/entropy", body)
                yield post("dialect", "/v1/score", {**body, "unit": "bit", "flags": {"entropy_above": 1.2, "logprob_below": -1}})
            yield post("dialect", "/v1/truncation", {"openai": response, "top_p": 0.9, **size})
            yield post("dialect", "/v1/truncation", {"openai": response, "steps": [{"sampler": "top_h", "alpha": 0.4}], **size})
            yield post("dialect", "/v1/sample", {"openai": response, "top_k": 2, "seed": 5, **size})
            yield post("dialect", "/v1/step", {"openai": response, "top_k": 1, "ead": config, **size})
            yield post("dialect", "/v1/ead", {"openai": response, "config": config, **size})
        for dialect in DIALECTS[1:]:
            yield post("dialect", "/v1/score", {"openai": response, "dialect": dialect})
        text = write(response)
        for cut in range(1, 6):
            part = text[:len(text) * cut // 6]
            yield post("dialect", "/v1/score", {"openai": part})  # the text of a response that ends too early
    for odd in ({}, [], "", "data: [DONE]\n\n", "data: {", "{}", [{}], [1], 1, {"choices": []}, {"choices": [{}]}, {"choices": 1}, {"error": {"message": "x"}},
                {"choices": [{"message": {"content": "x"}}]}, {"choices": [{"logprobs": None, "message": {"content": "x"}}]},
                {"choices": [{"logprobs": {"content": [{"token": "a", "logprob": 0.5, "top_logprobs": []}]}}]}):
        yield post("dialect", "/v1/score", {"openai": odd})
        yield post("dialect", "/v1/entropy", {"openai": odd})


# Routes.

BUILD = [rb'"time":"[^"]*"', rb'"serialNumber" : "[^"]*"', rb'"timestamp" : "[^"]*"']


def routes(contract):
    gets = [path for path, operations in contract["paths"].items() if "get" in operations and "{" not in path]
    codes = sorted(code.replace("_", "-") for code in problem_codes())
    pages_of_problems = ["/problems/" + slug for slug in codes + ["malformed_json", "nothing", "Not-Found", ""]] + ["/problems"]
    more = ["/actuator", "/actuator/health", "/actuator/health/liveness", "/actuator/health/readiness", "/actuator/health/x", "/actuator/sbom", "/actuator/env",
            "/docs", "/swagger-ui/index.html", "/swagger-ui/swagger-initializer.js", "/swagger-ui/nothing", "/openapi/from-code/swagger-config", "/favicon.ico",
            "/robots.txt", "/index.html", "/v1", "/openapi", "/openapi.yml", "/static", "/META-INF/MANIFEST.MF", "/application.yaml"]
    for path in [*gets, *pages_of_problems, *more]:
        as_drawn = {"loose": path == "/metrics", "unordered": path == "/actuator"}
        for accept in (None, "text/html,application/xhtml+xml,*/*;q=0.8", JSON, "text/plain", "*/*", "image/png", "application/xml;q=0.1, text/*"):
            yield Request("route", "GET", path, headers=[("Accept", accept)] if accept else [], **as_drawn)
        yield Request("route", "GET", path + "?x=1&unit=bit", **as_drawn)
        yield Request("route", "HEAD", path, **as_drawn)
        yield Request("route", "GET", path, strict=True, **as_drawn)
        yield Request("route", "GET", path, strict=True, key=None, **as_drawn)
        yield Request("route", "GET", path, headers=[("Origin", "https://other.example"), ("X-Request-Id", "a" * 128), ("If-Modified-Since", "x")], **as_drawn)
    for path in [*contract["paths"], *more[:3]]:
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW", "get"):
            yield Request("route", method, path.replace("{slug}", "internal"), loose=path == "/metrics", unordered=path == "/actuator")
        yield Request("route", "OPTIONS", path, headers=[("Origin", "https://other.example"), ("Access-Control-Request-Method", "POST")])
    for path, ignore in (("/actuator/info", BUILD), ("/actuator/sbom/application", BUILD)):
        yield Request("route", "GET", path, ignore=ignore, unordered=True)
    yield Request("route", "GET", "/actuator/prometheus", loose=True)


def texts():
    """Plain texts, which the built-in model embeds; the narrow services have no model."""
    asked = ["who won the masters in 2011", "which golfer took the masters 2011", "name the winner of the 2011 masters"]
    answers = ["Charl Schwartzel", "It was Schwartzel", "Rory McIlroy"]
    agree = json.load(open("src/examples/inv-entropy/agree.json"))
    body = {"texts_x": asked, "texts_y": answers}
    doubled = {"texts_x": asked, "texts_y": answers + answers, "answers_per_prompt": 2, "bootstrap": {"draws": 5, "seed": 3}}
    for more in ({}, {"unit": "bit"}, {"mapping": "clipped"}, {"mapping": "absolute", "return": ["matrices"]}, {"model": "m"}):
        yield post("text", "/v1/inv-entropy", {**body, **more})
        yield post("text", "/v1/inv-entropy", {**doubled, **more})
    yield post("text", "/v1/inv-entropy", agree)
    yield post("text", "/v1/inv-entropy?mapping=clipped", agree)
    yield post("text", "/v1/inv-entropy", {"items": [body, {"texts_x": asked, "texts_y": [""] * 3}, doubled]})
    for odd in (["a", "b", 1], ["a", "b", " "], ["a"], [], "abc", ["日本", "\u0000", "\ud83d\ude42"], ["a " * 3000, "b", "c"], ["a" * 8193, "b", "c"]):
        yield post("text", "/v1/inv-entropy", {"texts_x": asked, "texts_y": odd})
    yield post("text", "/v1/batch?url=/v1/inv-entropy", write(body) + "\n", media=NDJSON)


# Limits: what just keeps each, and what does not. They are those of the narrow services.

def repeat(part, n):
    return ",".join([part] * n)


def limits():
    def pair(path, form, part, most, listed=True):
        for n in (most, most + 1):
            yield post("limit", path, form.replace("'", '"').replace("@", repeat(part, n) if listed else part * n), strict=True)

    square = lambda n: "[" + repeat("[" + repeat("1", n) + "]", n) + "]"
    yield from pair("/v1/entropy", "{'logits':[@]}", "[0,0]", 8)
    yield from pair("/v1/entropy", "{'entropies':[@]}", "1", 8)
    yield from pair("/v1/ead", "{'sequences':[@],'config':{'threshold':1}}", '{"observations":[1]}', 8)
    yield from pair("/v1/ead/calibrate", "{'traces':[@],'target_large_fraction':0.5}", "[1,2,3,4,5]", 8)
    yield from pair("/v1/inv-entropy", "{'items':[@]}", '{"sim_x":[[1,0],[0,1]],"sim_y":[[1,0],[0,1]]}', 8)
    yield from pair("/v1/entropy", "{'logits':[[@]]}", "0", 2000)
    yield from pair("/v1/entropy", "{'confidences':[@]}", "9", 2000)
    yield from pair("/v1/entropy", "{'logits':[0.@]}", "1", 29, listed=False)
    yield from pair("/v1/entropy", "{'@':1,'probs':[1]}", "a", 40, listed=False)
    yield from pair("/v1/truncation", "{'probs':[1],'steps':[@]}", '{"sampler":"top_k","k":1}', 3)
    yield from pair("/v1/truncation", "{'probs':[1],'top_k':1,'compare':[@]}", '{"top_k":1}', 3)
    yield from pair("/v1/ead", "{'sequences':[{'observations':[1,1,1,1,1,1]},{'observations':[@]}],'config':{'threshold':1}}", "1", 6)
    yield from pair("/v1/ead", "{'simulate':[@],'observations':[1,1,1,1]}", '{"threshold":1}', 3)
    yield from pair("/v1/labels", "{'candidates':[{'name':'a','logprobs':[-1]},@]}", '{"name":"b","logprobs":[-1]}', 1)
    yield from pair("/v1/labels", "{'probs':[0,1],'labels':[{'name':'a','tokens':[@]}]}", "1", 3)
    yield from pair("/v1/evaluation/tsu", "{'scores':[[@]],'strict':false}", "1", 4)
    yield from pair("/v1/inv-entropy", "{'embeddings_x':[@],'embeddings_y':[[1,0],[1,0]]}", "[1,0]", 4)
    yield from pair("/v1/entropy", "{'logits':[[0,0],[0,0]],'measures':['rank_of'],'ids':[@]}", "1", 5)
    yield from pair("/v1/entropy", "{'top_logprobs':[@]}", "[-1]", 8)
    yield from pair("/v1/batch?url=/v1/entropy", "{'probs':[1]@}", " ", 187, listed=False)
    for body in ("{'top_logprobs':[[-1,-2]],'vocab_size':2000}", "{'top_logprobs':[[-1,-2]],'vocab_size':2001}", "{'logits':[[" + repeat("1", 1500) + "]]}",
                 "{'logits':[[" + repeat("[],1", 300) + "]]}"):
        yield post("limit", "/v1/entropy", body.replace("'", '"'), strict=True)
    for body in ("{'probs':[0.1," + repeat("0.1", 9) + "],'top_k':20}", "{'probs':[0.05," + repeat("0.05", 19) + "],'top_k':20}",
                 "{'probs':[[0.5,0.5],[0.5,0.5]],'top_h':0.4,'exact':true,'node_limit':20}",
                 "{'probs':[[0.5,0.5],[0.5,0.5]],'top_h':0.4,'exact':true,'node_limit':21}",
                 "{'probs':[1],'top_k':1,'compare':[{'sampler':'xtc','probability':1,'u':0,'protected_ids':[0]}]}",
                 "{'probs':[1],'top_k':1,'compare':[{'sampler':'xtc','probability':1,'u':0,'protected_ids':[[[0]]]}]}"):
        yield post("limit", "/v1/truncation", body.replace("'", '"'), strict=True)
    question = "{'embeddings_x':[[1,0],[1,0],[1,0]],'embeddings_y':[" + repeat("[1,0]", 6) + "],'answers_per_prompt':2,'bootstrap':{'draws':20}}"
    for body in ("{'items':[" + question + "]}", "{'items':[" + question + "," + question + "]}",
                 *("{'sim_x':[[1,0],[0,1]],'sim_y':" + square(4) + f",'answers_per_prompt':2,'bootstrap':{{'draws':{n}}}}}" for n in (20, 21)),
                 *("{'sim_x':[[1,0],[0,1]],'sim_y':" + square(n) + ",'groups':[[0],[1,2,3,4,5]]}" for n in (6, 7)),
                 *("{'embeddings_x':[" + repeat("[1,0]", n) + "],'embeddings_y':[" + repeat("[1,0]", n) + "],'return':['matrices']}" for n in (3, 4)),
                 *("{'texts_x':['aaaaa','bbbbb'],'texts_y':['aaaaa','" + "z" * n + "']}" for n in (20, 21)),
                 *("{'texts_x':['aaaaa','bbbbb','cccccccccc'],'texts_y':['aaaaa','bbbbb','" + "z" * n + "']}" for n in (19, 20))):
        yield post("limit", "/v1/inv-entropy", body.replace("'", '"'), strict=True)
    small = '{"probs":[1]}'
    spaced = "{\"probs\":[1]" + " " * 1_999_987 + "}"
    for headers, body in (([], small), ([("X-Padding", "x" * 7600)], small), ([("X-Padding", "x" * 8192)], small)):
        yield post("limit", "/v1/entropy", body, strict=True, headers=headers)
    for body in (small, "[" * 60 + "]" * 60, "{\"probs\":[1]" + " " * 90_000 + "}", spaced, spaced + " "):
        packed = gzip.compress(body.encode(), mtime=0)
        for data in (packed, packed[:-6]):
            yield post("limit", "/v1/entropy", data, strict=True, headers=[("Content-Encoding", "gzip")])
    yield post("limit", "/v1/entropy", small, strict=True, headers=[("Content-Encoding", "gzip")])
    for body, chunked in ((spaced[:900_000], True), (spaced, False), (spaced, True), (spaced + " ", False), (spaced + " ", True)):
        yield post("limit", "/v1/entropy", body, strict=True, chunked=chunked, solo=True)
    for rows in (1, 8, 9):
        yield post("limit", f"/v1/entropy?dtype=f16&shape={rows},2000", bytes(4000 * rows), media=BYTES, strict=True)
    yield post("limit", "/v1/entropy?dtype=f64&shape=1,2001", bytes(16008), media=BYTES, strict=True)
    yield post("limit", "/v1/truncation?dtype=f64&shape=8,2000&top_k=1", bytes(128_000), media=BYTES, strict=True)


# Problems, one way each at least, and rows as large as real ones.

def problems():
    for body in ("{", '{"logits":[[0,0]]} x', '{"logits":[[0,0]],"logits":[[1,1]]}', "[1,2]", '{"logit":[[0,0]]}', '{"logits":[["1",2]]}', "{}", '{"logits":[]}',
                 '{"logits":[[0,0]],"probs":[[0.5,0.5]]}', '{"logits":[[0,0],[0,0,0]]}', '{"logits":[[0,NaN]]}', '{"logits":[[0,1e999]]}',
                 '{"logits":[[0,0],[null,"-inf"]]}', '{"probs":[[0.5,0.1]]}', '{"probs":[[1.5,-0.5]]}', '{"logits":[[0,0]],"temperature":-1}',
                 '{"logits":[[0,0]],"vocab_size":3}', '{"top_logprobs":[[-0.7,-9.2]],"vocab_size":100}', '{"top_logprobs":[[{"logprob":-1,"id":7}]],"vocab_size":5}',
                 '{"entropies":[1e308,1e308]}', '{"top_logprobs":[{"top_logprobs":[-1,-2],"sampled_logprob":-0.5}]}'):
        yield post("problem", "/v1/entropy", body)
        yield post("problem", "/v1/entropy", body, headers=[("X-Request-Id", "mine")])
        yield post("problem", "/v1/batch?url=/v1/entropy", body + "\n", media=NDJSON)
    yield post("problem", "/v1/ead", {"observations": [1], "config": {"threshold": 1}, "state": {"v": 99}})
    yield Request("problem", "GET", "/v1/entropie")
    yield Request("problem", "DELETE", "/v1/entropy")
    yield Request("problem", "GET", "/v1/limits", headers=[("Accept", "text/csv")])
    yield post("problem", "/v1/entropy", "a=1", media="application/x-www-form-urlencoded")
    for headers in ([], [("Authorization", "Bearer wrong")], [("Authorization", "Basic first")], [("Authorization", "bearer first")],
                    [("Authorization", "Bearer  second ")], [("Authorization", "Bearer")], [("Authorization", "")], [("X-Request-Id", "mine")]):
        yield post("problem", "/v1/entropy", '{"logits":[[0,0]]}', strict=True, key=None, headers=headers)
        yield post("problem", "/v1/nowhere", "x" * 5000, strict=True, key=None, headers=headers)
    yield post("problem", "/v1/inv-entropy", {"texts_x": ["a", "b"], "texts_y": ["c", "d"]}, strict=True)  # embeddings_unavailable
    yield post("problem", "/v1/batch?url=/v1/inv-entropy", {"texts_x": ["a", "b"], "texts_y": ["c", "d"]}, strict=True, media=NDJSON)
    yield post("problem", "/v1/entropy", " " * 1_200_000, strict=True, solo=True)  # overloaded: more than all bodies may hold
    row = [8 * math.sin(1.7 * i) + 0.001 * (i % 89) for i in range(128_256)]
    for dtype in ("f32", "bf16", "f16", "f64"):
        body = pack(dtype, row)
        for path in ("/v1/entropy?", "/v1/truncation?top_h=0.4&", "/v1/truncation?top_k=50&top_p=0.9&", "/v1/step?min_p=0.1&", "/v1/sample?seed=3&",
                     "/v1/entropy?measures=varentropy,renyi,margin&order=2&"):
            yield post("large row", f"{path}dtype={dtype}&shape=1,128256", body, media=BYTES)
        yield post("large row", f"/v1/truncation?top_h=0.4&format=bitmask&dtype={dtype}&shape=128256", body, media=BYTES, headers=[("Accept", BYTES)])
    yield post("large row", "/v1/entropy", {"logits": [[round(x, 4) for x in row]]})
    yield post("large row", "/v1/truncation", {"logits": [[round(x, 2) for x in row[:50_000]]], "top_h": 0.3, "return": ["ids", "bitmask"]})
    yield post("large row", "/v1/entropy?dtype=f32&shape=64,2000", pack("f32", row[:128_000]), media=BYTES)
    yield post("large row", "/v1/batch", "".join(write({"custom_id": str(i), "url": "/v1/entropy", "body": {"logits": [row[i:i + 50]]}}) + "\n"
                                                 for i in range(3000)), media=NDJSON, chunked=True)


def wire():
    """What is hardly HTTP, and what takes its time: a connection each."""
    end = "\r\nConnection: close\r\n\r\n"
    for text in ("garbage", "GET", "GET /a|b{} HTTP/1.1\r\nHost: x", "GET /v1/% HTTP/1.1\r\nHost: x", "GET /v1%2fentropy HTTP/1.1\r\nHost: x", "GET / HTTP/1.1",
                 "GET /../../etc HTTP/1.1\r\nHost: x", "GET / HTTP/9.9\r\nHost: x", "GET /livez HTTP/1.0", "GET http://x/v1/limits HTTP/1.1\r\nHost: x", "get / http/1.1\r\nHost: x",
                 "POST /v1/entropy HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: z", "POST /v1/entropy HTTP/1.1\r\nHost: x\r\nContent-Length: -1", "GET / HTTP/1.1\r\nHost: a b",
                 "POST /v1/entropy HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2", "GET /v1/entropy?probs=[1] HTTP/1.1\r\nHost: x",
                 "GET /error HTTP/1.1\r\nHost: x", "TRACE /v1/entropy HTTP/1.1\r\nHost: x", "BREW /v1/entropy HTTP/1.1\r\nHost: x", "GET /" + "x" * 9000 + " HTTP/1.1\r\nHost: x",
                 "GET /v1/entropy?probs=0.5,0.5 HTTP/1.1\r\nHost: x\r\nX-Request-Id: one\r\nX-Request-Id: two", "GET / HTTP/1.1\r\nHost: x\r\nHost: y", "GET / HTTP/1.1\r\nHost: x\r\nbad header",
                 "OPTIONS * HTTP/1.1\r\nHost: x"):
        yield Request("wire", "", "", parts=[(text + end).encode()])
    head = b"POST /v1/entropy HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    body = b'{"logits":[[0,0]]}'
    yield Request("wire", "", "", parts=[head + b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\nzz\r\n{}\r\n"])
    yield Request("wire", "", "", parts=[head + b"Content-Length: 99999999999\r\nExpect: 100-continue\r\n\r\n"], solo=True)
    yield Request("wire", "", "", parts=[head + b"Content-Length: 18\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n", 0.1, body], solo=True)
    yield Request("wire", "", "", parts=[head + b"Content-Length: 18\r\nX-Request-Timeout-Ms: 1\r\nConnection: close\r\n\r\n", 0.2, body], solo=True)  # deadline_exceeded
    yield Request("wire", "", "", parts=[head + b"Content-Length: 18\r\nConnection: close\r\n\r\n", 0.1, body[:9], 0.1, body[9:]], solo=True)
    yield Request("wire", "", "", parts=[head + b"Content-Length: 40\r\nConnection: close\r\n\r\n" + body], solo=True)  # its sender goes away
    slow = head + b"Authorization: Bearer first\r\nConnection: close\r\n"
    yield Request("wire", "", "", strict=True, solo=True, parts=[slow + b"Content-Length: 18\r\n\r\n", 0.1, body[:9], 2.5])  # request_timeout
    lines = slow.replace(b"/v1/entropy", b"/v1/batch?url=/v1/entropy").replace(b"application/json", NDJSON.encode()) + b"Transfer-Encoding: chunked\r\n\r\n"
    yield Request("wire", "", "", strict=True, solo=True, parts=[lines + b"13\r\n" + body + b"\n\r\n", 2.5])  # the second line does not come
    yield Request("wire", "", "", solo=True, parts=[b"GET /readyz HTTP/1.1\r\nHost: x\r\n\r\nGET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"])
