"""Times the service over HTTP with wrk, beside other servers: starts them, warms them, and prints tables. Run by src/bench/run.

Rounds alternate between the cases, and the median counts.
"""

import http.client
import json
import os
import random
import statistics
import struct
import subprocess
import sys
import tempfile
import time

PORT = int(os.environ.get("BENCH_PORT", "18080"))
SECONDS = int(os.environ.get("BENCH_SECONDS", "4"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "7"))
WARM = int(os.environ.get("BENCH_WARM", "30"))
JSON = "application/json"


def wrk(folder, name, port, path, body, media_type, connections, seconds):
    """Requests per second, all of which must have been answered with 2xx."""
    file = os.path.join(folder, "body")
    with open(file, "wb") as out:
        out.write(body)
    script = os.path.join(folder, "post.lua")
    with open(script, "w") as out:
        out.write(
            'wrk.method = "POST"\nwrk.headers["Content-Type"] = "%s"\n'
            'local f = io.open("%s", "rb")\nwrk.body = f:read("*a")\nf:close()\n'
            'done = function(s) io.write(string.format("\\nRATE %%f %%d\\n",'
            " s.requests / s.duration * 1e6, s.errors.status + s.errors.read"
            " + s.errors.write + s.errors.timeout + s.errors.connect)) end\n"
            % (media_type, file)
        )
    out = subprocess.run(
        ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", script,
         f"http://127.0.0.1:{port}{path}"],
        check=True, capture_output=True, text=True,
    ).stdout
    rate, errors = next(line for line in out.splitlines() if line.startswith("RATE")).split()[1:]
    if int(errors):
        sys.exit(f"{name}: {errors} requests failed\n{out}")
    return float(rate)


def post(path, body):
    connection = http.client.HTTPConnection("127.0.0.1", PORT)
    connection.request("POST", path, body, {"Content-Type": JSON})
    answer = connection.getresponse()
    text = answer.read()
    if answer.status != 200:
        sys.exit(f"{path}: {answer.status} {text[:300]}")
    return json.loads(text)


def wait(process, port, path="/readyz"):
    for _ in range(240):
        if process.poll() is not None:
            sys.exit("the server did not start")
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port)
            connection.request("GET", path)
            if connection.getresponse().status == 200:
                return
        except OSError:
            pass
        time.sleep(0.25)
    sys.exit("the server is not ready")


def running_sequences():
    """1,000 sequences in the middle of their text, each with its state and one new entropy."""
    draw = random.Random(7)
    fresh = [{"observations": [2 * draw.random() for _ in range(7)]} for _ in range(1000)]
    config = {"threshold": 1.0}
    began = post("/v1/ead", json.dumps({"config": config, "sequences": fresh}))
    going = [
        {"observations": [2 * draw.random()], "state": item["state"]} for item in began["data"]
    ]
    return json.dumps({"config": config, "return": ["next"], "sequences": going}).encode()


def row(size, seed):
    draw = random.Random(seed)
    return [draw.gauss(0, 2.4) for _ in range(size)]


def float32(numbers):
    return struct.pack("<%df" % len(numbers), *numbers)


class Case:
    """One kind of request to one server; `rates` by number of connections."""

    def __init__(self, name, port, path, body, media_type, connections):
        self.name, self.port, self.path = name, port, path
        self.body, self.media_type = body, media_type
        self.rates = {c: [] for c in connections}

    def run(self, folder, connections, seconds):
        return wrk(
            folder, self.name, self.port, self.path, self.body, self.media_type, connections, seconds
        )

    def median(self, connections):
        return statistics.median(self.rates[connections])


