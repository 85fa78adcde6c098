"""Rounds in which each contender is timed once, so that whatever slows the machine for a while slows all of them."""

import math
import statistics
import time

import numpy


class Mismatch(Exception):
    pass


def compare(work, name, results, tensors):
    """Raises Mismatch unless the results are those that Recurrent gave.

    Both round each sum of n terms; roundings that are as likely up as down leave the array about √n halves of an ulp off,
    relative to its norm (Higham & Mary 2019). They add up over the steps, and once more on the way back, for both sides:
    4 T √n halves of an ulp.
    """
    terms = max(work.inputs + work.units, 4 * work.units, work.batch * work.steps)
    bound = 4 * work.steps * math.sqrt(terms) * 2.0**-24
    for key, value in results.items():
        expected, value = tensors[key].astype("f8"), numpy.asarray(value, "f8")
        if expected.shape != value.shape:
            raise Mismatch(f"{work}: {key} of {name} has the shape {value.shape}, expected {expected.shape}")
        error = numpy.linalg.norm(value - expected) / max(numpy.linalg.norm(expected), 1e-30)
        if not error <= bound:
            raise Mismatch(f"{work}: {key} of {name} differs by {error:.2g} of its norm, more than {bound:.2g}: no time is taken")


def seconds(contender, runs):
    if hasattr(contender, "seconds"):
        return contender.seconds(runs)
    begin = time.perf_counter()
    contender.run(runs)
    return time.perf_counter() - begin


def measure(contenders, rounds, sample=0.05):
    """Seconds of one run, for each contender a list with one number a round."""
    runs = {}
    for contender in contenders:
        count = 1
        seconds(contender, 1)
        while (taken := seconds(contender, count)) < sample / 4:
            count *= 2
        runs[contender.name] = max(1, round(count * sample / taken))
    times = {contender.name: [] for contender in contenders}
    for turn in range(rounds):
        # Each round begins with another one, so that none always follows the same.
        for index in range(len(contenders)):
            contender = contenders[(index + turn) % len(contenders)]
            # The one before has left its own data in the caches, and perhaps threads that wait for more work without sleeping.
            time.sleep(0.05)
            seconds(contender, max(1, runs[contender.name] // 10))
            count = runs[contender.name]
            times[contender.name].append(seconds(contender, count) / count)
    return times


def ratio(theirs, ours):
    """How many times as long they take, in the median of the rounds."""
    return statistics.median(their / our for their, our in zip(theirs, ours))
