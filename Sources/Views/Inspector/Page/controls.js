"use strict";

/** A labelled choice; its options may be set anew. */
class Picker {
  constructor(label, choose) {
    this.select = element("select", { onchange: () => choose(this.select.value) });
    this.element = element("label", { class: "control" }, element("span", {}, label), this.select);
  }

  show(options, value) {
    this.select.replaceChildren(...options.map((option) => element("option", { value: option.value }, option.label)));
    this.select.value = value;
    this.element.hidden = options.length < 2;
  }
}

/** A labelled whole number with bounds. */
class NumberField {
  constructor(label, choose) {
    this.input = element("input", { type: "number", step: "1", onchange: () => choose(this.bounded) });
    this.element = element("label", { class: "control" }, element("span", {}, label), this.input);
  }

  get bounded() {
    const value = Math.round(Number(this.input.value));
    return Math.max(Number(this.input.min), Math.min(Number(this.input.max), Number.isFinite(value) ? value : 0));
  }

  show(value, least, most) {
    Object.assign(this.input, { min: least, max: most, value });
  }
}

/** Buttons of which one or several are down. */
class Chips {
  constructor(label, choose) {
    this.choose = choose;
    this.element = element("div", { class: "chips", role: "group", "aria-label": label });
  }

  /** Buttons that stay the same stay where they are, with the keyboard's focus. */
  show(options) {
    const same = options.length === this.shown?.length && options.every((option, place) => option.value === this.shown[place].value);
    this.shown = options;
    if (!same) {
      this.element.replaceChildren(...options.map((option) =>
        element("button", { type: "button", class: "chip", onclick: () => this.choose(option.value) })));
    }
    options.forEach((option, place) => {
      const button = this.element.children[place];
      button.textContent = option.label;
      button.title = option.title ?? "";
      button.setAttribute("aria-pressed", String(option.on));
    });
  }
}

/** Pickers for layer and quantity of a model. */
function quantityPickers(focus, includes = () => true) {
  const layers = new Picker("layer", (value) => focus.chooseLayer(Number(value)));
  const quantities = new Picker("quantity", (value) => focus.set({ quantity: value }));
  focus.watch(["layer", "quantity"], () => {
    layers.show(focus.model.layers.map((layer, place) => ({ value: place, label: layer.name })), focus.get("layer"));
    const options = focus.layer.quantities.filter(includes);
    quantities.show(options.map((quantity) => ({ value: quantity.name, label: titled(quantity) })), focus.quantity.name);
  });
  return [layers.element, quantities.element];
}

/** A quantity with the first words of its label. */
function titled(quantity) {
  const label = quantity.label?.split(/[:,(]/)[0].trim();
  return label ? `${quantity.name}  ${label}` : quantity.name;
}

/** The choice of the order of the units. */
function orderPicker(focus) {
  const picker = new Picker("order of units", (value) => focus.set({ order: value }));
  focus.watch(["layer", "quantity", "order"], () => {
    const orders = ordersOf(focus.layer, focus.quantity);
    picker.show(orders.map((order) => ({ value: order.key, label: order.label })), orderOf(focus).key);
  });
  return picker.element;
}

/** A unit that can be gone to. */
function unitButton(unit, choose, title) {
  return element("button", { type: "button", class: "unit", title, onclick: () => choose(unit) }, String(unit));
}
