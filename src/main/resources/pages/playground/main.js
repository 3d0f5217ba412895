// Which panel is shown, in which state; the theme; the key.

import { hasKey, keys, useKey, version } from "./api.js";
import { frame } from "./frame.js";
import { fragment, read } from "./share.js";
import { button, h } from "./ui.js";

const PANELS = [
  ["distribution", "Distribution"],
  ["answer", "Answer"],
  ["labels", "Labels"],
  ["ead", "EAD"],
  ["uncertainty", "Uncertainty"],
  ["console", "Console"],
  ["commands", "Commands"],
];

const main = document.getElementById("main");
const tabs = document.getElementById("tabs");
const commands = document.getElementById("commands");
const states = new Map();
let shown = null;
let close = () => {};

tabs.append(...PANELS.map(([id, name]) => h("a", { href: `#${id}`, "data-panel": id }, name)));

/** Shows a panel; without a state, the one it was left in, or its first example. */
async function show(id, state) {
  const known = PANELS.some(([name]) => name === id) ? id : "distribution";
  const turn = (shown = {});
  for (const link of tabs.children) {
    if (link.dataset.panel === known) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  const current = tabs.querySelector("[aria-current]");
  tabs.scrollLeft = current.offsetLeft - tabs.clientWidth / 2 + current.clientWidth / 2;
  document.title = `${PANELS.find(([name]) => name === known)[1]} · Tokentropy`;
  if (known === "commands") {
    close();
    close = () => {};
    main.replaceChildren(commands);
    return;
  }
  const { panel } = await import(`./panel-${known}.js`);
  if (shown !== turn) return;
  close();
  const now = state ? fitting(state, panel.examples[0].state) : states.get(known) ?? structuredClone(panel.examples[0].state);
  states.set(known, now);
  const made = frame(panel, now, (next) => {
    states.set(known, next);
    show(known, next);
    remember(known, next);
  });
  close = panel.mount(made, now, {
    changed: () => {
      made.edited();
      remember(known, now);
    },
    open: (other, next) => {
      location.hash = `#${other}`;
      states.set(other, next);
    },
  }) ?? (() => {});
  main.replaceChildren(made.root);
}

/** What a link says, as far as it is of the kind that the panel knows; the rest as in its first example. */
function fitting(state, example) {
  const kind = (value) => (value === null ? "number" : typeof value);
  return Object.fromEntries(Object.entries(example).map(([name, value]) => [name, state !== null && kind(state[name]) === kind(value) ? state[name] : value]));
}

let waiting = 0;

/** Keeps the address a link to what is shown, without a new entry in the history. */
function remember(id, state) {
  clearTimeout(waiting);
  waiting = setTimeout(async () => {
    const made = await fragment(id, state);
    const here = tabs.querySelector("[aria-current]")?.dataset.panel;
    if (here === id) history.replaceState(null, "", made ?? `#${id}`);
  }, 250);
}

async function route() {
  clearTimeout(waiting);
  const { id, state } = await read(location.hash);
  await show(id, state);
}

addEventListener("hashchange", route);
document.querySelector("[data-skip]").addEventListener("click", (event) => {
  event.preventDefault();
  main.focus();
});

// The theme: that of the system until one is chosen.
const theme = document.getElementById("theme");
const NEXT = { auto: "light", light: "dark", dark: "auto" };
const themeNow = () => document.documentElement.dataset.theme ?? "auto";

function nameTheme() {
  theme.textContent = { auto: "Theme: system", light: "Theme: light", dark: "Theme: dark" }[themeNow()];
}

theme.hidden = false;
nameTheme();
theme.addEventListener("click", () => {
  const next = NEXT[themeNow()];
  if (next === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = next;
  try {
    if (next === "auto") localStorage.removeItem("theme");
    else localStorage.setItem("theme", next);
  } catch {
    // Then it holds for this visit.
  }
  nameTheme();
  dispatchEvent(new Event("themechange"));
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => dispatchEvent(new Event("themechange")));

// The key: asked for when a call is refused, kept in memory until the page is left.
const keyButton = document.getElementById("key");
keyButton.addEventListener("click", () => useKey(null));
let asking = null;

function ask(wasWrong) {
  asking ??= new Promise((resolve) => {
    const input = h("input", { type: "password", autocomplete: "off", id: "key-input", required: true });
    const form = h("form", { method: "dialog", class: "dialog-form" },
      h("h2", {}, "This service wants a key"),
      wasWrong ? h("p", { class: "error" }, "That key was not accepted.") : null,
      h("p", {}, "It is kept in the memory of this page until you leave it, and is in no link."),
      h("label", { for: "key-input" }, "Key or token"), input,
      h("div", { class: "dialog-row" }, button("Not now", () => dialog.close(), "quiet"), h("button", { type: "submit", class: "primary", value: "use" }, "Use it")));
    const dialog = h("dialog", { class: "dialog", "aria-label": "Key" }, form);
    dialog.addEventListener("close", () => {
      resolve(dialog.returnValue === "use" && input.value ? input.value : null);
      dialog.remove();
      asking = null;
    });
    document.body.append(dialog);
    dialog.showModal();
  });
  return asking;
}

keys(ask, () => {
  keyButton.hidden = !hasKey();
  keyButton.textContent = "Forget the key";
});

await route();
document.getElementById("version").textContent = await version();
