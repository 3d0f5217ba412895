"""Calls the service through the Python client that was generated from its contract: sdk_check.py CLIENT http://127.0.0.1:8080; src/ci/sdk runs it."""
import sys

sys.path.insert(0, sys.argv[1])
import tokentropy_client as t

client = t.ApiClient(t.Configuration(host=sys.argv[2]))
checks = 0


def same(found, wanted):
    global checks
    checks += 1
    assert found == wanted, f"check {checks}: found {found}, expected {wanted}"


entropy = t.EntropyApi(client)
same(entropy.entropy(t.EntropyRequest(logits=[[0, 0, 0, 0]], unit="bit")).data[0].entropy, 2)
same(entropy.entropy(t.EntropyRequest(logits=[1.5, "-Infinity", 1.5, None], unit="bit")).data[0].entropy, 1)
between = entropy.entropy(t.EntropyRequest(
    top_logprobs=[[t.TopLogprob(token=" a", logprob=-0.25), t.TopLogprob(token=" b", logprob=-2)]], vocab_size=1000)).data[0]
same((between.exact, between.entropy_low < between.entropy_high, between.top.token), (False, True, " a"))
ranks = entropy.entropy(t.EntropyRequest(logits=[[0, 1, 2]], measures=["rank_of", "renyi"], ids=[0], order="inf")).data[0]
same((ranks.rank_of, ranks.estimate), ([3], None))

kept = t.TruncationApi(client).truncation(t.TruncationRequest(logits=[[3, 2, 1, 0]], top_h=0.4, compare=[{"top_p": 0.9}]))
same((kept.data[0].kept_ids, kept.steps[0].sampler), ([0], "top_h"))

switching = t.SwitchingApi(client)
config = t.EadConfig(threshold=1, window=1)
first = switching.ead(t.EadRequest(config=config, observations=[0.1, None, 2.0, t.ObservationObject(lower=1.5, upper=3)])).data[0]
same(first.next.model, t.Tier.LARGE)
second = switching.ead(t.EadRequest(config=config, observations=[0.2], state=first.state)).data[0]
same((second.next.model, second.summary.tokens), (t.Tier.SMALL, 5))

same(t.UncertaintyApi(client).inv_entropy(t.InvEntropyRequest(sim_x=[[1, 0.5], [0.5, 1]], sim_y=[[1, 0.5], [0.5, 1]])).data[0].n, 2)

entry = {"token": "a", "logprob": -0.25, "top_logprobs": [{"token": "a", "logprob": -0.25}]}
score = t.ScoreApi(client).score(t.ScoreRequest(openai={"choices": [{"index": 0, "logprobs": {"content": [entry]}}]}, vocab_size=1000))
same((score.sequence.logprob, score.dialect), (-0.25, t.Dialect.OPENAI_CHAT))

engine = t.EngineApi(client)
step = engine.step(t.StepRequest(logits=[[3, 2, 1, 0], [0, 0, 0, 0]], ead=config, states=[first.state, None]))
same([item.summary.tokens for item in step.data], [5, 1])
same(engine.sample(t.SampleRequest(probs=[[0, 1]], seed=7)).data[0].id, 1)

try:
    entropy.entropy(t.EntropyRequest(logits=[[0, 0], [1, 2, 3]]))
    sys.exit("rows of two lengths were taken")
except t.ApiException as e:
    same((e.status, e.data.code, e.data.errors[0].pointer), (422, "ragged_rows", "/logits/1"))
print(f"generated Python client: {checks} checks passed")
