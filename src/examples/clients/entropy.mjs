// No packages: fetch of Node 18 or later, of Deno, and of browsers.
//   node entropy.mjs [http://localhost:8080]
const base = process.argv[2] ?? "http://localhost:8080";

async function post(path, body, type = "application/json") {
  const response = await fetch(base + path, { method: "POST", headers: { "Content-Type": type }, body });
  const answer = await response.json();
  if (!response.ok) throw new Error(`${answer.code}: ${answer.detail} ${answer.hint ?? ""}`);
  return answer;
}

const json = (path, body) => post(path, JSON.stringify(body));

// A row of an API that gives the best few tokens: the entropy lies in between. vocab_size is the model's
// (Llama 3 here); llama.cpp's server states it in GET /v1/models as meta.n_vocab.
const list = await json("/v1/entropy", { top_logprobs: [[-0.2231, -2.1203, -3.0791]], vocab_size: 128256 });
console.log(`entropy ${list.data[0].entropy_low.toFixed(4)} to ${list.data[0].entropy_high.toFixed(4)} nat`);

// Whole rows as bytes: typed arrays are little-endian wherever JavaScript runs today.
const logits = new Float32Array(2 * 32000);
logits[32000 + 7] = 100;
const rows = await post("/v1/entropy?dtype=f32&shape=2,32000", logits, "application/octet-stream");
console.log(rows.data.map((item) => item.entropy.toFixed(4)).join(" "));

// Which of two models writes the next token: the state goes back and forth, the service keeps nothing.
let state;
const models = [];
for (const entropy of [0.2, 1.7, 2.1, 0.3, 0.2]) {
  const config = { threshold: 1, window: 2 };
  const { data } = await json("/v1/ead", { observations: [entropy], config, ...(state && { state }) });
  models.push(data[0].next.model);
  state = data[0].state;
}
console.log(models.join(" "));

await json("/v1/entropy", { logit: [[1, 2]] }).catch((problem) => console.log(problem.message));
