"use strict";

// How often each unit's gates are nearly closed and nearly open, their mean over time, and units that do nothing.

function fillOverview(panel, focus) {
  const layers = focus.model.layers;
  if (layers.every((layer) => layer.gates.length === 0)) {
    panel.append(element("p", { class: "quiet" }, "These cells have no gates."));
  }
  layers.forEach((layer, place) => {
    const group = element("div", { class: "layer" }, layers.length > 1 && element("h4", {}, layer.name));
    panel.append(group);
    const gates = element("div", { class: "gates" }, layer.gates.map((gate) => gateFigure(focus, place, layer, gate)));
    group.append(gates, idleUnits(focus, place, layer));
  });
}

function gateFigure(focus, place, layer, gate) {
  const statistics = layer.statisticsOf(gate.name);
  return figure([nameOf(gate.name), " ", element("span", { class: "label" }, gate.label ?? "")],
    scatter(focus, place, layer, gate, statistics), courseOfMean(focus.model, gate));
}

/** One dot a unit: closed to the right, open upwards. */
function scatter(focus, place, layer, gate, statistics) {
  const size = { width: 250, height: 222 };
  const margin = { left: 36, right: 10, top: 22, bottom: 34 };
  const x = linearScale([0, 1], [margin.left, size.width - margin.right]);
  const y = linearScale([0, 1], [size.height - margin.bottom, margin.top]);
  x.ticks = y.ticks = [0, 0.25, 0.5, 0.75, 1];
  const closedUnits = statistics.closed.filter((share) => share > 0.5).length;
  const openUnits = statistics.open.filter((share) => share > 0.5).length;
  const label = `${gate.name}: of ${gate.width} units ${closedUnits} are nearly closed and ${openUnits} nearly open most of the time`;
  const svg = chart({ ...size, margin, label, x, y, xTitle: "fraction of steps below 0.1", yTitle: "above 0.9" });
  svg.append(shape("line", { class: "rule diagonal", x1: x(0), y1: y(1), x2: x(1), y2: y(0) }));
  const idle = new Set(layer.dead.filter((found) => found.quantity === gate.name).map((found) => found.unit));
  const choose = (unit) => {
    focus.chooseLayer(place);
    focus.set({ quantity: gate.name, unit });
  };
  const note = (unit) => [
    element("p", { class: "where" }, nameOf(gate.name), ` unit ${unit}`),
    element("p", {}, `below 0.1 in ${percent(statistics.closed[unit])} of the steps, above 0.9 in ${percent(statistics.open[unit])}, `
      + `mean ${number(statistics.mean[unit])}`),
  ];
  const dots = statistics.closed.map((closed, unit) => shape("circle", {
    class: idle.has(unit) ? "dot idle" : "dot", "data-unit": unit, cx: x(closed), cy: y(statistics.open[unit]), r: 4,
    onclick: () => choose(unit),
    onpointermove: (event) => tooltip.show({ x: event.clientX, y: event.clientY }, ...note(unit)),
    onpointerleave: () => tooltip.hide(),
  }));
  svg.append(...dots);
  // By keyboard from dot to dot, from those that are seldom closed on.
  const order = dots.map((_, unit) => unit).sort((one, other) => statistics.closed[one] - statistics.closed[other] || one - other);
  for (const [name, value] of Object.entries({ tabindex: 0, role: "application", "aria-roledescription": "plot", "data-own-keys": "" })) {
    svg.setAttribute(name, value);
  }
  svg.setAttribute("aria-label", `${label}; the left and right arrow keys go from unit to unit`);
  svg.addEventListener("blur", () => tooltip.hide());
  svg.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
    if (!by || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const isHere = focus.get("layer") === place && focus.get("quantity") === gate.name;
    const unit = isHere ? order[Math.max(0, Math.min(order.length - 1, order.indexOf(focus.unit) + by))] : order[0];
    choose(unit);
    const box = dots[unit].getBoundingClientRect();
    tooltip.show({ x: box.right, y: box.bottom }, ...note(unit));
  });
  focus.watch(["layer", "unit"], () => {
    dots.forEach((dot, unit) => dot.classList.toggle("chosen", focus.get("layer") === place && unit === focus.unit));
    const chosen = dots[focus.unit];
    if (chosen && focus.get("layer") === place) svg.append(chosen);
  });
  return svg;
}

/** The mean over all units at each step, between the tenth and the ninetieth of a hundred. */
function courseOfMean(model, gate) {
  const size = { width: 250, height: 84 };
  const margin = { left: 36, right: 10, top: 8, bottom: 18 };
  const x = linearScale([0, model.steps - 1], [margin.left, size.width - margin.right]);
  const y = linearScale([0, 1], [size.height - margin.bottom, margin.top]);
  x.ticks = niceTicks(0, model.steps - 1, 3);
  y.ticks = [0, 0.5, 1];
  const svg = chart({ ...size, margin, label: `mean of ${gate.name} over all units at each step`, x, y });
  const every = Math.max(1, Math.floor(model.steps / 200));
  const points = [];
  for (let step = 0; step < model.steps; step += every) points.push({ step, ...spread(gate, step) });
  const upper = points.map((point) => [x(point.step), y(point.high)]);
  const lower = points.map((point) => [x(point.step), y(point.low)]);
  svg.append(
    shape("path", { class: "band", d: `${linePath([...upper, ...lower.reverse()])}Z` }),
    shape("path", { class: "line", d: linePath(points.map((point) => [x(point.step), y(point.mean)])) }));
  return svg;
}

/** The mean over the units at a step and what a tenth of them lies below and above. */
function spread(quantity, step) {
  const values = [];
  for (let unit = 0; unit < quantity.width; unit++) values.push(quantity.value(step, unit));
  const present = values.filter((value) => !Number.isNaN(value)).sort((left, right) => left - right);
  const at = (share) => present[Math.round(share * (present.length - 1))];
  return { mean: present.reduce((sum, value) => sum + value, 0) / present.length, low: at(0.1), high: at(0.9) };
}

function idleUnits(focus, place, layer) {
  const groups = Map.groupBy(layer.dead, (found) => `${found.quantity}\n${found.reason}`);
  if (groups.size === 0) return element("p", { class: "quiet" }, "No unit is dead or stuck.");
  return element("dl", { class: "idle-units" }, [...groups.values()].map((group) => {
    const { quantity, reason } = group[0];
    return [
      element("dt", {}, nameOf(quantity), ` ${reason}: ${group.length} of ${layer.quantity(quantity).width} units`),
      element("dd", {}, group.map((found) => unitButton(found.unit, (unit) => {
        focus.chooseLayer(place);
        focus.set({ quantity, unit });
      }, `select unit ${found.unit}`))),
    ];
  }));
}
