// What all panels have: a title, examples, a place for controls and one for results, and the buttons that copy.

import { Problem, Silent, address, hasKey } from "./api.js";
import { copy, curl, fragment, python } from "./share.js";
import { button, h, select } from "./ui.js";

/**
 * Builds a panel's frame.
 * @param panel id, title, lead, examples [{name, state}]
 * @param state what it shows
 * @param restart shows the panel in another state
 */
export function frame(panel, state, restart) {
  const says = h("p", { class: "says", role: "status" });
  const trouble = h("div", { class: "trouble", role: "alert", hidden: true });
  const controls = h("div", { class: "controls" });
  const stage = h("div", { class: "stage" });
  let request = null;
  let told = 0;

  function tell(text) {
    says.textContent = text;
    clearTimeout(told);
    told = setTimeout(() => { says.textContent = ""; }, 4000);
  }

  async function offer(text, what) {
    if (await copy(text)) tell(`${what} copied`);
    else show(text, what);
  }

  const snippet = (make) => () => request && offer(make({ ...request, key: hasKey() }), make === curl ? "curl" : "Python");
  const link = async () => {
    const made = await fragment(panel.id, state);
    if (made === null) tell("This is too much for a link");
    else await offer(new URL(made, address("")).href, "Link");
  };

  const which = () => {
    const chosen = panel.examples.findIndex((example) => JSON.stringify(example.state) === JSON.stringify(state));
    return chosen < 0 ? "own" : String(chosen);
  };
  const examples = select({
    label: "Example",
    options: [...panel.examples.map((example, i) => [String(i), example.name]), ["own", "your own"]],
    value: which(),
    onChange: (i) => i !== "own" && restart(structuredClone(panel.examples[Number(i)].state)),
  });
  examples.root.classList.add("example");

  const root = h("section", { class: `panel panel-${panel.id}`, "aria-labelledby": "panel-title" },
    h("div", { class: "panel-head" },
      h("div", { class: "panel-says" }, h("h1", { id: "panel-title" }, panel.title), h("p", { class: "lead" }, panel.lead)),
      h("div", { class: "actions" }, panel.examples.length ? examples.root : null,
        h("div", { class: "copies", role: "group", "aria-label": "Copy" },
          button("curl", snippet(curl), "copy"), button("Python", snippet(python), "copy"), button("Link", link, "copy")), says)),
    h("div", { class: "panel-body" }, controls, h("div", { class: "results" }, trouble, stage)));

  let fields = [];
  return {
    root,
    controls,
    stage,
    /** Which control answers for which place of the request: [pattern of a pointer, field]. */
    answerable(list) {
      fields = list;
    },
    /** What "copy" copies. */
    request(path, body) {
      const text = typeof body === "string" ? body : JSON.stringify(body);
      request = { url: address(path), body: text, type: "application/json", json: typeof body === "string" ? undefined : body };
    },
    /** The same for any method and media type. */
    exactly(made) {
      request = made;
    },
    tell,
    /** The state is not that of the example any more, or is again. */
    edited() {
      examples.control.value = which();
    },
    /** All is well again. */
    fine() {
      trouble.hidden = true;
      stage.classList.remove("stale");
      fields.forEach(([, made]) => made.complain(null));
    },
    /** Shows what is wrong, at the field if there is one for it. */
    wrong(error) {
      fields.forEach(([, made]) => made.complain(null));
      stage.classList.add("stale");
      if (error instanceof Local) {
        error.field.complain(error.message);
        trouble.hidden = true;
        return;
      }
      if (!(error instanceof Problem)) {
        trouble.replaceChildren(h("p", {}, error instanceof Silent ? "The service does not answer. Is it still running?" : `The page failed: ${error.message}`));
        trouble.hidden = false;
        if (!(error instanceof Silent)) throw error;
        return;
      }
      const rest = error.errors.filter(({ pointer, detail }) => {
        const found = fields.find(([pattern]) => pattern.test(pointer));
        found?.[1].complain([`${pointer}: ${detail}`, error.problem.hint].filter(Boolean).join(". "));
        return !found;
      });
      trouble.hidden = error.errors.length > 0 && rest.length === 0;
      const { title, type, hint } = error.problem;
      trouble.replaceChildren(
        h("p", { class: "trouble-title" }, title ?? "Refused", type ? [" · ", h("a", { href: type.replace(/^\//, "") }, "what it means")] : null),
        rest.length ? rest.map(({ pointer, detail }) => h("p", {}, pointer ? [h("code", {}, pointer), " "] : null, detail)) : h("p", {}, error.message),
        hint ? h("p", {}, hint) : null);
    },
  };
}

/** What the page itself cannot read, before anything is sent. */
export class Local extends Error {
  constructor(field, message) {
    super(message);
    this.field = field;
  }
}

/** For browsers that do not let a page write to the clipboard: the text, chosen, to be copied by hand. */
function show(text, what) {
  const shown = h("textarea", { rows: 8, readonly: true, value: text, "aria-label": what });
  const dialog = h("dialog", { class: "dialog", "aria-label": what }, h("h2", {}, what), shown,
    h("div", { class: "dialog-row" }, button("Close", () => dialog.close(), "primary")));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  shown.select();
}
