// A row of scores as people paste it.

import { Local } from "./frame.js";

/** Lines of "token score", a line of numbers, or JSON: a list of numbers, or of {token, logprob}, or a map of tokens. */
export function parse(text, field) {
  const source = text.trim();
  if (!source) throw new Local(field, "Paste a row of scores: a number a line, a token and its number, or a JSON list.");
  if (source.startsWith("[") || source.startsWith("{")) return json(source, field);
  const numbers = source.split(/[\s,;]+/).filter(Boolean).map(score);
  if (!source.includes("\n") && numbers.every((value) => value !== null)) return numbers.map((value) => ({ value }));
  return source.split("\n").filter((line) => line.trim()).map((line, i) => {
    const [, token, number] = /^(?:(.*?)[\s,:=]+)?(\S+)$/.exec(line.trimEnd()) ?? [];
    const value = score(number);
    const name = value === null ? null : unquoted(token);
    if (name === null) throw new Local(field, `Line ${i + 1}: found “${line.trim()}”, expected a number, or a token and a number.`);
    return { token: name, value };
  });
}

/** A number, or a masked token as the service spells it; null for anything else. */
function score(text) {
  if (/^-inf(inity)?$/i.test(text)) return "-Infinity";
  return Number.isNaN(Number(text)) ? null : Number(text);
}

/** A token with its quotes taken off, which keep white space; undefined where there is none, null where they are broken. */
function unquoted(token) {
  if (!token?.startsWith('"')) return token || undefined;
  try {
    return JSON.parse(token);
  } catch {
    return null;
  }
}

function json(source, field) {
  let read;
  try {
    read = JSON.parse(source.replaceAll(/(?<=[[,:\s])"?-inf(?:inity)?"?(?=[\],}\s])/gi, '"-Infinity"'));
  } catch (error) {
    throw new Local(field, `This begins like JSON, and is none: ${error.message}`);
  }
  const row = Array.isArray(read) && Array.isArray(read[0]) ? read[0] : read;
  // A map of tokens, as older completions have it.
  if (!Array.isArray(row)) {
    if (!Object.values(row).every((value) => typeof value === "number")) throw new Local(field, "This is no row of scores. A server's whole response goes into the panel Answer.");
    return Object.entries(row).map(([token, value]) => ({ token, value }));
  }
  return row.map((entry) => (entry && typeof entry === "object" ? { token: entry.token, value: entry.logprob ?? entry.logit ?? entry.prob } : { value: entry }));
}
