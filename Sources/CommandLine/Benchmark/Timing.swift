/// How long something takes: seconds of one run, measured several times.
package struct Timing: Sendable {
  /// Seconds of one run, one for each sample.
  package let samples: [Double]

  package var median: Double {
    let sorted = samples.sorted()
    return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }
  package var minimum: Double { samples.min() ?? 0 }
  package var maximum: Double { samples.max() ?? 0 }

  /// How long to measure.
  package struct Effort: Sendable {
    /// At least so many samples, and at least so many seconds of them.
    package var samples = 11
    package var seconds = 0.5

    package init() {}

    package init(samples: Int, seconds: Double) {
      self.samples = samples
      self.seconds = seconds
    }
  }

  package init(samples: [Double]) { self.samples = samples }

  /// Measures `run`, which does something as often as it is told.
  ///
  /// The runs of a sample are as many as last two milliseconds, beside which the clock's own time is nothing; finding out
  /// how many warms up.
  package init(_ effort: Effort = Effort(), _ run: (Int) -> Void) {
    run(1)
    var runs = 1
    while Self.seconds({ run(runs) }) < 0.002 { runs *= 2 }
    var samples: [Double] = []
    let begin = ContinuousClock.now
    repeat {
      samples.append(Self.seconds { run(runs) } / Double(runs))
    } while samples.count < effort.samples || (ContinuousClock.now - begin).seconds < effort.seconds
    self.samples = samples
  }

  /// Seconds that `body` takes.
  package static func seconds(_ body: () -> Void) -> Double { ContinuousClock().measure(body).seconds }
}
