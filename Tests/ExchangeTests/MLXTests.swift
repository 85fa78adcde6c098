import Engine
import Exchange
import Models
import Networks
import Support
import TensorFiles
import Testing

/// Layers under MLX's names are the layers that PyTorch's names make of the same numbers.
struct MLXTests {
  private func tensors(_ module: String, gates: Int) -> (mlx: [Safetensors.Entry], pytorch: [Safetensors.Entry]) {
    var random = Random(seed: UInt64(gates))
    func values(_ count: Int) -> [Float] { (0..<count).map { _ in random.uniformFloat() } }
    let (units, inputs) = (2, 3)
    let (input, recurrent, bias) = (values(gates * units * inputs), values(gates * units * units), values(gates * units))
    let hidden = values(units)
    let (rows, zeros) = (gates * units, [Float](repeating: 0, count: (gates - 1) * units))
    let names = gates == 1 ? ("Wxh", "Whh", "bias") : gates == 3 ? ("Wx", "Wh", "b") : ("Wx", "Wh", "bias")
    let own: [Safetensors.Entry] = gates == 3 ? [.init("\(module).bhn", hidden, shape: [units])] : []
    return (
      [
        .init("\(module).\(names.0)", input, shape: [rows, inputs]),
        .init("\(module).\(names.1)", recurrent, shape: [rows, units]), .init("\(module).\(names.2)", bias, shape: [rows]),
      ] + own,
      [
        .init("weight_ih_l0", input, shape: [rows, inputs]), .init("weight_hh_l0", recurrent, shape: [rows, units]),
        .init("bias_ih_l0", bias, shape: [rows]),
        .init("bias_hh_l0", zeros + (gates == 3 ? hidden : [Float](repeating: 0, count: units)), shape: [rows]),
      ]
    )
  }

  @Test(arguments: [1, 3, 4]) func aModuleIsALayer(gates: Int) throws {
    let (mlx, pytorch) = tensors("encoder.layers.0", gates: gates)
    let networks = try [mlx, pytorch].map { entries in
      let file = TemporaryFile()
      try Safetensors.write(entries, to: file.path)
      return try Network(LayerChain(TensorFile(contentsOf: file.path)))
    }
    #expect(networks[0].architecture == networks[1].architecture)
    #expect(networks[0].parameters == networks[1].parameters)
  }

  @Test func modulesThatOnlyANumberTellsApartAreAStack() throws {
    let file = TemporaryFile()
    let linear: [Safetensors.Entry] = [.init("head.bias", [Float](repeating: 0, count: 2), shape: [2])]
    try Safetensors.write(tensors("layers.0", gates: 4).mlx + linear, to: file.path)
    let found = try LayerChain(TensorFile(contentsOf: file.path)).layers
    #expect(found.map(\.stack) == ["layers"] && found.map(\.layer.name) == ["layers.0"] && found[0].system == .mlx)
  }

  @Test(arguments: [
    ([("a.weight_ih_l0", [8, 3])], "has no weight_hh of a.l0"),
    (
      [("a.weight_ih_l0", [8, 3]), ("a.weight_hh_l0", [6, 2])],
      "a.weight_ih_l0 of $ has 8 rows, but a.weight_hh_l0 has 6: expected as many"
    ),
    (
      [("weight_ih", [10, 3]), ("weight_hh", [10, 2])],
      "weight_ih of $ has 10 rows for 2 units; expected 1, 3 or 4 for each: a plain network, a GRU or an LSTM"
    ),
    (
      [("weight_ih_l0", [8]), ("weight_hh_l0", [8, 2])], "weight_ih_l0 of $ has the shape [8]; expected a matrix [rows, columns]"
    ),
    ([("a.weight_ih_l1", [8, 3]), ("a.weight_hh_l1", [8, 2])], "$ has a.l1, but no layer 0 below it"),
    ([("weight_ih_l0_reverse", [8, 3])], "$ has a reverse direction of l0, but no forward one"),
    ([("a.Wx", [8, 3])], "$ has a.Wx, but not the other matrix of that layer"),
  ])
  func tensorsThatDoNotFitAreNamed(tensors: [(String, [Int])], message: String) throws {
    let file = TemporaryFile()
    let entries = tensors.map { Safetensors.Entry($0, [Float](repeating: 0, count: $1.reduce(1, *)), shape: $1) }
    try Safetensors.write(entries, to: file.path)
    let error = #expect(throws: RecurrentError.self) { try LayerChain(TensorFile(contentsOf: file.path)) }
    #expect(error?.description.replacing(file.path, with: "$").hasSuffix(message) == true)
  }
}
