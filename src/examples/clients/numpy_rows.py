"""Whole rows of logits as bytes, from NumPy.

One call is one write (head and rows together, without copying the rows), on a connection that stays open, with TCP_NODELAY. A client that writes
head and body apart waits for about 40 ms on many systems (Nagle's algorithm against delayed acknowledgements).
  python3 numpy_rows.py [http://localhost:8080]
"""
import json
import socket
import statistics
import sys
import time
from http.client import HTTPResponse
from urllib.parse import urlencode, urlsplit

import numpy as np


class Rows:
    def __init__(self, base):
        self.address, self.socket = (urlsplit(base).hostname, urlsplit(base).port or 80), None

    def connected(self):
        if self.socket is None:
            self.socket = socket.create_connection(self.address, timeout=10)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self.socket

    def post(self, path, rows, accept="application/json", **query):
        rows = np.ascontiguousarray(rows, dtype="<f4")
        query = urlencode({"dtype": "f32", "shape": f"{rows.shape[0]},{rows.shape[1]}"} | query)
        head = (f"POST {path}?{query} HTTP/1.1\r\nHost: tokentropy\r\nAccept: {accept}\r\n"
                f"Content-Type: application/octet-stream\r\nContent-Length: {rows.nbytes}\r\n\r\n").encode()
        sent = self.connected().sendmsg([head, rows])
        if sent < len(head) + rows.nbytes:
            self.socket.sendall((head + rows.tobytes())[sent:])
        response = HTTPResponse(self.socket)
        response.begin()
        body = response.read()
        if response.will_close:
            self.close()
        if response.status != 200:
            raise ValueError(json.loads(body)["detail"])
        return body

    def close(self):
        if self.socket is not None:
            self.socket.close()
            self.socket = None

    def entropy(self, rows):
        """Nats, a float32 for each row."""
        return np.frombuffer(self.post("/v1/entropy", rows, "application/octet-stream"), "<f4")

    def top_h(self, rows, alpha):
        """Which tokens Top-H keeps, as booleans in the shape of the rows."""
        bits = self.post("/v1/truncation", rows, "application/octet-stream", format="bitmask", top_h=alpha)
        bits = np.frombuffer(bits, np.uint8).reshape(len(rows), -1)
        return np.unpackbits(bits, axis=1, bitorder="little")[:, :rows.shape[1]].astype(bool)


def main(base="http://localhost:8080"):
    service = Rows(base)
    logits = np.random.default_rng(0).normal(0, 3, (8, 32_000)).astype("<f4")
    wide = logits.astype(np.float64) - logits.max(axis=1, keepdims=True)
    p = np.exp(wide) / np.exp(wide).sum(axis=1, keepdims=True)
    difference = np.abs(service.entropy(logits) + (p * np.log(p)).sum(axis=1)).max()
    kept = service.top_h(logits, 0.4)
    times = []
    for _ in range(200):
        start = time.perf_counter()
        service.entropy(logits[:1])
        times.append(time.perf_counter() - start)
    print(f"entropies within {difference:.1e} nat of NumPy's in float64; Top-H keeps {kept.sum(axis=1).tolist()} of 32000")
    service.close()
    print(f"one row of 128 KB there and back: {statistics.median(times) * 1e3:.2f} ms")


if __name__ == "__main__":
    main(*sys.argv[1:])
