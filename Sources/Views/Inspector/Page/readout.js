"use strict";

// What happened in one unit at the chosen step: every equation of the cell with its numbers put in, and what was predicted.

function readout(focus) {
  const box = element("div", { class: "readout", "aria-live": "polite" });
  focus.watch(["layer", "quantity", "unit"], () => fillReadout(box, focus));
  cursor.watch(["step"], () => fillReadout(box, focus));
  return box;
}

function fillReadout(box, focus) {
  const { model, layer } = focus;
  const { quantity, unit } = focus;
  const step = Math.min(cursor.get("step"), model.steps - 1);
  const fitting = layer.equations.map((equation) => {
    const target = layer.quantity(targetName(equation));
    return { equation, place: target ? target.placeOf(unit, quantity) : unit };
  }).filter(({ place }) => place !== null);
  box.replaceChildren(
    element("p", { class: "where" }, `${layer.name}, ${quantity.place(unit)}, step ${step}, ${model.inputAt(step)}`, ...outcome(model, step)),
    element("dl", { class: "equations" }, fitting.map(({ equation, place }) => [
      element("dt", { title: equation.label }, element("code", {}, equation.text)),
      element("dd", {}, equationElement(layer, equation, step, place)),
    ])));
}

/** The loss at a step, and what was thought likely to follow or was given to the step. */
function outcome(model, step) {
  const outputs = model.outputs;
  if (!outputs || model.isOfSequence) return [];
  const parts = [];
  const loss = outputs.loss?.[step] ?? null;
  if (outputs.top?.[step]) {
    parts.push(outputs.kind === "next" ? "; next: " : "; given: ", outputs.top[step].map(([token, share], place) =>
      [place > 0 ? ", " : "", element("code", {}, visible(token)), ` ${percent(share)}`]).flat());
  }
  for (const column of outputs.columns ?? []) parts.push(`; ${column.name} ${number(column.values[step])}`);
  if (loss !== null) parts.push(`; loss ${number(loss)}`);
  return parts.flat();
}

/** What the note says of a step alone. */
function stepNote(model, step) {
  return [element("p", { class: "where" }, `step ${step}, ${model.inputAt(step)}`, ...outcome(model, step))];
}
