"use strict";

// The heat maps of a layer: one under the other, under one axis, scrolled together; the maps of two models are scrolled
// together, too.

/** The room for the names of units, left of the first step. */
const mapGutter = 36;

/** The room for names of rows, where a quantity of the model has some. */
function gutterOf(model) {
  return model.sourceReach || model.layers.some((layer) => layer.quantities.some((quantity) => quantity.rows)) ? 96 : mapGutter;
}

/** The most that a step takes by itself, where there are few. */
const widestColumn = 120;

/** How wide the reader wants a step, null for as wide as the maps have room, and how far they are scrolled, for all models. */
const scrolling = new Observed({ column: null, left: 0 });

/** What part of the steps is in sight, and where. */
class MapView {
  constructor(model, width, column, left) {
    const style = getComputedStyle(document.documentElement);
    Object.assign(this, { model, width, column, left, gutter: gutterOf(model) });
    this.font = `11px ${style.getPropertyValue("--sans")}`;
    this.tokenFont = `${column < 7 ? 9 : column < 10 ? 10 : 12}px ${style.getPropertyValue("--mono")}`;
    this.first = Math.max(0, Math.floor(left / column));
    this.last = Math.min(model.steps - 1, Math.ceil((left + width - this.gutter) / column));
  }

  x(step) {
    return this.gutter + step * this.column - this.left;
  }

  /** The step at a place, if there is one. */
  step(x) {
    const step = Math.floor((x - this.gutter + this.left) / this.column);
    return x >= this.gutter && step >= 0 && step < this.model.steps ? step : null;
  }

  clip(context, height) {
    context.beginPath();
    context.rect(this.gutter, 0, this.width - this.gutter, height);
    context.clip();
  }
}

