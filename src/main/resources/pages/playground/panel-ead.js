// Entropy adaptive decoding: which of two models writes each token, by a threshold that can be dragged; and, where the gateway is on, for real.

import { get, post } from "./api.js";
import { chat } from "./chat.js";
import { entropyChart } from "./chart.js";
import { SAMPLES } from "./examples-ead.js";
import { count, number, percent, range, visible } from "./format.js";
import { Local } from "./frame.js";
import { area, button, choice, h, latest, select, show, slider, stat, stats, text, warnings } from "./ui.js";

export const panel = {
  id: "ead",
  title: "When should the large model take over?",
  lead: "A small model writes; where the mean entropy of its last tokens rises above a threshold, a large one takes the pen, and gives it back when the text is easy again. Drag the threshold and see who writes what, and what it costs.",
  examples: SAMPLES,
  mount,
};

const REASONS = {
  warmup: "too few tokens to judge", below_threshold: "below the threshold", above_threshold: "above the threshold",
  escalate: "the large model takes over", deescalate: "back to the small model",
};

function mount(frame, state, { changed }) {
  const run = latest((signal) => update(signal));
  const set = (name) => (value) => {
    state[name] = value;
    changed();
    run();
  };
  const threshold = slider({ label: "Threshold", min: 0.01, max: 6, step: 0.01, value: state.threshold, onInput: set("threshold"), hint: "Or drag the line in the chart." });
  const moveThreshold = (value) => {
    threshold.set(value);
    set("threshold")(value);
  };
  const window_ = slider({ label: "Tokens in the mean", min: 1, max: 20, step: 1, digits: 0, value: state.window, onInput: set("window") });
  const small = slider({ label: "At least, small", min: 0, max: 30, step: 1, digits: 0, value: state.min_small, onInput: set("min_small"), hint: "Tokens it writes before it may be left." });
  const large = slider({ label: "At least, large", min: 0, max: 30, step: 1, digits: 0, value: state.min_large, onInput: set("min_large") });
  const escalate = select({
    label: "When it takes over", options: [["next", "the large model writes the next token"], ["redo", "it writes the unsure token once more"]], value: state.on_escalate, onChange: set("on_escalate"),
  });
  const ratio = slider({ label: "Cost of a small token", min: 0.01, max: 1, step: 0.01, value: state.cost_ratio, onInput: set("cost_ratio"), hint: "By that of a large one." });
  const share = text({ label: "Share wanted of the large model", type: "number", min: 0, step: 0.05, value: state.target, onInput: (value) => {
    state.target = Number(value);
    changed();
  } });
  const said = h("p", { class: "hint" });
  const find = button("Find the threshold", () => calibrate(), "plain");
  const data = area({ label: "Entropies, or a response", rows: 7, value: state.data, onInput: set("data"), hint: "A JSON list of entropies, null, or {lower, upper}; or a server's response as it came." });
  const vocab = text({ label: "Vocabulary size", type: "number", min: 1, value: state.vocab_size, onInput: (v) => set("vocab_size")(v === "" ? null : Number(v)) });
  frame.controls.append(threshold.root,
    h("details", { class: "more", open: innerWidth > 960 }, h("summary", {}, "Rules and costs"), window_.root, small.root, large.root, ratio.root, escalate.root),
    h("details", { class: "more group", open: innerWidth > 960 }, h("summary", {}, "A threshold for a share"), share.root, find, said),
    h("details", { class: "more group", open: innerWidth > 960 }, h("summary", {}, "The text and its units"), data.root, vocab.root,
      choice({ label: "Entropy in", options: [["nat", "nats"], ["bit", "bits"]], value: state.unit, onChange: set("unit") })));
  frame.answerable([[/^\/config\/threshold/, threshold], [/^\/config\/window/, window_], [/^\/config\/min_small/, small], [/^\/config\/min_large/, large], [/^\/config\/cost_ratio/, ratio],
    [/^\/target_large_fraction/, share], [/^\/vocab_size/, vocab], [/^\/(observations|openai|traces)/, data]]);

  // The chart stays while the numbers around it change.
  const figures = h("div", { class: "card" });
  const readout = h("p", { class: "readout" });
  const plot = h("div", {});
  const after = h("div", { class: "stack" });
  let now = null;
  const chart = entropyChart(plot, { onThreshold: moveThreshold, onCursor: (i) => tell(i) });
  const live = h("div", {});
  const legend = h("p", { class: "legend" }, [["line-entropy", "entropy, with its range"], ["line-mean", "its running mean"], ["block-large", "the large model writes"]].map(([kind, name]) =>
    h("span", { class: "legend-item" }, h("span", { class: `key ${kind}`, "aria-hidden": "true" }), name)));
  show(frame.stage, live, figures, h("div", { class: "card" }, h("div", { class: "card-head" }, h("h2", {}, "Token by token"), legend), plot, readout), after);

  const config = () => ({
    threshold: state.threshold, window: state.window, min_small: state.min_small, min_large: state.min_large, on_escalate: state.on_escalate, cost_ratio: state.cost_ratio,
  });
  const size = () => (state.vocab_size === null ? {} : { vocab_size: state.vocab_size });

  let scored = { key: null, rows: null };
  /** The range of the entropy before each token: as it was given, or as the service reads it from a response. */
  async function ranges(input, signal) {
    if (input.observations) return input.observations.map((one) => (one === null ? {} : typeof one === "number" ? { low: one, high: one, mid: one } : { low: one.lower ?? one.entropy, high: one.upper ?? one.entropy, mid: one.entropy ?? one.lower }));
    const key = JSON.stringify([state.data, state.vocab_size, state.unit]);
    if (scored.key !== key) {
      const { data: tokens } = await post("/v1/score", { openai: input.openai, ...size(), unit: state.unit }, signal);
      scored = { key, rows: tokens.map((token) => ({ low: token.entropy_low, high: token.entropy_high, mid: token.entropy_low, token: token.token })) };
    }
    return scored.rows;
  }

  async function update(signal) {
    try {
      const input = read(state.data, data);
      const asked = { ...input, ...size(), unit: state.unit, config: config() };
      frame.request("/v1/ead", asked);
      const [answer, rows] = await Promise.all([post("/v1/ead", asked, signal), ranges(input, signal)]);
      frame.fine();
      draw(answer, rows);
    } catch (error) {
      if (!signal.aborted) frame.wrong(error);
    }
  }

  function draw(answer, rows) {
    const [item] = answer.data;
    const { steps, summary } = item;
    now = { steps, rows, unit: answer.unit };
    const stints = [];
    const switches = [];
    steps.forEach(({ step, model, next }, i) => {
      const last = stints.at(-1);
      if (model === "large") {
        if (last?.to === i - 1) last.to = i;
        else stints.push({ from: i, to: i });
      }
      if (model !== next && i < steps.length - 1) switches.push(i);
      steps[i].at = step;
    });
    const column = (pick) => rows.map((row) => pick(row) ?? null);
    chart.show({
      data: [rows.map((_, i) => i), column(({ low }) => low), column(({ low, high }) => high ?? low), column(({ mid }) => mid), steps.map(({ smoothed }) => smoothed ?? null)],
      stints, switches, threshold: state.threshold, unit: answer.unit,
    });
    show(figures, stats(
      stat("Large model", percent(summary.large_fraction), { value: summary.large_fraction, note: `${count(summary.large)} of ${count(summary.tokens)} tokens`, kind: "warm" }),
      stat("Changes", count(summary.switches), { value: summary.switches, note: summary.wasted ? `${count(summary.wasted)} tokens thrown away` : "of the model" }),
      stat("Cost", percent(summary.relative_cost), { value: summary.relative_cost, note: "by tokens written, of large alone" }),
      stat("Arithmetic", percent(summary.relative_compute), { value: summary.relative_compute, note: "with what both must read" }),
      stat("Not certain", count(summary.uncertified), { value: summary.uncertified, note: "decisions within a range" })));
    const named = rows.some(({ token }) => token !== undefined);
    show(after,
      named ? h("div", { class: "card" }, h("div", { class: "card-head" }, h("h2", {}, "Who writes what"), h("p", {}, "underlined: the large model")), h("p", { class: "written-text" }, written(steps, rows))) : null,
      h("details", { class: "card more" }, h("summary", {}, "All decisions as a table"), h("div", { class: "scroll tall", tabindex: "0", role: "group", "aria-label": "Decisions" }, table(steps, rows, answer.unit))),
      warnings(answer.warnings));
    tell(null);
  }

  function tell(i) {
    if (!now) return;
    if (i === null || !now.steps[i]) {
      readout.textContent = "Point at a token to read it.";
      return;
    }
    const { model, reason, smoothed, certified } = now.steps[i];
    const row = now.rows[i];
    readout.textContent = [`Token ${i}${row.token === undefined ? "" : ` “${visible(row.token)}”`}`, `entropy ${range(row.low, row.high)} ${now.unit}`,
      smoothed === undefined ? null : `mean ${number(smoothed)}`, `by the ${model} model`, REASONS[reason] ?? reason.replaceAll("_", " "), certified ? null : "not certain"].filter(Boolean).join(" · ");
  }

  async function calibrate() {
    try {
      const input = read(state.data, data);
      const { threshold: _, ...rest } = config();
      const asked = { traces: [input.observations ?? input.openai], target_large_fraction: state.target, config: rest, unit: state.unit, ...size() };
      frame.request("/v1/ead/calibrate", asked);
      const answer = await post("/v1/ead/calibrate", asked);
      const [found] = answer.data;
      moveThreshold(found.threshold);
      said.textContent = `${number(found.threshold)} ${answer.unit}: ${percent(found.fraction_above ?? found.achieved)} of the small model's means lie above it. Once the large model writes, its own entropies decide.`;
    } catch (error) {
      frame.wrong(error);
    }
  }

  run();
  gateway().then((pairs) => pairs.length && chat(live, frame, pairs));
  return () => chart.close();
}

