#!/usr/bin/env python3
"""/v1/uncertainty against lm-polygraph's estimators and uqlm's scorers: 200 random inputs each, equal to 1e-9.

Their packages import torch, transformers and others at the top; what is compared here does not use them, so empty modules stand for those. Where
a library is known to answer something else, the line says how often and why, and the docs page on uncertainty has the same in its table.
"""
import importlib.machinery
import json
import os
import sys
import sysconfig
import types
import urllib.request
from unittest.mock import MagicMock

import numpy as np

SERVICE = sys.argv[1]
INPUTS, TOLERANCE = 200, 1e-9
HEAVY = ("torch", "transformers", "PIL", "rich", "langchain_core", "sentence_transformers", "pandas", "lm_polygraph.utils.model")


class Stubs:
    """Finds an empty module for whatever is heavy."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        if name in HEAVY or name.startswith(tuple(each + "." for each in HEAVY)):
            return importlib.machinery.ModuleSpec(name, Stubs)
        return None

    @staticmethod
    def create_module(spec):
        module = MagicMock()
        module.__path__, module.__spec__, module.__name__ = [], spec, spec.name
        return module

    @staticmethod
    def exec_module(module):
        pass


def shell(name):
    """A package whose files can be imported one by one; its own __init__, which imports everything, does not run."""
    package = types.ModuleType(name)
    package.__path__ = [os.path.join(sysconfig.get_path("purelib"), *name.split("."))]
    sys.modules[name] = package


sys.meta_path.insert(0, Stubs)
for name in ("lm_polygraph", "lm_polygraph.estimators", "lm_polygraph.stat_calculators", "lm_polygraph.utils",
             "uqlm", "uqlm.nli", "uqlm.utils", "uqlm.scorers", "uqlm.scorers.shortform", "uqlm.white_box", "uqlm.black_box"):
    shell(name)
entropy = types.ModuleType("uqlm.scorers.shortform.entropy")
entropy.SemanticEntropy = None
density = types.ModuleType("uqlm.scorers.shortform.density")
density.SemanticDensity = None
sys.modules.update({entropy.__name__: entropy, density.__name__: density})

from lm_polygraph.estimators.deg_mat import DegMat  # noqa: E402
from lm_polygraph.estimators.eccentricity import Eccentricity  # noqa: E402
from lm_polygraph.estimators.eig_val_laplacian import EigValLaplacian  # noqa: E402
from lm_polygraph.estimators.kernel_language_entropy import KernelLanguageEntropy  # noqa: E402
from lm_polygraph.estimators.lexical_similarity import LexicalSimilarity  # noqa: E402
from lm_polygraph.estimators.max_probability import MaximumSequenceProbability  # noqa: E402
from lm_polygraph.estimators.monte_carlo_normalized_sequence_entropy import MonteCarloNormalizedSequenceEntropy  # noqa: E402
from lm_polygraph.estimators.monte_carlo_sequence_entropy import MonteCarloSequenceEntropy  # noqa: E402
from lm_polygraph.estimators.num_sem_sets import NumSemSets  # noqa: E402
from lm_polygraph.estimators.perplexity import Perplexity  # noqa: E402
from lm_polygraph.estimators.sar import SAR  # noqa: E402
from lm_polygraph.estimators.semantic_entropy import SemanticEntropy  # noqa: E402
from lm_polygraph.estimators.sentence_sar import SentenceSAR  # noqa: E402
from lm_polygraph.estimators.token_sar import TokenSAR  # noqa: E402
from lm_polygraph.stat_calculators.semantic_classes import SemanticClassesCalculator  # noqa: E402
from rouge_score import rouge_scorer  # noqa: E402
from uqlm.black_box.consistency import ConsistencyScorer  # noqa: E402
from uqlm.black_box.cosine import CosineScorer  # noqa: E402
from uqlm.black_box.match import MatchScorer  # noqa: E402
from uqlm.nli.cluster import SemanticClusterer  # noqa: E402
from uqlm.nli.entropy_utils import compute_cluster_probabilities, compute_response_probabilities, compute_semantic_entropy, normalize_entropy  # noqa: E402
from uqlm.nli.nli import NLI  # noqa: E402
from uqlm.white_box.sampled_logprobs import SampledLogprobsScorer  # noqa: E402
from uqlm.white_box.single_logprobs import SingleLogprobsScorer  # noqa: E402

WORDS = "the a cat cats dog sat on in mat Paris London is big running runs story stories quick quickly".split()


class Input:
    """Answers to one question, with all that an estimator may want to know of them."""

    def __init__(self, seed):
        r = np.random.default_rng(seed)
        n = self.n = int(r.integers(2, 9))
        texts = [" ".join(r.choice(WORDS, r.integers(1, 6))) for _ in range(n)]
        self.unique = [f"{text} {seed} {i}" for i, text in enumerate(texts)]
        self.texts = [texts[int(r.integers(0, i + 1))] if r.random() < 0.4 else texts[i] for i in range(n)]
        self.tokens = [np.log(r.uniform(0.05, 1, r.integers(1, 7))) for _ in range(n)]
        self.sums = [float(each.sum()) for each in self.tokens]
        self.without = [r.uniform(0, 1, len(each)) for each in self.tokens]
        nli = r.dirichlet([0.5, 0.5, 0.5], (n, n))
        nli[np.arange(n), np.arange(n)] = [0.01, 0.02, 0.97]
        self.contra, self.neutral, self.entail = nli[..., 0], nli[..., 1], nli[..., 2]
        self.vectors = r.normal(size=(n, 5))
        unit = self.vectors / np.linalg.norm(self.vectors, axis=1, keepdims=True)
        self.similarity = 0.5 + unit @ unit.T / 2

    def nli(self, texts):
        """uqlm's judge, which knows every pair already."""
        judge = NLI.__new__(NLI)
        judge.label_mapping = ["contradiction", "neutral", "entailment"]
        judge.probabilities = {
            (texts[i], texts[j]): np.array([[self.contra[i, j], self.neutral[i, j], self.entail[i, j]]])
            for i in range(self.n) for j in range(self.n) if i != j}
        return judge

    def logprobs(self):
        return [[{"logprob": each} for each in answer] for answer in self.tokens]

    def polygraph_classes(self):
        labels = np.argmax(np.stack([self.contra, self.neutral, self.entail]), axis=0)
        found = SemanticClassesCalculator()({"semantic_matrix_classes": labels[None], "entailment_id": 2, "sample_texts": [self.texts]}, [], None)
        return found["semantic_classes_entail"]


