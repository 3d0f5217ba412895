// A chat through the gateway: the answer as it comes, and then each token by the model that wrote it.

import { address, stream } from "./api.js";
import { count, percent } from "./format.js";
import { button, h, select, show, stat, stats } from "./ui.js";

export function chat(place, frame, pairs) {
  const pair = select({ label: "Pair of models", options: pairs.map(({ name, mode }) => [name, `${name}, ${mode}`]), value: pairs[0].name, onChange: () => {} });
  const input = h("textarea", { rows: 2, placeholder: "Ask something", "aria-label": "Message" });
  const log = h("div", { class: "chat-log" });
  const talk = [];
  let controller = null;

  const send = button("Send", () => (controller ? controller.abort() : ask()), "primary");
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      if (!controller) ask();
    }
  });

  async function ask() {
    const question = input.value.trim();
    if (!question) return;
    input.value = "";
    talk.push({ role: "user", content: question });
    const body = { model: pair.control.value, messages: talk, stream: true, logprobs: true, max_tokens: 256, tokentropy: { explain: true } };
    frame.exactly({ url: address("/v1/chat/completions"), body: JSON.stringify(body), type: "application/json", json: body });
    const answer = h("p", { class: "written-text" });
    const told = h("div", { class: "chat-told", role: "status" }, "…");
    log.append(h("p", { class: "chat-question" }, question), h("div", { class: "chat-answer" }, answer, told));
    const tokens = [];
    let explained = null;
    controller = new AbortController();
    send.textContent = "Stop";
    try {
      await stream("/v1/chat/completions", body, (event) => {
        if (event.error) throw new Error(event.error.message);
        const chosen = event.choices?.[0];
        const piece = chosen?.delta?.content;
        if (piece) answer.append(piece);
        const listed = chosen?.logprobs?.content?.map(({ token }) => token);
        if (listed?.length) tokens.push(...listed);
        else if (piece) tokens.push(piece);
        explained = event.tokentropy ?? explained;
      }, controller.signal);
      told.replaceChildren();
    } catch (error) {
      told.textContent = controller.signal.aborted ? "Stopped." : error.message;
    }
    controller = null;
    send.textContent = "Send";
    talk.push({ role: "assistant", content: answer.textContent });
    if (explained?.stints) explain(answer, told, tokens, explained);
  }

  show(place, h("section", { class: "card chat", "aria-label": "Live" },
    h("div", { class: "card-head" }, h("h2", {}, "Live, through the gateway"), h("p", {}, "underlined: the large model")), log,
    h("div", { class: "chat-row" }, input, send), pairs.length > 1 ? pair.root : null));
}

/** Gives each token to the model of its stint. */
function explain(answer, told, tokens, said) {
  const text = answer.textContent;
  const runs = said.stints.map(({ model, start, tokens: length }) => ({ model, text: tokens.slice(start, start + length).join("") }));
  // Where the tokens do not spell the answer (a stop text was held back), it is left as it is.
  if (runs.map((run) => run.text).join("") === text) {
    show(answer, runs.map((run) => (run.model === "large" ? h("span", { class: "by-large" }, h("span", { class: "unseen" }, "large model: "), run.text) : h("span", { class: "by-small" }, run.text))));
  }
  show(told, stats(
    stat("Large model", percent(said.large_fraction), { value: said.large_fraction, note: `${count(said.large)} of ${count(said.tokens)} tokens`, kind: "compact" }),
    stat("Changes", count(said.switches), { value: said.switches, kind: "compact" }),
    stat("Thrown away", count(said.wasted), { value: said.wasted, kind: "compact" }),
    said.relative_cost === undefined ? null : stat("Cost", percent(said.relative_cost), { value: said.relative_cost, note: "of large alone", kind: "compact" })));
}
