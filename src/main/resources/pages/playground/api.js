// Calls to this service. A key, where one is wanted, is kept in this module's memory and nowhere else.

let key = null;
let askForKey = async () => null;
let onKey = () => {};

/** How a key is asked for, and who wants to know that there is one. */
export function keys(ask, told) {
  askForKey = ask;
  onKey = told;
}

export function useKey(value) {
  key = value || null;
  onKey(key !== null);
}

export const hasKey = () => key !== null;

/** Where a path of the service is, also behind a proxy that puts something in front; never anywhere else. */
export function address(path) {
  const found = new URL(path.replace(/^\/+/, ""), document.baseURI.replace(/#.*/, ""));
  if (found.origin !== location.origin) throw new Problem({ title: "Not of this service", detail: `${path} leads elsewhere` }, 0);
  return found.href;
}

/** Nothing answered at all. */
export class Silent extends Error {}

/** What the service answered in place of 2xx: an RFC 9457 problem. */
export class Problem extends Error {
  constructor(problem, status) {
    super(problem.detail ?? problem.title ?? `HTTP ${status}`);
    this.problem = problem;
    this.status = status;
  }

  /** The places in the request that are wrong, as {pointer, detail}. */
  get errors() {
    return this.problem.errors ?? [];
  }
}

function headers(type) {
  const sent = {};
  if (type) sent["Content-Type"] = type;
  if (key) sent.Authorization = `Bearer ${key}`;
  return sent;
}

/** Sends a request, and once more with a key if one is wanted. */
async function send(path, options, type) {
  const where = address(path);
  const once = () => fetch(where, { ...options, headers: { ...headers(type), ...options.headers } }).catch((error) => {
    throw error instanceof TypeError ? new Silent(error.message) : error;
  });
  let response = await once();
  while (response.status === 401) {
    const given = await askForKey(key !== null);
    if (given === null) break;
    useKey(given);
    response = await once();
  }
  return response;
}

async function refused(response) {
  const text = await response.text();
  try {
    return new Problem(JSON.parse(text), response.status);
  } catch {
    return new Problem({ title: response.statusText || `HTTP ${response.status}`, detail: text.slice(0, 300) }, response.status);
  }
}

/** The answer of a POST, as JSON. */
export async function post(path, body, signal) {
  const response = await send(path, { method: "POST", body: JSON.stringify(body), signal }, "application/json");
  if (!response.ok) throw await refused(response);
  return response.json();
}

/** The answers of many calls of one path, in order; null where a line was refused. */
export async function lines(path, bodies, signal) {
  const body = bodies.map((line) => JSON.stringify(line)).join("\n") + "\n";
  const response = await send(`/v1/batch?url=${encodeURIComponent(path)}`, { method: "POST", body, signal }, "application/x-ndjson");
  if (!response.ok) throw await refused(response);
  const text = await response.text();
  return text.trim().split("\n").map((line) => JSON.parse(line)).filter((line) => line.object !== "batch.end")
    .map((line) => line.body ?? null);
}

/** The answer of a GET as JSON; null where there is none to be had. */
export async function get(path) {
  const response = await send(path, {});
  return response.ok ? response.json() : null;
}

/** The version of the service, as every answer of it says. */
export async function version() {
  const response = await fetch(address("/livez")).catch(() => null);
  return response?.headers.get("X-Tokentropy-Version") ?? "";
}

/** Any request as it stands, with its answer as it came. */
export async function raw(method, path, body, type, signal) {
  const start = performance.now();
  const response = await send(path, { method, body: body || undefined, signal }, body ? type : undefined);
  const text = await response.text();
  return { response, text, took: performance.now() - start };
}

/** A stream of server-sent events: each is handed over as JSON, as it comes. */
export async function stream(path, body, onEvent, signal) {
  const response = await send(path, { method: "POST", body: JSON.stringify(body), signal, headers: { Accept: "text/event-stream" } }, "application/json");
  if (!response.ok) throw await refused(response);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    rest += value ?? "";
    const events = rest.split(/\r?\n\r?\n/);
    rest = done ? "" : events.pop();
    for (const event of events) {
      const data = event.split(/\r?\n/).filter((line) => line.startsWith("data:")).map((line) => line.slice(5).trimStart()).join("\n");
      if (data && data !== "[DONE]") onEvent(JSON.parse(data));
    }
    if (done) return;
  }
}
