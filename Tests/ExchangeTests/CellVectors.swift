import CellLanguage
import Engine
import Exchange
import Models
import Networks
import Support
import TensorFiles
import Testing

/// What other people's code gives for a cell of the library, gradients too, and what ours makes of the same weights and inputs.
struct CellVectors {
  let name: String
  let cell: Cell
  let network: Network
  private let own: TensorFile
  private let theirs: TensorFile

  /// - Parameters:
  ///   - file: of `Tests/Vectors`.
  ///   - sizes: those that no shape of theirs shows.
  init(_ name: String, in file: String, sizes: [String: Int] = [:]) throws {
    self.name = name
    cell = try .named(name)
    theirs = try Vectors.file(file)
    let (weights, kept) = try theirs.part("\(name).weights.")
    let (arrays, alsoKept) = try theirs.part("\(name).arrays.")
    let network = try Network(cell, parameters: weights, sizes: sizes)
    self.network = network
    let output = TemporaryFile()
    try withExtendedLifetime((kept, alsoKept)) {
      try Safetensors.write(
        try ArrayRun(network, arrays, takesGradients: true)(on: Machine(threads: 1)), to: output.path)
    }
    own = try TensorFile(contentsOf: output.path)
  }

  /// Holds an array of ours to one of theirs. Theirs are computed in double, but for parts that a package keeps as floats, and ours are rounded to 24 bits; no
  /// number is larger than some tens, and none is a sum of more than some tens of products.
  func compare(_ array: String, with other: String) throws {
    let (found, expected) = (try own.floats(array), try theirs.floats("\(name).\(other)"))
    let largest = expected.reduce(1) { max($0, abs($1)) }
    #expect(
      found.count == expected.count && zip(found, expected).allSatisfy { abs($0 - $1) < 1e-5 * largest }, "\(name): \(array)")
  }

  /// The gradients of all that training learns.
  func compareGradientsOfParameters() throws {
    for parameter in cell.parameters where !parameter.isFixed {
      try compare("gradient.layers.0.\(parameter.name)", with: "gradients.\(parameter.name)")
    }
  }
}
