"use strict";

// Search, as numbers: which units are on in a span and off elsewhere, and where else the layer looks like it does there.

/**
 * Units that are on in half of the span at least and in less than half of the other steps, the clearest first. On means beyond the threshold; below
 * minus the threshold counts as a sign of its own where values have one.
 */
function unitsOn(quantity, { from, to, threshold }) {
  const steps = quantity.numbers.length / quantity.width;
  const signs = quantity.low < 0 ? [1, -1] : [1];
  const found = [];
  for (let unit = 0; unit < quantity.width; unit++) {
    const course = quantity.course(unit);
    for (const sign of signs) {
      let [inside, outside] = [0, 0];
      course.forEach((value, step) => {
        if (sign * value <= threshold || Number.isNaN(value)) return;
        if (step >= from && step <= to) inside++;
        else outside++;
      });
      const length = to - from + 1;
      found.push({ unit, sign, inside: inside / length, outside: steps > length ? outside / (steps - length) : 0 });
    }
  }
  return found.filter((unit) => unit.inside >= 0.5 && unit.outside < 0.5)
    .sort((left, right) => right.inside - right.outside - (left.inside - left.outside) || left.unit - right.unit);
}

/**
 * Spans of the same length that overlap neither each other nor the surroundings of the marked one, those first whose colours in
 * the given units are the nearest.
 */
function similarPlaces(quantity, units, { from, to }, most) {
  const steps = quantity.numbers.length / quantity.width;
  const length = to - from + 1;
  const shade = new Shade(quantity);
  const distances = [];
  for (let start = 0; start + length <= steps; start++) {
    if (start > to + length || start + 2 * length <= from) distances.push({ from: start, to: start + length - 1, distance: distance(start) });
  }
  distances.sort((left, right) => left.distance - right.distance || left.from - right.from);
  const places = [];
  for (const place of distances) {
    if (places.length === most) break;
    if (places.every((other) => place.from > other.to || place.to < other.from)) places.push(place);
  }
  return places;

  /** The root mean square of the differences between a span that begins at `start` and the marked one. */
  function distance(start) {
    let sum = 0;
    for (let step = 0; step < length; step++) {
      for (const unit of units) {
        const difference = shade.place(quantity.value(start + step, unit)) - shade.place(quantity.value(from + step, unit));
        sum += Number.isNaN(difference) ? 1 : difference * difference;
      }
    }
    return Math.sqrt(sum / (length * units.length));
  }
}
