// How probable each of some answers is, with the range that unseen tokens leave open.

import { post } from "./api.js";
import { SAMPLES } from "./examples-labels.js";
import { number, percent, range, visible } from "./format.js";
import { Local } from "./frame.js";
import { parse } from "./scores.js";
import { area, choice, h, latest, s, select, show, stat, stats, text, warnings } from "./ui.js";

export const panel = {
  id: "labels",
  title: "How probable is each answer?",
  lead: "A judge says yes or no, a rating is 1 to 5: the token that came is one draw. Here is the probability of every label, with the least and the most it can be, whatever the tokens are that the server did not list.",
  examples: SAMPLES,
  mount,
};

function mount(frame, state, { changed }) {
  const run = latest((signal) => update(signal));
  const set = (name) => (value) => {
    state[name] = value;
    changed();
    run();
  };
  const labels = area({ label: "Labels", rows: 5, value: state.labels, onInput: set("labels"), hint: "One a line; further texts of it after a bar: yes | Yes | sure" });
  const scored = choice({ label: "Names are scores", options: [["no", "no"], ["yes", "yes, rate by them"]], value: state.scored ? "yes" : "no", onChange: (value) => set("scored")(value === "yes") });
  const data = area({ label: "The row", rows: 8, value: state.data, onInput: set("data"), hint: "A token and its number a line, or a JSON list." });
  const kind = select({
    label: "These are", value: state.kind, options: [["top_logprobs", "the best k log-probabilities"], ["logits", "logits, the whole row"], ["probs", "probabilities, the whole row"]],
    onChange: (value) => {
      set("kind")(value);
      vocab.root.hidden = value !== "top_logprobs";
    },
  });
  const vocab = text({ label: "Vocabulary size", type: "number", min: 1, value: state.vocab_size, onInput: (v) => set("vocab_size")(v === "" ? null : Number(v)) });
  vocab.root.hidden = state.kind !== "top_logprobs";
  const match = select({
    label: "Texts match", value: state.match, options: [["trim", "but for white space around them"], ["fold", "also in other letter case"], ["exact", "exactly"]], onChange: set("match"),
  });
  frame.controls.append(labels.root, scored, match.root, h("details", { class: "more group", open: innerWidth > 960 }, h("summary", {}, "The row and its units"),
    data.root, kind.root, vocab.root, choice({ label: "Entropy in", options: [["nat", "nats"], ["bit", "bits"]], value: state.unit, onChange: set("unit") })));
  frame.answerable([[/^\/labels/, labels], [/^\/match/, match], [/^\/vocab_size/, vocab], [/^\/(top_logprobs|logits|probs)/, data]]);

  async function update(signal) {
    try {
      const entries = parse(state.data, data);
      const asked = { ...input(state, entries), unit: state.unit, labels: wanted(state, labels, entries) };
      if (state.kind === "top_logprobs") asked.match = state.match;
      frame.request("/v1/labels", asked);
      const answer = await post("/v1/labels", asked, signal);
      frame.fine();
      draw(frame, answer, entries);
    } catch (error) {
      if (!signal.aborted) frame.wrong(error);
    }
  }

  run();
}

function input({ kind, vocab_size: size }, entries) {
  if (kind !== "top_logprobs") return { [kind]: [entries.map(({ value }) => value)] };
  const rows = { top_logprobs: [entries.map(({ token, value }) => ({ ...(token === undefined ? {} : { token }), logprob: value }))] };
  return size === null ? rows : { ...rows, vocab_size: size };
}

/** Of the best k the service finds the tokens of a text; in whole rows a token is known by its place alone. */
function wanted({ labels, scored, kind }, field, entries) {
  const lines = labels.split("\n").map((line) => line.split("|").map((part) => part.trim()).filter(Boolean)).filter((parts) => parts.length);
  if (!lines.length) throw new Local(field, "Name at least one label.");
  return lines.map(([name, ...texts]) => {
    const tokens = texts.length ? texts : [name];
    const label = { name, tokens: kind === "top_logprobs" ? tokens : tokens.map((token) => place(token, entries, field)) };
    if (!scored) return label;
    if (Number.isNaN(Number(name))) throw new Local(field, `“${name}” is no number, and names are to be scores.`);
    return { ...label, score: Number(name) };
  });
}

function place(token, entries, field) {
  const found = entries.findIndex((entry) => entry.token?.trim() === token);
  if (found >= 0) return found;
  if (/^\d+$/.test(token)) return Number(token);
  throw new Local(field, `No token of the row is “${token}”.`);
}

function draw(frame, { data: [item], unit, warnings: said }, entries) {
  const named = (token, id) => visible(token ?? entries[id]?.token ?? `#${id}`);
  const others = item.other ? [{ name: "anything else", prob_low: item.other.prob_low, prob_high: item.other.prob_high, seen: [] }] : [];
  show(frame.stage,
    h("div", { class: "card" }, stats(
      stat("Most probable", item.best ?? "–", { note: item.certified ? "certain, whatever was not listed" : "not certain: another may be", kind: item.certified ? "good" : "warm" }),
      stat("Ahead by", range(item.margin_low, item.margin_high, percent), { note: "of the second" }),
      stat("Entropy", range(item.entropy_low, item.entropy_high), { value: item.entropy, note: `${unit}, among the labels` }),
      item.expected_score === undefined ? null : stat("Expected score", range(item.expected_score_low, item.expected_score_high, (value) => number(value, 2)), { value: item.expected_score }))),
    h("div", { class: "card" }, h("div", { class: "card-head" }, h("h2", {}, "Of all tokens"), h("p", {}, "solid: at least; hatched: at most; line: the middle")), ranges([...item.labels, ...others], item.best, named)),
    item.given_labels ? h("div", { class: "card" }, h("div", { class: "card-head" }, h("h2", {}, "If it is one of the labels"), h("p", {}, "scaled to 1 among them")), ranges(item.given_labels, item.best)) : null,
    warnings(said));
}

let drawn = 0;

function ranges(labels, best, named) {
  const at = (share) => `${(100 * share).toFixed(3)}%`;
  // Slanting lines; a drawing that is not shown any more takes its pattern with it.
  const id = `hatch-${++drawn}`;
  const hatch = () => s("defs", {}, s("pattern", { id, width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" }, s("line", { x1: 0, x2: 0, y1: 0, y2: 6 })));
  return h("table", { class: "ranges" }, h("caption", { class: "unseen" }, "Probability of each label"), h("tbody", {}, labels.map((label, i) => h("tr", { class: label.name === best ? "best" : null },
    h("th", { scope: "row" }, label.name, label.seen?.length ? h("span", { class: "seen" }, label.seen.map(({ token, id }) => named(token, id)).join("  ")) : null),
    h("td", {}, s("svg", { class: "range", "aria-hidden": true }, i === 0 ? hatch() : null, s("rect", { class: "rail", width: "100%", height: "100%", rx: 4 }),
      s("rect", { class: "open", fill: `url(#${id})`, x: at(label.prob_low), width: at(label.prob_high - label.prob_low), height: "100%" }),
      s("rect", { class: "sure", width: at(label.prob_low), height: "100%", rx: 4 }),
      label.prob === undefined ? null : s("line", { class: "middle", x1: at(label.prob), x2: at(label.prob), y1: 0, y2: "100%" }))),
    h("td", { class: "num", "data-value": label.prob }, range(label.prob_low, label.prob_high, percent))))));
}
