"use strict";

// The weights of each equation: how they are spread, and how far a recurrent matrix stretches what passes through it.

const partOrder = ["recurrent", "input", "peephole", "scale", "bias"];

function fillWeights(panel, focus) {
  const rows = element("div", { class: "weights" });
  panel.append(element("div", { class: "controls" }, quantityPickers(focus)[0]), rows);
  focus.watch(["layer"], () => rows.replaceChildren(...weightRows(focus.layer.weights)));
}

function weightRows(all) {
  return [...Map.groupBy(all, (weights) => weights.equation)].map(([equation, group]) =>
    element("div", { class: "weight-row" }, element("h4", {}, nameOf(equation)),
      element("div", { class: "histograms" }, group
        .toSorted((left, right) => partOrder.indexOf(left.part) - partOrder.indexOf(right.part))
        .map((weights) => histogram(weights, reach(all, weights.part))))));
}

/** From the lowest to the highest weight of all equations, zero among them, so that histograms of one part can be compared. */
function reach(all, part) {
  const alike = all.filter((weights) => weights.part === part);
  return [Math.min(0, ...alike.map((weights) => weights.low)), Math.max(1e-9, ...alike.map((weights) => weights.high))];
}

function histogram(weights, [lowest, highest]) {
  const size = { width: 232, height: 92 };
  const margin = { left: 12, right: 12, top: 6, bottom: 20 };
  const x = linearScale([lowest, highest], [margin.left, size.width - margin.right]);
  x.ticks = niceTicks(lowest, highest, 4);
  const y = linearScale([0, Math.max(1, ...weights.counts)], [size.height - margin.bottom, margin.top]);
  y.ticks = [];
  const label = `${weights.name}, ${weights.part}: from ${number(weights.low)} to ${number(weights.high)}`;
  const svg = chart({ ...size, margin, x, y, label });
  const width = (weights.high - weights.low) / weights.counts.length;
  svg.append(...weights.counts.map((count, bin) => {
    const from = weights.low + bin * width;
    return shape("rect", {
      class: "bar", x: x(from), width: Math.max(0.5, x(from + width) - x(from) - 0.4), y: y(count), height: y(0) - y(count),
    }, shape("title", {}, `${grouped(count)} from ${number(from)} to ${number(from + width)}`));
  }));
  const shapeText = weights.columns > 1 ? `${weights.rows} × ${weights.columns}` : String(weights.rows);
  return figure([nameOf(weights.name), element("span", { class: "label" }, ` ${weights.part}, ${shapeText}`)], svg,
    element("p", { class: "facts" }, `mean ${number(weights.mean)}, deviation ${number(weights.deviation)}`,
      weights.spectral_radius != null && element("span", { class: "radius" }, `spectral radius ${number(weights.spectral_radius)}`)));
}
