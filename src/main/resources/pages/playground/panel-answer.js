// A server's response as it came: each token by how unsure the model was before it, what else it might have written, and the fields of a JSON.

import { Problem, Silent, post } from "./api.js";
import { SAMPLES } from "./examples-answer.js";
import { count, number, percent, range, visible } from "./format.js";
import { Local } from "./frame.js";
import { area, button, choice, h, latest, s, show, stat, stats, text, warnings } from "./ui.js";

/** Where one shade ends and the next begins, by unit. */
const SHADES = { nat: [0.1, 0.5, 1, 2], bit: [0.15, 0.75, 1.5, 3] };

export const panel = {
  id: "answer",
  title: "How sure was the model of its answer?",
  lead: "Paste a whole response that came with log-probabilities: of OpenAI, vLLM, llama.cpp, Ollama and others, or the text of a stream. Every token is shaded by the entropy before it; choose one to see what else might have stood there.",
  examples: SAMPLES,
  mount,
};

function mount(frame, state, { changed, open }) {
  const run = latest((signal) => update(signal));
  const set = (name) => (value) => {
    state[name] = value;
    changed();
    run();
  };
  const data = area({ label: "The response", rows: 12, value: state.data, onInput: set("data"), hint: "JSON, a list of chunks, or the raw text of a stream." });
  const vocab = text({
    label: "Vocabulary size", type: "number", min: 1, value: state.vocab_size, onInput: (v) => set("vocab_size")(v === "" ? null : Number(v)),
    hint: "Of the model. Without it an entropy has no upper end.",
  });
  frame.controls.append(data.root, vocab.root, choice({ label: "Entropy in", options: [["nat", "nats"], ["bit", "bits"]], value: state.unit, onChange: set("unit") }));
  frame.answerable([[/^\/vocab_size/, vocab], [/^\/(openai|dialect)?/, data]]);

  const detail = h("div", { class: "card token-detail" });
  let chosen = null;
  let turn = 0;

  async function update(signal) {
    try {
      if (!state.data.trim()) throw new Local(data, "Paste a response here, as the server sent it.");
      const response = read(state.data);
      const asked = { openai: response, unit: state.unit, echo: true, spans: "json" };
      if (state.vocab_size !== null) asked.vocab_size = state.vocab_size;
      let score;
      try {
        score = await post("/v1/score", asked, signal);
      } catch (error) {
        if (!(error instanceof Problem) || !error.errors.some(({ pointer }) => pointer === "/spans")) throw error;
        delete asked.spans;
        delete asked.echo;
        score = await post("/v1/score", asked, signal);
      }
      frame.request("/v1/score", asked);
      frame.fine();
      draw(score, alternatives(response));
    } catch (error) {
      if (!signal.aborted) frame.wrong(error);
    }
  }

  function draw(score, rows) {
    const { unit, data: tokens } = score;
    const buttons = tokens.map((token, i) => h("button", {
      type: "button", class: `token shade-${shade(token, unit)} ${isWide(token, unit) ? "wide" : ""}`, "aria-pressed": "false", tabindex: "-1",
      title: hover(token, rows?.[token.index], unit),
      onclick: () => choose(i),
    }, shownToken(token.token ?? `#${token.id}`)));
    const choose = (i) => {
      buttons.forEach((one, j) => {
        one.setAttribute("aria-pressed", String(i === j));
        one.tabIndex = i === j ? 0 : -1;
      });
      chosen = i;
      detailOf(tokens[i], rows?.[tokens[i].index], unit);
    };
    // The tokens are one stop of the Tab key; arrows go from one to the next.
    const walk = (event) => {
      const next = { ArrowRight: chosen + 1, ArrowLeft: chosen - 1, Home: 0, End: tokens.length - 1 }[event.key];
      if (next === undefined || !buttons[next]) return;
      event.preventDefault();
      choose(next);
      buttons[next].focus();
    };
    const sequence = score.sequence ?? {};
    show(frame.stage,
      h("div", { class: "card" }, stats(
        stat("Tokens", count(sequence.tokens), { value: sequence.tokens }),
        stat("Mean entropy", range(sequence.mean_entropy_low, sequence.mean_entropy_high), { value: sequence.mean_entropy, note: unit }),
        stat("Greatest entropy", range(sequence.max_entropy_low, sequence.max_entropy_high), { value: sequence.max_entropy, note: unit }),
        stat("Perplexity", number(sequence.perplexity, 2), { value: sequence.perplexity, note: "of what was written" }),
        stat("Probability", percent(sequence.probability), { value: sequence.probability, note: "of the whole answer" }))),
      h("div", { class: "card" },
        h("div", { class: "card-head" }, h("h2", {}, "Token by token"), h("p", {}, `read as ${score.dialect.replaceAll("_", " ")}`)),
        h("div", { class: "tokens", role: "group", "aria-label": "Tokens; arrow keys go from one to the next", onkeydown: walk }, buttons), legend(unit)),
      h("div", { class: "columns" }, detail, weakest(sequence.weakest ?? [], tokens, choose)),
      spans(score.spans, unit),
      warnings(score.warnings));
    const first = chosen !== null && chosen < tokens.length ? chosen : sequence.weakest?.[0] !== undefined ? tokens.findIndex(({ index }) => index === sequence.weakest[0]) : 0;
    if (tokens.length) choose(Math.max(first, 0));
  }

  /** What else might have stood there: the probabilities, and what is left for all tokens that were not listed, are the service's. */
  async function detailOf(token, row, unit) {
    const mine = (turn += 1);
    const head = [
      h("h2", {}, "Token ", h("code", { class: "token-name" }, visible(token.token ?? `#${token.id}`))),
      stats(
        stat("Entropy", range(token.entropy_low, token.entropy_high), { value: token.entropy, note: unit, kind: "compact" }),
        stat("Log-probability", number(token.logprob), { value: token.logprob, note: "nat", kind: "compact" }),
        stat("Mass listed", percent(token.mass_seen), { value: token.mass_seen, kind: "compact" }))];
    const entries = row?.filter(({ logprob }) => typeof logprob === "number");
    if (!entries?.length) {
      show(detail, head, h("p", { class: "small after" }, token.alternatives ? "The page cannot show the alternatives of this kind of response; they were counted all the same." : "The server sent no alternatives for this token."));
      return;
    }
    const listed = [entries.map(({ token: name, logprob }, id) => ({ token: name, id, logprob }))];
    const asked = { top_logprobs: listed, labels: entries.map((_, id) => ({ name: String(id), tokens: [id] })) };
    if (state.vocab_size !== null) asked.vocab_size = state.vocab_size;
    const draw = (item) => show(detail, head, listing(entries, token, item),
      h("div", { class: "after" }, button("See the cuts of this row", () => open("distribution", {
        kind: "top_logprobs", data: entries.map(({ token: name, logprob }) => `${JSON.stringify(name)} ${logprob}`).join("\n"), vocab_size: state.vocab_size,
        temperature: 1, top_h: 0.4, top_p: 0.9, min_p: 0.1, top_n_sigma: 1, unit: state.unit,
      }), "plain")));
    draw();
    try {
      const { data: [item] } = await post("/v1/labels", asked);
      if (mine === turn) draw(item);
    } catch (error) {
      // Then the log-probabilities stand there, as they were sent.
      if (!(error instanceof Problem || error instanceof Silent)) throw error;
    }
  }

  run();
}