def compare(folder, title, cases, rows=1):
    """Warms each case, then alternates them; prints requests (or rows) a second and ratios to the first."""
    for case in cases:
        case.run(folder, 2, WARM)
    connections = list(cases[0].rates)
    for _ in range(ROUNDS):
        for c in connections:
            for case in cases:
                case.rates[c].append(case.run(folder, c, SECONDS))
    print(f"\n{title}")
    print("| | " + " | ".join(f"c = {c}" for c in connections) + " |")
    print("|---" * (1 + len(connections)) + "|")
    for case in cases:
        cells = []
        for c in connections:
            rate = case.median(c)
            ratio = cases[0].median(c) / rate
            cells.append(f"{rows * rate:,.0f}" + ("" if case is cases[0] else f" ({ratio:.2f})"))
        print(f"| {case.name} | " + " | ".join(cells) + " |", flush=True)


def ours(folder):
    body = float32(row(131_072, 1))
    raw = "application/octet-stream"
    path = "/v1/entropy?dtype=f32&shape=1,131072"
    at = [1, 2, 8, 32]
    compare(
        folder,
        "One row of 131,072 float32 (512 KB), requests a second (in brackets: the first by this one)",
        [
            Case("the service", PORT, path, body, raw, at),
            Case("the same server, a constant", PORT, "/constant", body, raw, at),
            Case("Flask, gunicorn, NumPy", PORT + 1, "/binary", body, raw, at),
            Case("asyncio, NumPy", PORT + 2, "/binary", body, raw, at),
        ],
    )
    top = json.dumps(
        {"top_logprobs": [[-1.1 - 0.45 * i for i in range(20)]], "vocab_size": 128256}
    ).encode()
    compare(
        folder,
        f"The best 20 log-probabilities as JSON ({len(top)} bytes), requests a second",
        [
            Case("the service", PORT, "/v1/entropy", top, JSON, [1, 8]),
            Case("the same server, a constant", PORT, "/constant", top, JSON, [1, 8]),
            Case("Flask, gunicorn, NumPy", PORT + 1, "/top", top, JSON, [1, 8]),
            Case("asyncio, NumPy", PORT + 2, "/top", top, JSON, [1, 8]),
        ],
    )
    text = json.dumps({"logits": [row(131_072, 2)]}).encode()
    compare(
        folder,
        f"One row of 131,072 logits as JSON ({len(text)} bytes), requests a second",
        [
            Case("the service", PORT, "/v1/entropy", text, JSON, [1, 2]),
            Case("Jackson databind in the same server", PORT, "/jackson", text, JSON, [1, 2]),
        ],
    )
    for size in (32_000, 256_000):
        compare(
            folder,
            f"One row of {size:,} float32, requests a second",
            [Case("the service", PORT, f"/v1/entropy?dtype=f32&shape=1,{size}",
                  float32(row(size, 3)), raw, [1])],
        )
    compare(
        folder,
        "64 rows of 131,072 float16 in one request, rows a second",
        [Case("the service", PORT, "/v1/entropy?dtype=f16&shape=64,131072",
              struct.pack("<131072e", *row(131_072, 4)) * 64, raw, [1])],
        rows=64,
    )
    sequences = running_sequences()
    compare(
        folder,
        f"Model switching, 1,000 sequences with their states ({len(sequences)} bytes), decisions a second",
        [Case("the service", PORT, "/v1/ead", sequences, JSON, [1, 2])],
        rows=1000,
    )


def start(*command):
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def main():
    java, classpath, flags = sys.argv[1:4]
    servers = [
        start(java, *flags.split(), "-cp", classpath, "bench.BenchServer", f"--server.port={PORT}"),
        start(sys.executable, "-m", "gunicorn", "-w", "2", "-b", f"127.0.0.1:{PORT + 1}",
              "--chdir", "src/bench", "numpy_servers:app"),
        start(sys.executable, "src/bench/numpy_servers.py", str(PORT + 2)),
    ]
    try:
        for i, server in enumerate(servers):
            wait(server, PORT + i, "/ready")
        with tempfile.TemporaryDirectory() as folder:
            ours(folder)
    finally:
        for server in servers:
            server.terminate()
        for server in servers:
            server.wait()


if __name__ == "__main__":
    main()
