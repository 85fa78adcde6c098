import CellLanguage
import Engine
import Exchange
import Models
import Networks
import TensorFiles
import Testing

/// Cells that others have written by hand, written here as equations, in the folder that RECURRENT_CASES names.
struct VariantCaseTests {
  @Test(.enabled(if: CaseTests.folder != nil, CaseTests.isMissing), arguments: VariantPages.all.map(\.cell))
  func aCellOfEquationsGivesTheNumbersOfItsProgram(name: String) throws {
    let folder = try #require(CaseTests.folder) + "/torchrecurrent-variants"
    let page = try #require(VariantPages.all.first { $0.cell == name })
    let cell = try Cell(parsing: "cell \(name.lowercased())\ninput x\n\(page.equations)\n", file: name)
    let weights = try TensorFile(contentsOf: "\(folder)/weights.safetensors")
    let parameters = TemporaryFile()
    try Safetensors.write(cell.parameters.map { try entry($0, of: name, weights) }, to: parameters.path)
    let network = try Network(cell, parameters: TensorFile(contentsOf: parameters.path))
    let io = try TensorFile(contentsOf: "\(folder)/io.safetensors")
    let (input, output) = (TemporaryFile(), TemporaryFile())
    try Safetensors.write([.init("x", io.floats("\(name).x"), shape: io["\(name).x"]?.shape ?? [])], to: input.path)
    let run = try ArrayRun(network, TensorFile(contentsOf: input.path), order: .timeFirst)
    try Safetensors.write(run(on: Machine(threads: 1)), to: output.path)
    let (y, expected) = (try TensorFile(contentsOf: output.path).floats("y"), try io.floats("\(name).y"))
    CaseTable.$place.withValue(.init("torchrecurrent-variants", "cells")) {
      #expect(difference(y, expected, abs: 2e-5, rel: 1e-4) == nil)
    }
  }

  /// A parameter from the block of rows that its name says.
  private func entry(_ parameter: Cell.Parameter, of cell: String, _ file: TensorFile) throws -> Safetensors.Entry {
    let parts = parameter.name.split(separator: "_").map(String.init)
    let tensors = [
      "W": "weight_ih", "U": "weight_hh", "M": "weight_mh", "p": "weight_ph", "b": "bias_ih", "d": "bias_hh", "m": "bias_mh",
    ]
    if parts.count == 2, parts[0] == "e" {
      let letters = Array(parts[1]).map(String.init)
      let (input, recurrent) = (try block(cell, "bias_ih", letters[0], file), try block(cell, "bias_hh", letters[1], file))
      return Safetensors.Entry(parameter.name, zip(input.values, recurrent.values).map(+), shape: input.shape)
    }
    if parts.count == 2, let tensor = tensors[parts[0]] {
      let (values, shape) = try block(cell, tensor, parts[1], file)
      return Safetensors.Entry(parameter.name, values, shape: shape)
    }
    let whole = "\(cell).\(parameter.name)"
    return try Safetensors.Entry(parameter.name, file.floats(whole), shape: file[whole]?.shape ?? [])
  }

  /// - Parameter letter: `a` for the first block.
  private func block(
    _ cell: String, _ tensor: String, _ letter: String, _ file: TensorFile
  ) throws -> (values: [Float], shape: [Int]) {
    // All cells of the collection have six units.
    let (name, units) = ("\(cell).\(tensor)", 6)
    let shape = try #require(file[name]?.shape)
    let place = try #require("abcde".firstIndex(of: Character(letter))).utf16Offset(in: "abcde")
    let size = units * shape.dropFirst().reduce(1, *)
    return (Array(try file.floats(name)[place * size..<(place + 1) * size]), [units] + shape.dropFirst())
  }
}
