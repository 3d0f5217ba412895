// Lines over the tokens of a text, by uPlot: the entropy with its range, its mean, and a threshold that can be dragged.

import uPlot from "./uPlot.esm.js";
import { number } from "./format.js";
import { colour, h } from "./ui.js";

/**
 * @param place where the chart goes
 * @param options onThreshold is told where the threshold was put; onCursor which token is under the pointer, or null
 */
export function entropyChart(place, { onThreshold, onCursor }) {
  let chart = null;
  let shown = null;
  const handle = h("div", { class: "threshold", role: "slider", tabindex: "0", "aria-label": "Threshold", "aria-orientation": "vertical", "aria-valuemin": "0" }, h("span", {}));
  const box = h("div", { class: "chart" });
  place.append(box);

  /** Tokens of the large model as bands behind the lines, slanting lines in them, and a mark at each switch. */
  function behind(u) {
    const { ctx } = u;
    const { left, top, width, height } = u.bbox;
    ctx.save();
    ctx.beginPath();
    ctx.rect(left, top, width, height);
    ctx.clip();
    const ratio = devicePixelRatio;
    const x = (step) => u.valToPos(step, "x", true);
    for (const { from, to } of shown.stints) {
      const [start, end] = [x(from - 0.5), x(to + 0.5)];
      ctx.fillStyle = colour("warmtint");
      ctx.fillRect(start, top, end - start, height);
      ctx.save();
      ctx.beginPath();
      ctx.rect(start, top, end - start, height);
      ctx.clip();
      ctx.strokeStyle = colour("warm");
      ctx.globalAlpha = 0.22;
      ctx.lineWidth = ratio;
      ctx.beginPath();
      for (let at = start - height; at < end; at += 9 * ratio) {
        ctx.moveTo(at, top + height);
        ctx.lineTo(at + height, top);
      }
      ctx.stroke();
      ctx.restore();
    }
    ctx.strokeStyle = colour("warm");
    ctx.lineWidth = ratio;
    ctx.setLineDash([3 * ratio, 3 * ratio]);
    for (const step of shown.switches) {
      ctx.beginPath();
      ctx.moveTo(x(step + 0.5), top);
      ctx.lineTo(x(step + 0.5), top + height);
      ctx.stroke();
    }
    ctx.restore();
  }

  function put() {
    const y = chart.valToPos(shown.threshold, "y");
    handle.style.top = `${y}px`;
    handle.hidden = y < -1 || y > chart.over.clientHeight + 1;
    handle.setAttribute("aria-valuenow", String(shown.threshold));
    handle.setAttribute("aria-valuetext", `${number(shown.threshold, 2)} ${shown.unit}`);
    handle.setAttribute("aria-valuemax", String(chart.scales.y.max));
    handle.firstChild.textContent = `threshold ${number(shown.threshold, 2)}`;
  }

  /** The line follows the hand at once; the numbers follow when the service has answered. */
  function move(value) {
    shown.threshold = Math.max(0.01, Math.round(value * 100) / 100);
    put();
    onThreshold(shown.threshold);
  }

  handle.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    event.stopPropagation();
    handle.focus();
    handle.setPointerCapture(event.pointerId);
    const follow = (at) => move(chart.posToVal(at.clientY - chart.over.getBoundingClientRect().top, "y"));
    handle.addEventListener("pointermove", follow);
    handle.addEventListener("lostpointercapture", () => handle.removeEventListener("pointermove", follow), { once: true });
  });
  handle.addEventListener("mousedown", (event) => event.stopPropagation());
  handle.addEventListener("keydown", (event) => {
    const by = { ArrowUp: 0.05, ArrowDown: -0.05, PageUp: 0.25, PageDown: -0.25 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    move(shown.threshold + by);
  });

  function make() {
    const axis = { stroke: colour("soft"), grid: { stroke: colour("line"), width: 1 }, ticks: { show: false }, font: "12px system-ui, sans-serif", size: 34 };
    const made = new uPlot({
      width: Math.max(box.clientWidth, 240),
      height: innerWidth < 560 ? 240 : 320,
      padding: [12, 8, 0, 0],
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 } },
      scales: { x: { time: false, range: (_, low, high) => [low - 0.5, high + 0.5] }, y: { range: (_, low, high) => [0, Math.max(high, shown.threshold) * 1.08 || 1] } },
      axes: [{ ...axis, grid: { show: false }, values: (_, ticks) => ticks.map((tick) => (Number.isInteger(tick) ? String(tick) : "")) }, { ...axis, size: 42 }],
      series: [
        {},
        { stroke: "transparent", points: { show: false } },
        { stroke: "transparent", points: { show: false } },
        { stroke: colour("bar"), width: 1.5, points: { show: shown.data[0].length <= 80, size: 5, fill: colour("card") } },
        { stroke: colour("ink"), width: 2.25, points: { show: false } },
      ],
      bands: [{ series: [2, 1], fill: colour("tint") }],
      hooks: {
        drawClear: [behind],
        setCursor: [(u) => onCursor(u.cursor.idx ?? null)],
        draw: [() => chart && put()],
      },
    }, shown.data, box);
    made.over.append(handle);
    return made;
  }

  const redo = () => {
    if (!shown) return;
    chart?.destroy();
    chart = null;
    box.replaceChildren();
    chart = make();
    put();
  };
  const watch = new ResizeObserver(() => chart && chart.setSize({ width: box.clientWidth, height: chart.height }));
  watch.observe(box);
  addEventListener("themechange", redo);

  return {
    /** @param next data [steps, low, high, entropy, mean], stints [{from, to}], switches, threshold, unit */
    show(next) {
      shown = next;
      if (chart) chart.setData(next.data);
      else redo();
    },
    close() {
      watch.disconnect();
      removeEventListener("themechange", redo);
      chart?.destroy();
    },
  };
}
