import Support

/// How long a run takes, measured several times.
package struct Timing: Sendable {
  /// The seconds of one run, for each sample.
  package let samples: [Double]

  package var median: Double {
    let sorted = samples.sorted()
    return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }
  package var minimum: Double { samples.min() ?? 0 }
  package var maximum: Double { samples.max() ?? 0 }

  /// How long to measure.
  package struct Effort: Sendable {
    /// The least number of samples, and the least number of seconds of all samples together.
    package var samples = 11
    package var seconds = 0.5

    package init() {}

    package init(samples: Int, seconds: Double) {
      self.samples = samples
      self.seconds = seconds
    }

    fileprivate func repeats(_ measure: () -> Void) {
      let begin = ContinuousClock.now
      var count = 0
      repeat {
        measure()
        count += 1
      } while count < samples || (ContinuousClock.now - begin).seconds < seconds
    }
  }

  package init(samples: [Double]) { self.samples = samples }

  /// Measures `run`, which does something a given number of times.
  ///
  /// A sample has as many runs as take two milliseconds, beside which the time for reading the clock is negligible; finding out
  /// how many warms up.
  package init(_ effort: Effort = Effort(), _ run: (Int) -> Void) {
    let runs = Self.runs(run)
    var samples: [Double] = []
    effort.repeats { samples.append(Self.seconds { run(runs) } / Double(runs)) }
    self.samples = samples
  }

  /// Measures two runs in turn, a sample of each, so that other work of the machine affects both alike.
  package static func inTurn(
    _ effort: Effort = Effort(), _ first: (Int) -> Void, _ second: (Int) -> Void
  ) -> (first: Timing, second: Timing) {
    let runs = (runs(first), runs(second))
    var samples: (first: [Double], second: [Double]) = ([], [])
    effort.repeats {
      samples.first.append(seconds { first(runs.0) } / Double(runs.0))
      samples.second.append(seconds { second(runs.1) } / Double(runs.1))
    }
    return (Timing(samples: samples.first), Timing(samples: samples.second))
  }

  /// How many runs take two milliseconds.
  private static func runs(_ run: (Int) -> Void) -> Int {
    run(1)
    var runs = 1
    while seconds({ run(runs) }) < 0.002 { runs *= 2 }
    return runs
  }

  /// Seconds that `body` takes.
  package static func seconds(_ body: () -> Void) -> Double { ContinuousClock().measure(body).seconds }
}
