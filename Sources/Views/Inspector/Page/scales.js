"use strict";

// Scales from values to places of a chart, and the frame of a chart.

function linearScale([low, high], [start, end]) {
  const scale = (value) => (high === low ? (start + end) / 2 : start + ((value - low) / (high - low)) * (end - start));
  scale.ticks = niceTicks(low, high, Math.max(2, Math.abs(end - start) / 60));
  return scale;
}

/** Powers of ten lie evenly; values below the lowest are not distinguished. */
function logScale([low, high], [start, end]) {
  const inner = linearScale([Math.log10(low), Math.log10(high)], [start, end]);
  const scale = (value) => inner(Math.log10(Math.max(value, low)));
  const powers = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.floor(Math.log10(high)); power++) powers.push(10 ** power);
  const whole = powers.filter((power) => power >= low);
  const every = Math.ceil(whole.length / 6);
  // Two powers or fewer would leave the reader without a measure.
  scale.ticks = whole.length > 2
    ? whole.filter((_, place) => place % every === 0)
    : powers.flatMap((power) => [power, 2 * power, 5 * power]).filter((tick) => tick >= low && tick <= high);
  return scale;
}

function niceTicks(low, high, count) {
  const range = high - low;
  if (!(range > 0)) return [low];
  const rough = range / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((factor) => factor * power >= rough);
  const ticks = [];
  for (let tick = Math.ceil(low / step - 1e-9) * step; tick <= high + step * 1e-9; tick += step) ticks.push(Number(tick.toPrecision(12)));
  return ticks;
}

/** An empty chart with axes: `x` and `y` are scales over its inner part. */
function chart({ width, height, label, x, y, xTitle, yTitle, margin }) {
  const left = margin.left, bottom = height - margin.bottom;
  const svg = shape("svg", { class: "chart", width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label });
  for (const tick of y.ticks) {
    svg.append(
      shape("line", { class: "rule", x1: left, x2: width - margin.right, y1: y(tick), y2: y(tick) }),
      shape("text", { class: "tick", x: left - 6, y: y(tick) + 3.5, "text-anchor": "end" }, tickLabel(tick)));
  }
  for (const tick of x.ticks) {
    svg.append(
      shape("line", { class: "stub", x1: x(tick), x2: x(tick), y1: bottom, y2: bottom + 4 }),
      shape("text", { class: "tick", x: x(tick), y: bottom + 15, "text-anchor": "middle" }, tickLabel(tick)));
  }
  if (xTitle) svg.append(shape("text", { class: "axis-title", x: width - margin.right, y: height - 2, "text-anchor": "end" }, xTitle));
  if (yTitle) svg.append(shape("text", { class: "axis-title", x: 0, y: 11 }, yTitle));
  return svg;
}

/** A path through points; a gap where a value is missing. */
function linePath(points) {
  let open = false;
  let path = "";
  for (const [x, y] of points) {
    const present = Number.isFinite(x) && Number.isFinite(y);
    if (present) path += `${open ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`;
    open = present;
  }
  return path;
}

/** The width that a container offers a chart. */
function roomIn(container, most = Infinity) {
  return Math.max(220, Math.min(most, Math.floor(container.getBoundingClientRect().width) || 640));
}
