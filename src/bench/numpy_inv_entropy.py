"""Inv-Entropy as one would write it with NumPy. Reads similarities from a file, answers each empty line with

microseconds for one question, and its score. Started by InvEntropyBenchmark.
"""

import sys
import time

import numpy as np

path, prompts, answers_each, draws = sys.argv[1], *map(int, sys.argv[2:5])
total = prompts * answers_each
data = np.fromfile(path, dtype="<f8")
sim_x = data[: prompts * prompts].reshape(prompts, prompts)
sim_y = data[prompts * prompts :].reshape(total, total)
picks = np.random.default_rng(0).integers(0, answers_each, size=(draws, prompts))
offsets = np.arange(prompts) * answers_each


def surprise(p):
    return -np.sum(p * np.log(p, where=p > 0, out=np.zeros_like(p)))


def framework(px, py):
    """All scalars, from the diagonal of the product alone."""
    d = np.einsum("ij,ji->i", py, px)
    v = py.mean(axis=0)
    marginal_x = v @ py @ px
    y_given_x = d * v / marginal_x
    mean = (marginal_x + v) / 2
    return (
        surprise(d),
        surprise(y_given_x),
        y_given_x.max(),
        v.max(),
        np.abs(np.sort(marginal_x) - np.sort(v)).mean(),
        np.abs(marginal_x - v).sum() / 2,
        surprise(mean) - (surprise(marginal_x) + surprise(v)) / 2,
    )


def question():
    px = sim_x / sim_x.sum(axis=1, keepdims=True)
    scores = []
    for draw in picks:
        ids = offsets + draw
        py = sim_y[np.ix_(ids, ids)]
        scores.append(framework(px, py / py.sum(axis=1, keepdims=True)))
    return np.mean(scores, axis=0)


calls = max(3, 200_000 // (prompts * prompts * draws // 100 + 1000))
for _ in sys.stdin:
    start = time.perf_counter()
    for _ in range(calls):
        result = question()
    print((time.perf_counter() - start) / calls * 1e6, result[0], flush=True)
