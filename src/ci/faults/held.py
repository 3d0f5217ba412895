"""What is held and what takes long: answers that nobody reads, work that costs its sender nothing, callers who leave.

run.py hands over its Service and its note. Every part runs in a heap of 256 MB, with probes and small calls beside it.
"""
import json, re, socket, struct, threading, time

LARGE = 1_048_576
STEP = "/v1/step?dtype=f16&shape={rows},%d&top_p=0.9999" % LARGE
SMALL = b'{"logits":[[0,1,2,3]]}'


class Beside:
    """Probes five times a second and small calls ten times a second, for as long as the part runs."""

    def __init__(self, service):
        self.service, self.codes, self.slowest, self.stop = service, {}, 0.0, threading.Event()
        self.threads = [threading.Thread(target=self.every, args=a) for a in ((0.2, "GET", "/livez", None), (0.1, "POST", "/v1/entropy", SMALL))]

    def every(self, seconds, method, path, body):
        while not self.stop.is_set():
            start = time.perf_counter()
            try:
                code = self.service.ask(method, path, body)[0]
            except OSError as e:
                code = type(e).__name__
            if method == "GET":
                self.slowest = max(self.slowest, time.perf_counter() - start if code == 200 else 99)
            else:
                self.codes[code] = self.codes.get(code, 0) + 1
            self.stop.wait(seconds)

    def __enter__(self):
        [t.start() for t in self.threads]
        return self

    def __exit__(self, *_):
        self.stop.set()
        [t.join() for t in self.threads]


def held(service):
    """The gauges of what calls hold, all of them."""
    text = service.ask("GET", "/metrics")[1].decode()
    return sum(float(m) for m in re.findall(r"^tokentropy_(?:bytes|cost)_in_flight(?:{[^}]*})? ([0-9.E+]+)$", text, re.M))


def until_held(service, seconds=20):
    """What the calls hold when they have begun to hold something."""
    until = time.time() + seconds
    while held(service) == 0 and time.time() < until:
        time.sleep(0.05)
    return held(service)


def all_given_back(service, seconds=20):
    until = time.time() + seconds
    while held(service) > 0 and time.time() < until:
        time.sleep(0.2)
    return held(service) == 0


def send(service, path, body, kind="application/json", accept="application/json"):
    """Sends a call, with the key of wire.py where one is wanted, and leaves its answer where it is."""
    s = socket.create_connection(("127.0.0.1", service.port), 60)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    s.settimeout(60)
    try:
        s.sendall((f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: {kind}\r\nAccept: {accept}\r\nAuthorization: Bearer foo\r\nConnection: close\r\n"
                   f"Content-Length: {len(body)}\r\n\r\n").encode() + body)
    except OSError:
        pass  # refused before it was all sent
    return s


def status(s):
    try:
        return int(s.recv(12)[9:12] or 0)
    except (OSError, ValueError):
        return 0


def at_once(calls):
    found = [None] * len(calls)

    def run(i):
        found[i] = calls[i]()

    threads = [threading.Thread(target=run, args=(i,)) for i in range(len(calls))]
    [t.start() for t in threads]
    [t.join() for t in threads]
    return found


def counted(codes):
    return {code: codes.count(code) for code in sorted(set(codes))}


def judge(note, service, name, beside, measured, kept, others=(200,)):
    alive = service.alive()
    note(name, measured + f"; alive: {alive}", "it lives, answers 200, 413, 429 or 503, holds nothing afterwards",
         alive and kept and all_given_back(service))
    fine = sum(n for code, n in beside.codes.items() if code in others)
    total = sum(beside.codes.values())
    note(name + ": others", f"{beside.codes} of small calls, probes to {1000 * beside.slowest:.0f} ms",
         "all " + " or ".join(map(str, others)) + "; probes below 250 ms", alive and fine == total and beside.slowest < 0.25, timed=True)


