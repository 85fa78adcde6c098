"use strict";

/** One note for the whole page, beside the pointer or a cell that the keyboard reached. */
class Tooltip {
  constructor() {
    this.element = element("div", { class: "tooltip", role: "status", hidden: true });
    document.body.append(this.element);
  }

  show(place, ...children) {
    this.element.replaceChildren(...children);
    this.element.hidden = false;
    const { width, height } = this.element.getBoundingClientRect();
    const room = { width: document.documentElement.clientWidth, height: window.innerHeight };
    const left = place.x + 16 + width > room.width ? place.x - 16 - width : place.x + 16;
    const top = place.y + 18 + height > room.height ? place.y - 14 - height : place.y + 18;
    this.element.style.left = `${Math.max(8, Math.min(left, room.width - width - 8))}px`;
    this.element.style.top = `${Math.max(8, top)}px`;
  }

  hide() {
    this.element.hidden = true;
  }
}

const tooltip = new Tooltip();

/** What the note says of one value: where, how much, and the equation that gave it. */
function valueNote(model, layer, quantity, step, unit) {
  const equation = equationOf(layer, quantity.name);
  const own = equation && targetName(equation) === quantity.name;
  return [
    element("p", { class: "where" }, nameOf(quantity.name), ` ${quantity.place(unit)}, step ${step}, ${model.inputAt(step)}`),
    own
      ? equationElement(layer, equation, step, unit)
      : element("code", { class: "numbers" }, `${quantity.name} = `, element("span", { class: "value result" }, number(quantity.value(step, unit)))),
  ];
}
