// Any call of the contract, to be changed and sent.

import { address, get, raw } from "./api.js";
import { number } from "./format.js";
import { button, field, h, select, show, stat, stats } from "./ui.js";

/** More than this is not laid out: the browser would be busy for long. */
const LAID_OUT = 400_000;

export const panel = {
  id: "console",
  title: "Every call, to be tried",
  lead: "The requests of the contract, ready to be changed. Send one with the button, or with Ctrl and Enter, and read the status, the time it took and the answer.",
  examples: [],
  mount,
};
panel.examples = [{ name: "POST /v1/entropy", state: { method: "POST", path: "/v1/entropy", type: "application/json", body: '{\n  "probs": [[0.5, 0.25, 0.25]],\n  "unit": "bit",\n  "measures": ["varentropy", "margin"]\n}' } }];

let contract = null;

function mount(frame, state, { changed }) {
  const set = (name) => (value) => {
    state[name] = value;
    changed();
    copyable();
    nameCall();
  };
  const method = h("select", { "aria-label": "Method", onchange: () => set("method")(method.value) }, ["GET", "POST"].map((name) => h("option", { value: name }, name)));
  method.value = state.method;
  const path = h("input", { "aria-label": "Path", value: state.path, spellcheck: "false", autocomplete: "off", oninput: () => set("path")(path.value.trim()) });
  const body = h("textarea", { rows: 16, spellcheck: "false", autocomplete: "off", value: state.body, oninput: () => set("body")(body.value) });
  const bodyField = field("Body", body, { hint: state.type });
  const send = button("Send", () => go(), "primary");
  const known = select({ label: "Call", options: [["", "…"]], value: "", onChange: (at) => {
    const made = at === "" ? null : operations[Number(at)].made;
    if (!made) return;
    Object.assign(state, made);
    method.value = state.method;
    path.value = state.path;
    body.value = state.body;
    bodyField.root.querySelector(".hint").textContent = state.type;
    changed();
    copyable();
    fit();
    show(frame.stage, idle());
  } });
  const fit = () => {
    bodyField.root.hidden = method.value === "GET";
  };
  method.addEventListener("change", fit);
  fit();
  body.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) go();
  });
  path.addEventListener("keydown", (event) => event.key === "Enter" && go());
  frame.controls.append(known.root, h("div", { class: "line" }, method, path), bodyField.root, h("div", {}, send));

  let operations = [];
  contract ??= get("/openapi.json").catch(() => null);
  contract.then((read) => {
    if (!read) {
      contract = null;
      return;
    }
    operations = calls(read);
    const groups = Map.groupBy(operations, ({ name }) => name);
    show(known.control, h("option", { value: "" }, "your own"), [...groups].map(([name, list]) => h("optgroup", { label: name }, list.map((one) => h("option", { value: String(operations.indexOf(one)) }, one.title)))));
    nameCall();
  });

  /** The call that this is; none of them once it was changed. */
  function nameCall() {
    const now = operations.findIndex(({ made }) => made.path === state.path && made.method === state.method && (made.method === "GET" || made.body === state.body));
    known.control.value = now < 0 ? "" : String(now);
  }

  function copyable() {
    const sent = state.method === "POST" ? state.body : "";
    let json;
    try {
      json = sent && state.type === "application/json" ? JSON.parse(sent) : undefined;
    } catch {
      json = undefined;
    }
    frame.exactly({ url: `${address("")}${state.path.replace(/^\/+/, "")}`, body: sent, type: state.type, json: sent ? json : null, method: state.method });
  }
  copyable();

  let controller = null;
  async function go() {
    controller?.abort();
    controller = new AbortController();
    const mine = controller;
    send.disabled = true;
    try {
      const { response, text, took } = await raw(state.method, state.path, state.method === "POST" ? state.body : "", state.type, mine.signal);
      frame.fine();
      show(frame.stage, answered(response, text, took));
    } catch (error) {
      if (!mine.signal.aborted) frame.wrong(error);
    }
    send.disabled = false;
  }

  show(frame.stage, idle());
  // What a link brings is sent only by whoever has read it: some calls of a gateway cost money.
  if (JSON.stringify(state) === JSON.stringify(panel.examples[0].state)) go();
}

