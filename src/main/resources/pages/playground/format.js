// Numbers as people read them. Nothing is computed here: the digits are those of the service, cut.

/** An entropy, a score: three decimals, and more where that would show zero. */
export function number(value, digits = 3) {
  if (typeof value !== "number") return "–";
  if (value !== 0 && Math.abs(value) < 10 ** -digits) return value.toExponential(1).replace("e-", "e−").replace(/^-/, "−");
  return value.toFixed(digits).replace(/^-/, "−");
}

/** A probability or a share, in percent. */
export function percent(value, digits = 1) {
  if (typeof value !== "number") return "–";
  const shown = value * 100;
  if (shown > 0 && shown < 10 ** -digits) return `< ${(10 ** -digits).toFixed(digits)} %`;
  if (value < 1 && shown.toFixed(digits) === (100).toFixed(digits)) return `> ${(100 - 10 ** -digits).toFixed(digits)} %`;
  return `${shown.toFixed(digits)} %`;
}

export function count(value) {
  return typeof value === "number" ? value.toLocaleString("en-US") : "–";
}

/** A range; one number where its ends are the same. */
export function range(low, high, show = number) {
  if (typeof low !== "number") return "–";
  if (typeof high !== "number") return `≥ ${show(low)}`;
  return show(low) === show(high) ? show(low) : `${show(low)} – ${show(high)}`;
}

/** A token with its white space to be seen. */
export function visible(token) {
  return token === "" ? "∅" : token.replaceAll(" ", "␣").replaceAll("\n", "↵").replaceAll("\t", "⇥");
}
