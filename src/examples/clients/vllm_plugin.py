"""A logits processor for vLLM's V1 engine that watches entropy and hands uncertain sequences on, without ever holding up a step.

In `apply` only the entropies are computed, on the device. A thread sends them, one call to /v1/ead for all rows of a step, and keeps the states. A
sequence acts on the answer before: told that the large model should go on, it may only write its stop token, and whoever reads the answer continues
it elsewhere. A step whose call is still under way is sent with the next one; if the service is away, nothing is masked.
  vllm serve MODEL --logits-processors vllm_plugin:EntropyWatch     with VLLM_USE_V2_MODEL_RUNNER=0 where there are two model runners
  request: "vllm_xargs": {"ead_threshold": 1.0, "ead_stop_token": 2}   (bits)
"""
import json
import math
import os
import queue
import threading
from urllib.request import Request, urlopen

import torch
from vllm.v1.sample.logits_processor import LogitsProcessor, MoveDirectionality


class Sequence:
    """What is known of one request; `large` is written by the thread and read by the engine."""

    def __init__(self, threshold, stop_token):
        self.config = {"threshold": float(threshold), "window": 5, "min_small": 8}
        self.stop_token, self.state, self.large = int(stop_token), None, False


class EntropyWatch(LogitsProcessor):
    @classmethod
    def validate_params(cls, sampling_params):
        given = sampling_params.extra_args or {}
        if ("ead_threshold" in given) != ("ead_stop_token" in given):
            raise ValueError("ead_threshold and ead_stop_token belong together")

    def __init__(self, vllm_config, device, is_pin_memory):
        self.base = os.environ.get("TOKENTROPY_URL", "http://localhost:8080")
        self.pinned, self.rows, self.steps, self.dropped = is_pin_memory, {}, queue.Queue(maxsize=256), 0
        threading.Thread(target=self.send_all, daemon=True, name="tokentropy").start()

    def is_argmax_invariant(self):
        return False  # a batch that is all greedy must be watched too

    def update_state(self, batch_update):
        if batch_update is None:
            return
        for index in batch_update.removed:
            self.rows.pop(index, None)
        for index, params, _, _ in batch_update.added:
            given = params.extra_args or {}
            self.rows.pop(index, None)
            if "ead_threshold" in given:
                self.rows[index] = Sequence(given["ead_threshold"], given["ead_stop_token"])
        for a, b, direction in batch_update.moved:
            from_a, from_b = self.rows.pop(a, None), self.rows.pop(b, None)
            if from_a is not None:
                self.rows[b] = from_a
            if from_b is not None and direction == MoveDirectionality.SWAP:
                self.rows[a] = from_b

    def apply(self, logits):
        if not self.rows:
            return logits
        watched = list(self.rows.items())
        scores = logits[[index for index, _ in watched]].float().log_softmax(-1)
        bits = -(scores.exp() * scores).nan_to_num(0.0).sum(-1) / math.log(2)
        host = torch.empty(bits.shape, dtype=bits.dtype, pin_memory=self.pinned and bits.is_cuda)
        host.copy_(bits, non_blocking=True)
        arrived = torch.cuda.Event() if bits.is_cuda else None
        if arrived:
            arrived.record()
        try:
            self.steps.put_nowait(([sequence for _, sequence in watched], host, arrived))
        except queue.Full:
            self.dropped += 1
        for index, sequence in watched:
            if sequence.large:
                stop = logits[index, sequence.stop_token].clone()
                logits[index] = float("-inf")
                logits[index, sequence.stop_token] = stop.nan_to_num(0.0, neginf=0.0)
        return logits

    def send_all(self):
        while True:
            steps = [self.steps.get()]
            while not self.steps.empty():
                steps.append(self.steps.get())
            observed = {}
            for sequences, host, arrived in steps:
                if arrived:
                    arrived.synchronize()
                for sequence, entropy in zip(sequences, host.tolist()):
                    observed.setdefault(sequence, []).append(entropy)
            try:
                self.send(observed)
            except (OSError, ValueError, KeyError):
                self.dropped += len(steps)

    def send(self, observed):
        calls = [{"config": s.config, "observations": seen} | ({"state": s.state} if s.state else {}) for s, seen in observed.items()]
        body = json.dumps({"unit": "bit", "sequences": calls, "return": ["next"]}).encode()
        with urlopen(Request(self.base + "/v1/ead", body, {"Content-Type": "application/json"}), timeout=2) as response:
            for sequence, item in zip(observed, json.load(response)["data"]):
                if "next" in item:
                    sequence.state, sequence.large = item["state"], item["next"]["model"] == "large"
