import CellLanguage
import Engine
import Models
import Networks
import Sequences
import Storage
import Support
import Testing

/// Model files whose matrices are stored as narrower numbers than 32-bit ones.
struct NarrowFileTests {
  private static let narrow = WeightKind.allCases.filter { $0 != .float32 }

  private func network(units: Int = 5) throws -> Network {
    let letters = try Vocabulary(kind: .characters, symbols: ["a", "b", "c"])
    return try Network(
      input: .tokens(letters, embedding: 4),
      layers: [.init(try Cell.named("lstm-peephole"), units: units), .init(.gru, units: 3)],
      output: .categorical, seed: 5)
  }

  @Test(arguments: narrow, try NetworkFileTests.networks.indices)
  func everyNetworkReturnsBitForBit(kind: WeightKind, index: Int) throws {
    let (input, output) = try NetworkFileTests.networks[index]
    var network = try Network(
      input: input, layers: [.init(.gru, units: 4), .init(.lstm, units: 3, learnsInitialStates: true)], output: output, seed: 7)
    let matrix = try #require(network.layout.matrices.first)
    // A row of zeros and one of denormals.
    for place in matrix.prefix(4) { network.parameters[place] = 0 }
    for place in matrix.suffix(2) { network.parameters[place] = 0x1.5p-20 }
    let narrowed = try network.narrowed(to: kind)
    let loaded = try Network(bytes: narrowed.bytes())
    #expect(loaded.weightKind == kind && loaded.form == narrowed.form && loaded.architecture == network.architecture)
    #expect(loaded.parameters.map(\.bitPattern) == narrowed.parameters.map(\.bitPattern))
    #expect(try loaded.bytes() == narrowed.bytes())
  }

  @Test func theFileHoldsTheNumbersThemselves() throws {
    let network = try network()
    for (kind, type) in [(WeightKind.float16, DataType.float16), (.bfloat16, .bfloat16), (.int8, .int8)] {
      let file = try Safetensors(bytes: network.narrowed(to: kind).bytes())
      #expect(file.metadata["recurrent"] == "2" && file.metadata["weights"] == kind.rawValue)
      for entry in network.layout.entries {
        #expect(file[entry.name]?.dataType == (entry.shape.count == 2 ? type : .float32), "\(entry.name)")
        #expect(file[entry.name]?.shape == entry.shape)
        let scale = file[entry.name + ".scale"]
        #expect((scale != nil) == (kind == .int8 && entry.shape.count == 2), "\(entry.name)")
        #expect(scale == nil || scale?.dataType == .float32 && scale?.shape == [entry.shape[0]])
      }
    }
    // A file with nothing new in it is one that older programs read.
    let file = try Safetensors(bytes: network.bytes())
    #expect(file.metadata["recurrent"] == "1" && file.metadata["weights"] == nil)
  }

  @Test func filesAreHalfAndAFourthAsLarge() throws {
    let network = try network(units: 300)
    let bytes = Double(try network.bytes().count)
    for (kind, fraction) in [(WeightKind.float16, 0.5), (.bfloat16, 0.5), (.int8, 0.25)] {
      #expect(Double(try network.narrowed(to: kind).bytes().count) < (fraction + 0.03) * bytes)
    }
  }

  /// The bytes -128 to 127 are read, whatever wrote them.
  @Test func everyByteIsRead() throws {
    let network = try Network(input: .features(256), layers: [.init(.rnn, units: 1)], output: .values(1), seed: 1).narrowed(
      to: .int8)
    let entries = network.tensors.map { entry in
      entry.name == "layers.0.W_x"
        ? Safetensors.Entry(entry.name, dataType: .int8, shape: entry.shape, bytes: (0...255).map { UInt8($0) })
        : entry.name == "layers.0.W_x.scale" ? Safetensors.Entry(entry.name, [Float(0.5)], shape: [1]) : entry
    }
    let loaded = try Network(bytes: Safetensors.bytes(entries, metadata: network.metadata))
    #expect(loaded["layers.0.W_x"] == (0...255).map { Float(Int8(bitPattern: UInt8($0))) / 2 })
    #expect(try Network(bytes: loaded.bytes())["layers.0.W_x"] == loaded["layers.0.W_x"])
  }

  @Test func otherFilesAreRefused() throws {
    let network = try network().narrowed(to: .int8)
    func cause(
      _ metadata: [String: String] = [:], replacing name: String = "", by other: Safetensors.Entry? = nil
    ) throws -> String? {
      let entries = network.tensors.compactMap { $0.name == name ? other : $0 }
      let bytes = try Safetensors.bytes(entries, metadata: metadata.merging(network.metadata) { new, _ in new })
      return #expect(throws: RecurrentError.self) { try Network(bytes: bytes) }?.description
    }
    let scale = "layers.0.W_f.scale", rows = 5
    #expect(
      try cause(["weights": "int4"])
        == "can't read the model: its weights are \"int4\", and this program knows float32, float16, bfloat16, int8: use a newer program"
    )
    #expect(
      try cause(["recurrent": "1"])
        == "can't read the model: its format is version 1, in which all weights are float32, and it says that its own are int8")
    #expect(
      try cause(["weights": "float32"])
        == "can't read the model: tensor \"embedding.weight\" has the data type I8; expected F32")
    #expect(try cause(replacing: scale) == "can't read the model: it has no tensor \"\(scale)\"")
    for bad: Float in [0, -1, .nan, .infinity] {
      #expect(
        try cause(replacing: scale, by: .init(scale, [Float](repeating: bad, count: rows), shape: [rows]))
          == "can't read the model: tensor \"\(scale)\" holds \(bad); a scale must be above 0 and finite")
    }
    #expect(
      try cause(replacing: scale, by: .init(scale, [Float](repeating: 1, count: rows + 1), shape: [rows + 1]))
        == "can't read the model: tensor \"\(scale)\" has the shape [\(rows + 1)]; expected [\(rows)]")
  }

  @Test(arguments: [WeightKind.float16, .bfloat16])
  func numbersThatAreNotFiniteAreRefused(kind: WeightKind) throws {
    let network = try network().narrowed(to: kind)
    let infinite: [UInt8] = kind == .float16 ? [0x00, 0x7c] : [0x80, 0x7f]
    let entries = network.tensors.map { entry in
      guard entry.name == "embedding.weight" else { return entry }
      return Safetensors.Entry(
        entry.name, dataType: entry.dataType, shape: entry.shape, bytes: infinite + Array(repeating: 0, count: 22))
    }
    let error = #expect(throws: RecurrentError.self) {
      try Network(bytes: Safetensors.bytes(entries, metadata: network.metadata))
    }
    #expect(error?.description.contains("its weights embedding.weight hold a number that is not finite, such as inf") == true)
  }
}
