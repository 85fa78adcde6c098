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

  @Test(arguments: cells)
  func theirOutputsAndGradientsAreOurs(name: String) throws {
    // No shape of theirs shows how many heads there are.
    let vectors = try CellVectors(name, in: "cells.safetensors", sizes: name.hasPrefix("rwkv") ? ["heads": 2] : [:])
    try vectors.compare("y", with: "y")
    for input in vectors.cell.inputs { try vectors.compare("gradient.\(input.name)", with: "inputs.\(input.name)") }
    try vectors.compareGradientsOfParameters()
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
