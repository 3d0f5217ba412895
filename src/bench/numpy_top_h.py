"""The other side of the Top-H benchmark: for each line on standard input, times NumPy once and prints microseconds and the count.

usage: numpy_top_h.py FILE   (FILE holds little-endian float64 logits)
"""

import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import sys
import time

import numpy as np

x = np.fromfile(sys.argv[1], dtype="<f8")
CALLS = 5


def top_h(x, alpha):
    d = x - x.max()
    e = np.exp(d)
    z = e.sum()
    budget = alpha * (np.log(z) - np.dot(e, d) / z)
    order = np.argsort(-x, kind="stable")
    mass = np.cumsum(e[order])
    weighted = np.cumsum(e[order] * d[order])
    fits = np.log(mass) - weighted / mass <= budget + 1e-10 * max(1, budget)
    return x.size if fits.all() else max(1, int(np.argmin(fits)))


for _ in sys.stdin:
    start = time.perf_counter()
    for _ in range(CALLS):
        kept = top_h(x, 0.4)
    print((time.perf_counter() - start) / CALLS * 1e6, kept, flush=True)