const idle = () => h("div", { class: "card empty" }, "Send it, and the answer will stand here.");

function answered(response, text, took) {
  const timing = Object.fromEntries([...(response.headers.get("Server-Timing") ?? "").matchAll(/(\w+);dur=([\d.]+)/g)].map(([, name, ms]) => [name, Number(ms)]));
  const good = response.ok;
  return [
    h("div", { class: "card" }, stats(
      stat("Status", `${response.status} ${response.statusText}`.trim(), { value: response.status, kind: good ? "good" : "warm" }),
      stat("In the service", timing.compute === undefined ? "–" : `${number(timing.compute, 2)} ms`, { note: timing.compute === undefined ? "" : `parse ${number(timing.parse, 2)}, write ${number(timing.write, 2)}` }),
      stat("In all", `${number(took, 0)} ms`, { note: "as this browser saw it" }),
      stat("Answer", `${text.length.toLocaleString("en-US")}`, { note: "characters" }))),
    h("div", { class: "card" }, h("div", { class: "card-head" }, h("h2", {}, "Body"), h("p", {}, response.headers.get("Content-Type") ?? "")),
      h("pre", { class: "answer-body", tabindex: "0", "aria-label": "Body of the answer" }, laidOut(text, response.headers.get("Content-Type") ?? ""))),
    h("p", { class: "small" }, "X-Request-Id ", h("code", {}, response.headers.get("X-Request-Id") ?? "–"))];
}

function laidOut(text, type) {
  if (text.length > LAID_OUT) return `${text.slice(0, LAID_OUT)}\n… the rest is not shown`;
  if (!/json/.test(type) || /ndjson/.test(type)) return text;
  try {
    return compact(JSON.parse(text), "");
  } catch {
    return text;
  }
}

/** JSON with lists of plain values on one line. */
function compact(value, indent) {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const plain = value.every((one) => one === null || typeof one !== "object");
    if (plain) return `[${value.map((one) => JSON.stringify(one)).join(", ")}]`;
    return `[\n${value.map((one) => inner + compact(one, inner)).join(",\n")}\n${indent}]`;
  }
  const parts = Object.entries(value).map(([name, one]) => `${inner}${JSON.stringify(name)}: ${compact(one, inner)}`);
  return parts.length ? `{\n${parts.join(",\n")}\n${indent}}` : "{}";
}

/** The calls of the contract with each of their examples. */
function calls(read) {
  return Object.entries(read.paths).flatMap(([path, methods]) => Object.entries(methods).flatMap(([method, said]) => {
    const name = `${method.toUpperCase()} ${path}`;
    if (method === "get") return [{ name, title: said.summary ?? name, made: { method: "GET", path: withQuery(path, said.parameters ?? [], read), type: "application/json", body: "" } }];
    return Object.entries(said.requestBody?.content ?? {}).flatMap(([type, media]) => Object.entries(media.examples ?? {}).map(([key, example]) => ({
      name, title: example.summary ?? key,
      made: { method: "POST", path: withQuery(path, said.parameters ?? [], read), type, body: typeof example.value === "string" ? example.value : compact(example.value, "") },
    })));
  }));
}

/** The path with the examples of those parameters that it wants. */
function withQuery(path, parameters, read) {
  let filled = path;
  const query = [];
  for (const one of parameters) {
    const parameter = one.$ref ? one.$ref.slice(2).split("/").reduce((at, part) => at[part], read) : one;
    const value = parameter.example ?? Object.values(parameter.examples ?? {})[0]?.value ?? parameter.schema?.example;
    if (parameter.in === "path") filled = filled.replace(`{${parameter.name}}`, value ?? "");
    else if (parameter.in === "query" && value !== undefined) query.push(`${parameter.name}=${encodeURIComponent(Array.isArray(value) ? value.join(",") : value).replaceAll("%2C", ",").replaceAll("%2F", "/")}`);
  }
  return query.length ? `${filled}?${query.join("&")}` : filled;
}
