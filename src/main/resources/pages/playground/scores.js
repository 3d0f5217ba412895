// A row of scores as people paste it.

import { Local } from "./frame.js";

/** Lines of "token score", or JSON: a list of numbers, or of {token, logprob}. */
export function parse(text, field) {
  const source = text.trim();
  if (!source) throw new Local(field, "Paste a row of scores: a number a line, a token and its number, or a JSON list.");
  if (source.startsWith("[") || source.startsWith("{")) {
    let read;
    try {
      read = JSON.parse(source.replaceAll(/-Infinity|-inf\b/g, '"-Infinity"').replaceAll('""', '"'));
    } catch (error) {
      throw new Local(field, `This begins like JSON, and is none: ${error.message}`);
    }
    const row = Array.isArray(read) && Array.isArray(read[0]) ? read[0] : read;
    if (!Array.isArray(row)) throw new Local(field, "Expected a list: of numbers, or of {token, logprob}.");
    return row.map((entry) => (entry && typeof entry === "object" ? { token: entry.token, value: entry.logprob ?? entry.logit ?? entry.prob } : { value: entry }));
  }
  return source.split("\n").filter((line) => line.trim()).map((line, i) => {
    const [, token, value] = /^(?:(.*?)[\s,:=]+)?(\S+)$/.exec(line.trimEnd()) ?? [];
    const score = /^-inf(inity)?$/i.test(value) ? "-Infinity" : Number(value);
    if (Number.isNaN(score)) throw new Local(field, `Line ${i + 1}: found “${line.trim()}”, expected a number, or a token and a number.`);
    return { token: token?.startsWith('"') ? JSON.parse(token) : token || undefined, value: score };
  });
}
