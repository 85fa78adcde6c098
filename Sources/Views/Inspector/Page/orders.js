"use strict";

// Orders of a layer's units: each gives the units, the first first, and a score that says why.

/** The orders that a quantity of a layer offers. */
function ordersOf(layer, quantity) {
  const orders = [
    { key: "number", label: "number", score: (unit) => unit, ascending: true, text: () => "" },
  ];
  if (layer.clusters && layer.clusters.length === quantity.width) {
    orders.push({ key: "clusters", label: "similarity (clustered)", units: layer.clusters, text: () => "" });
  }
  if (layer.memory_time && layer.memory_time.steps.length === quantity.width) {
    const steps = layer.memory_time.steps;
    orders.push({
      key: "memory", label: `memory time of ${layer.memory_time.quantity}`, score: (unit) => steps[unit] ?? Infinity,
      text: (unit) => (steps[unit] == null ? "for ever" : `${stepCount(steps[unit])} steps`),
    });
  }
  const statistics = layer.statisticsOf(quantity.name);
  if (statistics) {
    orders.push({
      key: "variance", label: "variance", score: (unit) => statistics.variance[unit] ?? -1,
      text: (unit) => number(statistics.variance[unit]),
    });
  }
  if (statistics?.saturated) {
    orders.push({
      key: "saturation", label: "saturation", score: (unit) => statistics.saturated[unit] ?? -1,
      text: (unit) => percent(statistics.saturated[unit]),
    });
  }
  for (const correlation of layer.correlations.filter((found) => found.quantity === quantity.name)) {
    orders.push({
      key: `correlation ${correlation.label}`, label: `correlation with ${correlation.label}`,
      score: (unit) => Math.abs(correlation.values[unit] ?? 0), text: (unit) => number(correlation.values[unit]),
    });
  }
  return orders.map((order) => ({ ...order, units: order.units ?? sorted(quantity.width, order) }));
}

function sorted(count, order) {
  const sign = order.ascending ? 1 : -1;
  const difference = (left, right) => {
    const [one, other] = [order.score(left), order.score(right)];
    return one === other ? left - right : sign * (one < other ? -1 : 1);
  };
  return Array.from({ length: count }, (_, unit) => unit).sort(difference);
}

/** The order to begin with: by a label of the user, by similarity where units are many, by variance where they are few. */
function firstOrder(layer, quantity) {
  const orders = ordersOf(layer, quantity);
  const wanted = ["correlation", "clusters", "variance", "number"];
  return wanted.map((start) => orders.find((order) => order.key.startsWith(start))).find(Boolean);
}

/** The unit whose colours change most. */
function liveliest(quantity) {
  const shade = new Shade(quantity);
  const changes = Array.from({ length: quantity.width }, (_, unit) => {
    const places = quantity.course(unit).map((value) => shade.place(value) || 0);
    const mean = places.reduce((sum, place) => sum + place, 0) / places.length;
    return places.reduce((sum, place) => sum + (place - mean) ** 2, 0);
  });
  return changes.indexOf(Math.max(...changes));
}

/** The order that is chosen, or the first that the quantity offers. */
function orderOf(focus) {
  const orders = ordersOf(focus.layer, focus.quantity);
  return orders.find((order) => order.key === focus.get("order")) ?? orders[0];
}