let asked = null;

/** The pairs of models that the gateway of this service has; none where it is off. */
function gateway() {
  asked ??= get("/v1/gateway").then((answer) => answer?.pairs ?? []).catch(() => []);
  return asked;
}

/** A list of entropies, or a response. */
function read(source, field) {
  if (!source.trim()) throw new Local(field, "Paste a list of entropies, or a response with log-probabilities.");
  let json;
  try {
    json = JSON.parse(source);
  } catch {
    if (/^\s*[[\d]/.test(source)) throw new Local(field, "This begins like a list, and is none: a comma or a bracket is missing.");
    return { openai: source };
  }
  const observed = (one) => one === null || typeof one === "number" || "lower" in one || "entropy" in one || "top_logprobs" in one;
  return Array.isArray(json) && json.every(observed) ? { observations: json } : { openai: json };
}

/** The text, in runs of one model. */
function written(steps, rows) {
  const runs = [];
  steps.forEach(({ model }, i) => {
    if (runs.at(-1)?.model === model) runs.at(-1).text += rows[i]?.token ?? "";
    else runs.push({ model, text: rows[i]?.token ?? "" });
  });
  return runs.map(({ model, text: part }) => (model === "large" ? h("span", { class: "by-large" }, h("span", { class: "unseen" }, "large model: "), part, h("span", { class: "unseen" }, " end. ")) : part));
}

function table(steps, rows, unit) {
  return h("table", { class: "table-lines" }, h("thead", {}, h("tr", {}, ["Token", `Entropy, ${unit}`, "Mean", "Written by", "Why the next is"].map((name) => h("th", { scope: "col" }, name)))),
    h("tbody", {}, steps.map(({ model, next, reason, smoothed, certified }, i) => h("tr", {},
      h("th", { scope: "row", class: "mono" }, `${i} ${rows[i]?.token === undefined ? "" : visible(rows[i].token)}`), h("td", {}, range(rows[i]?.low, rows[i]?.high)), h("td", {}, number(smoothed)), h("td", {}, model),
      h("td", {}, `${next}: ${REASONS[reason] ?? reason.replaceAll("_", " ")}${certified ? "" : ", not certain"}`)))));
}
