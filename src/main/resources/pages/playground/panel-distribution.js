// The next token: its probabilities at a temperature, and what four rules keep of them, side by side.

import { lines, post } from "./api.js";
import { SAMPLES } from "./examples-distribution.js";
import { number, percent, count, range, visible } from "./format.js";
import { parse } from "./scores.js";
import { area, choice, h, latest, s, select, show, slider, stat, stats, text, warnings } from "./ui.js";

const SHOWN = 24;
const CURVE = 40;
const RULES = [
  { field: "top_h", name: "Top-H", short: "H", sign: "α" },
  { field: "top_p", name: "top_p", short: "p", sign: "p" },
  { field: "min_p", name: "min_p", short: "min", sign: "m" },
  { field: "top_n_sigma", name: "top-nσ", short: "nσ", sign: "n" },
];

export const panel = {
  id: "distribution",
  title: "Which tokens may come next?",
  lead: "One row of scores, at a temperature of your choice, and what four truncation rules keep of it. Top-H keeps the most probable tokens while their entropy stays within a share of the whole entropy: watch it meet the budget line.",
  examples: SAMPLES,
  mount,
};

function mount(frame, state, { changed }) {
  const partial = () => state.kind === "top_logprobs";
  const run = latest((signal) => update(signal));
  const set = (name, cast = (value) => value) => (value) => {
    state[name] = cast(value);
    changed();
    run();
  };

  const temperature = slider({ label: "Temperature", min: 0.1, max: 3, step: 0.05, value: state.temperature, onInput: set("temperature") });
  const rules = {
    top_h: slider({ label: "Top-H α", min: 0.05, max: 1, step: 0.01, value: state.top_h, onInput: set("top_h") }),
    top_p: slider({ label: "top_p", min: 0.05, max: 1, step: 0.01, value: state.top_p, onInput: set("top_p") }),
    min_p: slider({ label: "min_p", min: 0, max: 1, step: 0.01, value: state.min_p, onInput: set("min_p") }),
    top_n_sigma: slider({ label: "top-nσ n", min: 0.1, max: 4, step: 0.05, value: state.top_n_sigma, onInput: set("top_n_sigma") }),
  };
  const data = area({ label: "Scores", rows: 9, value: state.data, onInput: set("data"), hint: "A number a line, or a token and its number; or a JSON list." });
  const vocab = text({ label: "Vocabulary size", type: "number", min: 1, value: state.vocab_size, onInput: set("vocab_size", (v) => (v === "" ? null : Number(v))), hint: "How many tokens there are in all: without it nothing bounds what was not listed." });
  const kind = select({
    label: "These are",
    options: [["logits", "logits, the whole row"], ["probs", "probabilities, the whole row"], ["logprobs", "log-probabilities, the whole row"], ["top_logprobs", "the best k log-probabilities"]],
    value: state.kind,
    onChange: (value) => {
      set("kind")(value);
      fit();
    },
  });
  function fit() {
    vocab.root.hidden = !partial();
    temperature.root.hidden = partial();
    rules.top_n_sigma.root.hidden = partial();
  }
  fit();
  frame.controls.append(
    temperature.root, ...Object.values(rules).map((rule) => rule.root),
    h("details", { class: "more group", open: innerWidth > 960 }, h("summary", {}, "Scores and units"), data.root, kind.root, vocab.root,
      choice({ label: "Entropy in", options: [["nat", "nats"], ["bit", "bits"]], value: state.unit, onChange: set("unit") })));
  frame.answerable([
    [/^\/(temperature)/, temperature], [/^\/top_h/, rules.top_h], [/^\/(top_p|compare\/0)/, rules.top_p], [/^\/(min_p|compare\/1)/, rules.min_p],
    [/^\/(top_n_sigma|compare\/2)/, rules.top_n_sigma], [/^\/vocab_size/, vocab], [/^\/(logits|probs|logprobs|top_logprobs)/, data]]);

  let scale = "linear";
  let all = false;
  let last = null;
  const draw = () => last && show(frame.stage, view(last, state, { scale, all, partial: partial(), redraw: (change) => {
    ({ scale, all } = { scale, all, ...change });
    draw();
  } }));

  const known = new Map();
  /** An answer that does not depend on the rules is asked for once. */
  async function once(key, ask) {
    if (known.get(key.slice(0, 5))?.key !== key) known.set(key.slice(0, 5), { key, answer: await ask() });
    return known.get(key.slice(0, 5)).answer;
  }

  async function update(signal) {
    try {
      const entries = parse(state.data, data);
      const row = partial() ? entries.map(({ token, value }, id) => ({ ...(token === undefined ? {} : { token }), id, logprob: value })) : entries.map(({ value }) => value);
      const input = { [state.kind]: [row], ...(partial() ? (state.vocab_size ? { vocab_size: state.vocab_size } : {}) : { temperature: state.temperature }) };
      const asked = {
        ...input, unit: state.unit, top_h: state.top_h, return: ["ids"],
        compare: RULES.slice(1).filter(({ field }) => !partial() || field !== "top_n_sigma").map(({ field }) => ({ [field]: state[field] })),
      };
      frame.request("/v1/truncation", asked);
      const base = JSON.stringify([input, state.unit, entries.map(({ token }) => token)]);
      const [ranked, cuts] = await Promise.all([
        once(`rank ${base}`, () => (partial() ? ranking(input, entries, signal) : wholeRanking(input, entries, signal))),
        post("/v1/truncation", asked, signal),
      ]);
      const curve = await once(`curve${base}`, () => keptEntropies(input, ranked, entries, state, signal));
      last = { ranked, curve, item: cuts.data[0], warnings: cuts.warnings, unit: state.unit };
      frame.fine();
      draw();
    } catch (error) {
      if (!signal.aborted) frame.wrong(error);
    }
  }

  run();
}

