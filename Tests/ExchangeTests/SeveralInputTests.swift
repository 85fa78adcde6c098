import CellLanguage
import Engine
import Exchange
import Models
import Networks
import Support
import TensorFiles
import Testing

/// Cells of several inputs against the packages of others, and over arrays of files.
struct SeveralInputTests {
  /// PyTorch's GRU, which resets behind its matrix, in the place of the paper's: so PyPOTS has it.
  private static let gruD = """
    cell gru-d
    input x, m(inputs), d(inputs)
    state h, l(inputs)
    l' = m * x + (1 - m) * l
    p  = exp(-max(v * d + q, 0))
    y  = m * x + (1 - m) * (p * l + (1 - p) * mean_x)
    k  = exp(-max(W_k d + b_k, 0)) * h
    r  = σ(W_r [y, k, m] + b_r + U_r k + d_r)
    z  = σ(W_z [y, k, m] + b_z + U_z k + d_z)
    n  = tanh(W_n [y, k, m] + b_n + r * (U_n k + d_n))
    h' = (1 - z) * n + z * k
    """

  private func run(_ name: String, _ cell: Cell, takesGradients: Bool = false) throws -> (TensorFile, TensorFile) {
    let vectors = try Vectors.file("several-inputs.safetensors")
    let (weights, kept) = try vectors.part("\(name).weights.")
    let (arrays, alsoKept) = try vectors.part("\(name).arrays.")
    let network = try Network(cell, parameters: weights)
    let output = TemporaryFile()
    try withExtendedLifetime((kept, alsoKept)) {
      try Safetensors.write(try ArrayRun(network, arrays)(on: Machine(threads: 1)), to: output.path)
    }
    return (try TensorFile(contentsOf: output.path), vectors)
  }

  @Test(arguments: ["cfc", "ea-lstm"])
  func theirOutputsAreOurs(name: String) throws {
    let (given, vectors) = try run(name, Cell.named(name))
    let (own, expected) = (try given.floats("y"), try vectors.floats("\(name).y"))
    #expect(own.count == expected.count && zip(own, expected).allSatisfy { abs($0 - $1) < 1e-5 })
  }

  @Test func missingValuesDecayAsTheirsDo() throws {
    let (given, vectors) = try run("gru-d", Cell(parsing: Self.gruD))
    let (own, expected) = (try given.floats("h_n"), try vectors.floats("gru-d.y"))
    #expect(own.count == expected.count && zip(own, expected).allSatisfy { abs($0 - $1) < 1e-5 })
  }

  private static let timed = Result {
    try Network(
      Architecture(
        input: .features(2, vectors: ["dt": 1]), layers: [.init(Cell.named("t-lstm"), units: 3)], output: .lastLayer))
  }

  private func arrays(_ entries: [Safetensors.Entry]) throws -> (TensorFile, TemporaryFile) {
    let file = TemporaryFile()
    try Safetensors.write(entries, to: file.path)
    return (try TensorFile(contentsOf: file.path), file)
  }

  /// The gradient of each input has its own array, and is what differences say.
  @Test func gradientsHaveTheNamesOfInputs() throws {
    let network = try Self.timed.get()
    let x: [Float] = [0.5, -1, 0.25, 2, 1, -0.5], dt: [Float] = [0.5, 1, 3]
    func run(_ dt: [Float]) throws -> [Safetensors.Entry] {
      let (file, kept) = try arrays([
        .init("x", x, shape: [1, 3, 2]), .init("dt", dt, shape: [1, 3, 1]),
        .init("gradient.y", [Float](repeating: 1, count: 9), shape: [1, 3, 3]),
      ])
      return try withExtendedLifetime(kept) { try ArrayRun(network, file, takesGradients: true)(on: Machine(threads: 1)) }
    }
    let given = try arrays(run(dt))
    #expect(given.0["gradient.x"]?.shape == [1, 3, 2] && given.0["gradient.dt"]?.shape == [1, 3, 1])
    for step in 0..<3 {
      func sum(_ change: Float) throws -> Float {
        var moved = dt
        moved[step] += change
        let (file, kept) = try arrays(run(moved))
        return try withExtendedLifetime(kept) { try file.floats("y").reduce(0, +) }
      }
      let difference = try (sum(0.01) - sum(-0.01)) / 0.02
      #expect(abs(try given.0.floats("gradient.dt")[step] - difference) < 1e-3)
    }
  }

  @Test func whatAFileLacksIsNamed() throws {
    let network = try Self.timed.get()
    func refusal(_ entries: [Safetensors.Entry]) throws -> String {
      let (file, kept) = try arrays(entries)
      let error = #expect(throws: RecurrentError.self) { try ArrayRun(network, file) }
      return withExtendedLifetime(kept) { (error?.description ?? "").replacing(file.path, with: "FILE") }
    }
    let x = Safetensors.Entry("x", [Float](repeating: 0, count: 6), shape: [1, 3, 2])
    #expect(try refusal([x]).contains("dt"))
    #expect(
      try refusal([x, .init("dt", [1, 1, 1], shape: [1, 3])]).contains(#"tensor "dt" has the shape [1, 3]; expected [1, 3, 1]"#))
    #expect(
      try refusal([x, .init("time", [1, 1, 1], shape: [1, 3, 1])])
        == "FILE has an array \"time\"; expected one of x, lengths, mask, dt, h0, c0")
  }

  @Test func exportersRefuseWhatIsKnownBeforeTheFirstStep() throws {
    let network = try Network(
      Architecture(
        input: .features(2), layers: [.init(.lstm, units: 3)],
        context: .encoder(input: .features(1), layers: [.init(.gru, units: 2)]), output: .values(1)))
    for (system, export) in [
      ("ONNX", { _ = try ONNXExport(network) }), ("PyTorch", { _ = try PyTorchExport(network, file: "m") }),
      ("Keras", { _ = try KerasExport(network, file: "m") }),
    ] as [(String, () throws -> Void)] {
      let error = #expect(throws: RecurrentError.self) { try export() }
      #expect(
        error?.description
          == "the network begins each sequence with what an encoder reads of a source, which \(system) can't hold as it is written here"
      )
    }
  }

  /// What other systems are not given yet, they are not given wrong.
  @Test func exportersRefuse() throws {
    let network = try Self.timed.get()
    let error = #expect(throws: RecurrentError.self) { try ONNXExport(network) }
    #expect(
      error?.description
        == "the network's cells read dt beside what is below them, which ONNX can't hold as it is written here: `recurrent run` runs it"
    )
    for name in ["t-lstm", "ltc", "ea-lstm"] {
      let cell = try Cell.named(name)
      let dimensions = try cell.dimensions(inputs: 4, units: 4)
      let error = #expect(throws: RecurrentError.self) { try LayerDescription(cell, dimensions: dimensions) }
      #expect(error?.description.hasSuffix("it reads \(cell.inputs.map(\.name).joined(separator: ", "))") == true)
    }
  }
}
