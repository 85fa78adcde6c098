import CellLanguage
import Engine
import Networks
import Sequences
import Support
import Testing

/// Layers that read in reverse, held to what people would do by hand: turn each sequence round, run it forward, turn what comes
/// out round, and merge.
struct DirectionTests {
  static let merges = Architecture.Merge.allCases

  private static func features(_ batch: Batch) -> [Float] {
    batch.inputs.numbers ?? []
  }

  /// Packed rows with each sequence from its last step to its first.
  private func turned(_ rows: [Float], _ lengths: PackedLengths) -> [Float] {
    let width = rows.count / max(1, lengths.rows)
    var turned = rows
    for (sequence, length) in lengths.perSequence.enumerated() {
      for step in 0..<length {
        let (from, to) = (lengths.row(step: length - 1 - step, sequence: sequence), lengths.row(step: step, sequence: sequence))
        turned.replaceSubrange(to * width..<(to + 1) * width, with: rows[from * width..<(from + 1) * width])
      }
    }
    return turned
  }

  /// A row of `[rows, width]`.
  private func part(of values: [Float], row: Int, rows: Int) -> ArraySlice<Float> {
    let width = values.count / rows
    return values[row * width..<(row + 1) * width]
  }

  private func merged(_ ahead: [Float], _ back: [Float], _ merge: Architecture.Merge, rows: Int) -> [Float] {
    switch merge {
    case .sum: zip(ahead, back).map { $0 + $1 }
    case .multiply: zip(ahead, back).map { $0 * $1 }
    case .average: zip(ahead, back).map { 0.5 * ($0 + $1) }
    case .concatenate:
      (0..<rows).flatMap { row in [ahead, back].flatMap { part(of: $0, row: row, rows: rows) } }
    }
  }

  /// A network of one forward layer with the weights that a pass of `network` has.
  private func alone(_ network: Network, pass: Int) throws -> Network {
    let layer = network.architecture.layers[0]
    return try Network(
      Architecture(
        input: network.architecture.input, layers: [.init(layer.cell, units: layer.units, sizes: layer.sizes)],
        output: .lastLayer)
    ) { _ in Array(network.parameters[network.layout.passes[pass]]) }
  }

  private func outputs(_ network: Network, _ inputs: [Float], _ lengths: PackedLengths) throws -> (
    values: [Float], states: [[[Float]]]
  ) {
    let runner = NetworkRunner(network, machine: try Machine(threads: 2), trains: false)
    return try (runner.outputs(.features(inputs), lengths: lengths), runner.carriedStates)
  }

  /// Every cell of the library, with one of the merges each: to the bit, outputs and final states.
  @Test(
    arguments: Array(Cell.library.filter { $0.inputs.count == 1 && $0.memory == nil }.enumerated()).map {
      Pair(cell: $1, merge: Self.merges[$0 % Self.merges.count])
    })
  func bothDirectionsAreTwoRunsMergedByHand(pair: Pair) throws {
    let (cell, merge) = (pair.cell, pair.merge)
    let network = try Network(
      input: .features(6), layers: [.init(cell, units: 6, direction: .bidirectional(merge))], output: .lastLayer, seed: 2)
    let batch = NetworkCase(testDescription: "", lengths: [6, 6, 4, 1, 0]).batch(network, seed: 5)
    let inputs = Self.features(batch)
    let given = try outputs(network, inputs, batch.lengths)
    let ahead = try outputs(try alone(network, pass: 0), inputs, batch.lengths)
    let back = try outputs(try alone(network, pass: 1), turned(inputs, batch.lengths), batch.lengths)
    let expected = merged(ahead.values, turned(back.values, batch.lengths), merge, rows: batch.lengths.rows)
    #expect(given.values == expected)
    #expect(Set(expected).count > batch.lengths.steps)
    #expect(given.states == [ahead.states[0], back.states[0]])
  }

  struct Pair: Sendable, CustomTestStringConvertible {
    let cell: Cell
    let merge: Architecture.Merge
    var testDescription: String { "\(cell.name), \(merge)" }
  }

