import CommandKit
package import Engine
import Platform
import Support

/// The measurements of a benchmark.
package struct Benchmark: Sendable {
  package let work: BenchmarkWork
  package let machine: Machine
  /// The seconds that a run takes.
  package let timing: Timing
  /// The seconds of the same run without traces, measured in turn with the other; nil for work that traces nothing.
  package let untraced: Timing?
  /// The peak of the process's memory while the work ran for the first time.
  package let peakBytes: Int

  /// 10⁹ counted operations a second, in the median.
  package var gigaflops: Double { Double(work.operations) / timing.median * 1e-9 }

  /// Runs the work, compares its results with the reference, and only then measures how long it takes.
  ///
  /// - Throws: ``RecurrentError`` as ``BenchmarkSubject/init(checked:expecting:on:)`` does.
  package init(_ work: BenchmarkWork, on machine: Machine, effort: Timing.Effort = .init()) throws {
    self.work = work
    self.machine = machine
    PeakMemory.reset()
    let subject = try BenchmarkSubject(checked: work, on: machine)
    peakBytes = subject.peakBytes
    if work.mode == .trace {
      let both = Timing.inTurn(effort, { subject.run($0) }, { subject.run($0, traces: false) })
      (timing, untraced) = (both.first, both.second)
    } else {
      timing = Timing(effort) { subject.run($0) }
      untraced = nil
    }
  }

  /// How many times longer a traced run takes than an untraced one, the fastest of each, since disturbances only make runs
  /// slower. Nil for work that traces nothing.
  package var tracingFactor: Double? { untraced.map { timing.minimum / $0.minimum } }
}

extension BenchmarkSubject {
  /// A subject that has run and been compared with the reference.
  ///
  /// - Parameter expected: the numbers that the reference runs on; nil for the subject's own.
  /// - Throws: ``RecurrentError`` if the results differ, or if the machine has too little memory for the work.
  package convenience init(
    checked work: BenchmarkWork, expecting expected: BenchmarkData? = nil, on machine: Machine
  ) throws {
    let memory = System.physicalMemory
    guard work.bytes < memory else {
      throw RecurrentError(
        .unsuitable,
        "\(work) needs about \(work.bytes >> 30) GiB, and this machine has \(memory >> 30): make the batch or the time smaller")
    }
    let data = BenchmarkData(work)
    self.init(work, data, on: machine)
    if let deviation = try deviation(expecting: expected ?? data) {
      throw RecurrentError(
        .unsuitable, "\(work) on \(machine.instructionSet) kernels differs from the reference: \(deviation); no time is printed")
    }
  }
}
