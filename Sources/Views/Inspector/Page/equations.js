"use strict";

// Equations with their numbers put in: c' = 0.93 · 1.21 + 0.08 · -0.40 = 1.09

function targetName(equation) {
  return equation.target + (equation.update ? "'" : "");
}

/** The pieces of an equation for one unit at one step: texts, and numbers with the quantity they are values of. */
function pieces(layer, equation, step, unit) {
  const name = targetName(equation);
  if (layer.isHeld(name, step, unit)) {
    return [{ text: `${name} is held at ` }, { text: number(valueAt(layer, name, step, unit)), quantity: name, result: true }];
  }
  const target = layer.quantity(name);
  const right = equation.template.map((piece) =>
    (typeof piece === "string" ? { text: piece.replaceAll("*", "·") } : reference(layer, piece, target, step, unit)));
  const result = valueAt(layer, name, step, unit);
  return [{ text: `${name} = ` }, ...right, { text: " = " }, { text: number(result), quantity: name, result: true }];
}

/** A report that had to be small may lack pre-activations. A matrix that gives a vector, or a vector that gives a matrix, has no one number. */
function reference(layer, piece, target, step, unit) {
  const quantity = layer.quantity(piece.quantity);
  if (!quantity) return { text: "…", quantity: piece.quantity };
  const place = quantity.placeOf(unit, target);
  if (place === null) return { text: piece.quantity };
  const value = piece.previous ? layer.before(piece.quantity, step, place) : quantity.value(step, place);
  const when = piece.previous ? `${piece.quantity} of the step before` : piece.quantity;
  return { text: number(value), quantity: when };
}

/** A quantity of width 1 serves all units. */
function valueAt(layer, name, step, unit) {
  const quantity = layer.quantity(name);
  return quantity.value(step, quantity.width === 1 ? 0 : unit);
}

/** The equation as an element in which each number says what it is. */
function equationElement(layer, equation, step, unit) {
  const parts = pieces(layer, equation, step, unit).map((piece) =>
    piece.quantity
      ? element("span", { class: piece.result ? "value result" : "value", title: piece.quantity }, piece.text)
      : piece.text);
  return element("code", { class: "numbers" }, parts);
}

/** The equation that gives a quantity: its own, or for a pre-activation that of the gate made of it. */
function equationOf(layer, name) {
  const target = name.replace(/\.pre.*$/, "");
  return layer.equations.find((equation) => targetName(equation) === target);
}
