"""A LiteLLM callback that scores every success with log-probabilities, off the critical path.

LiteLLM runs it after the answer has gone to the caller; if the service is slow or away, the caller does not notice.
  litellm.callbacks = [Tokentropy("http://localhost:8080", print, vocab_size=128_256)]
vocab_size is the model's: llama.cpp's server states it in GET /v1/models (meta.n_vocab), other servers in the model's config.json. Without
it only the lower end of each entropy is known.
"""
import asyncio
import json
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from litellm.integrations.custom_logger import CustomLogger


class Tokentropy(CustomLogger):
    def __init__(self, base, report, vocab_size=None):
        super().__init__()
        self.base, self.report, self.vocab_size = base, report, vocab_size

    async def async_log_success_event(self, kwargs, response_obj, start_time, end_time):
        answer = response_obj.model_dump(mode="json")
        if not any(choice.get("logprobs") for choice in answer.get("choices", [])):
            return
        try:
            found = await asyncio.to_thread(self.score, answer, str(kwargs.get("model", "")))
            self.report({"id": answer["id"], "model": kwargs.get("model"), **found.get("sequence", {})})
        except (OSError, ValueError) as problem:
            self.report({"id": answer["id"], "problem": str(problem)})

    def score(self, answer, model):
        question = {"openai": answer, "model": model, **({"vocab_size": self.vocab_size} if self.vocab_size else {})}
        body = json.dumps(question).encode()
        try:
            with urlopen(Request(self.base + "/v1/score", body, {"Content-Type": "application/json"}), timeout=5) as response:
                return json.load(response)
        except HTTPError as problem:
            raise ValueError(json.load(problem)["detail"]) from problem
