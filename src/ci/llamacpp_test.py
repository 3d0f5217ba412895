#!/usr/bin/env python3
"""Real answers of two llama.cpp servers through the packaged service: what is true of the whole vocabulary must lie in every range that
the service gives from a part of it. The same request with every token listed is the truth.
  src/ci/llamacpp_test.py http://127.0.0.1:18094 [--port 18095] [--record src/test/resources/llamacpp/recorded.ndjson.gz]"""
import argparse, collections, gzip, http.client, json, math, os, random, shutil, sys, time, urllib.parse

from llamacpp_asks import ALL, Truth, asks, events, positions
from llamacpp_pair import VOCABULARY, Pair

SAME = 1e-4  # how far two float32 sums over the vocabulary may be apart, relatively; another context is further away
DOUBLE = 1e-9  # rounding of our own
KEPT = "target/llamacpp"
LONG = {"threshold": 7.7, "window": 64, "fill": "partial"}  # never switches: the smoothed entropy is the mean of all
RULES = [LONG, {"threshold": 2.0, "window": 1}, {"threshold": 2.5, "window": 2, "hysteresis": 0.5, "on_escalate": "redo"},
         {"threshold": 1.5, "window": 3, "fill": "partial", "point": "midpoint"}]
MEASURES = ["margin", "min_entropy", "gini", "collision", "kl_from_uniform"]


class Service:
    def __init__(self, url):
        where = urllib.parse.urlsplit(url)
        self.connection = http.client.HTTPConnection(where.hostname, where.port, timeout=60)

    def call(self, method, path, body=None, kind="application/json"):
        self.connection.request(method, path, body, {"Content-Type": kind})
        response = self.connection.getresponse()
        return response.status, json.loads(response.read())


def ends(answer, name):
    """The range of a number, which is a point where the answer has no ends for it."""
    return answer.get(f"{name}_low", answer.get(name)), answer.get(f"{name}_high", answer.get(name))


