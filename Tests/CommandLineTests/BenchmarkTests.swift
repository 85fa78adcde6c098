import CellLanguage
import CommandKit
import CommandLine
import Engine
import Foundation
import Models
import Storage
import Support
import Testing

struct BenchmarkTests {
  private let brief = Timing.Effort(samples: 3, seconds: 0)

  @Test(arguments: BenchmarkWork.Mode.allCases)
  func whatAgreesWithTheReferenceIsTimed(mode: BenchmarkWork.Mode) throws {
    let work = try BenchmarkWork(.gru, inputs: 5, units: 24, batch: 7, steps: 6, mode: mode)
    let benchmark = try Benchmark(work, on: Machine(threads: 2), effort: brief)
    #expect(benchmark.timing.samples.count == 3)
    #expect(benchmark.timing.minimum > 0)
    #expect(benchmark.timing.minimum <= benchmark.timing.median && benchmark.timing.median <= benchmark.timing.maximum)
    #expect(benchmark.gigaflops > 0)
    #expect(benchmark.untraced?.samples.count == (mode == .trace ? 3 : nil))
    #expect((benchmark.tracingFactor ?? 1) > 0)
    #expect(benchmark.peakBytes > 1 << 20)
  }

  @Test(arguments: BenchmarkWork.Mode.allCases)
  func anotherResultIsNotTimed(mode: BenchmarkWork.Mode) throws {
    let work = try BenchmarkWork(.gru, inputs: 5, units: 24, batch: 7, steps: 6, mode: mode)
    var expected = BenchmarkData(work)
    expected.parameters[0] += 0.01
    let error = #expect(throws: RecurrentError.self) {
      try BenchmarkSubject(checked: work, expecting: expected, on: Machine(threads: 2))
    }
    let mode = mode == .step ? "step gru, I = 5, H = 24, B = 7" : "\(mode) gru, I = 5, H = 24, B = 7, T = 6"
    let level = try Machine().instructionSet
    #expect(
      error?.description.hasPrefix("\(mode) on \(level) kernels differs from the reference: number 0 of the output is") == true)
    #expect(error?.description.hasSuffix("; no time is printed") == true)
  }

  /// A cell that attends, with memories of another length than its sequences, which the reference reads, too.
  @Test(arguments: BenchmarkWork.Mode.allCases, ["gru-attention", "lstm-luong"])
  func memoriesAreGivenToThoseThatReadThem(mode: BenchmarkWork.Mode, cell: String) throws {
    let work = try BenchmarkWork(.named(cell), inputs: 5, units: 12, batch: 5, steps: 6, memoryRows: 9, mode: mode)
    #expect(try Benchmark(work, on: Machine(threads: 2), effort: brief).timing.minimum > 0)
    #expect(work.description.hasSuffix(", M = 9"))
    #expect(try BenchmarkWork(.named(cell), inputs: 5, units: 12, batch: 5, steps: 6, mode: mode).memoryRows == 6)
    #expect(try BenchmarkWork(.gru, inputs: 5, units: 12, batch: 5, steps: 6, memoryRows: 9, mode: mode).memoryRows == nil)
  }

  /// `M U^T` is made once for each sequence: 9 rows of 12 numbers, each 12 times, in training three times.
  @Test func theProductsOfAMemoryAreCountedOnce() throws {
    func operations(_ rows: Int, _ mode: BenchmarkWork.Mode) throws -> Int {
      try BenchmarkWork(.named("gru-attention"), inputs: 5, units: 12, batch: 5, steps: 6, memoryRows: rows, mode: mode)
        .operations
    }
    #expect(try operations(10, .infer) - operations(1, .infer) == 2 * 9 * 12 * 12 * 5)
    #expect(try operations(10, .train) - operations(1, .train) == 6 * 9 * 12 * 12 * 5)
    #expect(try operations(10, .step) == operations(1, .step))
  }

  /// The gradients alone are wrong: the outputs are those of the same weights.
  @Test func anotherGradientIsNotTimed() throws {
    let work = try BenchmarkWork(.lstm, inputs: 24, units: 24, batch: 4, steps: 6, mode: .train)
    var expected = BenchmarkData(work)
    expected.outputGradients[0] += 0.5
    let error = #expect(throws: RecurrentError.self) {
      try BenchmarkSubject(checked: work, expecting: expected, on: Machine(threads: 2))
    }
    #expect(error?.description.contains(": number 0 of the gradient of the inputs is") == true)
  }

  /// Two operations for each multiply-add: the LSTM's four gates of 16 read 16 + 3 numbers, in training three times.
  @Test(arguments: [(BenchmarkWork.Mode.step, 2 * 64 * 19 * 2), (.infer, 2 * 64 * 19 * 2 * 5), (.train, 6 * 64 * 19 * 2 * 5)])
  func operationsAreThoseOfTheProducts(mode: BenchmarkWork.Mode, operations: Int) throws {
    #expect(try BenchmarkWork(.lstm, inputs: 3, units: 16, batch: 2, steps: 5, mode: mode).operations == operations)
  }

  @Test func whatNoMachineCanHoldIsRefused() throws {
    let work = try BenchmarkWork(.lstm, inputs: 65_536, units: 65_536, batch: 65_536, steps: 1_000_000, mode: .train)
    let error = #expect(throws: RecurrentError.self) { try BenchmarkSubject(checked: work, on: Machine(threads: 2)) }
    #expect(error?.description.hasSuffix(": make the batch or the time smaller") == true)
  }

  @Test(arguments: [([4, 1, 3], 3.0), ([4, 1, 3, 2], 2.5), ([1], 1)] as [([Double], Double)])
  func theMedianIsTheMiddle(samples: [Double], median: Double) {
    #expect(Timing(samples: samples).median == median)
  }
}

