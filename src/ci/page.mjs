// Opens the playground in a real Chromium, uses it as people do, and compares what it shows with what the service answers to the same request.
// node src/ci/page.mjs BASE-URL BASE-URL-THAT-WANTS-A-KEY BASE-URL-WITH-A-PAIR FOLDER-OF-SCREENSHOTS; playwright-core and axe-core must lie below NODE_PATH, and
// TOKENTROPY_KEY is the key.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const [base, locked, paired, shots] = process.argv.slice(2);
const require = createRequire(resolve(process.env.NODE_PATH) + "/");
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const key = process.env.TOKENTROPY_KEY;
mkdirSync(shots, { recursive: true });

/** Each panel with what stands in it once its first numbers are there. */
const PANELS = {
  distribution: ".bars tbody tr",
  answer: ".token-detail .alternatives .others",
  labels: ".ranges tr",
  ead: ".chart canvas",
  uncertainty: ".heat .cell",
  console: ".answer-body",
  commands: ".commands pre",
};
const MODES = [
  { name: "light", colorScheme: "light", viewport: { width: 1280, height: 860 } },
  { name: "dark", colorScheme: "dark", viewport: { width: 1280, height: 860 } },
  { name: "phone-light", colorScheme: "light", viewport: { width: 390, height: 844 } },
  { name: "phone-dark", colorScheme: "dark", viewport: { width: 390, height: 844 } },
];

const profile = mkdtempSync(join(tmpdir(), "tokentropy-page-"));
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  env: { ...process.env, HOME: profile },
});
const failures = [];
let passed = 0;

/** One thing that must hold; the next are looked at even if it does not. */
async function holds(name, test) {
  try {
    await test();
    passed += 1;
    console.log("ok      " + name);
  } catch (error) {
    failures.push(`${name}: ${error.message.split("\n").slice(0, 6).join("\n  ")}`);
    console.log(`FAILED  ${name}`);
  }
}

function same(found, expected, what) {
  if (JSON.stringify(found) !== JSON.stringify(expected)) throw new Error(`${what}: found ${JSON.stringify(found)}, expected ${JSON.stringify(expected)}`);
}

function truth(value, what) {
  if (!value) throw new Error(what);
}