/** What might have stood there, with the probabilities once they are known. */
function listing(entries, token, item) {
  return h("table", { class: "alternatives" }, h("caption", { class: "unseen" }, "What might have stood here"), h("tbody", {},
    entries.map((entry, i) => {
      const prob = item?.labels[i].seen[0]?.prob;
      return h("tr", { class: entry.token === token.token ? "written" : null },
        h("th", { scope: "row" }, visible(entry.token), entry.token === token.token ? h("span", { class: "mark" }, "written") : null),
        h("td", { class: "bar" }, bar(prob)),
        h("td", { class: "num", "data-value": prob }, prob === undefined ? number(entry.logprob) : percent(prob)));
    }),
    item ? h("tr", { class: "others" }, h("th", { scope: "row" }, "all others"), h("td", { class: "bar" }, bar(item.other.prob_high, "hatch")),
      h("td", { class: "num" }, range(item.other.prob_low, item.other.prob_high, percent))) : null));
}

const bar = (share, kind = "") => s("svg", { "aria-hidden": true, class: "share" }, s("rect", { class: "rail", width: "100%", height: "100%", rx: 3 }),
  s("rect", { class: kind, width: `${100 * (share ?? 0)}%`, height: "100%", rx: 3 }));

/** JSON where it is that; anything else is the text of a stream, as it stands. */
function read(source) {
  try {
    return JSON.parse(source);
  } catch {
    return source;
  }
}

const level = (value, unit) => SHADES[unit].filter((end) => value >= end).length;

function shade(token, unit) {
  if (token.entropy_low === undefined && token.entropy === undefined) return "none";
  return level(token.entropy ?? token.entropy_low, unit);
}

function isWide(token, unit) {
  if (token.entropy_low === undefined) return false;
  return token.entropy_high === undefined || level(token.entropy_high, unit) - level(token.entropy_low, unit) >= 2;
}

