// Elements, and the few controls that the panels are made of. Text is always set as text.

const SVG = "http://www.w3.org/2000/svg";

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "value" || name === "checked" || name === "disabled" || name === "open") element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** An element: h("p", { class: "lead" }, "text", child). */
export function h(tag, attributes, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** The same in SVG. */
export function s(tag, attributes, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

/** What is shown in a place, in place of what was there. */
export function show(place, ...children) {
  place.replaceChildren();
  fill(place, {}, children);
}

let ids = 0;
const nextId = () => `f${++ids}`;

/** A control under its label, with a place for what is wrong with it. */
export function field(label, control, { hint, aside } = {}) {
  const id = nextId();
  control.id = id;
  const error = h("p", { class: "error", id: `${id}-error`, hidden: true });
  const note = hint ? h("p", { class: "hint", id: `${id}-hint` }, hint) : null;
  const described = note ? `${id}-hint ${id}-error` : `${id}-error`;
  control.setAttribute("aria-describedby", described);
  const root = h("div", { class: "field" }, h("div", { class: "field-head" }, h("label", { for: id }, label), aside), control, note, error);
  return {
    root,
    control,
    /** Shows what is wrong here; null takes it away. */
    complain(text) {
      error.textContent = text ?? "";
      error.hidden = !text;
      root.classList.toggle("wrong", Boolean(text));
      if (text) control.setAttribute("aria-invalid", "true");
      else control.removeAttribute("aria-invalid");
    },
  };
}

/** A slider with its number beside it, which can be typed as well. */
export function slider({ label, hint, min, max, step, value, onInput, digits = 2 }) {
  const shown = (number) => Number(number).toFixed(digits);
  const typed = h("input", { type: "number", class: "slider-number", min, max, step, value: shown(value), "aria-label": `${label}, as a number` });
  const control = h("input", { type: "range", min, max, step, value });
  const made = field(label, control, { hint, aside: typed });
  control.addEventListener("input", () => {
    typed.value = shown(control.value);
    onInput(Number(control.value));
  });
  typed.addEventListener("input", () => {
    if (typed.value === "" || !Number.isFinite(Number(typed.value))) return;
    control.value = typed.value;
    onInput(Number(typed.value));
  });
  made.root.classList.add("slider");
  return {
    ...made,
    set(next) {
      control.value = next;
      typed.value = shown(next);
    },
    enable(on) {
      control.disabled = !on;
      typed.disabled = !on;
    },
  };
}

export function area({ label, hint, value, rows = 6, onInput, placeholder }) {
  const control = h("textarea", { rows, spellcheck: "false", autocomplete: "off", placeholder, value });
  control.addEventListener("input", () => onInput(control.value));
  return field(label, control, { hint });
}

export function text({ label, hint, value, onInput, type = "text", min, step, placeholder }) {
  const control = h("input", { type, value: value ?? "", autocomplete: "off", spellcheck: "false", min, step, placeholder });
  control.addEventListener("input", () => onInput(control.value));
  return field(label, control, { hint });
}

export function select({ label, hint, options, value, onChange }) {
  const control = h("select", {}, options.map(([key, name]) => h("option", { value: key }, name)));
  control.value = value;
  control.addEventListener("change", () => onChange(control.value));
  return field(label, control, { hint });
}

/** One of a few, all of them to be seen. */
export function choice({ label, options, value, onChange, quiet }) {
  const name = nextId();
  const boxes = options.map(([key, shown]) => {
    const input = h("input", { type: "radio", name, value: key, checked: key === value });
    input.addEventListener("change", () => onChange(key));
    return h("label", {}, input, h("span", {}, shown));
  });
  return h("fieldset", { class: "choice" }, h("legend", { class: quiet ? "unseen" : null }, label), h("div", { class: "choice-row" }, boxes));
}

export function button(label, onClick, kind = "quiet") {
  return h("button", { type: "button", class: kind, onclick: onClick }, label);
}

/** A number with its name; the service's own digits stand in data-value. */
export function stat(name, shown, { value, note, kind } = {}) {
  return h("div", { class: `stat ${kind ?? ""}`.trim(), "data-stat": name },
    h("dt", {}, name),
    h("dd", { title: value === undefined ? null : String(value), "data-value": value }, shown),
    note ? h("dd", { class: "note" }, note) : null);
}

export const stats = (...all) => h("dl", { class: "stats" }, all);

/** What the service wants to be known about an answer. */
export function warnings(list) {
  if (!list?.length) return null;
  const seen = new Map();
  for (const { code, message } of list) seen.set(`${code}|${message}`, { code, message, times: (seen.get(`${code}|${message}`)?.times ?? 0) + 1 });
  return h("ul", { class: "warnings" }, [...seen.values()].map(({ code, message, times }) =>
    h("li", {}, h("code", {}, code), times > 1 ? ` × ${times}` : "", " ", message)));
}

/**
 * Runs what was asked last: a new question ends the one before, and a question that comes while one runs waits for the next frame.
 * @param run gets a signal that says when it is no longer wanted
 */
export function latest(run) {
  let controller = null;
  let frame = 0;
  return () => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => {
      controller?.abort();
      controller = new AbortController();
      const mine = controller;
      run(mine.signal).catch((error) => {
        if (!mine.signal.aborted) throw error;
      });
    });
  };
}

/** The colour that a class gives, as the canvas wants it. */
export function colour(name) {
  const probe = h("span", { class: `ink-${name}`, hidden: true });
  document.body.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}