class Suite:
    def __init__(self, service):
        self.service = service
        self.counts = collections.Counter()
        self.rounding = 0.0
        self.misses = []

    def missed(self, ask, body, what):
        self.misses.append(f"{ask.name}: {what}")
        os.makedirs(KEPT, exist_ok=True)
        with open(f"{KEPT}/{len(self.misses)}.json", "w") as file:
            json.dump({"what": what, "request": ask.request(), "path": ask.path, "response": body.decode()}, file)

    def holds(self, ask, body, name, low, truth, high):
        """One range; an end may be absent."""
        self.counts["ranges"] += 1
        if (low is None or low <= truth + DOUBLE) and (high is None or truth <= high + DOUBLE):
            self.counts["hold"] += 1
        else:
            self.missed(ask, body, f"{name}: {truth} is not in [{low}, {high}]")

    def says(self, ask, body, name, found, expected):
        self.counts["facts"] += 1
        if found != expected:
            self.missed(ask, body, f"{name}: found {found}, expected {expected}")

    def answer(self, ask, body, path, wrapped=None, **query):
        """The service's answer to a response as its whole body, or with fields beside it; None if it refuses."""
        if wrapped is not None:
            text = body.decode()
            wrapped["openai"] = text if ask.stream else json.loads(text)
            sent, kind = json.dumps(wrapped), "application/json"
        else:
            sent, kind = body, "text/event-stream" if ask.stream else "application/json"
        status, answer = self.service.call("POST", path + ("?" + urllib.parse.urlencode(query) if query else ""), sent, kind)
        if status == 200:
            return answer
        if ask.shape == "native" or positions(body, ask.stream):
            self.missed(ask, body, f"{path}: {status} {answer.get('detail')}")
        return None  # an OpenAI-shaped answer of half a character does not even say that probabilities were asked for

    def run(self, ask, body, truths):
        """All that is asked of one response. The truths are one a token with probabilities, in the order of the response."""
        found = positions(body, ask.stream)
        if [(token.choice, token.id) for token in found] != [(truth.choice, truth.id) for truth in truths]:
            sys.exit(f"{ask.name}: the server writes other tokens when it lists all of them")
        self.counts["responses"] += 1
        self.counts["positions"] += len(found)
        for token, truth in zip(found, truths):
            for other, lnprob in token.listed.items():
                off = abs(math.expm1(lnprob - math.log(truth.prob(other)))) if truth.prob(other) > 0 else 1
                if off > SAME:
                    sys.exit(f"{ask.name}: the server says {lnprob} of token {other}, and {truth.prob(other)} when it lists all")
                self.rounding = max(self.rounding, off)
        self.entropy(ask, body, found, truths)
        self.score(ask, body, found, truths)
        self.ead(ask, body, truths)
        self.labels(ask, body, truths)

    def entropy(self, ask, body, found, truths):
        answer = self.answer(ask, body, "/v1/entropy", vocab_size=VOCABULARY, measures=",".join(MEASURES))
        if answer is None:
            return
        rows = answer["data"]
        self.says(ask, body, "/v1/entropy: rows", len(rows), len(truths))
        error = answer.get("mass_error", 0)
        for i, (row, token, truth) in enumerate(zip(rows, found, truths)):
            place = f"/v1/entropy, row {i}: "
            self.holds(ask, body, place + "entropy", row["entropy_low"], truth.entropy(), row["entropy_high"])
            mass = truth.mass({*token.listed, token.id})
            self.holds(ask, body, place + "mass", mass / (1 + error) - error, row["mass_seen"], mass * (1 + error) + error)
            top = truth.prob(row["top"]["id"])
            self.holds(ask, body, place + "top", top * (1 - error), row["top"]["prob"], top * (1 + error))
            for name, value in truth.measures().items():
                if f"{name}_low" in row or f"{name}_high" in row:
                    self.holds(ask, body, place + name, row.get(f"{name}_low"), value, row.get(f"{name}_high"))
        if len(rows) > 1:
            entropies = [truth.entropy() for truth in truths]
            for name, value in (("mean", sum(entropies) / len(entropies)), ("max", max(entropies)), ("sum", sum(entropies))):
                low, high = ends(answer["sequence"], name)
                self.holds(ask, body, f"/v1/entropy, sequence.{name}", low, value, high)

    def score(self, ask, body, found, truths):
        answer = self.answer(ask, body, "/v1/score", vocab_size=VOCABULARY)
        if answer is None:
            return
        error = answer.get("mass_error", 0)
        scored = [token for token in answer["data"] if "entropy_low" in token]
        self.says(ask, body, "/v1/score: tokens with alternatives", [token.get("id") for token in scored], [t.id for t in truths])
        for i, (token, truth) in enumerate(zip(scored, truths)):
            place = f"/v1/score, token {i}: "
            self.holds(ask, body, place + "entropy", token["entropy_low"], truth.entropy(), token["entropy_high"])
            own = math.log(truth.prob(truth.id)) if truth.prob(truth.id) > 0 else None
            if own is not None:
                self.holds(ask, body, place + "logprob", own - 2 * error, token["logprob"], own + 2 * error)
        for choice in answer.get("choices", [answer["sequence"]] if "sequence" in answer else []):
            entropies = [truth.entropy() for truth in truths if truth.choice == choice.get("choice", truth.choice)]
            if "mean_entropy_low" in choice:
                self.holds(ask, body, "/v1/score: mean_entropy", choice["mean_entropy_low"], sum(entropies) / len(entropies),
                           choice["mean_entropy_high"])
                self.holds(ask, body, "/v1/score: max_entropy", choice["max_entropy_low"], max(entropies), choice["max_entropy_high"])

    def ead(self, ask, body, truths):
        """Against the same rules over the entropies themselves."""
        answer = self.answer(ask, body, "/v1/ead", {"vocab_size": VOCABULARY, "simulate": RULES})
        if answer is None:
            return
        entropies = [truth.entropy() for truth in truths]
        steps = answer["data"][0]["steps"]
        status, true = self.service.call("POST", "/v1/ead", json.dumps({"observations": entropies, "simulate": RULES}))
        if status != 200:
            sys.exit(f"{ask.name}: {true}")
        whole = "character" not in ask.kind  # a token inside a character is one more step, of which nothing is known
        if whole:
            self.says(ask, body, "/v1/ead: steps", len(steps), len(truths))
        for rule, item, exact in zip(RULES, answer["data"], true["data"]):
            sure = whole
            for step, right in zip(item["steps"], exact["steps"]):
                sure = sure and step["certified"]
                if not sure:
                    break
                self.counts["certified decisions"] += 1
                self.says(ask, body, f"/v1/ead {rule}, step {step['step']}", step["next"], right["next"])
            if "smoothed_low" in item["next"] and (sure or rule is LONG):
                self.holds(ask, body, f"/v1/ead {rule}: smoothed", item["next"]["smoothed_low"], exact["next"]["smoothed_low"],
                           item["next"].get("smoothed_high"))
            if rule is LONG and entropies and item["next"]["reason"] != "no_signal":  # the last token may be part of a character, without a row
                self.holds(ask, body, "/v1/ead: mean of all", item["next"].get("smoothed_low", math.inf), sum(entropies) / len(entropies),
                           item["next"].get("smoothed_high"))

    def labels(self, ask, body, truths):
        """At the first token of each answer, and at the last of one; labels of ids, then of texts, which may have unseen spellings."""
        first = list({truth.choice: truth for truth in reversed(truths)}.values())[::-1]
        places = [("first", first)] if truths else []
        if len(first) == 1 and len(truths) > 1 and "split" not in ask.kind:
            places.append((len(truths) - 1, truths[-1:]))
        for position, wanted in places:
            for ids, scores in ((wanted[0].labels(), [1, 3, 5]), (None, [0, 1])):
                names = ids or texts(wanted[0])
                labels = [{"name": f"label {i}", "tokens": tokens, "score": score}
                          for i, (tokens, score) in enumerate(zip(names, scores))]
                answer = self.answer(ask, body, "/v1/labels", {"vocab_size": VOCABULARY, "labels": labels, "position": position,
                                                               "match": "trim" if ids is None else "exact"})
                if answer is None:
                    continue
                self.says(ask, body, "/v1/labels: answers", len(answer["data"]), len(wanted))
                for item, truth in zip(answer["data"], wanted):
                    self.labels_hold(ask, body, f"/v1/labels {names} at {position}, ", item,
                                     [truth.mass(tokens) if ids else truth.spelled(tokens[0]) for tokens in names], scores)

    def labels_hold(self, ask, body, place, item, true, scores):
        for i, (label, prob) in enumerate(zip(item["labels"], true)):
            self.holds(ask, body, f"{place}label {i}", label["prob_low"], prob, label["prob_high"])
        self.holds(ask, body, place + "other", item["other"]["prob_low"], 1 - math.fsum(true), item["other"]["prob_high"])
        others = [prob for i, prob in enumerate(true) if f"label {i}" != item["best"]]
        best = math.fsum(true) - math.fsum(others)
        self.holds(ask, body, place + "margin", item["margin_low"], best - max(others), item["margin_high"])
        if item["certified"]:
            self.counts["certified labels"] += 1
            self.holds(ask, body, place + "best", 0, best - max(others), 1)
        if "given_labels" in item and math.fsum(true) > 0:
            given = [prob / math.fsum(true) for prob in true]
            for i, (label, prob) in enumerate(zip(item["given_labels"], given)):
                self.holds(ask, body, f"{place}given {i}", label["prob_low"], prob, label["prob_high"])
            low, high = ends(item, "entropy")
            self.holds(ask, body, place + "entropy", low, math.fsum(-p * math.log(p) for p in given if p > 0), high)
            low, high = ends(item, "expected_score")
            self.holds(ask, body, place + "expected score", low, math.fsum(p * s for p, s in zip(given, scores)), high)


