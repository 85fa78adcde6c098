import CellLanguage
import Engine
import Exchange
import Models
import Networks
import Storage
import TensorFiles
import Testing

/// Cells of other programs that no format here has, written as equations, in the folder that RECURRENT_CASES names.
struct EquationCaseTests {
  private typealias Array = ChainEvaluation.Array

  private func file(_ name: String) throws -> TensorFile { try TensorFile(contentsOf: #require(CaseTests.folder) + "/" + name) }

  private func array(_ file: TensorFile, _ name: String) throws -> Array {
    Array(values: try file.floats(name), shape: try #require(file[name]?.shape))
  }

  /// What a cell gives, with the states after the last step.
  private func run(
    _ equations: String, _ parameters: [String: Array], _ x: Array, _ order: ArrayRun.Order = .batchFirst
  ) throws -> TensorFile {
    let cell = try Cell(parsing: "cell other\ninput x\n\(equations)\n", file: "other")
    let (weights, input, output) = (TemporaryFile(), TemporaryFile(), TemporaryFile())
    try Safetensors.write(parameters.map { .init($0.key, $0.value.values, shape: $0.value.shape) }, to: weights.path)
    try Safetensors.write([.init("x", x.values, shape: x.shape)], to: input.path)
    let network = try Network(cell, parameters: TensorFile(contentsOf: weights.path))
    let run = try ArrayRun(network, TensorFile(contentsOf: input.path), order: order)
    try Safetensors.write(run(on: Machine(threads: 1)), to: output.path)
    return try TensorFile(contentsOf: output.path)
  }

  private func note(_ folder: String, _ check: String, _ actual: [Float], _ expected: [Float], rel: Float = 0) {
    CaseTable.$place.withValue(.init(folder, check)) { #expect(difference(actual, expected, abs: 2e-5, rel: rel) == nil) }
  }

  // MARK: TensorFlow Lite

  /// A pre-activation with mean 0 and variance 1 over the cells.
  private static func normal(_ name: String) -> String {
    "(\(name) - mean(\(name))) / sqrt(mean((\(name) - mean(\(name))) * (\(name) - mean(\(name)))) + 0.00000001)"
  }

  private static let lite: [(test: String, equations: String)] = [
    (
      "plain",
      """
      state h, c
      i  = σ(W_i x + R_i h + b_i)
      f  = σ(W_f x + R_f h + b_f)
      g  = tanh(W_g x + R_g h + b_g)
      o  = σ(W_o x + R_o h + b_o)
      c' = f * c + i * g
      h' = o * tanh(c')
      """
    ),
    (
      "cifg_peephole",
      """
      state h, c
      f  = σ(W_f x + R_f h + p_f * c + b_f)
      g  = tanh(W_g x + R_g h + b_g)
      c' = f * c + (1 - f) * g
      o  = σ(W_o x + R_o h + p_o * c' + b_o)
      h' = o * tanh(c')
      """
    ),
    (
      "layernorm_peephole_projection",
      """
      size P = units / 2
      state h(P), c
      i  = W_i x + R_i h + p_i * c
      f  = W_f x + R_f h + p_f * c
      g  = W_g x + R_g h
      c' = σ(ln_f * \(normal("f")) + b_f) * c + σ(ln_i * \(normal("i")) + b_i) * tanh(ln_g * \(normal("g")) + b_g)
      o  = W_o x + R_o h + p_o * c'
      h' = projection (σ(ln_o * \(normal("o")) + b_o) * tanh(c'))
      """
    ),
  ]

  @Test(.enabled(if: CaseTests.folder != nil, CaseTests.isMissing), arguments: lite.map(\.test))
  func cellsOfTensorFlowLite(test: String) throws {
    let (weights, io) = (try file("tflite-lstm-tests/weights.safetensors"), try file("tflite-lstm-tests/io.safetensors"))
    let names = weights.tensors.map(\.name).filter { $0.hasPrefix("\(test).") }
    let parameters = try Dictionary(
      uniqueKeysWithValues: names.map { (String($0.dropFirst(test.count + 1)), try array(weights, $0)) })
    let equations = try #require(Self.lite.first { $0.test == test }?.equations)
    let results = try run(equations, parameters, array(io, "\(test).x"))
    note("tflite-lstm-tests", "vectors", try results.floats("y"), try io.floats("\(test).y"))
  }

  // MARK: Newer cells

  private func modern() throws -> (weights: TensorFile, io: TensorFile) {
    (try file("modern-variants/weights.safetensors"), try file("modern-variants/io.safetensors"))
  }

  @Test(.enabled(if: CaseTests.folder != nil, CaseTests.isMissing)) func minimalGatedUnit() throws {
    let (weights, io) = try modern()
    let stacked = try array(weights, "minGRU.to_hidden_and_gate.weight")
    let (units, inputs) = (stacked.shape[0] / 2, stacked.shape[1])
    func half(_ place: Int) -> Array {
      let size = units * inputs
      return Array(values: [Float](stacked.values[place * size..<(place + 1) * size]), shape: [units, inputs])
    }
    // a + 0.5 above zero, σ(a) below.
    let equations = """
      state h
      a  = W_a x
      z  = σ(W_z x)
      h' = (1 - z) * h + z * (relu(a) + min(σ(a), 0.5))
      """
    let results = try run(equations, ["W_a": half(0), "W_z": half(1)], array(io, "minGRU.x"))
    let out = try array(weights, "minGRU.to_out.weight")
    let dense = try DenseLayer("out", inputs: units, outputs: out.shape[0], weight: out.values, bias: nil)
    let hidden = try array(results, "y")
    let y = try ChainEvaluation(chain: LayerChain(path: "", parts: [.dense(dense)]))(hidden).y.values
    note("modern-variants", "cells", y, try io.floats("minGRU.y_step"), rel: 1e-4)
    note("modern-variants", "cells", y, try io.floats("minGRU.y_parallel"), rel: 1e-4)
    note("modern-variants", "cells", try results.floats("h_n"), try io.floats("minGRU.last_hidden"), rel: 1e-4)
  }

  @Test(.enabled(if: CaseTests.folder != nil, CaseTests.isMissing), arguments: ["SRU", "SRU_expand"])
  func simpleRecurrentUnit(name: String) throws {
    let (weights, io) = try modern()
    var (x, memories): (Array, [Float]) = (try array(io, "\(name).x"), [])
    for layer in 0..<(name == "SRU" ? 2 : 1) {
      let prefix = "\(name).rnn_lst.\(layer)"
      let (stacked, vectors, biases) = (
        try array(weights, "\(prefix).weight"), try weights.floats("\(prefix).weight_c"), try weights.floats("\(prefix).bias")
      )
      let (inputs, columns, units) = (stacked.shape[0], stacked.shape[1], biases.count / 2)
      let kinds = columns / units
      var parameters = [
        "v_f": Array(values: [Float](vectors.prefix(units)), shape: [units]),
        "v_r": Array(values: [Float](vectors.suffix(units)), shape: [units]),
        "b_f": Array(values: [Float](biases.prefix(units)), shape: [units]),
        "b_r": Array(values: [Float](biases.suffix(units)), shape: [units]),
      ]
      for (kind, letter) in ["u", "f", "r", "s"].prefix(kinds).enumerated() {
        let matrix = (0..<units).flatMap { unit in (0..<inputs).map { stacked.values[$0 * columns + unit * kinds + kind] } }
        parameters["W_\(letter)"] = Array(values: matrix, shape: [units, inputs])
      }
      let equations = """
        state h, c
        f  = σ(W_f x + v_f * c + b_f)
        c' = f * c + (1 - f) * (W_u x)
        r  = σ(W_r x + v_r * c + b_r)
        h' = r * c' + (1 - r) * \(kinds == 4 ? "(W_s x)" : "x")
        """
      let results = try run(equations, parameters, x, .timeFirst)
      x = try array(results, "y")
      memories += try results.floats("c_n")
    }
    note("modern-variants", "cells", x.values, try io.floats("\(name).y"), rel: 1e-4)
    note("modern-variants", "cells", memories, try io.floats("\(name).c_n"), rel: 1e-4)
  }

  /// The memory is a matrix, which is a vector of its rows here; constant matrices lay vectors out over it and add its columns
  /// up. Each head is a sequence of its own.
  @Test(.enabled(if: CaseTests.folder != nil, CaseTests.isMissing)) func matrixMemory() throws {
    let (_, io) = try modern()
    let names = ["q", "k", "v", "i", "f"]
    let parts = try names.map { try array(io, "mLSTM.\($0)") }
    let (steps, heads, width) = (parts[0].shape[0], parts[0].shape[1] * parts[0].shape[2], parts[0].shape[4])
    let widths = parts.map { $0.shape[4] }
    let rows = (0..<steps * heads).flatMap { row in zip(parts, widths).flatMap { $0.values[row * $1..<(row + 1) * $1] } }
    let x = Array(values: rows, shape: [steps, heads, widths.reduce(0, +)])
    func matrix(_ rows: Int, _ columns: Int, _ isOne: (_ row: Int, _ column: Int) -> Bool) -> Array {
      let values = (0..<rows * columns).map { isOne($0 / columns, $0 % columns) ? Float(1) : 0 }
      return Array(values: values, shape: [rows, columns])
    }
    var parameters: [String: Array] = [:]
    for (place, name) in names.enumerated() {
      let first = widths.prefix(place).reduce(0, +)
      parameters["X_\(name)"] = matrix(widths[place], x.shape[2]) { $1 == first + $0 }
    }
    let size = width * width
    parameters["L"] = matrix(size, width) { $0 / width == $1 }
    parameters["R"] = matrix(size, width) { $0 % width == $1 }
    parameters["A"] = matrix(size, 1) { _, _ in true }
    parameters["B"] = matrix(width, 1) { _, _ in true }
    parameters["T"] = matrix(width, size) { $1 % width == $0 }
    parameters["U"] = matrix(1, width) { _, _ in true }
    let equations = """
      size E = units
      size S = units
      state h, C(E), n, m(S)
      q  = X_q x
      k  = X_k x / 2
      i  = X_i x
      l  = m - softplus(0 - X_f x)
      m' = max(l, i)
      a  = exp(l - m')
      b  = exp(i - m')
      C' = (A a) * C + (A b) * (L k) * (R (X_v x))
      n' = (B a) * n + (B b) * k
      d  = max(abs(U (q * n')), exp(0 - m')) + 0.000001
      h' = (T ((L q) * C')) / (B d)
      """
    let results = try run(equations, parameters, x, .timeFirst)
    for (own, name) in [("y", "h"), ("C_n", "C_final"), ("n_n", "n_final"), ("m_n", "m_final")] {
      note("modern-variants", "cells", try results.floats(own), try io.floats("mLSTM.\(name)"), rel: 1e-4)
    }
  }
}
