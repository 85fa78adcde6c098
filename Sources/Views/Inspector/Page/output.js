"use strict";

// What a model gave for a whole sequence: labels with their probabilities, the most probable one first, or values.

function fillOutput(panel, focus) {
  const { top, columns } = focus.model.outputs;
  const rows = top ? top[0].map(([label, share]) => ({ label, share })) : columns.map((column) => ({ label: column.name, value: column.values[0] }));
  panel.append(element("table", { class: "output" },
    element("tbody", {}, rows.map(({ label, share, value }) => element("tr", {},
      element("th", { scope: "row" }, label),
      element("td", {}, share === undefined ? number(value) : percent(share)),
      share !== undefined && element("td", { class: "bar" }, element("span", { style: `width: ${100 * share}%` })))))));
}