def lists(matrix):
    return [[float(x) for x in row] for row in matrix]


def ask(items, **fields):
    body = json.dumps({"items": items, "about": False, **fields}).encode()
    request = urllib.request.Request(f"{SERVICE}/v1/uncertainty", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)["data"]


INPUT = [Input(seed) for seed in range(INPUTS)]
rows, failed = [], []


def same(library, name, theirs, ours, differs=None):
    """One line of the table; `differs` says of an input whether the library is known to answer something else there, and why."""
    apart, explained, worst = 0, 0, 0.0
    for i, (a, b) in enumerate(zip(theirs, ours)):
        gap = abs(a - b) / max(1, abs(a))
        if differs is not None and differs[1](i):
            explained += 1
        elif not gap <= TOLERANCE:
            apart += 1
        else:
            worst = max(worst, gap)
    rows.append((library, name, len(theirs) - apart - explained, f"{worst:.0e}", f"{explained}: {differs[0]}" if explained else ""))
    if apart or len(theirs) != len(ours) or len(theirs) - explained < 20:
        failed.append(f"{library} {name}: {apart} of {len(theirs)} differ")


def field(data, measure, *path):
    found = []
    for item in data:
        value = item[measure]
        for step in path:
            value = value[step]
        found.append(value)
    return found


