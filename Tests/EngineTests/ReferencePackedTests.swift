import CellLanguage
import Engine
import EngineLaws
import Support
import Testing

@Suite struct ReferencePackedTests {
  /// Rows of a packed batch are exactly the sequences alone; gradients of parameters are their sums, in that order.
  @Test func packedIsEachSequenceAlone() throws {
    let reference = try ReferenceCell(.lstm, dimensions: Cell.lstm.dimensions(inputs: 3, units: 4))
    let lengths = try PackedLengths([5, 3, 3, 1, 0])
    let points = lengths.perSequence.enumerated().map { Point(reference, steps: $1, seed: UInt64($0)) }
    func packed(_ rows: (Point) -> [[Double]]) -> [Double] {
      (0..<lengths.steps).flatMap { step in points.flatMap { rows($0).count > step ? rows($0)[step] : [] } }
    }
    func joined(_ states: (Point) -> [String: [Double]]) -> [String: [Double]] {
      ["h": points.flatMap { states($0)["h", default: []] }, "c": points.flatMap { states($0)["c", default: []] }]
    }
    let parameters = points[0].parameters
    let run = try reference.run(
      packed: packed(\.inputs), lengths: lengths, initialStates: joined(\.states), parameters: parameters)
    let gradients = try reference.gradients(
      of: run, outputs: packed(\.outputWeights), finalStates: joined(\.stateWeights))

    let alone = try points.map { try reference.run($0.inputs, initialStates: $0.states, parameters: parameters) }
    let aloneGradients = try zip(points, alone).map {
      try reference.gradients(of: $1, outputs: $0.outputWeights, finalStates: $0.stateWeights)
    }
    for (sequence, length) in lengths.perSequence.enumerated() {
      for name in ["f", "i", "g", "o", "c", "h"] {
        for step in 0..<length {
          #expect(rows(run.quantities[name], lengths.row(step: step, sequence: sequence)) == alone[sequence].steps[step][name])
        }
      }
      for step in 0..<length {
        let row = lengths.row(step: step, sequence: sequence)
        #expect(Array(gradients.inputs[row * 3..<row * 3 + 3]) == aloneGradients[sequence].inputs[step])
      }
      for state in ["h", "c"] {
        #expect(rows(run.finalStates[state], sequence) == alone[sequence].finalStates[state])
        #expect(rows(gradients.initialStates[state], sequence) == aloneGradients[sequence].initialStates[state])
      }
    }
    for (name, values) in gradients.parameters {
      var sum = [Double](repeating: 0, count: values.count)
      for each in aloneGradients { sum = zip(sum, each.parameters[name, default: []]).map { $0 + $1 } }
      #expect(values == sum)
    }
  }

  @Test func leftOutStatesAreZero() throws {
    let reference = try ReferenceCell(.lstm, dimensions: Cell.lstm.dimensions(inputs: 3, units: 4))
    let point = Point(reference, steps: 3, seed: 1)
    let zero = [Double](repeating: 0, count: 4)
    let without = try reference.run(point.inputs, parameters: point.parameters)
    let with = try reference.run(point.inputs, initialStates: ["h": zero, "c": zero], parameters: point.parameters)
    #expect(without.steps == with.steps)
  }

  @Test(
    arguments: [
      ([[1.0, 2]], [:], [:], "the input of step 0 of cell rnn has 2 numbers; it needs 1"),
      ([[1]], ["c": [1]], [:], "cell rnn has no state c"),
      ([[1]], ["h": [1, 2]], [:], "the initial state h of cell rnn has 2 numbers; it needs 1"),
      ([[1]], [:], ["W_x": [1], "W_h": [], "b": [1]], "the parameter W_h of cell rnn has 0 numbers; it needs 1"),
      ([[1]], [:], ["W": [1]], "cell rnn has no parameter W"),
    ] as [([[Double]], [String: [Double]], [String: [Double]], String)])
  func refusesWhatDoesNotFit(
    inputs: [[Double]], states: [String: [Double]], parameters: [String: [Double]], message: String
  ) throws {
    let reference = try ReferenceCell(.rnn, dimensions: Cell.rnn.dimensions(inputs: 1, units: 1))
    let error = #expect(throws: RecurrentError.self) {
      try reference.run(inputs, initialStates: states, parameters: parameters)
    }
    #expect(error?.description == message)
  }

  private func rows(_ values: [Double]?, _ row: Int) -> [Double]? { values.map { Array($0[row * 4..<row * 4 + 4]) } }
}
