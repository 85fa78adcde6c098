"use strict";

/** The curves of feature inputs, on which a span can be marked by dragging. */
class SpanChart {
  constructor(model, container, marked, mark) {
    Object.assign(this, { model, container, marked, mark, anchor: null });
  }

  start() {
    this.marked.watch(["from", "to"], () => this.#markSpans());
    this.container.addEventListener("pointerdown", (event) => this.#begin(event));
    this.container.addEventListener("pointermove", (event) => this.#drag(event));
    this.container.addEventListener("pointerup", () => (this.anchor = null));
    this.container.addEventListener("pointercancel", () => (this.anchor = null));
    new ResizeObserver(() => this.#draw()).observe(this.container.parentElement);
  }

  #draw() {
    const width = roomIn(this.container.parentElement) - 32;
    if (width === this.width) return;
    this.width = width;
    const margin = { left: 44, right: 8, top: 20, bottom: 20 };
    const height = 110;
    this.x = linearScale([0, this.model.steps], [margin.left, width - margin.right]);
    this.spans = [];
    this.container.replaceChildren(...this.model.input.columns.map((column) => {
      const present = column.values.filter((value) => value !== null);
      const y = linearScale([Math.min(0, ...present), Math.max(1e-9, ...present)], [height - margin.bottom, margin.top]);
      const svg = chart({ width, height, margin, x: this.x, y, label: `${column.name} over the steps`, yTitle: column.name });
      const span = shape("rect", { class: "span", y: margin.top, height: height - margin.top - margin.bottom });
      this.spans.push(span);
      svg.append(span, shape("path", { class: "line", d: linePath(column.values.map((value, step) => [this.x(step + 0.5), y(value ?? NaN)])) }));
      return svg;
    }));
    this.#markSpans();
  }

  #markSpans() {
    for (const span of this.spans ?? []) {
      span.setAttribute("x", this.x(this.marked.get("from")));
      span.setAttribute("width", this.x(this.marked.get("to") + 1) - this.x(this.marked.get("from")));
    }
  }

  /** The step under the pointer. */
  #step(event) {
    const svg = event.target.closest("svg");
    if (!svg) return null;
    const [start, end] = [this.x(0), this.x(this.model.steps)];
    const share = (event.clientX - svg.getBoundingClientRect().left - start) / (end - start);
    return Math.max(0, Math.min(this.model.steps - 1, Math.floor(share * this.model.steps)));
  }

  #begin(event) {
    this.anchor = this.#step(event);
    if (this.anchor === null) return;
    event.preventDefault();
    this.mark(this.anchor, this.anchor);
  }

  #drag(event) {
    const step = this.anchor === null ? null : this.#step(event);
    if (step !== null) this.mark(Math.min(this.anchor, step), Math.max(this.anchor, step));
  }
}
