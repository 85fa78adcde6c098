"use strict";

// How the report writes numbers. Values arrive with 16 bits, so more digits than these would say nothing.

/** A value: three decimals, or three digits where it is small. */
function number(value) {
  if (value == null) return "none";
  if (Number.isNaN(value)) return "NaN or infinite";
  const size = Math.abs(value);
  if (size === 0) return "0.000";
  if (size >= 10000 || size < 0.00005) return value.toExponential(2);
  if (size >= 100) return value.toFixed(1);
  return value.toFixed(size < 0.0995 ? 4 : 3);
}

/** A fraction as a percentage. */
function percent(share) {
  if (share == null || Number.isNaN(share)) return "none";
  const value = 100 * share;
  return `${value !== 0 && Math.abs(value) < 9.95 ? value.toFixed(1) : Math.round(value)} %`;
}

/** A whole number with its thousands set apart. */
function grouped(count) {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** A length of time in steps; null is for ever. */
function stepCount(steps) {
  if (steps == null) return "for ever";
  return steps >= 9.95 ? grouped(Math.round(steps)) : steps.toFixed(1);
}

/** A number on an axis, as short as it can be. */
function tickLabel(value) {
  if (value !== 0 && (Math.abs(value) >= 10000 || Math.abs(value) < 0.001)) {
    const power = Math.floor(Math.log10(Math.abs(value)) + 1e-9);
    const mantissa = Number((value / 10 ** power).toPrecision(3));
    return `${mantissa === 1 ? "" : `${mantissa} · `}10${superscript(power)}`;
  }
  return String(Number(value.toPrecision(6)));
}

function superscript(power) {
  return [...String(power)].map((digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)] ?? "⁻").join("");
}