def texts(truth):
    """Two labels of one text: those of the best token and of the next that is another text."""
    found = []
    for token in truth.ranked:
        text = truth.texts[token].decode(errors="ignore").strip()
        if text and text not in found:
            found.append(text)
        if len(found) == 2:
            break
    return [[text] for text in found + ["selah", "raca"][len(found):]]


class Record:
    """A handful of answers with what is true of them, for a test that needs no server."""

    SHARE = 0.19
    SHORT, ALL_OF_ONE_TOKEN = 30_000, 200_000  # bytes

    def __init__(self):
        self.random, self.lines, self.whole = random.Random(19), [], 0

    def add(self, ask, body, truths):
        drawn = self.random.random() < self.SHARE
        whole = truths and ask.listed == ALL and not ask.after_samplers and len(body) < self.ALL_OF_ONE_TOKEN and self.whole < 2
        if not (truths or ask.shape == "native") or not whole and not (drawn and len(body) < self.SHORT):
            return
        self.whole += bool(whole)
        text = body.decode()
        found = positions(body, ask.stream)
        tokens = [{"choice": truth.choice, "id": truth.id, "logprob": token.ln, "entropy": truth.entropy(),
                   "mass": truth.mass({*token.listed, token.id}), **truth.measures(),
                   "labels": [{"tokens": ids, "prob": truth.mass(ids)} for ids in truth.labels()]}
                  for token, truth in zip(found, truths)]
        self.lines.append({"name": ask.name, "response": text if ask.stream else json.loads(text), "tokens": tokens})

    def write(self, path):
        with gzip.GzipFile(path, "wb", mtime=0) as file:
            for line in self.lines:
                file.write(json.dumps(line).encode() + b"\n")


def main():
    options = argparse.ArgumentParser()
    options.add_argument("service")
    options.add_argument("--port", type=int, default=18095)
    options.add_argument("--record")
    options = options.parse_args()
    started = time.monotonic()
    shutil.rmtree(KEPT, ignore_errors=True)
    suite, record, known = Suite(Service(options.service)), Record(), {}
    with Pair(options.port) as pair:
        for ask in asks():
            body = posted(pair, ask)
            whole = ask.whole()
            if whole.name not in known:
                known[whole.name] = [Truth(token) for token in positions(posted(pair, whole), ask.stream)]
            suite.run(ask, body, known[whole.name])
            record.add(ask, body, known[whole.name])
    if options.record:
        record.write(options.record)
        print(f"{len(record.lines)} answers recorded")
    counts = suite.counts
    print(f"{counts['responses']} responses, {counts['positions']} positions; {counts['hold']} of {counts['ranges']} ranges hold; "
          f"{counts['certified decisions']} certified decisions, {counts['certified labels']} certified labels, "
          f"{counts['facts']} other facts; the server rounds by up to {suite.rounding:.1e}; {time.monotonic() - started:.0f} s")
    for miss in suite.misses[:20]:
        print(miss)
    if suite.misses:
        sys.exit(f"{len(suite.misses)} misses, kept in {KEPT}")


def posted(pair, ask):
    status, body = getattr(pair, ask.model).post(ask.path, ask.request())
    if status != 200:
        sys.exit(f"{ask.name}: {body.decode()}")
    return body


if __name__ == "__main__":
    main()
