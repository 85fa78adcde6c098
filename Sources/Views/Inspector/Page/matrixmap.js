"use strict";

/** The heat map of a quantity that is a matrix, at one step: that under the pointer, or the chosen one. Those of several heads stand side by side. */
class MatrixMap {
  constructor(maps, quantity) {
    this.maps = maps;
    this.quantity = quantity;
    this.shade = new Shade(quantity);
    this.showsAllSteps = false;
    this.canvas = element("canvas", {});
    this.hoveredRow = element("div", { class: "cell-mark hovered", hidden: true });
    this.pinnedRow = element("div", { class: "cell-mark pinned", hidden: true });
    const { height, columns, heads, name } = quantity;
    const size = `${height} by ${columns}${heads > 1 ? ` for each of ${heads} heads` : ""}`;
    this.plot = element("div", {
      class: "plot", tabindex: 0, role: "application", "aria-roledescription": "heat map of a matrix", "data-own-keys": true,
      "data-quantity": name, "aria-label": `${name}, ${size}; arrow keys move, with Shift from step to step, values are read out`,
      onpointermove: (event) => this.#hover(event), onpointerleave: () => this.maps.leave(),
      onclick: (event) => this.#choose(event), onkeydown: (event) => this.#press(event), onblur: () => this.maps.leave(),
    }, this.canvas, this.hoveredRow, this.pinnedRow);
    this.heading = element("div", {});
    this.caption = element("p", { class: "caption" });
    this.element = element("div", { class: "map matrix" }, this.heading, this.caption, this.plot);
  }

  get step() {
    return Math.min(cursor.get("hovered") ?? cursor.get("step"), this.maps.model.steps - 1);
  }

  /** The elements, row by row; they have no other order. */
  get rows() {
    return Array.from({ length: this.quantity.width }, (_, place) => place);
  }

  /** Whether the numbers of another quantity stand in places as these do. */
  hasPlacesOf(quantity) {
    return quantity.columns === this.quantity.columns && quantity.width === this.quantity.width;
  }

  title(palette) {
    return element("div", { class: "map-title" }, nameOf(this.quantity.name),
      element("span", { class: "label" }, this.quantity.label ?? ""), legend(this.shade, palette));
  }

  wear(palette) {
    this.pixels = this.shade.pixels(this.quantity, palette);
    this.heading.replaceChildren(this.title(palette));
  }

  turn() {
    const palette = theme.get("palette");
    if (this.view && palette) this.draw(this.view, palette);
  }

  /** Where the matrix of each head stands, and how large an element is. */
  #layOut(view) {
    const { height, columns, heads } = this.quantity;
    const [room, gap, label] = [view.width - view.gutter - 1, 14, heads > 1 ? 16 : 0];
    const fitting = Math.min(14, 256 / Math.max(height, columns), room / columns);
    const size = fitting >= 1 ? Math.floor(fitting) : fitting;
    const across = Math.max(1, Math.floor((room + gap) / (columns * size + gap)));
    const places = Array.from({ length: heads }, (_, head) => ({
      x: view.gutter + (head % across) * (columns * size + gap),
      y: label + Math.floor(head / across) * (height * size + gap + label),
    }));
    return { size, places, height: places.at(-1).y + height * size };
  }

  draw(view, palette, canvas = this.canvas) {
    const { quantity, step } = this;
    const layout = this.#layOut(view);
    if (canvas === this.canvas) Object.assign(this, { view, layout });
    const context = freshContext(canvas, view.width, layout.height);
    this.caption.textContent = `at step ${step}, ${this.maps.model.inputAt(step)}`;
    const { height, columns } = quantity;
    const image = new ImageData(columns, height);
    const cells = new Uint32Array(image.data.buffer);
    const sheet = new OffscreenCanvas(columns, height);
    context.imageSmoothingEnabled = false;
    context.font = view.font;
    context.strokeStyle = palette.rule;
    layout.places.forEach(({ x, y }, head) => {
      const start = step * quantity.width + head * height * columns;
      cells.forEach((_, place) => { cells[place] = this.pixels[quantity.numbers[start + place]]; });
      sheet.getContext("2d").putImageData(image, 0, 0);
      context.drawImage(sheet, x, y, columns * layout.size, height * layout.size);
      context.strokeRect(x - 0.5, y - 0.5, columns * layout.size + 1, height * layout.size + 1);
      context.fillStyle = palette.muted;
      context.textBaseline = "alphabetic";
      context.textAlign = "left";
      if (quantity.heads > 1) context.fillText(`head ${head}`, x, y - 4);
      if (x === view.gutter) this.#nameRows(context, view, layout, y);
    });
    if (canvas === this.canvas) this.#placeMarks();
  }

  #nameRows(context, view, { size }, top) {
    const every = Math.ceil(24 / size);
    context.textAlign = "right";
    context.textBaseline = "middle";
    for (let row = 0; row < this.quantity.height; row += size >= 12 ? 1 : every) {
      context.fillText(String(row), view.gutter - 6, top + row * size + Math.max(size / 2, 5));
    }
  }

  /** Marks the place of an element, or none. */
  mark(mark, place) {
    this.marked = { ...this.marked, [mark]: place };
    this.#placeMarks();
  }

  #placeMarks() {
    for (const [name, place] of Object.entries(this.marked ?? {})) {
      const corner = place === null || !this.layout ? null : this.#corner(place);
      this[name].hidden = !corner;
      if (!corner) continue;
      const size = `${Math.max(3, this.layout.size)}px`;
      Object.assign(this[name].style, { left: `${corner.x}px`, top: `${corner.y}px`, width: size, height: size });
    }
  }

  #corner(place) {
    const { height, columns } = this.quantity;
    const head = this.layout.places[Math.floor(place / (height * columns))];
    const rest = place % (height * columns);
    return { x: head.x + (rest % columns) * this.layout.size, y: head.y + Math.floor(rest / columns) * this.layout.size };
  }

  /** Where an element lies on the screen. */
  point(_, place) {
    const [box, corner] = [this.plot.getBoundingClientRect(), this.#corner(place)];
    return { x: box.left + corner.x + this.layout.size / 2, y: box.top + corner.y + this.layout.size / 2 };
  }

  #cell(event) {
    if (!this.layout) return null;
    const box = this.plot.getBoundingClientRect();
    const { height, columns } = this.quantity;
    const { size, places } = this.layout;
    for (const [head, { x, y }] of places.entries()) {
      const [column, row] = [event.clientX - box.left - x, event.clientY - box.top - y].map((far) => Math.floor(far / size));
      if (column >= 0 && column < columns && row >= 0 && row < height) {
        return { step: this.step, unit: (head * height + row) * columns + column };
      }
    }
    return null;
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
    const { columns } = this.quantity;
    const move = event.shiftKey
      ? { ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[event.key]
      : {
        ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [0, -columns], ArrowDown: [0, columns], Home: [-Infinity, 0], End: [Infinity, 0],
      }[event.key];
    if (!move || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.maps.move(this, move);
  }
}
