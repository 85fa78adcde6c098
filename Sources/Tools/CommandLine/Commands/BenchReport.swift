import CellLanguage
import Engine
import Storage
import Support

/// Prints measurements, one on each line.
protocol BenchmarkReport {
  func heading(_ machine: Machine, _ peak: MachinePeak) -> [String]
  func line(_ benchmark: Benchmark, _ peak: MachinePeak) -> String
}

/// As columns of a table.
struct BenchmarkTable: BenchmarkReport {
  private static let widths = [-5, -22, 5, 5, 5, 7, 5, 10, 10, 10, 10, 7, 5, 8, 7]

  func heading(_ machine: Machine, _ peak: MachinePeak) -> [String] {
    let titles = [
      "work", "cell", "I", "H", "B", "T", "M", "operations", "median", "minimum", "maximum", "GF/s", "peak", "memory", "/ infer",
    ]
    return [
      "\(machine.instructionSet) kernels, \(machine.threads) thread\(machine.threads == 1 ? "" : "s"). "
        + "Each result agreed with the reference in Double before its time was taken.",
      "Operations: 2 for each multiply-add of the matrix products; in training three times that, for the results and for",
      "the gradients of vectors and of matrices. A run of train packs the weights, goes forward and back; a run of step is",
      "one step of a stream. Memory is the process's peak. Peak is the fraction of what the multipliers reach on operands in",
      "the first-level cache, measured just now: \(peak.gigaflops.fixed(1)) GF/s. A run of trace returns every named",
      "quantity of every step; the last column says how many times longer the fastest of them takes than the fastest of",
      "infer, run in turn with it. M is the rows of the memory of each sequence, for cells that read one; their products are",
      "counted once for each sequence, and not what a step reads of them.", "",
      row(titles),
    ]
  }

  func line(_ benchmark: Benchmark, _ peak: MachinePeak) -> String {
    let work = benchmark.work
    let times = [benchmark.timing.median, benchmark.timing.minimum, benchmark.timing.maximum].map(time)
    let sizes = [work.dimensions.inputs, work.dimensions.units, work.batch].map(String.init)
    let fraction = work.mode == .step ? "" : "\((100 * benchmark.gigaflops / peak.gigaflops).fixed(0)) %"
    return row(
      [work.mode.rawValue, work.cell.name] + sizes + [
        work.mode == .step ? "" : "\(work.steps)", work.memoryRows.map { "\($0)" } ?? "", count(work.operations),
      ] + times
        + [
          benchmark.gigaflops.fixed(benchmark.gigaflops < 10 ? 2 : 1), fraction, "\(benchmark.peakBytes >> 20) MiB",
          benchmark.tracingFactor.map { "\($0.fixed(2)) x" } ?? "",
        ])
  }

  private func row(_ cells: [String]) -> String {
    zip(cells, Self.widths).map { text, width in
      let space = String(repeating: " ", count: max(0, abs(width) - text.count))
      return width < 0 ? text + space : space + text
    }.joined(separator: " ")
  }

  /// Seconds in three or four digits: `75.2 ns`, `1.23 ms`.
  private func time(_ seconds: Double) -> String {
    let (unit, scale) = seconds < 1e-6 ? ("ns", 1e9) : seconds < 1e-3 ? ("µs", 1e6) : seconds < 1 ? ("ms", 1e3) : ("s", 1)
    let number = seconds * scale
    return "\(number.fixed(number < 10 ? 2 : 1)) \(unit)"
  }

  private func count(_ operations: Int) -> String {
    let (unit, scale) = operations < 1_000_000 ? ("k", 1e3) : operations < 1_000_000_000 ? ("M", 1e6) : ("G", 1e9)
    return "\((Double(operations) / scale).fixed(2)) \(unit)"
  }
}

/// As JSON objects.
struct BenchmarkLines: BenchmarkReport {
  private struct Line: Encodable {
    let mode: String
    let cell: String
    let inputs: Int
    let units: Int
    let batch: Int
    let time: Int?
    let memoryRows: Int?
    let threads: Int
    let kernels: String
    let operations: Int
    let gigaflops: Double
    let peakGigaflops: Double
    let medianSeconds: Double
    let minimumSeconds: Double
    let maximumSeconds: Double
    let untracedMinimumSeconds: Double?
    let tracingFactor: Double?
    let samples: Int
    let peakBytes: Int
  }

  func heading(_ machine: Machine, _ peak: MachinePeak) -> [String] { [] }

  func line(_ benchmark: Benchmark, _ peak: MachinePeak) -> String {
    let (work, timing) = (benchmark.work, benchmark.timing)
    let line = Line(
      mode: work.mode.rawValue, cell: work.cell.name, inputs: work.dimensions.inputs, units: work.dimensions.units,
      batch: work.batch, time: work.mode == .step ? nil : work.steps, memoryRows: work.memoryRows,
      threads: benchmark.machine.threads,
      kernels: "\(benchmark.machine.instructionSet)", operations: work.operations, gigaflops: benchmark.gigaflops,
      peakGigaflops: peak.gigaflops,
      medianSeconds: timing.median, minimumSeconds: timing.minimum, maximumSeconds: timing.maximum,
      untracedMinimumSeconds: benchmark.untraced?.minimum, tracingFactor: benchmark.tracingFactor,
      samples: timing.samples.count, peakBytes: benchmark.peakBytes)
    return json(line)
  }
}
