"""Scores an answer of any server that speaks OpenAI's API, whole and streamed, with the openai package.

The answer goes to /v1/score as it came: nothing is picked out of it here.
  OPENAI_BASE_URL=http://localhost:8000/v1 OPENAI_API_KEY=none python3 openai_score.py [http://localhost:8080]
"""
import json
import os
import sys
from urllib.request import Request, urlopen

from openai import OpenAI


def score(base, answer):
    body = json.dumps({"openai": answer, "vocab_size": 128_256}).encode()
    with urlopen(Request(base + "/v1/score", body, {"Content-Type": "application/json"}), timeout=10) as response:
        return json.load(response)


def main(base="http://localhost:8080"):
    client = OpenAI()
    ask = {"model": os.environ.get("MODEL", "m"), "messages": [{"role": "user", "content": "The capital of France?"}],
           "logprobs": True, "top_logprobs": 5}
    whole = client.chat.completions.create(**ask).model_dump(mode="json")
    chunks = [chunk.model_dump(mode="json") for chunk in client.chat.completions.create(**ask, stream=True)]
    for name, answer in (("whole", whole), ("streamed", chunks)):
        found = score(base, answer)
        sequence = found["sequence"]
        weakest = found["data"][sequence["weakest"][0]]
        print(f"{name}: {sequence['tokens']} tokens, perplexity {sequence['perplexity']:.4f}, mean entropy "
              f"{sequence['mean_entropy_low']:.4f} to {sequence['mean_entropy_high']:.4f} nat, least sure of {weakest['token']!r}")


if __name__ == "__main__":
    main(*sys.argv[1:])
