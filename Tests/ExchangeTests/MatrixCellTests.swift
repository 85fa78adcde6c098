import CellCompiler
import CellLanguage
import Engine
import Exchange
import Models
import Networks
import Support
import TensorFiles
import Testing

/// Cells that have a matrix for each sequence, those whose weights show it with two heads, against the plain code of others.
struct MatrixCellTests {
  private static let withOneHead = ["retention", "gated-linear-attention"]

  private func run(_ name: String) throws -> (own: TensorFile, theirs: TensorFile) {
    let vectors = try Vectors.file("matrices.safetensors")
    let (weights, kept) = try vectors.part("\(name).weights.")
    let (arrays, alsoKept) = try vectors.part("\(name).arrays.")
    let network = try Network(Cell.named(name), parameters: weights)
    #expect(network.plans[0].heads == (Self.withOneHead.contains(name) ? 1 : 2))
    let output = TemporaryFile()
    try withExtendedLifetime((kept, alsoKept)) {
      try Safetensors.write(
        try ArrayRun(network, arrays, takesGradients: true)(on: Machine(threads: 1)), to: output.path)
    }
    return (try TensorFile(contentsOf: output.path), vectors)
  }

  /// Theirs are computed in double, but for parts that a package keeps as floats, and ours are rounded to 24 bits; no number is larger than some tens, and none is a
  /// sum of more than some tens of products.
  @Test(arguments: ["mlstm", "delta-net", "gated-delta-net", "retention", "gated-linear-attention"])
  func theirOutputsAndGradientsAreOurs(name: String) throws {
    let (own, theirs) = try run(name)
    func compare(_ array: String, _ expected: [Float]) throws {
      let found = try own.floats(array)
      let largest = expected.reduce(1) { max($0, abs($1)) }
      #expect(
        found.count == expected.count && zip(found, expected).allSatisfy { abs($0 - $1) < 1e-5 * largest }, "\(name): \(array)")
    }
    try compare("y", theirs.floats("\(name).y"))
    try compare("gradient.x", theirs.floats("\(name).x"))
    for parameter in try Cell.named(name).parameters {
      try compare("gradient.layers.0.\(parameter.name)", theirs.floats("\(name).gradients.\(parameter.name)"))
    }
  }
}
