import CRecurrent
import CellLanguage
import Networks
import Testing

/// Batches and traces through the functions of the header.
struct BatchCallTests {
  private static let lengths: [Int64] = [2, 4, 0, 4, 1]
  private static let steps = 5

  /// `[sequences, steps, 2]`: where no step is, there is what no run may read.
  private static func input() -> [Float] {
    var input = [Float](repeating: .nan, count: lengths.count * steps * 2)
    for (sequence, length) in lengths.enumerated() {
      for place in 0..<Int(length) * 2 { input[sequence * steps * 2 + place] = numbers(1, from: sequence * 31 + place)[0] }
    }
    return input
  }

  private static func network(_ readout: Architecture.Readout = .everyStep) throws -> Network {
    try Network(
      Architecture(
        input: .features(2),
        layers: [.init(.lstm, units: 4, direction: .bidirectional(.concatenate)), .init(.gru, units: 3)], readout: readout,
        output: .classes(3)), seed: 3)
  }

  private static func runner(_ network: Network) throws -> Opened {
    let model = try Opened.model(network)
    return try Opened(recurrent_runner_close) { recurrent_runner_open(model.pointer, 2, $0, $1) }
  }

  private static func withBatch<Result>(_ body: (UnsafePointer<recurrent_batch>) throws -> Result) rethrows -> Result {
    try lengths.withUnsafeBufferPointer { lengths in
      try input().withUnsafeBufferPointer { input in
        var batch = recurrent_batch(
          sequences: Int64(lengths.count), steps: Int64(steps), lengths: lengths.baseAddress, input: input.baseAddress,
          symbols: nil)
        return try body(&batch)
      }
    }
  }

  private static func sequences() -> [[[Float]]] {
    let input = input()
    return lengths.enumerated().map { sequence, length in
      (0..<Int(length)).map { step in (0..<2).map { input[(sequence * steps + step) * 2 + $0] } }
    }
  }

  @Test func aBatchIsWhatTheLibraryGives() throws {
    let network = try Self.network()
    let expected = try network.outputs(for: Self.sequences())
    let runner = try Self.runner(network)
    for _ in 0..<2 {
      var output = [Float](repeating: 9, count: Self.lengths.count * Self.steps * 3)
      try Self.withBatch { batch in try call { recurrent_runner_run(runner.pointer, batch, &output, $0) } }
      let padded = expected.flatMap { rows in
        rows.flatMap { $0 } + [Float](repeating: 0, count: (Self.steps - rows.count) * 3)
      }
      #expect(output == padded)
    }
  }

  @Test func sequencesAreReadOutInTheirOrder() throws {
    let network = try Self.network(.mean)
    let expected = try network.outputs(for: Self.sequences())
    var output = [Float](repeating: 9, count: Self.lengths.count * 3)
    let runner = try Self.runner(network)
    try Self.withBatch { batch in try call { recurrent_runner_run(runner.pointer, batch, &output, $0) } }
    #expect(output == expected.flatMap { $0[0] })
  }

  /// What the trace holds of the last layer's output is what the network's head reads: an update of a state is its next value.
  @Test func aTraceHasTheGatesOfAllPasses() throws {
    let network = try Network(
      input: .features(2), layers: [.init(.lstm, units: 4)], output: .lastLayer, seed: 4)
    let runner = try Self.runner(network)
    let trace = try Self.withBatch { batch in
      try Opened(recurrent_trace_close) { recurrent_trace_open(runner.pointer, batch, $0, $1) }
    }
    var count: Int64 = 0
    #expect(recurrent_trace_count(trace.pointer, &count) == RECURRENT_OK)
    var names: [String] = []
    for index in 0..<count {
      var info = recurrent_quantity_info()
      try call { recurrent_trace_describe(trace.pointer, index, &info, $0) }
      names.append(String(cString: info.name))
      #expect(info.width == 4 && info.pass == 0)
    }
    let output = try #require(names.firstIndex(of: "h'"))
    #expect(names.contains("f"))
    var values = [Float](repeating: 9, count: Self.lengths.count * Self.steps * 4)
    try call { recurrent_trace_copy(trace.pointer, Int64(output), &values, $0) }
    var expected = values.map { _ in 9 as Float }
    try Self.withBatch { batch in try call { recurrent_runner_run(runner.pointer, batch, &expected, $0) } }
    #expect(values == expected)
  }

  @Test func badBatchesAreRefused() throws {
    let runner = try Self.runner(Self.network())
    var output = [Float](repeating: 9, count: 100)
    func refused(_ batch: recurrent_batch) -> String? {
      refusal {
        try withUnsafePointer(to: batch) { batch in try call { recurrent_runner_run(runner.pointer, batch, &output, $0) } }
      }
    }
    #expect(refused(.init(sequences: 1, steps: 1, lengths: nil, input: nil, symbols: nil)) == "input is NULL: give a pointer")
    #expect(
      refused(.init(sequences: .max, steps: 2, lengths: nil, input: nil, symbols: nil))
        == "a batch of 9223372036854775807 sequences of 2 steps: neither may be negative, nor both together more than 2147483647 rows"
    )
    [7].withUnsafeBufferPointer {
      #expect(
        refused(.init(sequences: 1, steps: 2, lengths: $0.baseAddress, input: nil, symbols: nil))
          == "sequence 0, counted from 0, has the length 7; the batch has room for 2 steps")
    }
    #expect(refused(.init(sequences: 0, steps: 0, lengths: nil, input: UnsafePointer(Memory().array([0])), symbols: nil)) == nil)
    #expect(output[0] == 9)
  }
}
