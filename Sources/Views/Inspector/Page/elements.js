"use strict";

// Makes elements. Attributes that begin with `on` are listeners; false, null and undefined leave an attribute out.

function element(name, attributes, ...children) {
  return filled(document.createElement(name), attributes, children);
}

/** An element of SVG. */
function shape(name, attributes, ...children) {
  return filled(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);
}

function filled(node, attributes, children) {
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (value === false || value === null || value === undefined) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** A text that may be broken after the separators of a path. */
function breakable(text) {
  return text.split(/(?<=[/.])/).flatMap((part) => [part, element("wbr")]);
}

/** A figure with its caption above it. */
function figure(caption, ...children) {
  return element("figure", {}, element("figcaption", {}, caption), ...children);
}

/** The name of a quantity as it stands in its equation. */
function nameOf(quantity) {
  return element("code", { class: "name" }, quantity);
}
