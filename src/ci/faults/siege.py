"""Every attack at once, for half an hour, beside honest traffic at half of what the machine can do; in a heap of 256 MB.

run.py hands over what it has. As a program it is the attackers, in a process of their own that gives way to the honest ones:
siege.py PORT MANAGEMENT_PORT SECONDS SEED
"""
import json, os, random, subprocess, sys, threading, time

import held, wire

HERE = os.path.dirname(os.path.abspath(__file__))
MB = 1024 * 1024


class Target:
    """What the attacks know of a service that another process started."""

    def __init__(self, port):
        self.port = port


def connections(target, management, draw):
    name, on_management, head, times, count = draw.choice(wire.ATTACKS)
    wire.attack(management if on_management else target.port, head, times, min(count, 420), 5)


def unread(target, management, draw):
    """Packed answers, of one row and of three, that nobody reads."""
    flat = b"\x00\x3c" * held.LARGE
    rows, calls = draw.choice(((1, 12), (3, 4)))
    sockets = held.at_once([lambda: held.send(target, held.STEP.format(rows=rows), flat * rows, kind="application/octet-stream",
                                              accept="application/octet-stream")] * calls)
    time.sleep(5)
    [s.close() for s in sockets]


def slow_readers(target, management, draw):
    rows = [[1.0] * 4000] * 30
    body = json.dumps({"logits": rows, "top_p": 1, "return": ["ids", "probs", "logprobs"], "max_return": 4000}).encode()
    sockets = [held.send(target, "/v1/truncation", body) for _ in range(3)]
    for _ in range(20):
        for s in sockets:
            s.recv(512)
        time.sleep(0.5)
    [s.close() for s in sockets]


def texts(target, management, draw):
    """Thousands of texts, whose sender leaves."""
    body = json.dumps({"texts_x": [t * 3 for t in held.texts(1024, 40, "q")], "texts_y": [t * 3 for t in held.texts(1024, 40, "a")]}).encode()
    s = held.send(target, "/v1/inv-entropy", body)
    time.sleep(draw.uniform(1, 6))
    s.close()


def large_bodies(target, management, draw):
    """A string that is long once it is read, many empty objects, and what leaves a large buffer behind."""
    string = b'{"model":"' + b"\\u0416" * (5 * MB) + b'","probs":[[1]]}'
    objects = b'{"logits":[' + b"{}," * (5 * MB) + b"{}]}"
    blanks = b"x" + b" " * (4 * MB)
    for body in draw.sample((string, objects, blanks, blanks), 4):
        s = held.send(target, "/v1/entropy", body)
        held.status(s)
        s.close()
    wire.attack(target.port, b"POST /v1/entropy" + wire.WITH_KEY + b"Content-Length: 100\r\n\r\n{", 1, 30, 3)


def matrices(target, management, draw):
    vectors = lambda n: [[(i * 7) % 11 + 1] for i in range(n)]
    body = json.dumps({"embeddings_x": vectors(1024), "embeddings_y": vectors(2048), "answers_per_prompt": 2,
                       "bootstrap": {"draws": 1000}}).encode()
    sockets = [held.send(target, "/v1/inv-entropy", body) for _ in range(4)]
    [held.status(s) for s in sockets]
    [s.close() for s in sockets]
    time.sleep(2)


ATTACKS = (connections, connections, unread, slow_readers, texts, large_bodies, matrices)


def attackers(port, management, seconds, seed):
    target, until, done = Target(port), time.time() + seconds, {}

    def repeat(number, attack):
        draw = random.Random(seed * 100 + number)
        while time.time() < until:
            try:
                attack(target, management, draw)
            except OSError:
                pass  # refused, cut off or dropped, which is what is promised
            done[attack.__name__] = done.get(attack.__name__, 0) + 1
            time.sleep(0.5)

    threads = [threading.Thread(target=repeat, args=a) for a in enumerate(ATTACKS)]
    [t.start() for t in threads]
    [t.join() for t in threads]
    print(json.dumps(done))