  /// Each number is rounded as often as `roundings` counts, in an order that may depend on the batch, so that two runs are twice
  /// that apart at most, of numbers of order 1.
  @Test(arguments: GradientTests.reversed)
  func aPackedBatchIsEachSequenceAlone(_ each: NetworkCase) throws {
    let network = try each.network()
    let batch = each.batch(network, seed: 1)
    let runner = NetworkRunner(network, machine: try Machine(threads: 2), trains: false)
    let together = try runner.outputs(batch.inputs, lengths: batch.lengths)
    let states = runner.carriedStates
    let bound = Float(2 * ReferenceNetwork(network: network, batch: batch).roundings * 0x1p-24)
    for (sequence, length) in batch.lengths.perSequence.enumerated() {
      let rows = (0..<length).map { batch.lengths.row(step: $0, sequence: sequence) }
      let alone = try runner.outputs(
        batch.inputs.taking(rows, of: batch.lengths.rows), lengths: PackedLengths(steps: length, batch: 1))
      let expected = rows.flatMap { part(of: together, row: $0, rows: batch.lengths.rows) }
      #expect(expected.count == alone.count && zip(expected, alone).allSatisfy { abs($0 - $1) <= bound })
      for (packed, single) in zip(states.joined(), runner.carriedStates.joined()) {
        let final = packed[sequence * single.count..<(sequence + 1) * single.count]
        let largest = single.reduce(1) { max($0, abs($1)) }
        #expect(zip(final, single).allSatisfy { abs($0 - $1) <= bound * largest })
      }
    }
  }

  @Test func weightsSayTheirDirection() throws {
    let network = try Network(
      input: .features(2),
      layers: [
        .init(.rnn, units: 3, direction: .bidirectional(.concatenate)), .init(.rnn, units: 4, learnsInitialStates: true),
        .init(.rnn, units: 5, direction: .reverse),
        .init(.lstm, units: 1, direction: .bidirectional(.sum), learnsInitialStates: true),
      ], output: .values(1))
    let shapes = network.layout.entries.filter { !$0.name.contains(".W_") }.map { "\($0.name) \($0.shape)" }
    let last = ["forward", "reverse"].flatMap { direction in
      ["b_f", "b_i", "b_g", "b_o", "initial.h", "initial.c"].map { "layers.3.\(direction).\($0) [1]" }
    }
    #expect(
      shapes == [
        "layers.0.forward.b [3]", "layers.0.reverse.b [3]", "layers.1.b [4]", "layers.1.initial.h [4]", "layers.2.reverse.b [5]",
      ] + last + ["output.weight [1, 1]", "output.bias [1]"])
    #expect(network.layout["layers.1.W_x"]?.shape == [4, 6])
    #expect(
      network.architecture.passes.map(\.name) == [
        "layer 1, forward", "layer 1, reverse", "layer 2", "layer 3, reverse", "layer 4, forward", "layer 4, reverse",
      ])
    #expect(network["layers.3.forward.W_f"] != network["layers.3.reverse.W_f"])
  }

  @Test func directionsOfUnequalWidthsCanOnlyBeConcatenated() throws {
    func network(_ merge: Architecture.Merge) throws -> Network {
      try Network(
        input: .features(2),
        layers: [.init(.lstm, units: 6, direction: .bidirectional(merge, reverse: try .named("lstm-projected")))],
        output: .lastLayer)
    }
    #expect(try network(.concatenate).architecture.outputWidth == 9)
    let error = #expect(throws: RecurrentError.self) { try network(.sum) }
    #expect(
      error?.description == "layer 1 can't sum what its directions give, 6 and 3 numbers: concatenate them")
  }

  @Test func aStreamCannotReadInReverse() throws {
    let network = try Network(
      input: .features(2), layers: [.init(.gru, units: 2), .init(.gru, units: 2, direction: .reverse)], output: .values(1))
    let error = #expect(throws: RecurrentError.self) { try network.stream() }
    #expect(
      error?.description
        == "the network can't be run step by step: layer 2 reads each sequence from its last step, which a stream does not know; "
        + "run it over whole sequences")
  }

  /// The trace of a reverse pass stands in the order of the input's steps, whatever part of it is asked for.
  @Test(arguments: [nil, 1..<3, 0..<1] as [Range<Int>?], [nil, 1..<3] as [Range<Int>?])
  func tracesAreInTheOrderOfTheInput(steps: Range<Int>?, sequences: Range<Int>?) throws {
    let network = try Network(
      input: .features(3), layers: [.init(.gru, units: 4, direction: .bidirectional(.concatenate))], output: .lastLayer, seed: 1)
    let batch = NetworkCase(testDescription: "", lengths: [4, 3, 1]).batch(network, seed: 1)
    let runner = NetworkRunner(network, machine: try Machine(threads: 1), trains: false)
    let outputs = try runner.outputs(batch.inputs, lengths: batch.lengths)
    let traces = try runner.trace(
      batch.inputs, lengths: batch.lengths, TraceSelection(quantities: ["h'"], steps: steps, sequences: sequences))
    var rows: [Int] = []
    for step in steps ?? 0..<4 {
      for sequence in sequences ?? 0..<3 where batch.lengths.perSequence[sequence] > step {
        rows.append(batch.lengths.row(step: step, sequence: sequence))
      }
    }
    for (pass, trace) in traces.enumerated() {
      var expected: [Float] = []
      for row in rows {
        let start = row * 8 + pass * 4
        expected += outputs[start..<start + 4]
      }
      #expect(trace["h'"]?.values == expected)
      #expect(trace.lengths.rows == rows.count)
    }
    #expect(traces.count == 2)
  }

  @Test func aQuantityCanBeHeldInOneDirection() throws {
    let network = try Network(
      input: .features(3), layers: [.init(.lstm, units: 4, direction: .bidirectional(.concatenate))], output: .lastLayer, seed: 1)
    let batch = NetworkCase(testDescription: "", lengths: [4, 2]).batch(network, seed: 1)
    func trace(_ clamp: Clamp) throws -> [[Float]?] {
      let runner = NetworkRunner(try network.clamping([clamp]), machine: try Machine(threads: 1), trains: false)
      return try runner.trace(batch.inputs, lengths: batch.lengths).map { $0["f"]?.values }
    }
    let held = [Float](repeating: 0.25, count: 24)
    #expect(try trace(Clamp(quantity: "f", value: 0.25)) == [held, held])
    let back = try trace(Clamp(isReverse: true, quantity: "f", value: 0.25))
    #expect(back[1] == held && back[0] != held)
    let forward = try Network(input: .features(3), layers: [.init(.lstm, units: 4)], output: .lastLayer)
    let error = #expect(throws: RecurrentError.self) { try forward.clamping([Clamp(isReverse: true, quantity: "f", value: 0)]) }
    #expect(error?.description == "layer 1 has no reverse direction: it reads forward only")
  }
}