/** A page whose policy violations, script errors and foreign requests are failures. */
async function open(at, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, ...options });
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: new URL(at).origin });
  await context.addInitScript(() => {
    window.violations = [];
    addEventListener("securitypolicyviolation", (event) => window.violations.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}`));
  });
  const page = await context.newPage();
  page.on("pageerror", (error) => failures.push(`script of the page: ${error.message}`));
  page.on("console", (message) => /Content Security Policy|Trusted Type/i.test(message.text()) && failures.push("policy: " + message.text()));
  page.on("request", (request) => {
    if (!request.url().startsWith(at + "/")) failures.push("a request to others: " + request.url());
  });
  return page;
}

async function close(page) {
  const violations = await page.evaluate(() => window.violations).catch(() => []);
  violations.forEach((violation) => failures.push("policy: " + violation));
  await page.context().close();
}

async function panel(page, name, at = base) {
  await page.goto(`${at}/#${name}`);
  await page.locator(PANELS[name]).first().waitFor({ timeout: 30_000 });
}

async function ask(path, body) {
  const response = await fetch(base + path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return response.json();
}

/** The service's own digits behind a number that is shown. */
const shown = (page, stat) => page.locator(`[data-stat="${stat}"] [data-value]`).first().getAttribute("data-value").then(Number);

/** Waits until a number is what the service says; it follows a change a moment later. */
async function becomes(page, stat, expected) {
  const selector = `[data-stat="${stat}"] [data-value="${expected}"]`;
  await page.locator(selector).first().waitFor({ state: "attached", timeout: 10_000 })
    .catch(async () => { throw new Error(`${stat}: found ${await shown(page, stat)}, expected ${expected}`); });
}

const copied = async (page, what) => {
  await page.evaluate(() => navigator.clipboard.writeText(""));
  await page.getByRole("button", { name: what, exact: true }).click();
  await page.waitForFunction(async () => (await navigator.clipboard.readText()) !== "", null, { timeout: 5_000 });
  return page.evaluate(() => navigator.clipboard.readText());
};

const run = (command, args, env = {}) => execFileSync(command, args, { encoding: "utf8", env: { ...process.env, ...env }, maxBuffer: 1 << 28 });

/** A slider by its name. */
const slider = (page, name) => page.getByRole("slider", { name, exact: true });

/** Sets a slider as a person does who types its number. */
async function type(page, name, value) {
  const number = page.getByRole("spinbutton", { name: `${name}, as a number`, exact: true });
  await number.fill(String(value));
}

async function sample(file, at = 0) {
  const { SAMPLES } = await import(resolve(`src/main/resources/pages/playground/examples-${file}.js`));
  return SAMPLES[at].state;
}

const scores = (data) => data.split("\n").map((line) => Number(line.split(" ").at(-1)));

try {
  // Every panel in every dress: it loads, is as wide as the screen and no wider, and can be used by everybody.
  for (const mode of MODES) {
    const page = await open(base, mode);
    for (const name of Object.keys(PANELS)) {
      await holds(`${name}, ${mode.name}`, async () => {
        await panel(page, name);
        await page.waitForTimeout(300);
        await page.screenshot({ path: join(shots, `${name}-${mode.name}.png`), fullPage: true });
        const width = await page.evaluate(() => document.documentElement.scrollWidth);
        truth(width <= mode.viewport.width, `it is ${width} pixels wide`);
        const { violations } = await page.evaluate(`${axe}; axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] })`);
        truth(violations.length === 0, "axe: " + violations.map(({ id, nodes }) => `${id} at ${nodes.slice(0, 3).map(({ target, failureSummary }) => target + " " + failureSummary).join("; ")}`).join("\n"));
      });
    }
    await close(page);
  }

  const page = await open(base);
  await holds("a slider of the distribution changes the numbers as the service says", async () => {
    await panel(page, "distribution");
    const { data, top_h: alpha } = await sample("distribution");
    const logits = [scores(data)];
    const expected = async (temperature, top_h) => (await ask("/v1/truncation", { logits, temperature, top_h })).data[0];
    await becomes(page, "Top-H", (await expected(1, alpha)).kept_count);
    await slider(page, "Temperature").focus();
    for (let i = 0; i < 10; i++) await page.keyboard.press("ArrowRight");
    const hot = await expected(1.5, alpha);
    await becomes(page, "Top-H", hot.kept_count);
    truth(hot.kept_count !== (await expected(1, alpha)).kept_count, "the temperature must matter here");
    const ranked = (await ask("/v1/truncation", { logits, temperature: 1.5 })).data[0].probs;
    const bars = await page.locator(".bars td.num").evaluateAll((cells) => cells.map((cell) => Number(cell.dataset.value)));
    same(bars, ranked.slice(0, bars.length), "the bars");
    await type(page, "Top-H α", 0.5);
    await becomes(page, "Top-H", (await expected(1.5, 0.5)).kept_count);
    await type(page, "top_p", 0.6);
    const other = (await ask("/v1/truncation", { logits, temperature: 1.5, top_h: 0.5, compare: [{ top_p: 0.6 }] })).data[0].compare[0];
    await becomes(page, "top_p", other.kept_count);
    const lane = await page.locator(".lane-top_p.kept").count();
    same(lane, Math.min(other.kept_count, bars.length), "the cells that top_p keeps");
  });
  await holds("a row is read however it is pasted", async () => {
    const rows = [
      ["3, 2, 1", [3, 2, 1], ["#0", "#1", "#2"]],
      ["3\n-inf\n1", [3, "-Infinity", 1], ["#0", "#2"]],
      ["[[3, -Infinity, \"-inf\", 1]]", [3, "-Infinity", "-Infinity", 1], ["#0", "#3"]],
      ["\" a b\" 3\nc=2", [3, 2], ["␣a␣b", "c"]],
      ["{\"x\": 3, \"y\": 2}", [3, 2], ["x", "y"]],
    ];
    await panel(page, "distribution");
    for (const [pasted, logits, names] of rows) {
      await page.getByLabel("Scores", { exact: true }).fill(pasted);
      await page.waitForFunction((expected) => JSON.stringify([...document.querySelectorAll(".bars .token")].map((cell) => cell.textContent)) === expected, JSON.stringify(names), { timeout: 10_000 })
        .catch(() => { throw new Error(`“${pasted}” gave no ${names}`); });
      await becomes(page, "Entropy", (await ask("/v1/truncation", { logits: [logits], temperature: 1.5, top_h: 0.5 })).data[0].entropy_in);
    }
    await page.getByLabel("Scores", { exact: true }).fill('{"choices": []}');
    await page.locator(".field.wrong .error", { hasText: "the panel Answer" }).waitFor({ timeout: 10_000 });
    await page.getByLabel("Scores", { exact: true }).fill((await sample("distribution")).data);
    await page.locator(".field.wrong").waitFor({ state: "detached", timeout: 10_000 });
  });
  await holds("the budget line is where the service stops", async () => {
    const kept = await shown(page, "Top-H");
    same(await page.locator(".kept-entropy circle.within").count(), kept, "points within the budget");
  });
  await holds("a wrong parameter is shown at its field", async () => {
    await type(page, "Top-H α", 7);
    await page.locator(".slider.wrong .error", { hasText: "/top_h" }).waitFor({ timeout: 10_000 });
    await type(page, "Top-H α", 0.5);
    await page.locator(".slider.wrong").waitFor({ state: "detached", timeout: 10_000 });
  });
  await holds("a link shows the same again, and what was pasted stays in the fragment", async () => {
    await page.getByLabel("Scores", { exact: true }).fill("secretword 3\nother 2\nthird 1");
    await page.locator(".bars .token", { hasText: "secretword" }).waitFor();
    const before = await page.locator(".stats").first().innerText();
    const link = await copied(page, "Link");
    truth(link.startsWith(base + "/#distribution="), "the link is " + link);
    const asked = [];
    const other = await open(base);
    other.on("request", (request) => asked.push(request.url() + (request.headers().referer ?? "")));
    await other.goto(link);
    await other.locator(".bars .token", { hasText: "secretword" }).waitFor({ timeout: 30_000 });
    await other.waitForFunction((text) => document.querySelector(".stats").innerText === text, before, { timeout: 10_000 });
    truth(!asked.some((url) => url.includes(link.split("=")[1])), "the state was sent: " + asked.join(" "));
    same(new URL(other.url()).search, "", "the query");
    await close(other);
  });
  await holds("a link that is broken or foreign does no harm", async () => {
    const make = (id, state) => page.evaluate(async ([name, made]) => (await import("/playground/share.js")).fragment(name, made), [id, state]);
    const other = await open(base);
    const posted = [];
    other.on("request", (request) => request.method() === "POST" && posted.push(request.url()));
    await other.goto(base + "/" + await make("console", { method: "POST", path: "/v1/chat/completions", type: "application/json", body: "{}" }));
    await other.getByText("Send it, and the answer will stand here.").waitFor({ timeout: 30_000 });
    await other.goto(base + "/" + await make("console", { method: "POST", path: "https://elsewhere.example/v1", type: "application/json", body: "{}" }));
    await other.getByRole("button", { name: "Send" }).click();
    await other.getByText("leads elsewhere").waitFor({ timeout: 10_000 });
    same(posted, [], "what was sent");
    await other.goto("about:blank");
    await other.goto(base + "/" + await make("distribution", { kind: 7, data: { a: 1 }, unit: ["x"] }));
    await other.locator(PANELS.distribution).first().waitFor({ timeout: 30_000 });
    await other.goto("about:blank");
    await other.goto(base + "/#labels=not-a-state");
    await other.locator(PANELS.labels).first().waitFor({ timeout: 30_000 });
    await close(other);
  });
  await holds("what is changed is not called the example any more", async () => {
    same(await page.getByLabel("Example").inputValue(), "own", "the example");
  });
  await holds("the best five alone give ranges", async () => {
    await panel(page, "distribution");
    await page.getByLabel("Example").selectOption({ label: "The best five alone" });
    const state = await sample("distribution", 2);
    const { data: [item] } = await ask("/v1/truncation", { top_logprobs: [scores(state.data)], vocab_size: state.vocab_size, top_h: state.top_h });
    await becomes(page, "Top-H", item.kept_count);
    await page.getByText("All tokens that were not listed").waitFor();
    truth(!(await slider(page, "Temperature").isVisible()), "a temperature needs the whole row");
  });

  await holds("a pasted answer of a server is read", async () => {
    await panel(page, "answer");
    const answer = {
      content: " blue sky", completion_probabilities: [
        { id: 11, token: " blue", logprob: -0.6, top_logprobs: [{ id: 11, token: " blue", logprob: -0.6 }, { id: 12, token: " grey", logprob: -1.1 }, { id: 13, token: " red", logprob: -2.5 }] },
        { id: 14, token: " sky", logprob: -0.1, top_logprobs: [{ id: 14, token: " sky", logprob: -0.1 }, { id: 15, token: " sea", logprob: -2.6 }, { id: 16, token: " car", logprob: -5.0 }] }],
    };
    await page.getByLabel("Vocabulary size").fill("1000");
    await page.getByLabel("The response").fill(JSON.stringify(answer));
    const { sequence, data } = await ask("/v1/score", { openai: answer, vocab_size: 1000 });
    await becomes(page, "Mean entropy", sequence.mean_entropy);
    same(await page.locator(".tokens .token").allInnerTexts(), data.map(({ token }) => token), "the tokens");
    await page.locator(".tokens .token").first().click();
    await becomes(page, "Entropy", data[0].entropy);
    await page.locator(".alternatives .others").waitFor();
    same(await page.locator(".alternatives th").evaluateAll((cells) => cells.map((cell) => cell.firstChild.data)), ["␣blue", "␣grey", "␣red", "all others"], "the alternatives");
    const probs = await page.locator(".alternatives [data-value]").evaluateAll((cells) => cells.map((cell) => Number(cell.dataset.value)));
    const { data: [labels] } = await ask("/v1/labels", { top_logprobs: [answer.completion_probabilities[0].top_logprobs], vocab_size: 1000, labels: [" blue", " grey", " red"], match: "exact" });
    same(probs, labels.labels.map(({ seen }) => seen[0].prob), "their probabilities");
    await page.locator(".tokens .token").first().focus();
    await page.keyboard.press("ArrowRight");
    await becomes(page, "Entropy", data[1].entropy);
  });
  await holds("the text of a stream is read", async () => {
    await page.getByLabel("Example").selectOption({ label: "The text of a stream" });
    const { data } = await sample("answer", 2);
    const { sequence } = await ask("/v1/score", { openai: data });
    await becomes(page, "Tokens", sequence.tokens);
    await page.locator(".alternatives tr").first().waitFor();
  });
  await holds("what cannot be read is said at the field", async () => {
    await page.getByLabel("The response").fill('{"choices": [{"message": {"content": "x"}}]}');
    await page.locator(".field.wrong .error", { hasText: "no log-probabilities" }).waitFor({ timeout: 10_000 });
  });
  await holds("the fields of a JSON have the confidence that the service gives", async () => {
    await page.goto("about:blank");
    await panel(page, "answer");
    const { data, vocab_size } = await sample("answer");
    const { spans } = await ask("/v1/score", { openai: JSON.parse(data), vocab_size, spans: "json" });
    await page.locator(".spans tbody tr").first().waitFor({ timeout: 30_000 });
    same(await page.locator(".spans [data-value]").evaluateAll((cells) => cells.map((cell) => Number(cell.dataset.value))), spans.map(({ probability }) => probability), "the probabilities");
  });

  await holds("labels have the ranges that the service gives", async () => {
    await panel(page, "labels");
    await page.getByLabel("Labels").fill("yes\nno\nmaybe");
    const { data, vocab_size, match } = await sample("labels");
    const rows = [data.split("\n").map((line) => ({ token: JSON.parse(line.slice(0, line.lastIndexOf(" "))), logprob: Number(line.slice(line.lastIndexOf(" ") + 1)) }))];
    const { data: [item] } = await ask("/v1/labels", { top_logprobs: rows, vocab_size, match, labels: ["yes", "no", "maybe"] });
    await becomes(page, "Entropy", item.entropy);
    const found = await page.locator(".ranges").first().locator("[data-value]").evaluateAll((cells) => cells.map((cell) => Number(cell.dataset.value)));
    same(found, item.labels.map(({ prob }) => prob), "the probabilities");
  });

  const ead = async (threshold) => {
    const { data, vocab_size, window, min_small, min_large, on_escalate, cost_ratio } = await sample("ead");
    return (await ask("/v1/ead", { openai: JSON.parse(data), vocab_size, config: { threshold, window, min_small, min_large, on_escalate, cost_ratio } })).data[0].summary;
  };
  await holds("dragging the threshold changes who writes what, as the service says", async () => {
    await panel(page, "ead");
    const first = await ead((await sample("ead")).threshold);
    await becomes(page, "Large model", first.large_fraction);
    const handle = page.getByRole("slider", { name: "Threshold" }).and(page.locator(".threshold"));
    await handle.scrollIntoViewIfNeeded();
    const box = await handle.boundingBox();
    await page.mouse.move(box.x + 60, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + 60, box.y + box.height / 2 + 20, { steps: 6 });
    await page.mouse.up();
    const dragged = Number(await handle.getAttribute("aria-valuenow"));
    truth(dragged < (await sample("ead")).threshold, `after a drag downwards the threshold is ${dragged}`);
    const second = await ead(dragged);
    await becomes(page, "Large model", second.large_fraction);
    await becomes(page, "Changes", second.switches);
    await becomes(page, "Cost", second.relative_cost);
    await becomes(page, "Arithmetic", second.relative_compute);
    truth(second.large_fraction > first.large_fraction, "a lower threshold must call the large model more often");
    await handle.focus();
    await page.keyboard.press("ArrowUp");
    const pressed = Number(await handle.getAttribute("aria-valuenow"));
    truth(pressed > dragged, "the threshold moves by keys as well");
    await becomes(page, "Large model", (await ead(pressed)).large_fraction);
  });
  await holds("a threshold is found for a share", async () => {
    await page.getByRole("button", { name: "Find the threshold" }).click();
    const { data, vocab_size, target, threshold: _, window, min_small, min_large, on_escalate, cost_ratio } = await sample("ead");
    const { data: [found] } = await ask("/v1/ead/calibrate", { traces: [JSON.parse(data)], vocab_size, target_large_fraction: target, config: { window, min_small, min_large, on_escalate, cost_ratio } });
    await becomes(page, "Large model", (await ead(found.threshold)).large_fraction);
  });

  await holds("Inv-Entropy of texts is that of the service", async () => {
    await panel(page, "uncertainty");
    const { prompts, answers } = await sample("uncertainty");
    const { data: [item] } = await ask("/v1/inv-entropy", { texts_x: prompts.split("\n"), texts_y: answers.split("\n"), return: ["matrices"] });
    await becomes(page, "Inv-Entropy", item.inv_entropy);
    await becomes(page, "Uniform, ln N", item.uniform_value);
    same(await page.locator(".heat").count(), 3, "heat maps");
    const cells = await page.locator(".heat").nth(2).locator("title").allTextContents();
    same(cells.map((cell) => Number(cell.split(": ")[1])), item.x_given_y.flat(), "P(X|Y)");
  });
  await holds("a changed similarity moves the score", async () => {
    await page.getByRole("radio", { name: "similarities" }).check();
    await page.getByLabel("Similarity of the answers").fill("1 0 0\n0 1 0\n0 0 1");
    await page.getByLabel("Similarity of the prompts").fill("1 0.5 0.4\n0.5 1 0.3\n0.4 0.3 1");
    const { data: [item] } = await ask("/v1/inv-entropy", { sim_x: [[1, 0.5, 0.4], [0.5, 1, 0.3], [0.4, 0.3, 1]], sim_y: [[1, 0, 0], [0, 1, 0], [0, 0, 1]] });
    await becomes(page, "Inv-Entropy", item.inv_entropy);
  });

  await holds("the console sends any call of the contract", async () => {
    await panel(page, "console");
    await page.getByLabel("Call", { exact: true }).selectOption({ label: "Mirostat, with the token that was sampled, hands back its next state" });
    await page.getByRole("button", { name: "Send" }).click();
    await becomes(page, "Status", 200);
    await page.locator(".answer-body", { hasText: '"mu_next"' }).waitFor();
    await page.getByLabel("Body", { exact: true }).fill('{"probs": [[0.5, 0.6]]}');
    await page.keyboard.press("Control+Enter");
    await becomes(page, "Status", 422);
    await page.locator(".answer-body", { hasText: "not_a_distribution" }).waitFor();
  });

  for (const name of Object.keys(PANELS).filter((one) => one !== "commands")) {
    await holds(`${name}: what is copied runs as it stands, and answers the same twice`, async () => {
      await page.goto("about:blank");
      await panel(page, name);
      const curl = run("bash", ["-c", await copied(page, "curl")]);
      const python = run("python3", ["-c", await copied(page, "Python")]);
      const answer = JSON.parse(curl);
      truth(typeof answer.object === "string", "curl answered " + curl.slice(0, 200));
      same(JSON.parse(python), answer, "Python's answer");
    });
  }

  await holds("a theme is chosen, and stays", async () => {
    const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    await page.getByRole("button", { name: "Theme: system" }).click();
    const light = await paper();
    await page.getByRole("button", { name: "Theme: light" }).click();
    const dark = await paper();
    truth(light !== dark, "both are " + light);
    await page.reload();
    await page.getByRole("button", { name: "Theme: dark" }).waitFor();
    same(await paper(), dark, "after a reload");
  });
  await holds("the first Tab leads past the menu, and every panel is reached by keys", async () => {
    await page.goto("about:blank");
    await panel(page, "distribution");
    await page.keyboard.press("Tab");
    same(await page.evaluate(() => document.activeElement.textContent), "Skip to the panel", "the first stop");
    await page.keyboard.press("Enter");
    same(await page.evaluate(() => document.activeElement.id), "main", "where it leads");
    await page.getByRole("link", { name: "Labels" }).focus();
    await page.keyboard.press("Enter");
    await page.locator(PANELS.labels).first().waitFor();
  });
  await holds("without scripts the commands are there", async () => {
    const plain = await open(base, { javaScriptEnabled: false });
    await plain.goto(base + "/");
    truth((await plain.locator(".commands pre").count()) > 3, "no commands");
    truth(!(await plain.locator("#theme").isVisible()), "a button that does nothing");
    await plain.context().close();
  });
  await close(page);

  await holds("a gateway's answer is coloured by the model that wrote it", async () => {
    const live = await open(base);
    const tokens = ["The", " answer", " is", " four", "."];
    const chunk = (token) => `data: ${JSON.stringify({ object: "chat.completion.chunk", choices: [{ index: 0, delta: { content: token }, logprobs: { content: [{ token, logprob: -0.1 }] } }] })}\n\n`;
    const last = { object: "chat.completion.chunk", choices: [], tokentropy: { mode: "switch", tokens: 5, small: 3, large: 2, wasted: 1, switches: 2, large_fraction: 0.4, relative_cost: 0.6,
      stints: [{ model: "small", start: 0, tokens: 2, reason: "initial" }, { model: "large", start: 2, tokens: 2, reason: "escalate" }, { model: "small", start: 4, tokens: 1, reason: "deescalate" }] } };
    let asked = null;
    await live.route("**/v1/gateway", (route) => route.fulfill({ json: { object: "gateway", pairs: [{ name: "pair", mode: "switch" }] } }));
    await live.route("**/v1/chat/completions", (route) => {
      asked = route.request().postDataJSON();
      return route.fulfill({ contentType: "text/event-stream", body: tokens.map(chunk).join("") + `data: ${JSON.stringify(last)}\n\ndata: [DONE]\n\n` });
    });
    await panel(live, "ead");
    await live.getByLabel("Message").fill("What is two and two?");
    await live.keyboard.press("Enter");
    await live.locator(".chat .by-large").waitFor({ timeout: 10_000 });
    same([asked.model, asked.stream, asked.tokentropy], ["pair", true, { explain: true }], "what was asked");
    same(await live.locator(".chat .by-large").evaluate((run) => run.lastChild.data), " is four", "the large model's words");
    same(await live.locator(".chat .by-small").allInnerTexts(), ["The answer", "."], "the small model's words");
    await live.locator(".chat [data-stat='Large model'] [data-value='0.4']").waitFor();
    await live.screenshot({ path: join(shots, "ead-gateway.png"), fullPage: true });
    await close(live);
  });

  await holds("two real models write in turn, and each token is coloured by its writer", async () => {
    const live = await open(paired);
    let answer = "";
    await live.route("**/v1/chat/completions", async (route) => {
      // These models know no more than 128 tokens.
      const response = await route.fetch({ postData: JSON.stringify({ ...route.request().postDataJSON(), max_tokens: 60 }) });
      answer = await response.text();
      await route.fulfill({ response, body: answer });
    });
    await panel(live, "ead", paired);
    await live.getByLabel("Message").fill("And the Lord said unto Moses");
    await live.keyboard.press("Enter");
    await live.locator(".chat [data-stat='Changes']").waitFor({ timeout: 30_000 });
    const events = answer.split("\n\n").filter((event) => event.startsWith("data: {")).map((event) => JSON.parse(event.slice(6)));
    const said = events.find((event) => event.tokentropy).tokentropy;
    truth(said.switches > 0 && said.small > 0 && said.large > 0, "one model wrote it all: " + JSON.stringify(said));
    await live.locator(`.chat [data-stat='Changes'] [data-value='${said.switches}']`).waitFor({ timeout: 10_000 });
    await live.locator(`.chat [data-stat='Large model'] [data-value='${said.large_fraction}']`).waitFor();
    const runs = await live.locator(".chat .by-small, .chat .by-large").evaluateAll((all) => all.map((run) => [run.className === "by-large" ? "large" : "small", run.lastChild.data]));
    same(runs.map(([model]) => model), said.stints.map(({ model }) => model), "who wrote");
    same(runs.map(([, text]) => text).join(""), events.map((event) => event.choices?.[0]?.delta?.content ?? "").join(""), "what is shown");
    await live.screenshot({ path: join(shots, "ead-pair.png"), fullPage: true });
    await close(live);
  });

  await holds("where a key is wanted the page asks for it, and keeps it in memory alone", async () => {
    const guarded = await open(locked);
    await guarded.goto(locked + "/");
    const field = guarded.getByLabel("Key or token");
    await field.fill("not the key");
    await guarded.screenshot({ path: join(shots, "key.png") });
    await guarded.keyboard.press("Enter");
    await guarded.getByText("That key was not accepted").waitFor({ timeout: 10_000 });
    await field.fill(key);
    await guarded.keyboard.press("Enter");
    await guarded.locator(PANELS.distribution).first().waitFor({ timeout: 30_000 });
    const kept = await guarded.evaluate(() => [location.href, document.cookie, JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage })].join(" "));
    truth(!kept.includes(key), "the key is kept: " + kept);
    const curl = await copied(guarded, "curl");
    truth(!curl.includes(key) && curl.includes("$TOKENTROPY_KEY"), "copied: " + curl);
    truth(JSON.parse(run("bash", ["-c", curl], { TOKENTROPY_KEY: key })).object === "list", "the copied line does not run");
    await guarded.reload();
    await field.waitFor({ timeout: 10_000 });
    await close(guarded);
  });

  const timed = await open(base);
  await panel(timed, "distribution");
  const took = await timed.evaluate(() => Math.round(performance.now()));
  const bytes = await timed.evaluate(() => performance.getEntriesByType("resource").reduce((sum, one) => sum + one.transferSize, 0));
  console.log(`the first numbers stood there after ${took} ms, with ${bytes} bytes of files and answers`);
  await close(timed);
} finally {
  await browser.close();
  rmSync(profile, { recursive: true, force: true });
}
if (failures.length) {
  console.log(failures.map((failure) => "FAILED " + failure).join("\n"));
  process.exit(1);
}
console.log(`the playground: ${passed} checks hold`);