/** What is said of a token under the pointer: as it was sent. */
function hover(token, row, unit) {
  if (token.entropy_low === undefined) return "No alternatives";
  const listed = (row ?? []).filter(({ logprob }) => typeof logprob === "number").slice(0, 8).map((one) => `${visible(one.token)}  ${number(one.logprob)}`);
  return [`Entropy ${range(token.entropy_low, token.entropy_high)} ${unit}`, ...listed].join("\n");
}

function shownToken(token) {
  const parts = token.split("\n");
  return parts.flatMap((part, i) => (i < parts.length - 1 ? [part, h("span", { class: "sign" }, "↵"), "\n"] : [part]));
}

function legend(unit) {
  const ends = SHADES[unit];
  const names = [`below ${ends[0]}`, ...ends.slice(1).map((end, i) => `${ends[i]} – ${end}`), `${ends.at(-1)} and more`];
  return h("p", { class: "legend" }, `Entropy in ${unit}: `, names.map((name, i) => h("span", { class: "legend-item" }, h("span", { class: `token swatch shade-${i}`, "aria-hidden": "true" }, "ab"), name)),
    h("span", { class: "legend-item" }, h("span", { class: "token swatch shade-2 wide", "aria-hidden": "true" }, "ab"), "hatched: much is left open"));
}

function weakest(list, tokens, choose) {
  const byIndex = new Map(tokens.map((token, i) => [token.index, i]));
  return h("div", { class: "card" }, h("h2", {}, "Weakest tokens"),
    list.length === 0 ? h("p", { class: "small" }, "None.") :
    h("table", { class: "table-lines weakest" }, h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Token"), h("th", { scope: "col", class: "num" }, "Log-probability, nat"))),
      h("tbody", {}, list.map((index) => {
        const token = tokens[byIndex.get(index)] ?? {};
        return h("tr", {}, h("td", {}, h("button", { type: "button", class: "plain mono", onclick: () => choose(byIndex.get(index)) }, visible(token.token ?? `#${token.id}`))), h("td", { class: "num" }, number(token.logprob)));
      }))));
}

function spans(list, unit) {
  if (!list?.length) return null;
  return h("div", { class: "card" }, h("div", { class: "card-head" }, h("h2", {}, "Fields of the JSON"), h("p", {}, "how probable each value was")),
    h("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": "Fields of the JSON" }, h("table", { class: "table-lines spans" },
      h("thead", {}, h("tr", {}, ["Field", "Value"].map((name) => h("th", { scope: "col" }, name)), h("th", { scope: "col", colspan: 2 }, "Probability"), h("th", { scope: "col", class: "num" }, "Weakest token"), h("th", { scope: "col", class: "num" }, `Mean entropy, ${unit}`))),
      h("tbody", {}, list.map((span) => h("tr", {},
        h("th", { scope: "row" }, h("code", {}, span.name)), h("td", { class: "mono" }, span.text), h("td", { class: "bar" }, bar(span.probability)),
        h("td", { class: "num", "data-value": span.probability }, percent(span.probability)), h("td", { class: "num" }, percent(span.min_probability)),
        h("td", { class: "num" }, range(span.mean_entropy_low, span.mean_entropy_high))))))));
}

/**
 * The alternatives of each token, in the order of the tokens, for those kinds of responses whose lists are easy to find. What they mean is the service's
 * business: here they are only shown.
 * @return lists of {token, logprob}; null where there are none to be found
 */
function alternatives(response) {
  const events = typeof response === "string" ? parts(response) : Array.isArray(response) ? response : [response];
  const rows = events.flatMap((event) => {
    const one = event?.response?.body ?? event;
    const chats = (one?.choices ?? []).flatMap(({ logprobs }) => logprobs?.content ?? legacy(logprobs));
    const outputs = (one?.output ?? []).flatMap?.(({ content }) => (content ?? []).flatMap(({ logprobs }) => logprobs ?? [])) ?? [];
    const natives = [...(one?.completion_probabilities ?? []), ...(Array.isArray(one?.logprobs) ? one.logprobs : [])];
    return [...chats, ...outputs, ...natives];
  });
  return rows.length ? rows.map((row) => row?.top_logprobs ?? row?.top_probs ?? []) : null;
}

const legacy = (logprobs) => (logprobs?.top_logprobs ?? []).map((row) => ({ top_logprobs: Object.entries(row ?? {}).map(([token, logprob]) => ({ token, logprob })) }));

/** The events of a stream that are JSON. */
function parts(source) {
  return source.split(/\r?\n/).flatMap((line) => {
    try {
      return [JSON.parse(line.replace(/^data:\s*/, ""))];
    } catch {
      return [];
    }
  });
}
