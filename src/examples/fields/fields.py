"""Marks the doubtful fields of a JSON answer, and says what stood there otherwise: fields.py [http://localhost:8080]"""
import json
import math
import os
import sys
from urllib.request import Request, urlopen

BASE = sys.argv[1] if len(sys.argv) > 1 else "http://localhost:8080"
DOUBTFUL = 0.9

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "invoice.json"), encoding="utf-8") as file:
    response = json.load(file)
ask = {"openai": response, "spans": "json", "echo": True, "vocab_size": 128256}
request = Request(BASE + "/v1/score", json.dumps(ask).encode(), {"Content-Type": "application/json"})
with urlopen(request, timeout=10) as answer:
    spans = json.load(answer)["spans"]

tokens = response["choices"][0]["logprobs"]["content"]
for span in spans:
    mark = ""
    if span["probability"] < DOUBTFUL:
        weakest = tokens[span["weakest"][0]]
        others = [top for top in weakest["top_logprobs"] if top["token"] != weakest["token"]]
        mark = f"  <- {weakest['token']!r} could be {others[0]['token']!r} ({math.exp(others[0]['logprob']):.2f})"
    print(f"{span['probability']:.3f}  {span['name']:8} {span['text']}{mark}")
