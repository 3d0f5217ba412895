#!/usr/bin/env python3
"""Sends the same requests to two jars of the service and compares the answers, byte for byte.

src/ci/replay.py OLD.jar NEW.jar [--requests 20000] [--seed 1] [--allow FILE]

What must be alike: status, headers and bodies of every answer, and at the end what /metrics counted. What may differ: Date, request ids that
the service made (the same one in header and body), times in Server-Timing and /metrics, and what every start of the service draws anew: the
order of the methods that a path takes, and of several warnings of one row. Two pairs of services run: one as it is by default, one with narrow
limits, keys and an embedding server that is not there. The requests are the same for the same seed: golden vectors, examples of the contract
and of the pages, responses of inference servers, every route, every limit, and random ones, good and bad, up to the number that is wanted.
It exits with 1 on any difference, or if a problem that a client can provoke did not occur. Both jars are to be built in the same way: "mvn -o"
leaves the bill of materials out.

A difference that is intended is allowed by a line of FILE: path, status of the old answer, place (a JSON Pointer, header:NAME, status, end,
or bytes where the JSON is the same but not its spelling), and the reason; * stands for anything, # begins a comment:
  /v1/step  200  /data/*/kept_entropy  it was lost before
For /metrics the place is the name of the series. The lines of a batch count as elements of a list.

Needs a JDK 25 and nothing but Python's own library. Under two minutes on two idle cores."""
import argparse, collections, fnmatch, hashlib, itertools, json, os, re, socket, subprocess, sys, tempfile, threading, time

os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
from replay_corpus import fixed, problem_codes  # noqa: E402
from replay_random import random_requests  # noqa: E402
from replay_wire import KEY, Connection, Request  # noqa: E402

THREADS, SHOWN, ALIKE = 3, 20, 3
KNOWN = problem_codes()
HEAP = "-Xmx1g"  # alike for all, as some limits follow it
COMMON = {"SERVER_TOMCAT_KEEP_ALIVE_TIMEOUT": "60s", "TOKENTROPY_ADMISSION_DEADLINE": "60s"}  # whatever else runs on these cores
STRICT = {
    "TOKENTROPY_MAX_BODY_BYTES": "2000000", "TOKENTROPY_MAX_ROWS": "8", "TOKENTROPY_MAX_VOCAB": "2000", "TOKENTROPY_MAX_JSON_DEPTH": "5",
    "TOKENTROPY_MAX_JSON_NUMBER_LENGTH": "30", "TOKENTROPY_MAX_JSON_NAME_LENGTH": "40", "TOKENTROPY_MAX_DECODED_BYTES": "65536",
    "TOKENTROPY_MAX_ANSWER_ENTRIES": "10", "TOKENTROPY_MAX_STEPS": "3", "TOKENTROPY_MAX_NODES": "40", "TOKENTROPY_MAX_HISTORY": "6", "TOKENTROPY_MAX_OBSERVATIONS": "12",
    "TOKENTROPY_MAX_TEMPERATURES": "4", "TOKENTROPY_MAX_LABELS": "2", "TOKENTROPY_MAX_LABEL_TOKENS": "3", "TOKENTROPY_MAX_INV_ENTROPY_N": "4", "TOKENTROPY_MAX_INV_ENTROPY_MATRIX": "3",
    "TOKENTROPY_MAX_INV_ENTROPY_ANSWERS": "6", "TOKENTROPY_MAX_INV_ENTROPY_OPERATIONS": "15200", "TOKENTROPY_MAX_BOOTSTRAP_DRAWS": "20",
    "TOKENTROPY_MAX_UNCERTAINTY_ANSWERS": "3", "TOKENTROPY_MAX_UNCERTAINTY_OPERATIONS": "500",
    "TOKENTROPY_MAX_TEXT_LENGTH": "20", "TOKENTROPY_MAX_TEXTS_LENGTH": "49", "TOKENTROPY_MAX_LINE_BYTES": "200",
    "TOKENTROPY_COMPRESSED_BODIES": "true", "TOKENTROPY_MAX_COMPRESSION_RATIO": "20",
    "TOKENTROPY_ADMISSION_MAX_BYTES_IN_FLIGHT": "1000000", "TOKENTROPY_ADMISSION_BODY_DEADLINE": "1s",
    "SERVER_TOMCAT_CONNECTION_TIMEOUT": "1s", "TOKENTROPY_AUTH_MODE": "api-key",
    "TOKENTROPY_AUTH_API_KEYS": ",".join(hashlib.sha256(key.encode()).hexdigest() for key in (KEY, "second")),
    "TOKENTROPY_EMBEDDINGS_BACKEND": "server", "TOKENTROPY_EMBEDDINGS_URL": "http://127.0.0.1:9/v1/embeddings",
    "TOKENTROPY_EMBEDDINGS_MODEL": "nobody", "TOKENTROPY_METRICS_MODELS": "m,known"}


