"use strict";

/** The heat map of one quantity: a row for each unit, a column for each step. */
class UnitMap {
  constructor(maps, quantity) {
    this.maps = maps;
    this.quantity = quantity;
    this.shade = new Shade(quantity);
    this.rowHeight = Math.max(1, [14, 14, 8, 4, 2, 1][Math.max(0, Math.ceil(Math.log2(quantity.width)) - 3)] ?? 1);
    this.height = this.rowHeight * quantity.width;
    this.canvas = element("canvas", {});
    this.hoveredRow = element("div", { class: "row-mark hovered", hidden: true });
    this.pinnedRow = element("div", { class: "row-mark pinned" });
    this.plot = element("div", {
      class: "plot", tabindex: 0, role: "application", "aria-roledescription": "heat map", "data-own-keys": true,
      "data-quantity": quantity.name, "aria-label": `${quantity.name}, ${quantity.width} units; arrow keys move, values are read out`,
      onpointermove: (event) => this.#hover(event), onpointerleave: () => this.maps.leave(),
      onclick: (event) => this.#choose(event), onkeydown: (event) => this.#press(event), onblur: () => this.maps.leave(),
    }, this.canvas, this.hoveredRow, this.pinnedRow);
    this.heading = element("div", {});
    this.element = element("div", { class: "map" }, this.heading, this.plot);
    this.showsAllSteps = true;
  }

  /** Whether the numbers of another quantity are units as these are. */
  hasPlacesOf(quantity) {
    return !quantity.columns && !quantity.rows === !this.quantity.rows;
  }

  /** The name and what its colours mean. */
  title(palette) {
    return element("div", { class: "map-title" }, nameOf(this.quantity.name),
      element("span", { class: "label" }, this.quantity.label ?? ""), legend(this.shade, palette));
  }

  /** The units from the top row down. */
  get rows() {
    if (this.quantity.rows) return this.quantity.rows.map((_, row) => row);
    const units = orderOf(this.maps.focus).units;
    if (units.length === this.quantity.width) return units;
    return Array.from({ length: this.quantity.width }, (_, unit) => unit);
  }

  wear(palette) {
    this.pixels = this.shade.pixels(this.quantity, palette);
    this.heading.replaceChildren(this.title(palette));
  }

  draw(view, palette, canvas = this.canvas) {
    const context = freshContext(canvas, view.width, this.height);
    const count = view.last - view.first + 1;
    if (count < 1) return;
    const rows = this.rows;
    const image = new ImageData(count, rows.length);
    const cells = new Uint32Array(image.data.buffer);
    const numbers = this.quantity.numbers;
    rows.forEach((unit, row) => {
      for (let column = 0; column < count; column++) {
        cells[row * count + column] = this.pixels[numbers[(view.first + column) * this.quantity.width + unit]];
      }
    });
    const sheet = new OffscreenCanvas(count, rows.length);
    sheet.getContext("2d").putImageData(image, 0, 0);
    context.save();
    view.clip(context, this.height);
    context.imageSmoothingEnabled = false;
    context.drawImage(sheet, view.x(view.first), 0, count * view.column, this.height);
    context.restore();
    this.#nameRows(context, view, palette, rows);
  }

  #nameRows(context, view, palette, rows) {
    const every = Math.ceil(12 / this.rowHeight);
    context.font = view.font;
    context.fillStyle = palette.muted;
    context.textAlign = "right";
    context.textBaseline = "middle";
    const spaced = every === 1 ? 1 : every * 2;
    for (let row = 0; row < rows.length; row += spaced) {
      context.fillText(this.quantity.rowName(rows[row], 12), view.gutter - 6, row * this.rowHeight + Math.max(this.rowHeight / 2, 5));
    }
  }

  /** Marks the row of a unit, or none. */
  mark(place, unit) {
    const mark = this[place];
    const row = unit === null ? -1 : this.rows.indexOf(unit);
    mark.hidden = row < 0;
    mark.style.top = `${row * this.rowHeight}px`;
    mark.style.height = `${this.rowHeight}px`;
  }

  /** Where the cell of a step and unit lies on the screen. */
  point(step, unit) {
    const box = this.plot.getBoundingClientRect();
    const view = this.maps.view;
    return {
      x: box.left + view.x(step) + view.column / 2,
      y: box.top + (this.rows.indexOf(unit) + 0.5) * this.rowHeight,
    };
  }

  #cell(event) {
    const box = this.plot.getBoundingClientRect();
    const step = this.maps.view.step(event.clientX - box.left);
    const row = Math.floor((event.clientY - box.top) / this.rowHeight);
    if (step === null || row < 0 || row >= this.quantity.width) return null;
    return { step, unit: this.rows[row] };
  }

  #hover(event) {
    const cell = this.#cell(event);
    if (cell) this.maps.hover(this, cell, { x: event.clientX, y: event.clientY });
    else this.maps.leave();
  }

  #choose(event) {
    const cell = this.#cell(event);
    if (cell) this.maps.choose(this, cell);
  }

  #press(event) {
    const far = event.shiftKey ? 10 : 1;
    const move = {
      ArrowLeft: [-far, 0], ArrowRight: [far, 0], ArrowUp: [0, -far], ArrowDown: [0, far],
      Home: [-Infinity, 0], End: [Infinity, 0],
    }[event.key];
    if (!move || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.maps.move(this, move);
  }
}

/** The colours of a scale with the values they stand for. */
function legend(shade, palette) {
  const [low, high] = [shade.ticks[0], shade.ticks.at(-1)];
  const [width, height] = [72, 10];
  const canvas = element("canvas", { "aria-hidden": true });
  const context = freshContext(canvas, width, height);
  for (let x = 0; x < width; x++) {
    context.fillStyle = css(shade.colour(low + ((x + 0.5) / width) * (high - low), palette));
    context.fillRect(x, 0, 1, height);
  }
  return element("span", { class: "legend", title: shade.squashed ? "colours follow tanh of the value" : null },
    element("span", {}, shade.squashed ? `≤ ${low}` : tickLabel(low)), canvas,
    element("span", {}, shade.squashed ? `≥ ${high}` : tickLabel(high)));
}
