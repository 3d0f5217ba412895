// Inv-Entropy: prompts that mean the same, the answers to them, and how much the answers tell of the prompts.

import { post } from "./api.js";
import { SAMPLES } from "./examples-uncertainty.js";
import { count, number } from "./format.js";
import { Local } from "./frame.js";
import { heatmap } from "./heatmap.js";
import { area, choice, h, latest, s, show, stat, stats, warnings } from "./ui.js";

export const panel = {
  id: "uncertainty",
  title: "Do the answers hold when the question is put differently?",
  lead: "Ask one question in several ways and give the answers, or the similarities of both. Answers that are all alike give ln N; the more they scatter, the further Inv-Entropy rises above it.",
  examples: SAMPLES,
  mount,
};

const OTHERS = [
  ["ni_entropy", "NI-Entropy", "the same with P(Y|X)", "unit"],
  ["true_conditional_entropy", "H(X|Y)", "the conditional entropy", "unit"],
  ["max_py_x", "max P(y|x)", "the greatest probability of an answer, given its prompt", ""],
  ["max_py", "max P(y)", "the greatest probability of an answer", ""],
  ["wd_sorted_masses", "WD, sorted masses", "mean distance of the sorted masses of prompts and answers", ""],
  ["total_variation", "Total variation", "between the masses of prompts and answers", ""],
  ["jensen_shannon", "Jensen–Shannon", "between the masses of prompts and answers", "unit"],
];

function mount(frame, state, { changed }) {
  const run = latest((signal) => update(signal));
  const set = (name) => (value) => {
    state[name] = value;
    changed();
    run();
  };
  const prompts = area({ label: "Prompts", rows: 7, value: state.prompts, onInput: set("prompts"), hint: "One question, a wording a line." });
  const answers = area({ label: "Answers", rows: 7, value: state.answers, onInput: set("answers"), hint: "The answer to each, in the same order." });
  const simX = area({ label: "Similarity of the prompts", rows: 7, value: state.sim_x, onInput: set("sim_x"), hint: "N rows of N numbers, as JSON or a row a line. Change one and watch." });
  const simY = area({ label: "Similarity of the answers", rows: 7, value: state.sim_y, onInput: set("sim_y") });
  const texts = h("div", { class: "stack" }, prompts.root, answers.root);
  const matrices = h("div", { class: "stack" }, simX.root, simY.root);
  const fit = () => {
    texts.hidden = state.input !== "texts";
    matrices.hidden = state.input !== "matrices";
  };
  fit();
  frame.controls.append(
    choice({ label: "What is known", options: [["texts", "texts"], ["matrices", "similarities"]], value: state.input, onChange: (value) => {
      set("input")(value);
      fit();
    } }), texts, matrices, choice({ label: "Unit", options: [["nat", "nats"], ["bit", "bits"]], value: state.unit, onChange: set("unit") }));
  frame.answerable([[/^\/texts_x/, prompts], [/^\/texts_y/, answers], [/^\/sim_x/, simX], [/^\/sim_y/, simY]]);

  async function update(signal) {
    try {
      const asked = state.input === "texts"
        ? { texts_x: listed(state.prompts, prompts), texts_y: listed(state.answers, answers) }
        : { sim_x: matrix(state.sim_x, simX), sim_y: matrix(state.sim_y, simY) };
      Object.assign(asked, { unit: state.unit, return: ["matrices", "diagonal"] });
      frame.request("/v1/inv-entropy", asked);
      const slow = setTimeout(() => frame.tell("Reading the texts; the first time takes a moment"), 600);
      const answer = await post("/v1/inv-entropy", asked, signal).finally(() => clearTimeout(slow));
      frame.fine();
      show(frame.stage, view(answer));
    } catch (error) {
      if (!signal.aborted) frame.wrong(error);
    }
  }

  run();
}

function listed(source, field) {
  const lines = source.split("\n").map((line) => line.trim()).filter(Boolean);
  if (!lines.length) throw new Local(field, "A text a line, two or more.");
  return lines;
}

function matrix(source, field) {
  const text = source.trim();
  try {
    return text.startsWith("[[") ? JSON.parse(text) : text.split("\n").map((line) => line.replaceAll(/[[\],;]+/g, " ").trim().split(/\s+/).map((part) => {
      const value = Number(part);
      if (part === "" || Number.isNaN(value)) throw new Error(`“${part}” is no number`);
      return value;
    }));
  } catch (error) {
    throw new Local(field, `Expected rows of numbers: ${error.message}.`);
  }
}

function view(answer) {
  const [item] = answer.data;
  const { unit } = answer;
  return [
    h("div", { class: "card" },
      stats(
        stat("Inv-Entropy", number(item.inv_entropy, 4), { value: item.inv_entropy, note: unit }),
        stat("Uniform, ln N", number(item.uniform_value, 4), { value: item.uniform_value, note: `${unit}, for N = ${count(item.n)}` }),
        stat("Excess", number(item.excess, 4), { value: item.excess, note: item.excess_high === undefined ? "over ln N" : `over ln N, of at most ${number(item.excess_high, 4)}` }),
        stat("Scaled", number(item.scaled, 3), { value: item.scaled, note: item.scaled === undefined ? "not defined here" : "of 1; for texts a tenth is a lot" })),
      item.scaled === undefined ? null : gauge(item)),
    h("div", { class: "heats card" },
      heatmap("Prompts", "similarity, rows scaled to 1", item.transition_x, { across: "prompt", down: "prompt" }),
      heatmap("Answers", "similarity, rows scaled to 1", item.transition_y, { across: "answer", down: "answer" }),
      heatmap("P(X|Y)", "a prompt, given an answer", item.x_given_y, { across: "answer", down: "prompt" })),
    h("div", { class: "card" }, h("div", { class: "card-head" }, h("h2", {}, "Other measures of the same"), answer.embedding_model ? h("p", {}, `texts read by ${answer.embedding_model}`) : null),
      h("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": "Other measures" }, h("table", { class: "table-lines" }, h("tbody", {}, OTHERS.filter(([field]) => item[field] !== undefined).map(([field, name, what, inUnit]) =>
        h("tr", {}, h("th", { scope: "row" }, h("strong", {}, name)), h("td", {}, what), h("td", { class: "num", "data-value": item[field], title: item[field] }, number(item[field], 4), inUnit ? ` ${unit}` : "")))))),
      item.monotone ? null : h("p", { class: "hint" }, "Not monotone: for these prompts the score need not rise with the scatter of the answers.")),
    warnings(answer.warnings)];
}

/** From answers that all agree to the greatest scatter that these prompts allow. */
function gauge({ scaled }) {
  const at = `${(100 * Math.min(Math.max(scaled, 0), 1)).toFixed(2)}%`;
  return h("div", { class: "gauge" },
    s("svg", { "aria-hidden": true }, s("rect", { class: "rail", y: 5, width: "100%", height: 8, rx: 4 }), s("rect", { class: "reached", y: 5, width: at, height: 8, rx: 4 }), s("circle", { cx: at, cy: 9, r: 8 })),
    h("div", { class: "gauge-ends" }, h("span", {}, "all answers alike"), h("span", {}, "as far as these prompts allow")));
}