class Service:
    """A jar in a process of its own, on a free port of the loopback."""

    def __init__(self, java, jar, settings, work, first):
        self.jar, self.port = jar, free_port(first)
        self.log = os.path.join(work, f"{self.port}.log")
        flags = open("src/bin/jvm.flags").read().split()
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("TOKENTROPY_", "SERVER_", "SPRING_"))}
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen([java, *flags, HEAP, "-jar", jar], stdout=log, stderr=log, cwd=work,
                                            env={**clean, **COMMON, **settings, "SERVER_PORT": str(self.port)})

    def wait(self):
        until = time.monotonic() + 120
        while time.monotonic() < until and self.process.poll() is None:
            try:
                if self.ask("/readyz").status == "200":
                    return
            except OSError:
                pass
            time.sleep(0.2)
        sys.exit(f"{self.jar} did not start: {open(self.log, errors='replace').read()[-2000:]}")

    def ask(self, path):
        connection, request = Connection(self.port), Request("", "GET", path, strict=True)
        connection.send(request)
        answer = connection.receive(request)
        connection.close()
        return answer

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()


taken = set()


def free_port(first):
    for port in range(first, 65536) if first else [0]:
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            found = probe.getsockname()[1]
            if found not in taken:
                taken.add(found)
                return found
    return free_port(first)


# What must be alike.

MADE = re.compile(r"[0-9a-f]{32}")
METHODS = re.compile(rb"expected ([A-Z]+(?: or [A-Z]+)+)")
TIMING = re.compile(r"parse;dur=\d+\.\d{3}, compute;dur=\d+\.\d{3}, write;dur=\d+\.\d{3}")


def known(request, old, new):
    """Both answers with what may differ taken out: (headers, body), and whether their request ids are as they must be."""
    ids = [answer.header("x-request-id") for answer in (old, new)]
    echoed = ids[0] == ids[1]  # that of the caller: two of the services' own are never alike
    good = echoed or all(i is not None and MADE.fullmatch(i) for i in ids)
    plain = []
    for answer, made in zip((old, new), ids):
        headers = []
        for name, value in answer.headers:
            if name == "date" or (name == "content-length" and (request.ignore or request.loose)):
                continue
            if name == "x-request-id" and not echoed:
                value = "(made)"
            if name == "server-timing":
                value = "(times)" if TIMING.fullmatch(value) else value
            if name == "allow":
                value = ",".join(sorted(re.split(", ?", value)))
            headers.append((name, value))
        body = b"" if request.loose else answer.body
        if made and not echoed:
            body = body.replace(made.encode(), b"(made)")
        if answer.status == "405":
            body = METHODS.sub(lambda found: b"expected " + b" or ".join(sorted(found[1].split(b" or "))), body)
        for pattern in request.ignore:
            body = re.sub(pattern, b"", body)
        plain.append((sorted(headers), body))
    return plain, good


def differences(request, old, new):
    """Places that differ, each with what is there in the old answer and in the new."""
    (old_plain, new_plain), good_ids = known(request, old, new)
    found = []
    if old.line != new.line:
        found.append(("status", old.line, new.line))
    if old.end != new.end:
        found.append(("end", old.end, new.end))
    if not good_ids:
        found.append(("header:x-request-id", old.header("x-request-id"), new.header("x-request-id")))
    if old_plain[0] != new_plain[0]:
        names = sorted({name for name, _ in old_plain[0] + new_plain[0]})
        for name in names:
            values = [[value for other, value in headers if other == name] for headers in (old_plain[0], new_plain[0])]
            if values[0] != values[1]:
                found.append(("header:" + name, *values))
    if old_plain[1] != new_plain[1]:
        found += body_differences(old_plain[1], new_plain[1], request.unordered)
    return found


def body_differences(old, new, unordered):
    try:
        parsed = [parse(body) for body in (old, new)]
    except ValueError:
        return [("bytes", f"{len(old)} bytes", f"{len(new)} bytes")]
    before = [json.dumps(value) for value in parsed]
    for value, body in zip(parsed, (old, new)):
        settle(value, body)
    after = [json.dumps(value) for value in parsed]
    places = list(walk("", *parsed))
    if places or unordered or (before != after and after[0] == after[1]):
        return places
    return [("bytes", "the same JSON", "spelled or ordered otherwise")]


