import Dispatch
package import Kernels
import Platform
public import Support

/// What a computation runs on: the kernels of an instruction set, and how many threads.
public struct Machine: Sendable {
  package let instructionSet: InstructionSet
  /// How many threads share the work.
  public let threads: Int

  /// The fastest instruction set that this processor can run, unless the environment variable `RECURRENT_CPU` names another one.
  ///
  /// - Parameter threads: nil for one thread a processor.
  /// - Throws: ``RecurrentError`` if `RECURRENT_CPU` names an instruction set that is unknown or that this processor lacks, or if
  ///   `threads` is not positive.
  public init(threads: Int? = nil) throws(RecurrentError) {
    try self.init(instructionSet: .selected(by: System.environment("RECURRENT_CPU")), threads: threads)
  }

  /// Processors that the process may use, at least one.
  package static var processorCount: Int { Int(rk_processor_count()) }

  /// A machine with a given instruction set, for tests of all of them.
  package init(instructionSet: InstructionSet, threads: Int? = nil) throws(RecurrentError) {
    let threads = threads ?? Machine.processorCount
    guard (1...1024).contains(threads) else { throw RecurrentError(.machine, "\(threads) threads: give a number from 1 to 1024") }
    self.instructionSet = instructionSet
    self.threads = threads
  }

  /// Runs `body` once for each of `0..<count`, on as many threads, and returns when all are done.
  package func concurrently(_ count: Int, _ body: @Sendable (Int) -> Void) {
    if count == 1 { return body(0) }
    DispatchQueue.concurrentPerform(iterations: count, execute: body)
  }

  /// Cuts `0..<count` into one range a thread, multiples of `grain` long, and runs `body` on each.
  package func forEachPart(of count: Int, grain: Int = 1, _ body: @Sendable (Range<Int>) -> Void) {
    let ranges = ranges(of: count, grain: grain)
    concurrently(ranges.count) { body(ranges[$0]) }
  }

  /// `0..<count` in one range a thread, multiples of `grain` long.
  func ranges(of count: Int, grain: Int) -> [Range<Int>] {
    let parts = max(1, min(threads, count / grain))
    let bounds = (0...parts).map { $0 == parts ? count : count * $0 / parts / grain * grain }
    return zip(bounds, bounds.dropFirst()).map { $0..<$1 }
  }
}

/// The kernels compiled for one kind of processor: `baseline`, `avx2` or `avx512` on x86-64.
package struct InstructionSet: CustomStringConvertible {
  let kernels: UnsafePointer<rk_kernels>
  package let description: String

  /// The instruction sets that this processor can run, the slowest first.
  package static let available: [InstructionSet] = (0..<rk_level_count()).compactMap { InstructionSet(index: $0) }

  /// Other kernels than those of this build, for tests.
  ///
  /// - Parameter kernels: a table that stays valid and unchanged.
  package init(_ kernels: UnsafePointer<rk_kernels>, description: String) {
    self.kernels = kernels
    self.description = description
  }

  private init?(index: Int32) {
    guard let kernels = rk_level(index) else { return nil }
    self.kernels = kernels
    description = String(cString: rk_level_name(index))
  }

  /// The level of that name, or the fastest one if there is no name.
  package static func selected(by name: String?) throws(RecurrentError) -> InstructionSet {
    guard let best = available.last else { throw RecurrentError(.machine, "this build has no kernels for this processor") }
    guard let name, !name.isEmpty else { return best }
    if let level = available.first(where: { $0.description == name }) { return level }
    let known = (0..<rk_level_count()).map { String(cString: rk_level_name($0)) }
    let reason = known.contains(name) ? "this processor can't run it" : "there is no such level"
    let choices = available.map(\.description).joined(separator: ", ")
    throw RecurrentError(.machine, "RECURRENT_CPU is \(name), but \(reason): set it to one of \(choices), or leave it out")
  }
}

// A table of functions that nothing ever changes.
extension InstructionSet: @unchecked Sendable {}
