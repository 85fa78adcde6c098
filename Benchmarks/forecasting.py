#!/usr/bin/env python3
"""How well forecasts with no option do on many series, beside naive ones.

    python3 Benchmarks/forecasting.py --generate series            # writes generated series to a folder
    python3 Benchmarks/forecasting.py series --command .build/release/recurrent

Each file of the folder is a table with one series, and a row for each step; add files of your own to those that are generated. Of each the
last steps are kept (a tenth, at least twice the horizon, at most 200), a model is trained on the others with no option but those that say how
much is kept and how far forecasts reach, and is evaluated on what was kept. Needs nothing but Python, and downloads nothing.

With --peers the automatic models of statsforecast (AutoARIMA, AutoETS, AutoTheta), which has to be installed, are fitted to the same part of
each series, with the season that the other training has found (AutoARIMA and AutoETS with none of more than 24 steps), and forecast from the same
steps.
"""

import argparse
import datetime
import json
import math
import pathlib
import random
import shlex
import statistics
import subprocess
import tempfile
import time


def generated():
    """Series by name: values, and the seconds between them (None for months, 0 for no dates)."""
    draw = random.Random(7)
    noise = lambda: draw.gauss(0, 1)
    hour, day = 3600, 86400
    wave = lambda step, season, turn=0: math.sin(2 * math.pi * (step / season + turn))

    def autoregression(count, coefficients, level=0.0, scale=1.0):
        values = [0.0] * len(coefficients)
        for _ in range(count + 50):
            values.append(sum(c * values[-1 - k] for k, c in enumerate(coefficients)) + noise())
        return [level + scale * value for value in values[-count:]]

    def demand(count, per_day, noisy):
        slow, values = 0.0, []
        for step in range(count):
            slow = 0.98 * slow + 0.02 * noise()
            weekend = (step // per_day) % 7 >= 5
            shape = 30 + 8 * wave(step, per_day, 0.7) + 4 * wave(step, per_day / 2, 0.1) * (0.4 if weekend else 1)
            values.append(shape - 6 * weekend + 8 * slow + noisy * noise())
        return values

    def logistic(count):
        values = [0.3]
        for _ in range(count):
            values.append(3.8 * values[-1] * (1 - values[-1]))
        return values[1:]

    def delayed(count):
        values = [1.2] * 18
        for _ in range(6 * count + 300):
            late = values[-18]
            values.append(values[-1] + 0.2 * late / (1 + late**10) - 0.1 * values[-1])
        return values[-6 * count :: 6]

    def walk(count, drift, scale):
        value, values = 100.0, []
        for _ in range(count):
            value += drift + scale * noise()
            values.append(value)
        return values

    def sales(count):
        return [math.exp(4 + 0.008 * s + 0.25 * wave(s, 12) + 0.03 * noise()) for s in range(count)]

    def poisson(mean):
        limit, product, count = math.exp(-mean), draw.random(), 0
        while product > limit:
            product *= draw.random()
            count += 1
        return count

    def threshold(count):
        values = [0.0]
        for _ in range(count):
            values.append((0.9 if values[-1] < 0 else -0.6) * values[-1] + 0.5 * noise() + (0.4 if values[-1] < 0 else 0))
        return values[1:]

    def bursts(count):
        spread, values = 1.0, []
        for _ in range(count):
            spread = 0.2 + 0.75 * spread + 0.2 * (values[-1] ** 2 if values else 1) * 0.2
            values.append(math.sqrt(spread) * noise())
        return [50 + value for value in values]

    weekly = lambda s: [0, 3, 5, 4, 2, -6, -8][s % 7]
    return {
        "demand-half-hourly": (demand(3000, 48, 0.6), hour // 2),
        "demand-hourly": (demand(1500, 24, 1.0), hour),
        "daily-noisy-200": ([40 + weekly(s) + 3 * noise() for s in range(200)], day),
        "daily-trend-400": ([40 + 0.05 * s + weekly(s) + 2 * noise() for s in range(400)], day),
        "visits-two-seasons": ([200 * math.exp(0.1 * weekly(s) / 5 + 0.3 * wave(s, 365) + 0.08 * noise()) for s in range(1200)], day),
        "logistic-map": (logistic(800), 0),
        "delayed-chaos": (delayed(900), 0),
        "autoregression": (autoregression(600, [1.3, -0.5], 20, 2), 0),
        "near-unit-root": (autoregression(500, [0.97], 5, 1), 0),
        "random-walk": (walk(500, 0, 1), 0),
        "walk-with-drift": (walk(500, 0.3, 1), day),
        "sales-monthly": (sales(144), None),
        "sales-monthly-long": ([v + 20 for v in sales(240)], None),
        "white-noise": ([10 + noise() for _ in range(400)], 0),
        "sine-17": ([wave(s, 17) + 0.2 * noise() for s in range(500)], 0),
        "threshold": (threshold(700), 0),
        "bursts": (bursts(700), 0),
        "counts-weekly": ([float(poisson(6 + 0.4 * weekly(s))) for s in range(500)], day),
        "level-shifts": ([(10 if (s // 130) % 2 else 14) + 2 * wave(s, 24) + 0.5 * noise() for s in range(800)], hour),
        "growing-waves": ([(1 + s / 200) * (3 + wave(s, 24)) * math.exp(0.05 * noise()) for s in range(700)], hour),
    }


def write(folder):
    folder.mkdir(parents=True, exist_ok=True)
    for name, (values, step) in generated().items():
        begin = datetime.datetime(2020, 1, 6)
        rows = ["value" if step == 0 else "time,value"]
        for place, value in enumerate(values):
            if step is None:
                rows.append(f"{2000 + place // 12}-{place % 12 + 1:02d},{value:.6g}")
            elif step:
                rows.append(f"{(begin + datetime.timedelta(seconds=step * place)).isoformat(timespec='minutes')},{value:.6g}")
            else:
                rows.append(f"{value:.6g}")
        (folder / f"{name}.csv").write_text("\n".join(rows) + "\n")


def measured(command, path, seed, options, peers=False):
    count = sum(1 for _ in path.open()) - 1
    horizon = 24 if count >= 300 else 12
    kept = min(200, max(2 * horizon, count // 10))
    with tempfile.TemporaryDirectory() as folder:
        begin = time.monotonic()
        run = [command, "train", "forecast", str(path), "--test", str(kept), "--horizon", str(horizon), "--seed", str(seed)]
        run += ["--threads", "1", "--output", f"{folder}/run", *options]
        done = subprocess.run(run, capture_output=True, text=True)
        if done.returncode:
            return {"fault": done.stderr.strip().splitlines()[-1]}
        seconds = time.monotonic() - begin
        stride = max(1, kept // 50)
        run = [command, "evaluate", f"{folder}/run", str(path), "--json", "--threads", "1", "--stride", str(stride)]
        done = subprocess.run(run, capture_output=True, text=True)
        if done.returncode:
            return {"fault": done.stderr.strip().splitlines()[-1]}
        result = json.loads(done.stdout) | {"seconds": seconds}
        if peers:
            season = json.loads(pathlib.Path(folder, "run", "configuration.json").read_text())["resolved"]["task"]["season"]
            # The error that counts as 1.
            scale = result["naive"]["mae"] / result["naive"]["mase"]
            result["peers"] = measured_peers(path, kept, horizon, stride, max(1, season), scale)
        return result


def measured_peers(path, kept, horizon, stride, season, scale):
    """What statsforecast's automatic models reach on the steps that were kept: MASE, coverage of the band of 80 in 100, and seconds."""
    import numpy
    from statsforecast.models import AutoARIMA, AutoETS, AutoTheta

    values = numpy.array([float(line.split(",")[-1]) for line in path.read_text().splitlines()[1:]])
    first = len(values) - kept
    results = {}
    for kind in (AutoARIMA, AutoETS, AutoTheta):
        begin = time.monotonic()
        # With longer seasons the first two take hours.
        own = season if season <= 24 or kind is AutoTheta else 1
        model = kind(season_length=own).fit(values[:first])
        errors, held = [], []
        for origin in range(first, len(values), stride):
            ahead = min(horizon, len(values) - origin)
            given = model.forward(y=values[:origin], h=ahead, level=[80])
            actual = values[origin : origin + ahead]
            errors += list(numpy.abs(actual - given["mean"]))
            held += list((actual >= given["lo-80"]) & (actual <= given["hi-80"]))
        results[kind.__name__] = {
            "mase": float(numpy.mean(errors)) / scale, "coverage80": float(numpy.mean(held)), "seconds": time.monotonic() - begin}
    return results


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--generate", action="store_true", help="write generated series to the folder, and end")
    parser.add_argument("--command", default="recurrent")
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--options", type=shlex.split, default=[], help="more options of the trainings, in one argument")
    parser.add_argument("--peers", action="store_true", help="set statsforecast's automatic models beside it")
    given = parser.parse_args()
    if given.generate:
        return write(given.folder)
    names = ["AutoARIMA", "AutoETS", "AutoTheta"] if given.peers else []
    columns = ["series", "model", "linear", "seasonal naive", "naive", "in 80 %", "in 95 %", "seconds"]
    columns += [f"{name} (in 80 %, seconds)" for name in names]
    print("| " + " | ".join(columns) + " |\n|" + "---|" * len(columns))
    ratios, covered = [], []
    against = {name: [] for name in names}
    for path in sorted(given.folder.glob("*.csv")):
        results = [measured(given.command, path, seed, given.options, given.peers and seed == 0) for seed in range(given.seeds)]
        faults = [result["fault"] for result in results if "fault" in result]
        if faults:
            print(f"| {path.stem} | {faults[0]} |" + " |" * (len(columns) - 2), flush=True)
            continue
        mean = lambda *keys: statistics.mean([value(result, keys) for result in results])
        model, naive = mean("model", "mase"), mean("naive", "mase")
        seasonal = mean("seasonal_naive", "mase") if results[0].get("seasonal_naive") else None
        ratios.append(model / min(naive, seasonal or naive))
        covered.append(mean("model", "coverage80"))
        linear = mean("linear", "mase") if results[0].get("linear") else None
        shown = " | ".join("" if each is None else f"{each:.3f}" for each in (linear, seasonal))
        others = ""
        for name in names:
            own = results[0]["peers"][name]
            against[name].append(model / own["mase"])
            others += f" {own['mase']:.3f} ({100 * own['coverage80']:.0f}, {own['seconds']:.0f}) |"
        print(
            f"| {path.stem} | {model:.3f} | {shown} | {naive:.3f} | {100 * covered[-1]:.0f} | "
            f"{100 * mean('model', 'coverage95'):.0f} | {mean('seconds'):.0f} |{others}", flush=True)
    if ratios:
        print(
            f"\nerror over that of the better naive forecast: {statistics.geometric_mean(ratios):.3f} (geometric mean), at most "
            f"{max(ratios):.3f}; in bands of 80 %: {100 * statistics.mean(covered):.0f} on average, at least {100 * min(covered):.0f}")
    for name, own in against.items():
        if own:
            print(f"error over that of {name}: {statistics.geometric_mean(own):.3f} (geometric mean)")


def value(result, keys):
    for key in keys:
        result = result[key]
    return result


if __name__ == "__main__":
    main()