struct BenchCommandTests {
  @Test func oneSizeIsOneRow() {
    let captured = CapturedTerminal()
    #expect(recurrent.run(["bench", "--cell", "rnn", "--units", "8", "--mode", "step"], on: captured.terminal()) == 0)
    let rows = captured.output.split(separator: "\n").filter { $0.hasPrefix("step") }
    #expect(rows.count == 1)
    // 2 · 8 · (8 + 1) operations.
    #expect(rows.first?.split(separator: " ").prefix(7) == ["step", "rnn", "1", "8", "1", "0.14", "k"])
  }

  @Test func machinesGetALineOfJSON() throws {
    let captured = CapturedTerminal()
    let arguments = ["bench", "--units", "8", "--batch", "2", "--time", "3", "--threads", "1", "--json"]
    #expect(recurrent.run(arguments, on: captured.terminal()) == 0)
    #expect(captured.output.hasPrefix("{\"batch\":2,\"cell\":\"lstm\",\"gigaflops\":"))
    #expect(captured.output.hasSuffix("\"threads\":1,\"time\":3,\"units\":8}\n"))
  }

  @Test(arguments: [
    (["--time", "3"], "--units is missing: --inputs, --batch, --time and --memory go with a number of units"),
    (["--memory", "3"], "--memory is for cells that read a memory, such as gru-attention: leave it out"),
    (["--memory", "3", "--cell", "gru,lstm"], "--memory is for cells that read a memory, such as gru-attention: leave it out"),
    (["--serve", "x"], "--serve needs --units: it runs one thing only"),
    (["--cell", "lsmt"], "no cell of the library is called `lsmt`; did you mean `lstm`?"),
    (["--units", "4", "--inputs", "0"], "--inputs is \"0\"; expected a whole number from 1 to 65536"),
  ])
  func whatMakesNoSenseIsAnError(arguments: [String], message: String) {
    let captured = CapturedTerminal()
    #expect(recurrent.run(["bench"] + arguments, on: captured.terminal()) != 0)
    #expect(captured.messages.hasPrefix("error: \(message)\n"))
    #expect(captured.output == "")
  }

  @Test func anotherProgramIsServed() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "bench-\(UInt64.random(in: 0 ... .max)).safetensors").path
    defer { try? FileManager.default.removeItem(atPath: file) }
    let work = try BenchmarkWork(.lstm, inputs: 3, units: 4, batch: 2, steps: 5, mode: .train)
    let captured = CapturedTerminal()
    var lines = ["1", "10"]
    try serve(work, on: Machine(threads: 1), file: file, terminal: captured.terminal()) {
      lines.isEmpty ? nil : lines.removeFirst()
    }
    let answers = captured.output.split(separator: "\n").compactMap { Double($0) }
    #expect(answers.count == 3 && answers[0] == Double(work.operations))
    #expect(answers.dropFirst().allSatisfy { $0 > 0 })
    let tensors = try Safetensors(contentsOf: file)
    #expect(tensors["output"]?.shape == [5, 2, 4])
    #expect(tensors["gradient.state.c"]?.shape == [2, 4])
    #expect(tensors["gradient.parameter.W_f"]?.shape == tensors["parameter.W_f"]?.shape)
    #expect(try tensors.values("parameter.W_f", as: Float.self) == Array(BenchmarkData(work).parameters.prefix(4 * 7)))
  }

  @Test func anUnknownRequestEndsTheService() throws {
    let work = try BenchmarkWork(.lstm, inputs: 3, units: 4, batch: 1, steps: 2, mode: .step)
    let file = FileManager.default.temporaryDirectory.appending(path: "bench-\(UInt64.random(in: 0 ... .max)).safetensors").path
    defer { try? FileManager.default.removeItem(atPath: file) }
    let error = #expect(throws: RecurrentError.self) {
      try serve(work, on: Machine(threads: 1), file: file, terminal: CapturedTerminal().terminal()) { "go" }
    }
    #expect(error?.description == "the line \"go\" asks for nothing: write a number of runs, at least 1")
  }
}