const name = (entry, id) => entry?.token ?? `#${id}`;

async function wholeRanking(input, entries, signal) {
  const { data: [item] } = await post("/v1/truncation", { ...input, return: ["ids", "probs"], max_return: CURVE }, signal);
  return { tokens: item.kept_ids.map((id, i) => ({ id, name: name(entries[id], id), prob: item.probs[i] })), total: item.kept_count };
}

/** Of the best k alone: the probability of each, and what is left for all others. */
async function ranking(input, entries, signal) {
  const { data: [item] } = await post("/v1/labels", { ...input, labels: entries.slice(0, 256).map((entry, id) => ({ name: `${id}`, tokens: [id] })) }, signal);
  const tokens = item.labels.map(({ seen: [{ prob }] }, id) => ({ id, name: name(entries[id], id), prob })).sort((a, b) => b.prob - a.prob);
  return { tokens: tokens.slice(0, CURVE), total: tokens.length, other: item.other };
}

/** The entropy of the best token, of the best two, and so on, each scaled to 1. */
async function keptEntropies(input, ranked, entries, state, signal) {
  let cut = input;
  const [row] = input[state.kind] ?? [[]];
  if (row.length > 1000 && state.kind === "probs") return [];
  // Of a long row the best are enough: what the others are does not count once they are cut.
  if (row.length > 1000) cut = { ...input, logits: [ranked.tokens.map(({ id }) => entries[id].value)] };
  if (row.length > 1000 && state.kind === "logprobs") delete cut.logprobs;
  const answers = await lines("/v1/truncation", ranked.tokens.map((_, i) => ({ ...cut, unit: state.unit, top_k: i + 1, return: ["ids"] })), signal);
  return answers.map((answer) => answer?.data[0].entropy);
}

