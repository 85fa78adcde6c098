import CellLanguage
import Engine
import EngineLaws
import Foundation
import Testing

/// Values worked out by hand, the valves of the LSTM, packed batches and refusals.
@Suite struct ReferenceTests {
  private let rnn: ReferenceCell
  private let lstm: ReferenceCell

  init() throws {
    rnn = try ReferenceCell(.rnn, dimensions: Cell.rnn.dimensions(inputs: 2, units: 1))
    lstm = try ReferenceCell(.lstm, dimensions: Cell.lstm.dimensions(inputs: 1, units: 1))
  }

  /// h' = tanh(2 · 0.5 + 3 · 0.25 + 0.5 · 0.4 - 1) = tanh 0.95 and dz = 1 - tanh² 0.95. A few roundings apart.
  @Test func rnnByHand() throws {
    let run = try rnn.run(
      [[0.5, 0.25]], initialStates: ["h": [0.4]], parameters: ["W_x": [2, 3], "W_h": [0.5], "b": [-1]])
    let h = tanh(0.95)
    expect(run.finalStates["h"], [h])
    let gradients = try rnn.gradients(of: run, outputs: [[0.75]], finalStates: ["h": [0.25]])
    let dz = 1 - h * h
    expect(gradients.inputs[0], [2 * dz, 3 * dz])
    expect(gradients.initialStates["h"], [0.5 * dz])
    expect(gradients.parameters["W_x"], [0.5 * dz, 0.25 * dz])
    expect(gradients.parameters["W_h"], [0.4 * dz])
    expect(gradients.parameters["b"], [dz])
  }

  /// One unit, one input: each gate reads [h, x] = [0.5, 2].
  @Test func lstmByHand() throws {
    let (h0, c0, x) = (0.5, -0.8, 2.0)
    let weights: [String: [Double]] = ["f": [0.3, -0.2], "i": [-0.4, 0.6], "g": [0.9, 0.1], "o": [0.2, 0.7]]
    let biases = ["f": 1.0, "i": 0.1, "g": -0.3, "o": 0.05]
    var parameters: [String: [Double]] = [:]
    for (gate, weight) in weights { parameters["W_\(gate)"] = weight }
    for (gate, bias) in biases { parameters["b_\(gate)"] = [bias] }
    let run = try lstm.run([[x]], initialStates: ["h": [h0], "c": [c0]], parameters: parameters)

    func σ(_ z: Double) -> Double { 1 / (1 + exp(-z)) }
    let (f, i, g, o) = (σ(0.75), σ(1.1), tanh(0.35), σ(1.55))
    let c = f * c0 + i * g
    for (name, value) in ["f": f, "i": i, "g": g, "o": o, "c": c, "h": o * tanh(c)] { expect(run.steps[0][name], [value]) }

    // The loss is 2 h' + c'.
    let gradients = try lstm.gradients(of: run, outputs: [[2]], finalStates: ["c": [1]])
    let dc = 1 + 2 * o * (1 - tanh(c) * tanh(c))
    let dz = [
      "f": dc * c0 * f * (1 - f), "i": dc * g * i * (1 - i), "g": dc * i * (1 - g * g), "o": 2 * tanh(c) * o * (1 - o),
    ]
    for (gate, dz) in dz {
      expect(gradients.parameters["W_\(gate)"], [dz * h0, dz * x])
      expect(gradients.parameters["b_\(gate)"], [dz])
    }
    func sum(_ column: Int) -> Double { dz.reduce(0) { $0 + $1.value * weights[$1.key, default: []][column] } }
    expect(gradients.initialStates["c"], [dc * f])
    expect(gradients.initialStates["h"], [sum(0)])
    expect(gradients.inputs[0], [sum(1)])
  }

  /// Forget open and input closed keep the memory to the bit; closed and open put the candidate in its place; both half
  /// open mix them. A bias of ±1000 makes σ exactly 1 or 0.
  @Test(arguments: [(1000.0, -1000.0), (-1000, 1000), (0, 0)])
  func valves(forget: Double, input: Double) throws {
    let parameters: [String: [Double]] = [
      "W_f": [0, 0], "W_i": [0, 0], "W_g": [0.5, 2], "W_o": [1, 1], "b_f": [forget], "b_i": [input], "b_g": [0.1], "b_o": [0],
    ]
    let inputs = [[0.3], [-0.6], [1.5], [-2], [0.7]]
    let run = try lstm.run(inputs, initialStates: ["h": [0.2], "c": [0.875]], parameters: parameters)
    var memory = [0.875]
    for step in run.steps {
      let candidate = try #require(step["g"])
      switch (forget, input) {
      case (1000, _): break
      case (-1000, _): memory = candidate
      default: memory = [0.5 * memory[0] + 0.5 * candidate[0]]
      }
      #expect(step["c"] == memory)
    }
    #expect(run.finalStates["c"] == memory)
  }

  /// Four or five operations, each right to half a unit in the last place and none of them ill-conditioned, on numbers
  /// below 4.
  private func expect(_ values: [Double]?, _ exact: [Double], sourceLocation: SourceLocation = #_sourceLocation) {
    let near = values?.count == exact.count && zip(values ?? [], exact).allSatisfy { abs($0 - $1) <= 4e-15 }
    #expect(near, "\(values ?? []) instead of \(exact)", sourceLocation: sourceLocation)
  }
}
