// A matrix as a heat map: each cell with its number where there is room, darker where it is greater.

import { number } from "./format.js";
import { h, s } from "./ui.js";

/**
 * @param rows n lists of n numbers
 * @param across, down what the columns and the rows are
 */
export function heatmap(title, note, rows, { across, down }) {
  const all = rows.flat();
  const least = Math.min(...all);
  const span = Math.max(...all) - least || 1;
  const n = rows.length;
  const size = 300 / n;
  const cells = rows.flatMap((row, i) => row.map((value, j) => {
    const strength = (value - least) / span;
    const cell = s("g", {}, s("title", {}, `${down} ${i + 1}, ${across} ${j + 1}: ${value}`),
      s("rect", { class: "cell", x: j * size, y: i * size, width: size, height: size, "fill-opacity": (0.06 + 0.94 * strength).toFixed(3) }),
      i === j ? s("rect", { class: "diagonal", x: j * size + 2, y: i * size + 2, width: size - 4, height: size - 4, rx: 3 }) : null);
    if (n <= 8) cell.append(s("text", { class: strength > 0.62 ? "on" : "", x: (j + 0.5) * size, y: (i + 0.5) * size + 4, "text-anchor": "middle" }, number(value, n > 6 ? 2 : 3)));
    return cell;
  }));
  return h("figure", { class: "heat" }, h("figcaption", {}, h("h2", {}, title), h("p", { class: "small" }, note)),
    s("svg", { viewBox: "-14 -14 316 316", role: "img", "aria-label": `${title}: ${n} by ${n} numbers from ${number(least)} to ${number(least + span)}` }, cells,
      n <= 20 ? rows.map((_, i) => [s("text", { class: "axis", x: (i + 0.5) * size, y: -4, "text-anchor": "middle" }, i + 1), s("text", { class: "axis", x: -6, y: (i + 0.5) * size + 3, "text-anchor": "middle" }, i + 1)]) : null),
    h("p", { class: "small heat-axes" }, `→ ${across}  ↓ ${down}`));
}