def unread(Service, note):
    """Packed answers of 4 MB each that nobody reads; and three rows a call, whose truncations do not fit beside one another."""
    service = Service("-Xmx256m")
    flat = struct.pack("<e", 1.0) * LARGE
    packed = dict(kind="application/octet-stream", accept="application/octet-stream")
    with Beside(service) as beside:
        sockets = at_once([lambda: send(service, STEP.format(rows=1), flat, **packed)] * 35)
        time.sleep(8)
        codes = counted([status(s) for s in sockets])
        [s.close() for s in sockets]
    judge(note, service, "35 packed answers of 1,048,576 tokens, unread", beside, f"{codes}", set(codes) <= {0, 200, 413, 429, 503})
    with Beside(service) as beside:
        sockets = at_once([lambda: send(service, STEP.format(rows=3), flat * 3, **packed)] * 6)
        codes = counted([status(s) for s in sockets])
        [s.close() for s in sockets]
    judge(note, service, "6 packed calls of 3 x 1,048,576", beside, f"{codes}", set(codes) <= {0, 200, 413, 429, 503})
    mask = STEP.format(rows=1) + "&format=bitmask"
    s = send(service, mask, flat, **packed)
    note("a packed call of 1,048,576 afterwards", f"{status(s)}", "200", service.alive())
    s.close()
    service.end()
    service = Service("-Xmx256m", TOKENTROPY_MAX_ANSWER_ENTRIES=str(4 * LARGE))
    with Beside(service) as beside:
        sockets = []
        for _ in range(35):
            sockets.append(send(service, STEP.format(rows=1), flat, **packed))
            time.sleep(0.3)
        time.sleep(3)
        codes = counted([status(s) for s in sockets])
        [s.close() for s in sockets]
    judge(note, service, "the same one after the other, with max_answer_entries raised", beside, f"{codes}", set(codes) <= {0, 200, 413, 429, 503})
    service.end()


def slow_reader(Service, note):
    """Takes a few bytes now and then of an answer that is longer than what the system keeps for a connection."""
    service = Service("-Xmx256m", TOKENTROPY_MAX_ANSWER_ENTRIES=str(LARGE), TOKENTROPY_ADMISSION_SLOWEST_READER="1048576")
    rows = [[1.0] * 4000] * 100
    body = json.dumps({"logits": rows, "top_p": 1, "return": ["ids", "probs", "logprobs"], "max_return": 4000}).encode()
    with Beside(service) as beside:
        sockets = [send(service, "/v1/truncation", body) for _ in range(3)]
        most = until_held(service)
        start = time.time()
        while held(service) > 0 and time.time() - start < 60:
            for s in sockets:
                s.recv(512)
            time.sleep(0.5)
        took = time.time() - start
        [s.close() for s in sockets]
    judge(note, service, "3 readers of 1 KB a second", beside,
          f"held {most:.2g} bytes, nothing after {took:.0f} s", most > 0 and took < 30)
    service.end()


def texts(n, length, seed):
    return [f"{seed} {i} " + "lorem ipsum dolor sit amet consectetur "[: max(0, length - 8)] for i in range(n)]


def dear(Service, note):
    """Two calls with 2,048 texts each, whose callers leave; then SIGTERM in the middle of another."""
    service = Service("-Xmx256m")
    body = json.dumps({"texts_x": [t * 3 for t in texts(1024, 40, "q")], "texts_y": [t * 3 for t in texts(1024, 40, "a")]}).encode()
    with Beside(service) as beside:
        sockets = [send(service, "/v1/inv-entropy", body) for _ in range(2)]
        busy = until_held(service)
        time.sleep(1)
        [s.close() for s in sockets]
        gone = time.time()
        back = all_given_back(service)
        took = time.time() - gone
    judge(note, service, "two calls of 2,048 texts, the callers leave", beside,
          f"held {busy:.2g}, nothing {took:.1f} s after they left", back and busy > 0 and took < 3)
    waiting = send(service, "/v1/inv-entropy", body)
    until_held(service)
    start = time.time()
    code = service.end()
    answered = status(waiting)
    note("SIGTERM while 2,048 texts are embedded", f"ends after {time.time() - start:.1f} s with {code}, its caller is told {answered}", "143 within 20 s; 503, or 200 if that was enough",
         code == 143 and answered in (200, 503) and time.time() - start < 21)


def matrices(Service, note):
    """A few numbers that ask for large matrices."""
    service = Service("-Xmx256m")
    vectors = lambda n: [[(i * 7) % 11 + 1] for i in range(n)]
    body = json.dumps({"embeddings_x": vectors(1024), "embeddings_y": vectors(2048), "answers_per_prompt": 2, "pooled": True}).encode()
    draws = json.dumps({"embeddings_x": vectors(1024), "embeddings_y": vectors(2048), "answers_per_prompt": 2, "bootstrap": {"draws": 1000}}).encode()
    with Beside(service) as beside:
        codes = []
        for call in (body, draws):
            sockets = [send(service, "/v1/inv-entropy", call) for _ in range(8)]
            codes += [status(s) for s in sockets]
            [s.close() for s in sockets]
    codes = counted(codes)
    judge(note, service, "16 calls with matrices of 2,048 x 2,048", beside, f"{codes}", set(codes) <= {200, 413, 429, 503})
    service.end()


PARTS = {"unread": unread, "slow_reader": slow_reader, "dear": dear, "matrices": matrices}
