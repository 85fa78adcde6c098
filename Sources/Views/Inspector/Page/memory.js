"use strict";

// How far back an output looks: the norm of the gradient of its loss with respect to each earlier input, on a log axis.

const negligible = 0.01;
const decades = 8;

function fillMemory(panel, focus) {
  const model = focus.model;
  const chosen = new Observed({ place: model.memory.length - 1 });
  const picker = element("input", {
    type: "range", min: 0, max: model.memory.length - 1, step: 1, oninput: () => chosen.set({ place: Number(picker.value) }),
  });
  const caption = element("p", { class: "caption", "aria-live": "polite" });
  const picture = element("div", { class: "memory-chart" });
  const heard = element("div", {});
  if (model.memory.length > 1) {
    panel.append(element("div", { class: "controls" },
      element("label", { class: "control wide" }, element("span", {}, "output at step"), picker)));
  }
  panel.append(caption, picture, heard);

  const draw = () => {
    const memory = model.memory[chosen.get("place")];
    picker.value = chosen.get("place");
    picker.setAttribute("aria-valuetext", `step ${memory.step}`);
    caption.replaceChildren(reachSentence(model, memory));
    picture.replaceChildren(memoryChart(model, chosen.get("place"), roomIn(picture)));
    heard.replaceChildren(...(model.readsTokens ? [heardText(model, memory)] : []), ...(memory.source ? [heardSource(model, memory)] : []));
  };
  chosen.watch(["place"], draw);
  theme.watch(["palette"], draw);
  let width = roomIn(picture);
  new ResizeObserver(() => {
    if (roomIn(picture) === width) return;
    width = roomIn(picture);
    draw();
  }).observe(panel);
}

function reachSentence(model, memory) {
  if (model.isOfSequence) return movingSentence(model, memory);
  const where = `The loss at step ${memory.step}, after ${model.inputAt(memory.step)}, `;
  if (memory.norms.every((norm) => !(norm > 0))) return `${where}has no gradient.`;
  if (memory.reach == null) return `${where}still feels the first input: its gradient does not stay below 1 % of its largest.`;
  return `${where}feels the input of ${grouped(memory.reach)} ${memory.reach === 1 ? "step" : "steps"} back; the gradient of all that lies further back is below 1 % of the largest.`;
}

/** Which step moves the output of a whole sequence most. */
function movingSentence(model, memory) {
  const largest = memory.norms.reduce((most, norm) => Math.max(most, norm ?? 0), 0);
  if (!(largest > 0)) return "The output of the sequence has no gradient.";
  const step = memory.norms.indexOf(largest);
  return `What moves the output of the sequence most is step ${step}, ${model.inputAt(step)}.`;
}

/** All outputs, aligned at their own step, and one of them stronger. */
function memoryChart(model, place, width) {
  const height = width < 480 ? 230 : 280;
  const margin = { left: 52, right: 12, top: 22, bottom: 36 };
  const all = model.memory.flatMap((memory) => memory.norms).filter((norm) => norm > 0);
  const high = all.reduce((most, norm) => Math.max(most, norm), 1e-12);
  const low = Math.max(all.reduce((least, norm) => Math.min(least, norm), high), high / 10 ** decades);
  const floor = low / 1.5;
  const back = Math.max(2, ...model.memory.map((memory) => memory.step - memory.norms.findIndex((norm) => norm > floor)));
  const x = linearScale([back, 0], [margin.left, width - margin.right]);
  x.ticks = niceTicks(0, back, Math.max(2, width / 90));
  const y = logScale([floor, high * 1.5], [height - margin.bottom, margin.top]);
  const memory = model.memory[place];
  const svg = chart({
    width, height, margin, x, y, label: reachSentence(model, memory), xTitle: "steps back", yTitle: "norm of the gradient",
  });
  const course = (memory) => linePath(memory.norms.map((norm, step) => [x(memory.step - step), norm > floor ? y(norm) : NaN]));
  for (const other of model.memory) if (other !== memory) svg.append(shape("path", { class: "line faint", d: course(other) }));
  const threshold = memory.norms.reduce((most, norm) => Math.max(most, norm ?? 0), 0) * negligible;
  if (threshold > low) {
    svg.append(
      shape("line", { class: "threshold", x1: margin.left, x2: width - margin.right, y1: y(threshold), y2: y(threshold) }),
      shape("text", { class: "tick", x: margin.left + 4, y: y(threshold) - 4 }, "1 % of the largest"));
  }
  svg.append(shape("path", { class: "line strong", d: course(memory) }));
  if (memory.reach != null) {
    svg.append(
      shape("line", { class: "reach", x1: x(memory.reach), x2: x(memory.reach), y1: margin.top, y2: height - margin.bottom }),
      shape("text", { class: "reach-label", x: x(memory.reach) - 5, y: margin.top + 10, "text-anchor": "end" }, `${memory.reach} back`));
  }
  return svg;
}

/** Symbols, darker where the gradient is larger; paper is 1 % of the largest of all norms. */
function paintNorms(text, norms, first, largest) {
  const palette = theme.get("palette");
  text.paint((step) => {
    const share = norms[first + step] / largest;
    return share > negligible ? palette.at(1 - Math.log10(share) / Math.log10(negligible), false) : null;
  }, palette);
}

/** What the output depends on of the source. */
function heardSource(model, memory) {
  const text = new TokenText(model.source, {
    note: (step) => [element("p", { class: "where" }, `step ${step} of the source: norm ${number(memory.source[step])}`)],
  });
  paintNorms(text, memory.source, 0, largestOf(memory.source));
  const written = model.symbolAfter(memory.step);
  return figure(`What ${written === undefined ? "that output" : `“${visible(written)}”`} hears of the source, in the same colours`, text.element);
}

function largestOf(norms) {
  return norms.reduce((most, norm) => Math.max(most, norm ?? 0), 0) || 1;
}

/** The end of the text up to the output. */
function heardText(model, memory) {
  const first = model.isOfSequence ? 0 : Math.max(0, memory.step - 240);
  const text = new TokenText(model.input.tokens.slice(first, memory.step + 1), {
    choose: (step) => cursor.set({ step: first + step }),
    note: (step) => [element("p", { class: "where" }, `step ${first + step}, ${memory.step - first - step} back: norm ${number(memory.norms[first + step])}`)],
  });
  paintNorms(text, memory.norms, first, largestOf(memory.norms));
  return figure(`What that output hears, from 1 % (paper) to the largest gradient (ink), evenly by order of magnitude${first > 0 ? "; the last 240 steps" : ""}`, text.element);
}
