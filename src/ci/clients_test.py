"""Runs the Python clients against a running service: clients_test.py http://127.0.0.1:8080"""
import asyncio
import contextlib
import importlib
import io
import json
import os
import sys
import threading
import time
import types
import unittest
from abc import ABC, abstractmethod
from dataclasses import dataclass
from enum import Enum, auto
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.request import Request, urlopen

BASE = sys.argv.pop(1)
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "examples", "clients"))
os.environ.update(OPENAI_API_KEY="none", LITELLM_LOCAL_MODEL_COST_MAP="True", HF_HUB_OFFLINE="1")


def post(path, body):
    request = Request(BASE + path, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urlopen(request, timeout=10) as response:
        return json.load(response)


def fixture(name):
    with open(os.path.join(HERE, "..", "test", "resources", "dialects", name + ".json")) as file:
        return json.load(file)["response"]


def printed(main, *arguments):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        main(*arguments)
    print(out.getvalue(), end="")
    return out.getvalue()


@contextlib.contextmanager
def server(answer):
    """A server on a port of its own; `answer` takes path and body, and gives type and text."""
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.reply(*answer(self.path, None))

        def do_POST(self):
            self.reply(*answer(self.path, json.loads(self.rfile.read(int(self.headers["Content-Length"])))))

        def reply(self, kind, text):
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            with contextlib.suppress(OSError):
                self.wfile.write(text.encode())

        def log_message(self, *unused):
            pass

    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{running.server_port}"
    finally:
        running.shutdown()
        running.server_close()


MODEL = {"id": "m", "object": "model", "created": 1, "owned_by": "test"}


def silent(path, body):
    """As `inference`, but it does not say how many tokens its vocabulary has."""
    if path == "/v1/models":
        return "application/json", json.dumps({"object": "list", "data": [MODEL]})
    return inference(path, body)


def inference(path, body):
    """Answers as a server of OpenAI's API did, in shape."""
    if path == "/v1/models":
        return "application/json", json.dumps({"object": "list", "data": [{**MODEL, "meta": {"n_vocab": 32_000}}]})
    assert path == "/v1/chat/completions" and body["logprobs"] and body["top_logprobs"] == 5, (path, body)
    if body.get("stream"):
        return "text/event-stream", fixture("openai-sse")
    return "application/json", json.dumps(fixture("openai-chat"))


def slow_score(path, body):
    time.sleep(3)
    return "application/json", json.dumps(post(path, body))


def asleep(path, body):
    time.sleep(3)
    return "application/json", "{}"


class Numpy(unittest.TestCase):
    def test_rows(self):
        import numpy as np
        from numpy_rows import Rows, main
        self.assertIn("Top-H keeps", printed(main, BASE))
        rows = np.array([[3, 2, 1, 0], [0, 0, 0, 0]], dtype="<f4")
        service = Rows(BASE)
        exact = [item["entropy"] for item in post("/v1/entropy", {"logits": rows.tolist()})["data"]]
        np.testing.assert_allclose(service.entropy(rows), exact, atol=1e-6)
        kept = [item["kept_ids"] for item in post("/v1/truncation", {"logits": rows.tolist(), "top_h": 0.5})["data"]]
        self.assertEqual([sorted(ids) for ids in kept], [list(np.flatnonzero(row)) for row in service.top_h(rows, 0.5)])
        with self.assertRaisesRegex(ValueError, "expected"):
            service.post("/v1/truncation", rows, top_h=7)
        service.close()


class OpenAi(unittest.TestCase):
    def test_whole_and_streamed(self):
        wanted = post("/v1/score", {"openai": fixture("openai-chat"), "vocab_size": 32_000})["sequence"]
        low = f"2 tokens, perplexity {wanted['perplexity']:.4f}, mean entropy {wanted['mean_entropy_low']:.4f}"
        out = self.score(inference)
        for name in ("whole", "streamed"):
            self.assertIn(f"{name}: {low} to {wanted['mean_entropy_high']:.4f} nat", out)
        self.assertIn(f"whole: {low} nat or more", self.score(silent))

    def score(self, upstream):
        import openai_score
        with server(upstream) as url:
            os.environ["OPENAI_BASE_URL"] = url + "/v1"
            return printed(openai_score.main, BASE)


class LiteLlm(unittest.TestCase):
    def ask(self, service):
        import litellm
        from litellm_callback import Tokentropy
        reports = []

        async def run(url):
            litellm.callbacks = [Tokentropy(service, reports.append, vocab_size=32_000)]
            began = time.monotonic()
            await litellm.acompletion(model="openai/m", api_base=url + "/v1", api_key="none", logprobs=True, top_logprobs=5,
                                      messages=[{"role": "user", "content": "?"}])
            took = time.monotonic() - began
            for _ in range(100):
                if reports:
                    break
                await asyncio.sleep(0.1)
            return took, time.monotonic() - began

        with server(inference) as url:
            took, reported = asyncio.run(run(url))
        self.assertEqual(len(reports), 1)
        return took, reported, reports[0]

    def test_score_and_a_slow_service(self):
        took, _, report = self.ask(BASE)
        wanted = post("/v1/score", {"openai": fixture("openai-chat"), "vocab_size": 32_000})["sequence"]
        self.assertEqual(report["perplexity"], wanted["perplexity"])
        with server(slow_score) as url:
            slow, reported, report = self.ask(url)
        print(f"LiteLLM answered after {took:.2f} s, and after {slow:.2f} s while the score took {reported:.2f} s: {report}")
        self.assertLess(slow, 1.5)
        self.assertGreater(reported, 2.5)


class Transformers(unittest.TestCase):
    VOCAB = 3000

    @classmethod
    def model(cls, seed, layers, spread):
        import torch
        from transformers import GPT2Config, GPT2LMHeadModel
        torch.manual_seed(seed)
        config = GPT2Config(vocab_size=cls.VOCAB, n_positions=320, n_embd=48, n_layer=layers, n_head=4, initializer_range=spread,
                            bos_token_id=0, eos_token_id=None)
        return GPT2LMHeadModel(config).eval()

    @staticmethod
    def paper(scores, alpha):
        """The rule as the paper states it: the largest prefix of the ranking with H(q) within alpha H(p), stopping at the first beyond."""
        import torch
        p = torch.softmax(scores.double(), -1)[0]
        ranked, order = torch.sort(p, descending=True, stable=True)
        entropy = -(ranked * ranked.clamp_min(1e-300).log()).sum()
        mass = ranked.cumsum(0)
        of_prefix = mass.log() + (-(ranked * ranked.clamp_min(1e-300).log())).cumsum(0) / mass
        beyond = (of_prefix > alpha * entropy).nonzero()
        count = max(1, int(beyond[0]) if len(beyond) else len(p))
        return set(order[:count].tolist())

    def test_top_h_keeps_the_same_tokens(self):
        import torch
        from transformers import LogitsProcessor, TopHLogitsWarper
        from transformers_top_h import PublishedTopH, TopH

        warper = TopHLogitsWarper(top_h=0.4)
        ways = {"the paper's rule, bytes": (TopH(BASE, 0.4), lambda ids, scores: self.paper(scores, 0.4)),
                "the rule of transformers, JSON": (PublishedTopH(BASE, 0.4), lambda ids, scores: self.kept(warper(ids, scores)))}
        for name, (remote, in_process) in ways.items():
            sizes = []

            class Both(LogitsProcessor):
                def __call__(inner, ids, scores):
                    found = remote(ids, scores)
                    self.assertEqual(self.kept(found), in_process(ids, scores))
                    sizes.append(len(self.kept(found)))
                    return found

            torch.manual_seed(1)
            began = time.monotonic()
            ids = self.model(0, 2, 0.3).generate(torch.ones(1, 1, dtype=torch.long), do_sample=True, max_new_tokens=200,
                                                 logits_processor=[Both()], pad_token_id=0, top_k=0)
            self.assertEqual((len(sizes), ids.shape[1]), (200, 201))
            self.assertGreater(len(set(sizes)), 10)
            print(f"Top-H, {name}: the same kept set for each of {len(sizes)} tokens, {min(sizes)} to {max(sizes)} kept, "
                  f"{(time.monotonic() - began) * 5:.1f} ms a token")

    @staticmethod
    def kept(scores):
        return set((scores[0] > float("-inf")).nonzero().flatten().tolist())

    def test_ead_switches_as_in_process(self):
        import torch
        from transformers_ead import generate
        small, large = self.model(2, 1, 0.25), self.model(3, 3, 0.25)
        start = torch.ones(1, 1, dtype=torch.long)
        alone, _, entropies, _ = generate(BASE, small, large, start, 80, {"threshold": 11.5})
        greedy = small.generate(start, do_sample=False, max_new_tokens=80, pad_token_id=0)
        self.assertTrue(torch.equal(alone, greedy))
        threshold = sorted(entropies)[len(entropies) // 2]
        ids, writers, _, summary = generate(BASE, small, large, start, 80, {"threshold": threshold, "window": 5})

        now, seen, own, wrote = "small", [], start, []
        with torch.no_grad():
            for _ in range(80):
                logits = {"small": small, "large": large}[now](own).logits[0, -1]
                p = torch.softmax(logits.double(), -1)
                seen.append(-(p * p.log2()).sum().item())
                own = torch.cat([own, logits.argmax().view(1, 1)], dim=1)
                wrote.append(now)
                if len(seen) >= 5:
                    now = "large" if sum(seen[-5:]) / 5 > threshold else "small"
        self.assertEqual(writers, wrote)
        self.assertTrue(torch.equal(ids, own))
        self.assertGreater(min(writers.count("small"), writers.count("large")), 5)
        print(f"EAD: {summary['small']} tokens by the small model, {summary['large']} by the large one, {summary['switches']} switches, as in process")


class MoveDirectionality(Enum):
    UNIDIRECTIONAL = auto()
    SWAP = auto()


@dataclass(frozen=True)
class BatchUpdate:
    """What vLLM hands to `update_state`, as its documentation describes it; `added` holds (index, params, prompt ids, output ids)."""
    batch_size: int
    removed: tuple = ()
    added: tuple = ()
    moved: tuple = ()


class LogitsProcessor(ABC):
    """vLLM's documented interface; vLLM itself needs a GPU build."""
    @classmethod
    def validate_params(cls, sampling_params):
        return None

    @abstractmethod
    def __init__(self, vllm_config, device, is_pin_memory): ...

    @abstractmethod
    def apply(self, logits): ...

    @abstractmethod
    def is_argmax_invariant(self): ...

    @abstractmethod
    def update_state(self, batch_update): ...


class Vllm(unittest.TestCase):
    STOP = 2

    @classmethod
    def setUpClass(cls):
        for name in ("vllm", "vllm.v1", "vllm.v1.sample", "vllm.v1.sample.logits_processor"):
            sys.modules[name] = types.ModuleType(name)
        sys.modules["vllm.v1.sample.logits_processor"].__dict__.update(
            LogitsProcessor=LogitsProcessor, MoveDirectionality=MoveDirectionality, BatchUpdate=BatchUpdate)
        cls.plugin = importlib.import_module("vllm_plugin")

    def watch(self, base):
        import torch
        os.environ["TOKENTROPY_URL"] = base
        return self.plugin.EntropyWatch(None, torch.device("cpu"), False)

    @classmethod
    def added(cls, index, threshold=None):
        given = None if threshold is None else {"ead_threshold": threshold, "ead_stop_token": cls.STOP}
        return index, types.SimpleNamespace(extra_args=given), [], []

    def test_arguments_belong_together(self):
        with self.assertRaises(ValueError):
            self.plugin.EntropyWatch.validate_params(types.SimpleNamespace(extra_args={"ead_threshold": 1}))
        self.plugin.EntropyWatch.validate_params(types.SimpleNamespace(extra_args=None))
        self.assertFalse(self.watch(BASE).is_argmax_invariant())

    def test_rows_follow_the_batch(self):
        watch = self.watch(BASE)
        watch.update_state(BatchUpdate(4, added=(self.added(0, 1.0), self.added(1), self.added(2, 2.0), self.added(3, 3.0))))
        self.assertEqual({i: s.config["threshold"] for i, s in watch.rows.items()}, {0: 1.0, 2: 2.0, 3: 3.0})
        watch.update_state(None)
        watch.update_state(BatchUpdate(4, removed=(0,), added=(self.added(0, 4.0),), moved=((2, 3, MoveDirectionality.SWAP),)))
        self.assertEqual({i: s.config["threshold"] for i, s in watch.rows.items()}, {0: 4.0, 2: 3.0, 3: 2.0})
        watch.update_state(BatchUpdate(3, removed=(0,), moved=((3, 0, MoveDirectionality.UNIDIRECTIONAL),)))
        self.assertEqual({i: s.config["threshold"] for i, s in watch.rows.items()}, {0: 2.0, 2: 3.0})
        watch.update_state(BatchUpdate(3, added=(self.added(2),), moved=((1, 2, MoveDirectionality.UNIDIRECTIONAL),)))
        self.assertEqual(list(watch.rows), [0])

    def settled(self, watch, calls, steps):
        for _ in range(100):
            if sum(calls) == steps:
                return
            time.sleep(0.05)
        self.fail(f"{calls} of {steps} observations were sent, {watch.dropped} dropped")

    def test_decisions_are_those_of_the_service_and_one_step_late(self):
        import torch
        watch, calls, send = self.watch(BASE), [], None
        send = watch.send

        def counted(observed):
            send(observed)
            calls.append(max(map(len, observed.values())))

        watch.send = counted
        watch.update_state(BatchUpdate(3, added=(self.added(0, 3.0), self.added(1), self.added(2, 3.0))))
        torch.manual_seed(5)
        seen, large = [], []
        for step in range(30):
            logits = torch.randn(3, 50) * (0.1 if 10 <= step < 20 else 8.0)
            logits[2] *= 100
            logits[:, 7] = float("-inf")
            before = logits.clone()
            p = torch.softmax(before[0].double(), -1)
            seen.append(-(p * p.log2()).nan_to_num(0).sum().item())
            large.append(watch.rows[0].large)
            after = watch.apply(logits)
            self.assertTrue(torch.equal(after[1:], before[1:]))
            self.assertEqual((after[0] > float("-inf")).nonzero().flatten().tolist(), [self.STOP]
                             if large[-1] else [i for i in range(50) if i != 7])
            self.settled(watch, calls, step + 1)
        self.assertEqual(calls, [1] * 30)
        answer = post("/v1/ead", {"unit": "bit", "config": watch.rows[0].config, "observations": seen})["data"][0]
        self.assertEqual(large[1:], [s["next"] == "large" for s in answer["steps"]][:-1])
        self.assertTrue(5 < sum(large) < 20)
        self.assertFalse(watch.rows[2].large)
        print(f"vLLM plugin: {len(calls)} steps, one call each, {sum(large)} of them forced to stop, as /v1/ead decides")

    def test_a_slow_or_missing_service_never_holds_up_a_step(self):
        import torch
        with server(asleep) as url:
            for base in (url, "http://127.0.0.1:9"):
                watch = self.watch(base)
                watch.update_state(BatchUpdate(64, added=tuple(self.added(i, 1.0) for i in range(64))))
                longest = 0
                for _ in range(400):
                    logits = torch.randn(64, 1000)
                    began = time.monotonic()
                    after = watch.apply(logits)
                    longest = max(longest, time.monotonic() - began)
                    self.assertTrue(torch.isfinite(after).all())
                self.assertLess(longest, 0.5)
        print(f"vLLM plugin: without an answer the longest of 400 steps took {longest * 1e3:.1f} ms")


if __name__ == "__main__":
    unittest.main(verbosity=2)
