// What a panel shows as a link: its state is packed into the fragment, which browsers never send to a server.

/** Beyond this no link is made; some programs cut longer ones. */
const LONGEST = 32_000;

async function through(bytes, transform) {
  const stream = new Blob([bytes]).stream().pipeThrough(transform);
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** The fragment of a panel in a state; the panel's name alone if it would be too long. */
export async function fragment(id, state) {
  const packed = await through(new TextEncoder().encode(JSON.stringify(state)), new CompressionStream("deflate-raw"));
  const text = Array.from(packed, (byte) => String.fromCharCode(byte)).join("");
  const safe = btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  return safe.length > LONGEST ? null : `#${id}=${safe}`;
}

/** The panel and the state of a fragment; no state where there is none, or none that can be read. */
export async function read(hash) {
  const [, id, packed] = /^#?([a-z]*)(?:=(.*))?$/s.exec(hash) ?? [];
  if (!packed) return { id: id ?? "", state: null };
  try {
    const text = atob(packed.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = await through(Uint8Array.from(text, (letter) => letter.charCodeAt(0)), new DecompressionStream("deflate-raw"));
    return { id, state: JSON.parse(new TextDecoder().decode(bytes)) };
  } catch {
    return { id, state: null, broken: true };
  }
}

/** Puts a text on the clipboard; false where the browser does not let us (a page by http that is not of this machine). */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** A request as a line for a shell. The key is named, never shown. */
export function curl({ url, body, type, key, method }) {
  const quoted = (value) => `'${value.replaceAll("'", "'\\''")}'`;
  const parts = ["curl -s"];
  if (method && method !== "POST" && method !== "GET") parts.push(`-X ${method}`);
  parts.push(quoted(url));
  if (key) parts.push('-H "Authorization: Bearer $TOKENTROPY_KEY"');
  if (body) parts.push(`-H ${quoted(`Content-Type: ${type}`)} --data-raw ${quoted(body)}`);
  return parts.join(" ");
}

/** The same for Python, without anything that is to be installed. */
export function python({ url, body, type, key, json }) {
  const lines = ["import json", ...(key ? ["import os"] : []), "import urllib.request", ""];
  const headers = [...(body ? [`"Content-Type": ${literal(type)}`] : []), ...(key ? ['"Authorization": "Bearer " + os.environ["TOKENTROPY_KEY"]'] : [])];
  if (body && json !== undefined) lines.push(`body = ${literal(json)}`);
  const sent = body ? (json !== undefined ? "json.dumps(body).encode()" : `${literal(body)}.encode()`) : "None";
  lines.push(`request = urllib.request.Request(${literal(url)}, ${sent}, {${headers.join(", ")}})`);
  lines.push("with urllib.request.urlopen(request) as answer:", `    print(${json === undefined && body ? "answer.read().decode()" : "json.dumps(json.load(answer), indent=2)"})`);
  return lines.join("\n") + "\n";
}

function literal(value) {
  if (value === null) return "None";
  if (value === true) return "True";
  if (value === false) return "False";
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (typeof value === "object") return `{${Object.entries(value).map(([name, inner]) => `${JSON.stringify(name)}: ${literal(inner)}`).join(", ")}}`;
  return JSON.stringify(value);
}