def polygraph():
    tokens = ask([{"logprobs": lists(each.tokens)} for each in INPUT], measures=["sequence", "mc_entropy"])
    greedy = {"greedy_log_likelihoods": [each.tokens[0] for each in INPUT]}
    sampled = {"sample_log_probs": [each.sums for each in INPUT], "sample_tokens": [each.tokens for each in INPUT]}
    same("lm-polygraph", "MaximumSequenceProbability", MaximumSequenceProbability()(greedy), field(tokens, "sequence", "msp_uncertainty"))
    same("lm-polygraph", "Perplexity", Perplexity()(greedy), field(tokens, "sequence", "log_perplexity"))
    same("lm-polygraph", "MonteCarloSequenceEntropy", MonteCarloSequenceEntropy()(sampled), field(tokens, "mc_entropy", "entropy"))
    same("lm-polygraph", "MonteCarloNormalizedSequenceEntropy", MonteCarloNormalizedSequenceEntropy()(sampled),
         field(tokens, "mc_entropy", "length_normalized"))

    nli = [{"entail": lists(each.entail), "contra": lists(each.contra)} for each in INPUT]
    data = ask([{**nli[i], "logprobs": lists(each.tokens), "texts": each.texts} for i, each in enumerate(INPUT)],
               measures=["semantic_classes", "semantic_entropy"])
    classes = [each.polygraph_classes() for each in INPUT]
    counts = [len(each["class_to_sample"][0]) for each in classes]
    same("lm-polygraph", "semantic classes", counts, field(data, "semantic_classes", "count"))
    for variant, options in {
            "lm_polygraph": {}, "lm_polygraph_direct": {"entropy_estimation": "direct"},
            "lm_polygraph_unique": {"use_unique_responses": True},
            "lm_polygraph_unique_direct": {"use_unique_responses": True, "entropy_estimation": "direct"},
            "lm_polygraph_empirical": {"class_probability_estimation": "frequency"},
            "lm_polygraph_empirical_direct": {"class_probability_estimation": "frequency", "entropy_estimation": "direct"}}.items():
        estimator = SemanticEntropy(**options)
        theirs = [float(estimator({"sample_log_probs": [each.sums], "sample_texts": [each.texts], "semantic_classes_entail": known})[0])
                  for each, known in zip(INPUT, classes)]
        same("lm-polygraph", f"{estimator} ({variant})", theirs, field(data, "semantic_entropy", "variants", variant))
    sets = ask(nli, measures=["semantic_classes"], rule="above_contradiction", assign="components")
    theirs = [NumSemSets().U_NumSemSets(0, stats(each)) for each in INPUT]
    same("lm-polygraph", "NumSemSets", theirs, field(sets, "semantic_classes", "count"))

    for how, options in {"entail": {}, "contra": {"affinity": "contra"}, "Jaccard": None}.items():
        if options is None:
            graph = ask([{"texts": each.texts} for each in INPUT], measures=["spectral"])
        else:
            graph = ask(nli, measures=["spectral"], options={"spectral": {"unit_diagonal": False, **options}})
        wanted = {"similarity_score": "Jaccard_score"} if options is None else {"affinity": how}
        same("lm-polygraph", f"EigValLaplacian {how}", [EigValLaplacian(**wanted).U_EigVal_Laplacian(0, stats(each)) for each in INPUT],
             field(graph, "spectral", "eig_val_laplacian"))
        same("lm-polygraph", f"DegMat {how}", [DegMat(**wanted).U_DegMat(0, stats(each)) for each in INPUT], field(graph, "spectral", "deg_mat"))
        near = field(graph, "spectral", "nearest_to_threshold")
        same("lm-polygraph", f"Eccentricity {how}", [Eccentricity(**wanted).U_Eccentricity(0, stats(each))[0] for each in INPUT],
             field(graph, "spectral", "eccentricity"), ("an eigenvalue is at the threshold", lambda i: near[i] < 1e-12))
    kernel = ask(nli, measures=["kle"])
    same("lm-polygraph", "KernelLanguageEntropy", [KernelLanguageEntropy()(stats(each))[0] for each in INPUT], field(kernel, "kle", "kle_normalized"))

    lexical = ask([{"texts": each.texts} for each in INPUT], measures=["lexical"])
    plain = LexicalSimilarity("rougeL")
    stemmed = [float(-plain({"sample_texts": [each.texts]})[0]) for each in INPUT]
    plain.scorer = rouge_scorer.RougeScorer(["rougeL"], use_stemmer=False)
    theirs = [float(-plain({"sample_texts": [each.texts]})[0]) for each in INPUT]
    same("lm-polygraph", "LexicalSimilarity rougeL, without its stemmer", theirs, field(lexical, "lexical", "mean_rouge_l"))
    same("lm-polygraph", "LexicalSimilarity rougeL, as it is", stemmed, field(lexical, "lexical", "mean_rouge_l"),
         ("words were stemmed", lambda i: abs(stemmed[i] - theirs[i]) > TOLERANCE))

    data = ask([{"logprobs": lists(each.tokens), "similarity_without_token": lists(each.without), "similarity": lists(each.similarity)} for each in INPUT],
               measures=["token_sar", "sentence_sar", "sar"])
    same("lm-polygraph", "TokenSAR", TokenSAR()({**greedy, "token_similarity": [each.without[0] for each in INPUT]}), field(data, "token_sar", "token_sar"))
    same("lm-polygraph", "SentenceSAR",
         SentenceSAR()({"sample_log_probs": [each.sums for each in INPUT], "sample_sentence_similarity": [each.similarity for each in INPUT]}),
         field(data, "sentence_sar", "sentence_sar"))
    same("lm-polygraph", "SAR",
         SAR()({"sample_log_likelihoods": [each.tokens for each in INPUT], "sample_token_similarity": [each.without for each in INPUT],
                "sample_sentence_similarity": [each.similarity for each in INPUT]}), field(data, "sar", "sar"))


