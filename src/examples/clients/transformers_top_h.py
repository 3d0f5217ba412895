"""Top-H as a Hugging Face LogitsProcessor, decided by the service: for experiments, as it costs one call for each token.

`TopH` sends the scores as float32 and gets a bit for each token back (the paper's rule). `PublishedTopH` asks for the variant that transformers
has built in, which compares a cumulative sum over the best 100 tokens.
  model.generate(..., do_sample=True, logits_processor=[TopH("http://localhost:8080", 0.4)])
"""
import base64
import json
from urllib.request import Request, urlopen

import numpy as np
import torch
from transformers import LogitsProcessor


def post(url, body, content, accept):
    with urlopen(Request(url, body, {"Content-Type": content, "Accept": accept}), timeout=10) as response:
        return response.read()


class TopH(LogitsProcessor):
    def __init__(self, base, top_h):
        self.base, self.top_h = base, top_h

    def bits(self, scores):
        rows = scores.float().cpu().numpy().astype("<f4")
        query = f"?dtype=f32&shape={rows.shape[0]},{rows.shape[1]}&format=bitmask&top_h={self.top_h}"
        return post(self.base + "/v1/truncation" + query, rows.tobytes(), "application/octet-stream", "application/octet-stream")

    def __call__(self, input_ids, scores):
        rows, vocab = scores.shape
        bits = np.frombuffer(self.bits(scores), np.uint8).reshape(rows, -1)
        keep = np.unpackbits(bits, axis=1, bitorder="little")[:, :vocab].astype(bool)
        return scores.masked_fill(~torch.from_numpy(keep).to(scores.device), float("-inf"))


class PublishedTopH(TopH):
    def bits(self, scores):
        rows = scores.float().cpu().numpy().astype("<f4")
        call = {"logits": {"dtype": "f32", "shape": list(rows.shape), "data": base64.b64encode(rows.tobytes()).decode()},
                "steps": [{"sampler": "top_h", "alpha": self.top_h, "variant": "hf"}], "return": ["bitmask"]}
        answer = json.loads(post(self.base + "/v1/truncation", json.dumps(call).encode(), "application/json", "application/json"))
        return b"".join(base64.b64decode(item["bitmask"]) for item in answer["data"])