def parse(body):
    text = body.decode("utf-8")
    try:
        return json.loads(text)
    except ValueError:
        return [json.loads(line) for line in text.splitlines()]


def settle(value, body=b""):
    """Brings the warnings of a row into one order, and takes a digest out that is right for its own answer."""
    if isinstance(value, list):
        if value and isinstance(value[-1], dict) and value[-1].get("object") == "batch.end":
            before = body[:body.rstrip(b"\n").rfind(b"\n") + 1]
            if value[-1].get("digest") == "sha256:" + hashlib.sha256(before).hexdigest():
                value[-1]["digest"] = "(right)"
        for one in value:
            settle(one)
    elif isinstance(value, dict):
        for name, one in value.items():
            settle(one)
            if name == "warnings" and isinstance(one, list):
                rows = [[*row] for _, row in itertools.groupby(one, lambda warning: warning.get("index"))]
                value[name] = [warning for row in rows for warning in sorted(row, key=lambda warning: warning["code"])]


def walk(place, old, new):
    if isinstance(old, dict) and isinstance(new, dict):
        for name in sorted(old.keys() | new.keys()):
            yield from walk(f"{place}/{name}", old.get(name, "(absent)"), new.get(name, "(absent)"))
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for i, pair in enumerate(zip(old, new)):
            yield from walk(f"{place}/{i}", *pair)
    elif old != new or type(old) is not type(new):
        yield (place, old, new)


def meters(text):
    """Series of the service and their values, but for times; sums may differ in the last digits, as calls end in any order."""
    series = {}
    for line in text.splitlines():
        name, _, value = line.split(" # ")[0].rpartition(" ")
        bare = name.split("{")[0]
        timed = re.search(r"_seconds_(sum|bucket|max)$|_max$", bare)
        if bare.startswith("tokentropy_") and not timed:
            series[name] = float(value)
    return series


def meter_differences(old, new):
    for name in sorted(old.keys() | new.keys()):
        a, b = old.get(name), new.get(name)
        if a is None or b is None or abs(a - b) > 1e-9 * max(abs(a), abs(b)):
            yield (name, a, b)


class Allowed:
    """Differences that somebody wanted, each with its reason."""

    def __init__(self, file):
        self.lines, self.used = [], collections.Counter()
        for line in open(file) if file else []:
            if line.strip() and not line.lstrip().startswith("#"):
                words = line.split(None, 3)
                if len(words) < 4:
                    sys.exit(f"{file}: expected path, status, place and reason, found: {line.strip()}")
                self.lines.append((*words[:3], words[3].strip()))

    def rest(self, path, status, places):
        """The places that no line allows."""
        left = []
        for place in places:
            for line in self.lines:
                if all(fnmatch.fnmatchcase(text, pattern) for text, pattern in zip((path, status, place[0]), line)):
                    self.used[line] += 1
                    break
            else:
                left.append(place)
        return left


# The run.

class Tally:
    """What was sent, and what came of it."""

    def __init__(self, allowed):
        self.lock, self.allowed = threading.Lock(), allowed
        self.kinds, self.statuses, self.codes, self.differing = (collections.Counter() for _ in range(4))
        self.broken, self.shown, self.faults = 0, 0, []

    def add(self, request, old, new):
        places = differences(request, old, new)
        codes = re.findall(rb'"code":"([a-z_]+)"', old.body) if b'"type":"/problems/' in old.body else []
        with self.lock:
            self.kinds[request.kind] += 1
            self.statuses[old.status if not old.end.startswith(("no", "reset", "closed", "cut")) else old.end] += 1
            self.codes.update({code.decode() for code in codes} & KNOWN)
            if old.status == "500":
                self.faults.append(request)
            left = self.allowed.rest(request.path, old.status, places)
            if left:
                self.different(request.kind, request.path, left, request.show(), old, new)

    def different(self, kind, path, places, shown, old=None, new=None):
        """The first are printed in full, but not many that differ at the same place."""
        self.broken += 1
        where = next((place for place, _, _ in places if not place.startswith("header:content-length")), places[0][0])
        what = f"{kind}: {path} {old.status if old else 200} {re.sub('/[0-9]+', '/*', where)}"
        self.differing[what] += 1
        if self.shown == SHOWN or self.differing[what] > ALIKE:
            return
        self.shown += 1
        print(f"\n--- difference {self.broken}, {kind} " + "-" * 60 + "\n" + shown.replace("\r\n", "\n"))
        for place, before, after in places[:SHOWN]:
            print(f"  {place}: old {clip(before)}, new {clip(after)}")
        if len(places) > SHOWN:
            print(f"  and {len(places) - SHOWN} more places")
        for name, answer in (("old", old), ("new", new)):
            if answer:
                print(f"  {name} answer: {answer.line} {clip(answer.body.decode('utf-8', 'backslashreplace'), 2000)}")
        sys.stdout.flush()


