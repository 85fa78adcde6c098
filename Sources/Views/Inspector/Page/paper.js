"use strict";

// The heat maps on paper, which does not scroll: all steps in strips one below the other, each under its own part of the axis.

/** What is left of a sheet of A4 between its margins, in CSS pixels; that of other sizes is not much more. */
const paperWidth = 680;

function paperStrips(maps, palette) {
  const { model, axis } = maps;
  const room = paperWidth - gutterOf(model);
  const column = Math.max(axis.leastColumn, Math.min(maps.columnIn(paperWidth), room / model.steps));
  const most = Math.floor(room / column);
  const strips = [];
  for (let first = 0; first < model.steps; first += most) {
    const count = Math.min(most, model.steps - first);
    const view = new MapView(model, gutterOf(model) + count * column, column, first * column);
    const drawn = (part) => {
      const canvas = element("canvas", {});
      part.draw(view, palette, canvas);
      return canvas;
    };
    const width = `width: ${Math.max(view.width, 400)}px`;
    strips.push(element("div", { class: "strip", style: width, "data-first": first, "data-last": first + count - 1 }, drawn(axis),
      maps.maps.filter((map) => first === 0 || map.showsAllSteps).map((map) => element("div", { class: "map" },
        first === 0 ? map.title(palette) : nameOf(map.quantity.name),
        !map.showsAllSteps && element("p", { class: "caption" }, map.caption.textContent), drawn(map)))));
  }
  return strips;
}
