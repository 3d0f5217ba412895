"""What is asked of llama.cpp's servers, and what their answers say: a reading that shares no code with the product."""
import itertools, json, math

from llamacpp_pair import VOCABULARY

ALL = VOCABULARY
SHAPES = ["native", "completion", "chat"]
PATHS = {"native": "/completion", "completion": "/v1/completions", "chat": "/v1/chat/completions"}
MODEL_ALONE = {"temperature": 1, "top_k": 0, "top_p": 1, "min_p": 0}

# name, prompt or prompts (of the King James Bible, as the models are), sampling
CONTEXTS = [
    ("plain", "In the beginning", {}),
    ("plain", "And it came to pass", {}),
    ("plain", "The LORD is my", {"temperature": 0.6}),
    ("greedy", "And God said unto", {"temperature": 0}),
    ("greedy", "Blessed are the", {"temperature": 0}),
    ("model alone", "Then Peter said", MODEL_ALONE),
    ("model alone", "O my soul", MODEL_ALONE),
    ("model alone", "A", MODEL_ALONE),
    ("hot", "And the king", {**MODEL_ALONE, "temperature": 2}),
    ("cold", "For God so loved the", {"temperature": 0.2}),
    ("stop word", "And he went", {"stop": [" the", " unto"], "temperature": 1}),
    ("stop word", "Thou shalt not", {"stop": [",", "."], "temperature": 1}),
    ("stop inside a token", "And when the people saw", {"stop": ["h", "e o"], "temperature": 1}),
    ("yes or no", "Did he rise? ", {"grammar": 'root ::= "yes" | "no"'}),
    ("rating", "From 1 to 5: ", {"grammar": "root ::= [1-5] "}),
    ("JSON", "The answer: ", {"grammar": 'root ::= "{\\"name\\": \\"" [A-Za-z]+ "\\"}"', "temperature": 1}),
    ("one token", "Amen", {"grammar": 'root ::= "."'}),
    ("split characters", "And they sang", {"grammar": 'root ::= " é☃" [a-z ]+', "temperature": 1}),
    ("split characters", "The name of it was", {"grammar": 'root ::= " " [à-ü☀-☃𝄞]+', "temperature": 1}),
    ("split character last", "Holy", {"grammar": 'root ::= " holy ☃"', "n_predict": 6}),
    ("half a character", "Selah", {"grammar": 'root ::= "☃"', "n_predict": 1}),
    ("prompts", ["The beginning of", "Let the"], {}),
    ("prompts", ["Jesus wept", "And Moses", "Praise ye"], {"temperature": 1}),
    ("penalties", "Holy, holy,", {"repeat_penalty": 1.3, "presence_penalty": 0.5, "temperature": 1}),
    ("bias", "He that hath ears to", {"logit_bias": [[267, 4.0], [13, -100.0]], "temperature": 1}),
    ("no end", "Amen.", {"ignore_eos": True, "temperature": 1}),
    ("mirostat", "Woe unto", {"mirostat": 2, "mirostat_tau": 3.0}),
    ("top_n_sigma", "The words of the", {"top_n_sigma": 1.0, "temperature": 1.2}),
    ("typical", "And the earth was", {"typical_p": 0.8, "top_k": 0, "top_p": 1, "min_p": 0}),
    ("temperature alone", "My son,", {"samplers": ["temperature"], "temperature": 0.7}),
    ("temperature alone", "Behold,", {"samplers": ["temperature"], "temperature": 1.5}),
    ("end", "And all the people said, Amen.\n", {"temperature": 0.8, "n_predict": 3}),
]
LISTED = [1, 5, 20, 100, 400, ALL]


class Ask:
    """One request to one of the two servers."""

    def __init__(self, number, model, shape, stream, listed, after_samplers):
        self.kind, self.prompt, self.sampling = CONTEXTS[number]
        self.number, self.model, self.shape, self.stream = number, model, shape, stream
        self.listed, self.after_samplers = listed, after_samplers

    @property
    def name(self):
        return " ".join([self.model, self.shape, "stream" if self.stream else "whole", f"{self.listed} listed",
                         *(["after samplers"] if self.after_samplers else []), f"{self.kind} {self.number}"])

    @property
    def path(self):
        return PATHS[self.shape]

    def request(self):
        body = {"seed": self.number, "n_predict": 6, **self.sampling, "cache_prompt": False, "stream": self.stream,
                "post_sampling_probs": self.after_samplers}
        if self.shape == "native":
            return {**body, "prompt": self.prompt, "n_probs": self.listed}
        body["max_tokens"] = body.pop("n_predict")
        if self.shape == "completion":
            return {**body, "prompt": self.prompt, "logprobs": self.listed}
        return {**body, "messages": [{"role": "user", "content": self.prompt}], "logprobs": True, "top_logprobs": self.listed}

    def whole(self):
        """The same with every token of the vocabulary listed. A stream has tokens that the same answer at once leaves out: those of the
        stop word."""
        return Ask(self.number, self.model, self.shape, self.stream, ALL, self.after_samplers)