def clip(value, most=300):
    text = value if isinstance(value, str) else json.dumps(value)
    return text if len(text) <= most else text[:most] + f"... ({len(text)} characters)"


def replay(requests, pairs, tally, threads):
    """Every request to the old and the new service of its pair, at the same time."""
    waiting = collections.deque(requests)
    failures = []

    def work():
        connections = [[Connection(service.port) for service in pair] for pair in pairs]
        try:
            while not failures:
                try:
                    request = waiting.popleft()
                except IndexError:
                    return
                pair = connections[request.strict]
                for connection in pair:
                    connection.send(request)
                old, new = [connection.receive(request) for connection in pair]
                tally.add(request, old, new)
                if request.then:
                    waiting.extendleft(request.then(old))
        except Exception as e:
            failures.append(e)
            raise
        finally:
            for connection in sum(connections, []):
                connection.close()

    workers = [threading.Thread(target=work) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    if failures:
        raise failures[0]


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    options.add_argument("old", help="the jar whose answers are right")
    options.add_argument("new", help="the jar that must give the same")
    options.add_argument("--requests", type=int, default=20_000, help="how many at least; what is fixed is always sent")
    options.add_argument("--seed", type=int, default=1, help="of the random ones")
    options.add_argument("--allow", help="a file of differences that are intended")
    options.add_argument("--first-port", type=int, default=0, help="take free ports from here on")
    options = options.parse_args()
    began = time.monotonic()
    tally = Tally(Allowed(options.allow))
    java = subprocess.run(["src/bin/tokentropy", "--which-java"], check=True, capture_output=True, text=True).stdout.strip()
    jars = [os.path.abspath(jar) for jar in (options.old, options.new)]
    services = []
    with tempfile.TemporaryDirectory() as work:
        try:
            for settings in ({}, STRICT):
                services.append([])
                for jar in jars:
                    services[-1].append(Service(java, jar, settings, work, options.first_port))
            drawn = random_requests(options.seed, options.requests)
            for service in sum(services, []):
                service.wait()
            requests = fixed(json.loads(services[0][0].ask("/openapi.json").body))
            requests += drawn[:max(0, options.requests - len(requests))]
            print(f"{len(requests)} requests, and those that carry answers on; started after {time.monotonic() - began:.0f} s", flush=True)
            replay([r for r in requests if not r.solo], services, tally, THREADS)
            replay([r for r in requests if r.solo], services, tally, 1)
            for name, pair in zip(("by default", "narrow"), services):
                scraped = [meters(service.ask("/metrics").body.decode()) for service in pair]
                left = tally.allowed.rest("/metrics", "200", list(meter_differences(*scraped)))
                print(f"{len(scraped[0])} series of /metrics, {name}")
                if left:
                    tally.different("metrics", "/metrics", left, f"/metrics of the services {name}")
        finally:
            for service in sum(services, []):
                service.stop()
    sys.exit(report(tally, time.monotonic() - began))


def report(tally, seconds):
    def table(title, counts):
        print(f"\n{title}\n" + "\n".join(f"{count:>8}  {name}" for name, count in sorted(counts.items())))

    table("requests by kind", tally.kinds)
    table("by status", tally.statuses)
    table("answers by problem", tally.codes)
    missing = sorted(KNOWN - tally.codes.keys())
    print("\nproblems that did not occur: " + (", ".join(missing) or "none") + " (internal is a fault, which no request should provoke)")
    for request in tally.faults[:SHOWN]:
        print("a fault of the old jar: " + clip(request.show().replace("\r\n", " "), 200))
    for (path, status, place, reason), count in sorted(tally.allowed.used.items()):
        print(f"allowed {count} times: {path} {status} {place}: {reason}")
    for line in tally.allowed.lines:
        if not tally.allowed.used[line]:
            print("allowed, but not seen: " + " ".join(line))
    if tally.differing:
        table("DIFFERENCES by kind, path, status and first place", tally.differing)
    total = sum(tally.kinds.values())
    print(f"\n{total} requests to each jar, {tally.broken} differences, {seconds:.0f} s")
    return 1 if tally.broken or set(missing) - {"internal"} else 0


if __name__ == "__main__":
    main()