def siege(run, minutes, framing):
    """run is the module with the service, the load and the table."""
    management = run.free_port()
    service = run.Service("-Xmx256m", MANAGEMENT_SERVER_PORT=str(management), **wire.SETTINGS)
    service.headers = {"Authorization": "Bearer " + wire.KEY}
    honest = os.path.join(run.WORK, "honest.json")
    open(honest, "w").write(json.dumps({"logits": [[round(20 * ((i * 7919) % 10007) / 10007, 4) for i in range(20_000)]], "top_h": 0.4, "max_return": 10}))
    url = f"http://127.0.0.1:{service.port}/v1/truncation"
    header = "Authorization: Bearer " + wire.KEY
    for seconds in (10, 20):
        peak = run.result(run.load(url, 2000, seconds, honest, header=header))["answered_per_second"]
    rate = peak / 2
    run.result(run.load(url, rate, 10, honest, header=header))
    before, seconds = run.resources(service), 60 * minutes
    hostile = subprocess.Popen(["nice", "-n", "19", sys.executable, HERE + "/siege.py", str(service.port), str(management), str(seconds), "1"],
                               stdout=subprocess.PIPE)
    limit = 1000 * (4 * wire.DEADLINE + 6)
    fuzz = subprocess.Popen(["nice", "-n", "19", run.which_java(), HERE + "/framing/Framing.java", str(service.port), str(management), wire.KEY, "1", "0",
                             str(framing), str(limit)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    watch = wire.Watch(service, management, run.jcmd(), looks=3)
    sent, codes, until, threads, handles, probes = 0, {}, time.time() + seconds, [], [], 0
    while time.time() < until:
        found = run.result(run.load(url, rate, min(60, max(5, until - time.time())), honest, header=header, probe="/livez"))
        sent += found["sent"]
        probes = max(probes, found["probe_max_ms"])
        for code, n in found["codes"].items():
            codes[code] = codes.get(code, 0) + n
        threads.append(len(os.listdir(f"/proc/{service.process.pid}/task")))
        handles.append(len(os.listdir(f"/proc/{service.process.pid}/fd")))
        print("siege", found["codes"], "threads", threads[-1], "handles", handles[-1], "probe", found["probe_max_ms"], flush=True)
    done = json.loads(hostile.communicate()[0] or "{}")
    fuzzed = json.loads(fuzz.communicate()[0].decode().strip().splitlines()[-1])
    watch.stop()
    left = wire.gauges(service)
    after = run.resources(service)
    name = f"all attacks at once, {minutes:g} min"
    share = codes.get("200", 0) / max(1, sent)
    run.note(name, f"alive: {service.alive()}; {done}; {framing:,} connections of odd framing", "it lives", service.alive())
    run.note(name + ": honest calls", f"{rate:.0f}/s, half of {peak:.0f}: {codes}, {100 * share:.1f} % answered", "at least 80 %, the others 429 or 503",
             share >= 0.8 and set(codes) <= {"200", "429", "503"})
    run.note(name + ": liveness", f"slowest {max(probes, 1000 * watch.slowest):.0f} ms of {watch.asked} and more", "below 250 ms; answered in any case",
             not watch.dead and max(probes, 1000 * watch.slowest) < 250, timed=True)
    run.note(name + ": longest wait of a thread at a connection", f"{watch.longest:.1f} s, {watch.most} waited at once",
             f"{wire.DEADLINE} s to read and as much to write", watch.longest < 2 * wire.DEADLINE + 2)
    run.note(name + ": odd framing", f"{fuzzed['seen']}, held open {fuzzed['held'] or 'none'}", f"closed {limit / 1000:.0f} s after the last byte", not fuzzed["held"])
    run.note(name + ": gauges afterwards", str(left), "0", not any(left.values()))
    run.note(name + ": heap after collection", f"{before['heap_mb']:.0f} MB before, {after['heap_mb']:.0f} after; resident {before['rss_mb']:.0f}, {after['rss_mb']:.0f}",
             "no more than 16 MB above", after["heap_mb"] <= before["heap_mb"] + 16)
    threads, handles = threads * 2 if len(threads) == 1 else threads, handles * 2 if len(handles) == 1 else handles
    half = len(threads) // 2
    run.note(name + ": threads and handles", f"first half at most {max(threads[:half])} and {max(handles[:half])}, second {max(threads[half:])} and {max(handles[half:])}",
             "no more than 32 and 512 above", max(threads[half:]) <= max(threads[:half]) + 32 and max(handles[half:]) <= max(handles[:half]) + 512)
    service.end()


if __name__ == "__main__":
    attackers(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4]))
