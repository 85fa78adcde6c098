import CellLanguage
import Engine
import Exchange
import Models
import Networks
import Support
import TensorFiles
import Testing

/// Cells of the library against the packages of others, gradients too.
struct CellVectorTests {
  private static let cells: [String] = [
    "antisymmetric-rnn", "atr", "brc", "clockwork-rnn", "cornn", "dsgu", "fastrnn", "gated-antisymmetric-rnn", "intersection-rnn",
    "light-recurrent-unit", "lmu", "lru", "lstm-1997", "lstm-memory-controller", "lstm-residual", "lstm-working-memory", "mamba2",
    "miru1",
    "miru2", "nbrc", "rg-lru", "rwkv6", "rwkv7", "s4d", "s5", "sgrn", "sgu", "star", "tau-gru", "typed-gru", "typed-lstm",
    "typed-rnn",
    "unicornn",
  ]

  private func run(_ name: String) throws -> (own: TensorFile, theirs: TensorFile) {
    let vectors = try Vectors.file("cells.safetensors")
    let (weights, kept) = try vectors.part("\(name).weights.")
    let (arrays, alsoKept) = try vectors.part("\(name).arrays.")
    // No shape of theirs shows how many heads there are.
    let sizes = name.hasPrefix("rwkv") ? ["heads": 2] : [:]
    let network = try Network(Cell.named(name), parameters: weights, sizes: sizes)
    let output = TemporaryFile()
    try withExtendedLifetime((kept, alsoKept)) {
      try Safetensors.write(
        try ArrayRun(network, arrays, takesGradients: true)(on: Machine(threads: 1)), to: output.path)
    }
    return (try TensorFile(contentsOf: output.path), vectors)
  }

  /// Theirs are computed in double, and ours are rounded to 24 bits.
  @Test(arguments: cells)
  func theirOutputsAndGradientsAreOurs(name: String) throws {
    let (own, theirs) = try run(name)
    func compare(_ array: String, _ expected: [Float]) throws {
      let found = try own.floats(array)
      let largest = expected.reduce(1) { max($0, abs($1)) }
      #expect(
        found.count == expected.count && zip(found, expected).allSatisfy { abs($0 - $1) < 1e-5 * largest }, "\(name): \(array)")
    }
    try compare("y", theirs.floats("\(name).y"))
    for input in try Cell.named(name).inputs {
      try compare("gradient.\(input.name)", theirs.floats("\(name).inputs.\(input.name)"))
    }
    for parameter in try Cell.named(name).parameters where !parameter.isFixed {
      try compare("gradient.layers.0.\(parameter.name)", theirs.floats("\(name).gradients.\(parameter.name)"))
    }
  }

  /// `legendre(8)` is what SciPy makes of the differential equation.
  @Test func aLegendreMemoryStartsAsItHasTo() throws {
    let vectors = try Vectors.file("cells.safetensors")
    let cell = try Cell(parsing: Cell.named("lmu").description.replacing("legendre(64)", with: "legendre(8)"))
    let network = try Network(
      Architecture(input: .features(3), layers: [.init(cell, units: 4, sizes: ["N": 5])], output: .lastLayer))
    for name in ["A", "B"] {
      let entry = try #require(network.layout["layers.0.\(name)"])
      let expected = try vectors.floats("lmu.weights.\(name)", shape: entry.shape)
      #expect(zip(network.parameters[entry.range], expected).allSatisfy { abs($0 - $1) < 1e-6 })
    }
  }
}
