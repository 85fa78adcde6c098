"""A table, and a chart in SVG."""

import math
import statistics
from xml.sax.saxutils import escape

from .rounds import ratio

COLOURS = {
    "recurrent": "#1f6f54", "PyTorch": "#d9623b", "torch.compile": "#e3a08a", "JAX": "#4a6fb3", "ONNX Runtime": "#8a8a8a",
    "RTNeural": "#b08d2e",
}


def figure(row, name):
    """What a run took, as the table shows it."""
    seconds = statistics.median(row["seconds"][name])
    if row["work"]["mode"] == "step":
        return f"{seconds * 1e9:.0f} ns" if seconds < 1e-6 else f"{seconds * 1e6:.1f} µs"
    return f"{row['operations'] / seconds * 1e-9:.0f} GF/s"


def line(row):
    ours = row["seconds"]["recurrent"]
    cells = [
        f"{name} {figure(row, name)} ({ratio(times, ours):.2f} ×, best {min(times) / min(ours):.2f} ×)"
        for name, times in row["seconds"].items() if name != "recurrent"]
    return f"{row['title']:32} {figure(row, 'recurrent'):>9}   " + "   ".join(f"{cell:44}" for cell in cells).rstrip()


def chart(rows):
    """Bars for each row: operations a second of whole sequences, steps a second of streams on a logarithmic scale."""
    left, width, bar, gap = 210, 560, 11, 12
    fastest = max(
        (row["operations"] / statistics.median(times) for row in rows if row["work"]["mode"] != "step"
         for times in row["seconds"].values()), default=1)
    parts, y = [], 40
    for row in rows:
        streams = row["work"]["mode"] == "step"
        parts.append(f'<text x="{left - 10}" y="{y + 10}" text-anchor="end">{escape(row["title"])}</text>')
        for name, times in row["seconds"].items():
            seconds = statistics.median(times)
            # Streams: from a thousand steps a second to a hundred million.
            share = (math.log10(1 / seconds) - 3) / 5 if streams else row["operations"] / seconds / fastest
            length = max(1, min(1, share) * width)
            parts.append(f'<rect x="{left}" y="{y}" width="{length:.1f}" height="{bar - 2}" fill="{COLOURS[name]}"/>')
            label = f"{name} {figure(row, name)}"
            parts.append(f'<text x="{left + length + 6:.1f}" y="{y + 9}" font-size="10">{escape(label)}</text>')
            y += bar
        y += gap
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + width + 180}" height="{y}" font-family="sans-serif" '
        f'font-size="12"><rect width="100%" height="100%" fill="white"/><text x="10" y="22" font-size="14">Whole sequences: '
        f'operations a second; streams: steps a second, logarithmic. Longer is faster.</text>{"".join(parts)}</svg>\n')
