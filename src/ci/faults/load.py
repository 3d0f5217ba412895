"""Open-loop load: calls start at a constant rate whatever becomes of the earlier ones, so a slow service is not spared.

load.py URL --rate N --seconds S [--body FILE] [--type MEDIA] [--probe PATH] prints one JSON object.
"""
import argparse, asyncio, json, time
from urllib.parse import urlsplit


def quantile(values, q):
    values = sorted(values)
    return values[min(len(values) - 1, int(q * len(values)))] if values else None


class Pool:
    """Connections that are kept open; one that the service closed is made anew."""

    def __init__(self, host, port):
        self.host, self.port, self.idle = host, port, []

    async def ask(self, request):
        while True:
            fresh = not self.idle
            reader, writer = (await asyncio.open_connection(self.host, self.port)) if fresh else self.idle.pop()
            try:
                writer.write(request)
                await writer.drain()
                head = await reader.readuntil(b"\r\n\r\n")
            except (OSError, asyncio.IncompleteReadError):
                writer.close()
                if fresh:
                    raise
                continue
            status, length, close = int(head[9:12]), 0, False
            for line in head.split(b"\r\n")[1:]:
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
                elif name.lower() == b"connection":
                    close = b"close" in value
            await reader.readexactly(length)
            if close:
                writer.close()
            else:
                self.idle.append((reader, writer))
            return status


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("--rate", type=float, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--body")
    parser.add_argument("--type", default="application/json")
    parser.add_argument("--timeout", type=float, default=15)
    parser.add_argument("--header", default="", help="one more header")
    parser.add_argument("--probe", help="a path to ask five times a second meanwhile")
    options = parser.parse_args()
    url = urlsplit(options.url)
    body = open(options.body, "rb").read() if options.body else b""
    target = url.path + ("?" + url.query if url.query else "")
    method = "POST" if options.body else "GET"
    request = (f"{method} {target} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {options.type}\r\n"
               f"Content-Length: {len(body)}\r\n{options.header and options.header + chr(13) + chr(10)}\r\n").encode() + body
    pool, probes = Pool(url.hostname, url.port), Pool(url.hostname, url.port)
    codes, accepted, refused, probe_times, running = {}, [], [], [], set()

    async def call():
        start = time.perf_counter()
        try:
            code = str(await asyncio.wait_for(pool.ask(request), options.timeout))
        except Exception as e:
            code = type(e).__name__
        took = time.perf_counter() - start
        codes[code] = codes.get(code, 0) + 1
        (accepted if code == "200" else refused).append(took)

    async def probe(path):
        ask = f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
        while True:
            start = time.perf_counter()
            try:
                ok = await asyncio.wait_for(probes.ask(ask), 10) == 200
            except Exception:
                ok = False
            probe_times.append(time.perf_counter() - start if ok else 99)
            await asyncio.sleep(0.2)

    prober = asyncio.create_task(probe(options.probe)) if options.probe else None
    start, sent = time.perf_counter(), 0
    while (elapsed := time.perf_counter() - start) < options.seconds:
        while sent < elapsed * options.rate:
            task = asyncio.create_task(call())
            running.add(task)
            task.add_done_callback(running.discard)
            sent += 1
        await asyncio.sleep(0.002)
    sending = time.perf_counter() - start
    answered = codes.get("200", 0)  # what is answered after the last call was sent is no measure of the rate
    if running:
        await asyncio.wait(set(running))
    if prober:
        prober.cancel()
    print(json.dumps({
        "sent": sent, "seconds": round(sending, 2), "codes": dict(sorted(codes.items())),
        "answered_per_second": round(answered / sending, 1),
        "p50_ms": round(1000 * (quantile(accepted, .5) or 0), 1), "p99_ms": round(1000 * (quantile(accepted, .99) or 0), 1),
        "refused_p99_ms": round(1000 * (quantile(refused, .99) or 0), 1),
        "probe_max_ms": round(1000 * max(probe_times), 1) if probe_times else None, "probes": len(probe_times)}))


asyncio.run(main())