def stats(each):
    return {"sample_texts": [each.texts], "semantic_matrix_entail": each.entail[None], "semantic_matrix_contra": each.contra[None]}


def uqlm():
    data = ask([{"logprobs": lists(each.tokens), "similarity": lists(each.similarity), "texts": each.texts} for each in INPUT],
               measures=["sequence", "mc_entropy", "consistency"])
    first = [each.logprobs()[0] for each in INPUT]
    scores = SingleLogprobsScorer().evaluate(first)
    same("uqlm", "min_probability", scores["min_probability"], field(data, "sequence", "min_token_probability"))
    same("uqlm", "sequence_probability", scores["sequence_probability"], field(data, "sequence", "normalized_probability"))
    scores = SingleLogprobsScorer(length_normalize=False).evaluate(first)
    same("uqlm", "sequence_probability, not normalised", scores["sequence_probability"], field(data, "sequence", "probability"))
    sampled = SampledLogprobsScorer()
    responses, others = [each.texts[0] for each in INPUT], [each.texts[1:] for each in INPUT]
    same("uqlm", "monte_carlo_probability", sampled.monte_carlo_probability(responses, first, [each.logprobs()[1:] for each in INPUT]),
         field(data, "mc_entropy", "mean_probability"))
    same("uqlm", "exact_match", MatchScorer().evaluate(responses, others), field(data, "consistency", "exact_match"))

    cosine = sampled._cosine_scorer = CosineScorer.__new__(CosineScorer)
    cosine.max_length, cosine.model = 2000, MagicMock()
    known = {text: vector for each in INPUT for text, vector in zip(each.unique, each.vectors)}
    cosine.model.encode = lambda texts: [known[text] for text in texts]
    asked = [each.unique[0] for each in INPUT], [each.unique[1:] for each in INPUT]
    same("uqlm", "cosine_sim", cosine.evaluate(*asked), field(data, "consistency", "similarity"))
    same("uqlm", "consistency_and_confidence", sampled.compute_consistency_confidence(*asked, first),
         field(data, "consistency", "consistency_and_confidence"))

    pairs = ask([{"entail": lists(each.entail), "contra": lists(each.contra), "logprobs": lists(each.tokens)} for each in INPUT],
                measures=["consistency", "semantic_classes", "semantic_entropy"], rule="either")
    scorers = {"noncontradiction": [], "entailment": []}
    counts, discrete, tokens, shared = [], [], [], []
    for each in INPUT:
        judge = each.nli(each.unique)
        scorer = ConsistencyScorer(nli=judge)
        scorer.available_nli_scores = {}
        found = scorer._observed_consistency_i(each.unique[0], each.unique[1:])
        for name, all_of in scorers.items():
            all_of.append(found[name])
        by_tokens, uniform = compute_response_probabilities(each.logprobs(), each.n)
        _, _, masses, members = SemanticClusterer(judge).evaluate(each.unique, None, uniform)
        counts.append(len(members))
        shared.append(sum(len(list(its)) for its in members) > each.n)
        discrete.append(compute_semantic_entropy(masses))
        tokens.append(compute_semantic_entropy(compute_cluster_probabilities(by_tokens, members)))
    for name, all_of in scorers.items():
        same("uqlm", name, all_of, field(pairs, "consistency", name))
    several = ("an answer is in several classes", lambda i: shared[i])
    same("uqlm", "number of semantic sets", counts, field(pairs, "semantic_classes", "count"))
    same("uqlm", "discrete semantic entropy", discrete, field(pairs, "semantic_entropy", "variants", "uqlm_discrete"), several)
    same("uqlm", "tokenprob semantic entropy", tokens, field(pairs, "semantic_entropy", "variants", "uqlm_tokenprob"), several)
    for name, entropies, variant in (("semantic_negentropy, discrete", discrete, "uqlm_discrete_confidence"),
                                     ("semantic_negentropy", tokens, "uqlm_tokenprob_confidence")):
        theirs = [1 - normalize_entropy([value], each.n - 1)[0] for value, each in zip(entropies, INPUT)]
        same("uqlm", name, theirs, field(pairs, "semantic_entropy", "variants", variant), several)


polygraph()
uqlm()
for library, name, equal, worst, differs in rows:
    print(f"{library:13}{name:63}{equal:4} equal to {worst}  {differs}")
print(*failed, sep="\n")
print(f"{len(rows) - len(failed)} passed, {len(failed)} failed")
sys.exit(bool(failed))