struct InitialStateTests {
  /// Learned states are where a run, a stream and a new sequence of a stream begin.
  @Test func everyRunBeginsThere() throws {
    var network = try Network(
      input: .features(2), layers: [.init(.lstm, units: 3, learnsInitialStates: true)], output: .values(2), seed: 1)
    #expect(network["layers.0.initial.c"] == [0, 0, 0])
    let fresh = network
    let start: [[Float]] = [[0.5, -0.25, 0.125], [1, -2, 3]]
    for (name, values) in zip(["layers.0.initial.h", "layers.0.initial.c"], start) {
      network.parameters.replaceSubrange(try #require(network.layout[name]).range, with: values)
    }
    let machine = try Machine(threads: 1)
    let batch = NetworkCase(testDescription: "", lengths: [4, 2]).batch(network, seed: 1)
    let given = NetworkRunner(fresh, machine: machine, trains: false)
    given.carriedStates = [start.map { $0 + $0 }]
    let expected = try given.outputs(batch.inputs, lengths: batch.lengths, carriesStates: true)
    let runner = NetworkRunner(network, machine: machine, trains: false)
    #expect(try runner.outputs(batch.inputs, lengths: batch.lengths) == expected)
    #expect(try runner.outputs(batch.inputs, lengths: batch.lengths) == expected)

    let stream = try StreamingNetwork(network, machine: machine).stream()
    #expect((0..<2).map { stream.state($0, ofLayer: 0) } == start)
    let first = stream.step([1, 2])
    #expect(first != (try StreamingNetwork(fresh, machine: machine).stream().step([1, 2])))
    stream.step([2, 1])
    stream.reset()
    #expect(stream.step([1, 2]) == first)
  }

  /// States that were carried over are not the learned ones: these have no gradient then.
  @Test func carriedStatesTeachThemNothing() throws {
    let network = try Network(
      input: .features(3), layers: [.init(.gru, units: 4, learnsInitialStates: true)], output: .values(2), seed: 1)
    let batch = NetworkCase(testDescription: "", lengths: [4, 4]).batch(network, seed: 1)
    let runner = NetworkRunner(network, machine: try Machine(threads: 1), trains: true)
    let range = try #require(network.layout["layers.0.initial.h"]).range
    for carries in [false, true] {
      var gradient = [Float](repeating: 0, count: network.parameters.count)
      _ = try runner.run(
        batch.inputs, lengths: batch.lengths, targets: batch.targets, carriesStates: carries, gradients: &gradient)
      #expect(gradient[range].allSatisfy { $0 == 0 } == carries)
    }
  }

  /// A stream of a network without a head gives what the last layer gives.
  @Test func aStreamWithoutAHead() throws {
    let network = try Network(input: .features(2), layers: [.init(.rnn, units: 3)], output: .lastLayer, seed: 1)
    let stream = try network.stream()
    #expect(stream.step([1, -1]) == stream.state(0, ofLayer: 0))
    #expect(stream.outputs.contains { $0 != 0 })
  }
}