function view({ ranked, curve, item, warnings: said, unit }, state, { scale, all, partial, redraw }) {
  const cuts = [item, ...(item.compare ?? [])];
  const rules = RULES.slice(0, cuts.length);
  const tokens = ranked.tokens.slice(0, all ? CURVE : SHOWN);
  const greatest = tokens[0]?.prob ?? 1;
  const least = Math.max(tokens.at(-1)?.prob ?? 1e-9, 1e-9);
  const length = (prob) => (scale === "linear" ? prob / greatest : prob <= 0 ? 0 : 0.04 + 0.96 * (Math.log(prob / least) / Math.log(greatest / least || 2)));
  const budget = item.budget ?? item.budget_low;
  const reach = 1.06 * Math.max(budget ?? 0, item.budget_high ?? 0, ...curve.slice(0, tokens.length).filter((value) => value !== undefined));
  const kept = (cut, i) => (cut.kept_count !== undefined ? (i < cut.kept_count ? "kept" : "cut") : i < cut.kept_count_low ? "kept" : i < (cut.kept_count_high ?? Infinity) ? "open" : "cut");
  const words = { kept: "kept", cut: "cut", open: "may be kept" };

  const table = h("table", { class: "bars" },
    h("caption", { class: "unseen" }, "Tokens by probability, with what each rule keeps"),
    h("colgroup", {}, ["name", "bar", "num", ...rules.map(() => "lane"), "kept"].map((part) => h("col", { class: `col-${part}` }))),
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Token"), h("th", { scope: "col", colspan: 2 }, "Probability"),
      rules.map(({ name: full, short }) => h("th", { scope: "col", class: "lane-head", title: full }, h("abbr", { title: full }, short))),
      h("th", { scope: "col", class: "kept-head" }, `Entropy of those up to here, ${unit}`))),
    h("tbody", {}, tokens.map((token, i) => h("tr", {},
      h("th", { scope: "row", class: "token", title: token.name }, visible(token.name)),
      h("td", { class: "bar" }, s("svg", { "aria-hidden": true }, s("rect", { width: `${(100 * length(token.prob)).toFixed(2)}%`, height: "100%", rx: 3 }))),
      h("td", { class: "num", title: token.prob, "data-value": token.prob }, percent(token.prob)),
      rules.map(({ field }, j) => {
        const how = kept(cuts[j], i);
        const end = how === "kept" && kept(cuts[j], i + 1) !== "kept";
        return h("td", { class: `lane lane-${field} ${how} ${end ? "end" : ""}` }, h("span", {}, h("span", { class: "unseen" }, words[how])));
      }),
      h("td", { class: "kept-entropy", title: curve[i] === undefined ? null : `${curve[i]} ${unit}` }, keptEntropy(curve[i], item, reach))))));

  return [
    h("div", { class: "card" },
      stats(
        stat("Entropy", partial ? range(item.entropy_in_low, item.entropy_in_high) : number(item.entropy_in), { value: item.entropy_in, note: partial ? `${unit}, as it came` : `${unit}, as it came` }),
        rules.map(({ name: full, field }, j) => stat(full, counted(cuts[j]), { value: cuts[j].kept_count, note: typeof cuts[j].kept_mass === "number" ? `of the mass ${percent(cuts[j].kept_mass)}` : "not certain", kind: `rule rule-${field}` })))),
    h("div", { class: "card" },
      h("div", { class: "card-head" }, h("p", {}, sentence(item, unit)),
        choice({ label: "Scale of the bars", quiet: true, options: [["linear", "linear"], ["log", "log"]], value: scale, onChange: (value) => redraw({ scale: value }) })),
      table,
      ranked.other ? h("p", { class: "small after" }, `All tokens that were not listed: ${range(ranked.other.prob_low, ranked.other.prob_high, percent)} together.`) : null,
      ranked.total > tokens.length ? h("p", { class: "small after" }, `${count(ranked.total - tokens.length)} more tokens are below. `,
        !all && ranked.tokens.length > SHOWN ? h("button", { type: "button", class: "quiet", onclick: () => redraw({ all: true }) }, `Show ${ranked.tokens.length}`) : null) : null),
    warnings(said)];
}

function counted(cut) {
  if (cut.kept_count !== undefined) return `${count(cut.kept_count)} ${cut.kept_count === 1 ? "token" : "tokens"}`;
  return cut.kept_count_high === undefined ? `≥ ${count(cut.kept_count_low)}` : `${count(cut.kept_count_low)} – ${count(cut.kept_count_high)} tokens`;
}

function sentence(item, unit) {
  if (item.kept_count === undefined) {
    return `What was listed leaves open where Top-H stops: its budget is ${range(item.budget_low, item.budget_high)} ${unit}.`;
  }
  if (item.budget === undefined && item.budget_low === undefined) return "Top-H is off.";
  const next = item.next_entropy === undefined ? "" : `; with the next it would be ${number(item.next_entropy)}`;
  const least = item.budget_low === undefined ? number(item.budget) : range(item.budget_low, item.budget_high);
  return `Top-H: the kept tokens have an entropy of ${number(item.entropy)} ${unit}, within the budget of ${least}${next}.`;
}

/** A bar to the entropy of the tokens so far; the dashed line is the budget. */
function keptEntropy(value, item, reach) {
  const at = (x) => `${(100 * x) / reach}%`;
  const low = item.budget ?? item.budget_low;
  const high = item.budget ?? item.budget_high;
  const marks = [];
  if (low !== undefined && high !== undefined && high !== low) marks.push(s("rect", { class: "budget-range", x: at(low), width: at(high - low), height: "100%" }));
  if (low !== undefined) marks.push(s("line", { class: "budget", x1: at(low), x2: at(low), y1: 0, y2: "100%" }));
  if (high !== undefined && high !== low) marks.push(s("line", { class: "budget", x1: at(high), x2: at(high), y1: 0, y2: "100%" }));
  if (value !== undefined) {
    const over = low !== undefined && value > high;
    marks.push(s("line", { class: "upto", x1: 0, x2: at(value), y1: "50%", y2: "50%" }), s("circle", { class: over ? "over" : "within", cx: at(value), cy: "50%", r: 4 }));
  }
  return [s("svg", { "aria-hidden": true }, marks), value === undefined ? null : h("span", { class: "unseen" }, number(value))];
}
