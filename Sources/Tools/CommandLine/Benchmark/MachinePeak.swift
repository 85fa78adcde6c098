package import Engine

/// The peak of the machine's multipliers when they never wait, which bounds all measured work.
package struct MachinePeak: Sendable {
  /// 10⁹ operations a second, all threads together.
  package let gigaflops: Double

  /// Rows, sources and results of a product whose operands, 28 KB, stay in the first-level cache. Each is a whole number of
  /// tiles on every CPU level.
  private static let (rows, sources, results) = (24, 96, 48)

  /// Measures the peak on all threads at once. Each thread takes the best of many short samples, since disturbances only make
  /// samples smaller.
  package init(_ machine: Machine, samples: Int = 500) {
    let rates = FloatBuffer(count: machine.threads)
    nonisolated(unsafe) let best = rates.base
    let level = machine.instructionSet
    machine.concurrently(machine.threads) { best[$0] = Float(Self.rate(level, samples: samples)) }
    gigaflops = (0..<machine.threads).reduce(0) { $0 + Double(rates.base[$1]) }
  }

  /// The best of one thread's samples, 10⁹ operations a second.
  private static func rate(_ level: InstructionSet, samples: Int) -> Double {
    let panels = Panels(n: results, k: sources, level: level)
    let vectors = FloatBuffer(count: rows * sources), products = FloatBuffer(count: rows * results)
    let runs = 100
    let seconds = (0..<samples).map { _ in
      Timing.seconds {
        for _ in 0..<runs {
          panels.multiply(vectors.base, stride: sources, rows: rows, bias: nil, into: products.base, stride: results)
        }
      }
    }
    return Double(2 * rows * sources * results * runs) / (seconds.min() ?? .infinity) * 1e-9
  }
}