def asks():
    """Every context with a third of the ways to ask, and a ninth of those for what the samplers leave; both servers in turn."""
    for number, (kind, prompt, _) in enumerate(CONTEXTS):
        shapes = SHAPES if isinstance(prompt, str) else SHAPES[:2]  # a chat has one prompt
        ways = list(itertools.product(shapes, [False, True], LISTED))
        for after_samplers, share in ((False, 3), (True, 9)):
            for i, (shape, stream, listed) in enumerate(ways):
                if (i + i // len(LISTED) + number) % share == 0:
                    yield Ask(number, ["small", "large"][(number + i // share) % 2], shape, stream, listed, after_samplers)


class Position:
    """One token of an answer: its id, text, and the listed ids with the natural logs of their probabilities."""

    def __init__(self, choice, entry):
        top = entry.get("top_logprobs", entry.get("top_probs"))
        self.choice, self.id, self.text = choice, entry["id"], entry["token"]
        self.ln = ln(entry)
        self.listed = {other["id"]: ln(other) for other in top}
        self.texts = {other["id"]: bytes(other["bytes"]) for other in top}


def ln(entry):
    if "logprob" in entry:
        return entry["logprob"]
    return math.log(entry["prob"]) if entry["prob"] > 0 else -math.inf


def events(body, stream):
    """The parts of an answer."""
    if not stream:
        answer = json.loads(body)
        return answer if isinstance(answer, list) else [answer]
    data = [line[6:] for line in body.decode().split("\n") if line.startswith("data: ")]
    return [json.loads(each) for each in data if each.strip() not in ("[DONE]", "null")]


def positions(body, stream):
    """The tokens with probabilities, in the order of the answer."""
    found = []
    for event in events(body, stream):
        for entry in event.get("completion_probabilities") or []:
            found.append(Position(event["index"], entry))
        for choice in event.get("choices", []):
            for entry in (choice.get("logprobs") or {}).get("content") or []:
                found.append(Position(choice["index"], entry))
    return found


class Truth:
    """The whole distribution at one position, from a list of every token, scaled to mass 1 in double."""

    def __init__(self, position):
        self.choice, self.id = position.choice, position.id
        self.sum = math.fsum(math.exp(each) for each in position.listed.values())
        self.probs = {token: math.exp(each) / self.sum for token, each in position.listed.items()}
        self.texts = position.texts
        self.listed = position.listed
        self.ranked = sorted(self.probs, key=lambda token: -self.probs[token])

    def prob(self, token):
        return self.probs.get(token, 0.0)

    def mass(self, tokens):
        return math.fsum(self.prob(token) for token in tokens)

    def entropy(self):
        return math.fsum(-p * math.log(p) for p in self.probs.values() if p > 0)

    def spelled(self, text):
        """The probability of all tokens that are this text but for white space."""
        return self.mass(token for token, each in self.texts.items() if each.decode(errors="replace").strip() == text)

    def labels(self):
        """Three labels by ids: the best token, some further down, and two of the rarest."""
        rank = [token for token in self.ranked if token != self.ranked[0]]
        rare = sorted(set(range(VOCABULARY)) - {self.ranked[0], *rank[:40]}, key=self.prob)[::-1]
        some = [token for token in (rank[i] for i in (0, 3, 30) if i < len(rank))] or rare[:1]
        return [[self.ranked[0]], some, [token for token in rare[-900:-898] if token not in some]]

    def measures(self):
        """By the names that the contract has for them."""
        p = [self.probs[token] for token in self.ranked]
        squares = math.fsum(each * each for each in p)
        return {"margin": p[0] - (p[1] if len(p) > 1 else 0), "min_entropy": -math.log(p[0]), "gini": 1 - squares,
                "collision": -math.log(squares), "kl_from_uniform": math.log(VOCABULARY) - self.entropy()}