class Maps {
  constructor(focus) {
    this.focus = focus;
    this.model = focus.model;
    this.hidden = new Set();
    this.axis = new InputAxis(this.model);
    this.hoveredColumn = element("div", { class: "column-mark hovered", hidden: true });
    this.pinnedColumn = element("div", { class: "column-mark pinned" });
    this.stack = element("div", { class: "stack" });
    this.sheet = element("div", { class: "sheet" }, this.axis.canvas, this.stack, this.pinnedColumn, this.hoveredColumn);
    this.breadth = element("div", { class: "breadth" }, this.sheet);
    this.element = element("div", { class: "scroller", onscroll: () => this.#scrolled() }, this.breadth);
    this.paper = element("div", { class: "strips" });
    this.slider = element("input", {
      type: "range", min: this.model.steps > 400 ? 2 : 4, max: widestColumn, step: "any",
      oninput: () => scrolling.set({ column: Number(this.slider.value) }),
    });
    this.axis.canvas.addEventListener("pointermove", (event) => this.#hoverAxis(event));
    this.axis.canvas.addEventListener("pointerleave", () => this.leave());
    this.axis.canvas.addEventListener("click", (event) => {
      const step = this.view.step(event.offsetX);
      if (step !== null) cursor.set({ step });
    });
  }

  start() {
    this.focus.watch(["layer"], () => this.#fill());
    scrolling.watch(["column", "left"], () => this.layOut());
    theme.watch(["palette"], () => this.wear());
    this.focus.watch(["quantity", "order"], () => this.#redraw());
    this.focus.watch(["unit", "source", "quantity", "order", "layer"], () => this.#markUnit());
    cursor.watch(["step"], () => this.#reveal(cursor.get("step")));
    cursor.watch(["hovered"], () => this.#markColumn(this.hoveredColumn, cursor.get("hovered")));
    cursor.watch(["step", "hovered"], () => this.#turn());
    new ResizeObserver(() => this.layOut()).observe(this.element);
    window.addEventListener("beforeprint", () => this.paper.replaceChildren(...paperStrips(this, theme.get("palette"))));
    window.addEventListener("afterprint", () => this.paper.replaceChildren());
  }

  show(quantity, on) {
    if (on) this.hidden.delete(quantity);
    else this.hidden.add(quantity);
    this.#fill();
  }

  #fill() {
    const shown = this.focus.layer.quantities.filter((quantity) => !this.hidden.has(quantity.name));
    // What the outputs depend on of a source is shown with each layer, to be compared with what that looks at.
    this.maps = [...shown, this.model.sourceReach ?? []].flat()
      .map((quantity) => (quantity.columns ? new MatrixMap(this, quantity) : new UnitMap(this, quantity)));
    this.stack.replaceChildren(...this.maps.map((map) => map.element));
    this.wear();
    this.#markUnit();
  }

  wear() {
    for (const map of this.maps) map.wear(theme.get("palette"));
    this.layOut();
  }

  /** How wide a step is in a room: all steps fill it, as far as what is read can then be read. */
  columnIn(width) {
    const fitting = Math.floor(((width - gutterOf(this.model)) / this.model.steps) * 16) / 16;
    return scrolling.get("column") ?? Math.max(this.axis.leastColumn, Math.min(widestColumn, fitting));
  }

  layOut() {
    const width = this.element.clientWidth;
    if (width === 0) return;
    const column = this.columnIn(width);
    this.slider.value = column;
    this.sheet.style.width = `${width}px`;
    this.breadth.style.width = `${gutterOf(this.model) + this.model.steps * column}px`;
    const most = Math.max(0, gutterOf(this.model) + this.model.steps * column - width);
    const left = Math.max(0, Math.min(most, scrolling.get("left")));
    if (Math.abs(this.element.scrollLeft - left) >= 1) this.element.scrollLeft = left;
    this.view = new MapView(this.model, width, column, left);
    this.#redraw();
  }

  #redraw() {
    if (!this.view || this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      const palette = theme.get("palette");
      this.axis.draw(this.view, palette);
      for (const map of this.maps) map.draw(this.view, palette);
      this.#markColumn(this.pinnedColumn, cursor.get("step"));
      this.#markColumn(this.hoveredColumn, cursor.get("hovered"));
    });
  }

  /** Lets the maps that show one step show the one under the pointer, or the chosen one. */
  #turn() {
    for (const map of this.maps) if (!map.showsAllSteps) map.turn();
  }

  #scrolled() {
    if (Math.abs(this.element.scrollLeft - scrolling.get("left")) >= 1) scrolling.set({ left: this.element.scrollLeft });
  }

  /** Scrolls such that a step is in sight. */
  #reveal(step) {
    if (!this.view) return;
    const [x, last] = [this.view.x(step), this.view.width - this.view.column];
    if (x < this.view.gutter || x > last) {
      const centre = step * this.view.column - (this.view.width - this.view.gutter) / 2;
      scrolling.set({ left: Math.max(0, Math.round(centre)) });
    }
    this.#markColumn(this.pinnedColumn, step);
  }

  #markColumn(mark, step) {
    const x = step === null || !this.view ? -1 : this.view.x(step);
    mark.hidden = !this.view || x < this.view.gutter - this.view.column / 2 || x > this.view.width;
    mark.style.left = `${x}px`;
    mark.style.width = `${this.view?.column ?? 0}px`;
  }

  #markUnit() {
    for (const map of this.maps) map.mark("pinnedRow", this.#pinned(map));
  }

  /** The chosen row of a map: units are chosen for all that have them, and a step of the source for those that have a row for each. */
  #pinned(map) {
    if (map.quantity.rows) return this.focus.get("source");
    const { quantity, unit } = this.focus;
    return map.hasPlacesOf(quantity) ? map.quantity.placeOf(unit, quantity) : null;
  }

  hover(map, { step, unit }, place) {
    cursor.set({ hovered: map.showsAllSteps ? step : null });
    for (const other of this.maps) other.mark("hoveredRow", other.hasPlacesOf(map.quantity) ? other.quantity.placeOf(unit, map.quantity) : null);
    tooltip.show(place, ...valueNote(this.model, this.focus.layer, map.quantity, step, unit));
  }

  leave() {
    cursor.set({ hovered: null });
    for (const map of this.maps) map.mark("hoveredRow", null);
    tooltip.hide();
  }

  choose(map, { step, unit }) {
    if (map.quantity.rows) this.focus.set({ source: unit });
    else this.focus.set({ quantity: map.quantity.name, unit });
    cursor.set({ step });
  }

  /** Goes on by steps and rows from the chosen cell, and notes what is there. */
  move(map, [steps, rows]) {
    const units = map.rows;
    const row = Math.max(0, Math.min(units.length - 1, units.indexOf(this.#pinned(map)) + rows));
    const step = Math.max(0, Math.min(this.model.steps - 1, cursor.get("step") + steps));
    this.choose(map, { step, unit: units[row] });
    tooltip.show(map.point(step, units[row]), ...valueNote(this.model, this.focus.layer, map.quantity, step, units[row]));
  }

  #hoverAxis(event) {
    const step = this.view.step(event.offsetX);
    if (step === null) return this.leave();
    cursor.set({ hovered: step });
    tooltip.show({ x: event.clientX, y: event.clientY }, ...stepNote(this.model, step));
  }
}

function fillMaps(panel, focus) {
  const maps = new Maps(focus);
  for (const layer of focus.model.layers) {
    for (const quantity of layer.quantities) {
      if (["preactivation", "local"].includes(quantity.role) && !quantity.rows) maps.hidden.add(quantity.name);
    }
  }
  const chips = new Chips("Quantities that are shown", (name) => {
    maps.show(name, maps.hidden.has(name));
    showChips();
  });
  const showChips = () =>
    chips.show(focus.layer.quantities.map((quantity) => ({
      value: quantity.name, label: quantity.name, title: quantity.label, on: !maps.hidden.has(quantity.name),
    })));
  focus.watch(["layer"], showChips);
  panel.append(
    element("div", { class: "controls" }, quantityPickers(focus)[0], orderPicker(focus), widthControl(maps), chips.element),
    readout(focus), maps.element, maps.paper);
  maps.start();
}

/** How wide a step is drawn. */
function widthControl(maps) {
  return element("label", { class: "control" }, element("span", {}, "width of a step"), maps.slider);
}
