import CellCompiler
import CellLanguage
import Engine
import Models
package import Networks
package import ONNXFiles
import Support

extension Network {
  /// The network of an ONNX file that this package has written, with the same cells and the same weights; nil if it is another
  /// one's, or was changed since.
  ///
  /// - Throws: ``RecurrentError`` if the file is damaged.
  package init?(onnx path: String) throws {
    let model = try ONNXModel(contentsOf: path)
    guard let network = try Network(model, path: path) else { return nil }
    self = network
  }

  package init?(_ model: ONNXModel, path: String) throws {
    guard let architecture = try? Architecture(metadata: model.metadata, path: path) else { return nil }
    // Whatever sizes the description claims: its weights take no memory before the file has shown that it holds them.
    let tensors = Dictionary(model.graph.initializers.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    let network: Network? = try? Network(architecture) { layout in
      guard layout.count <= model.size / MemoryLayout<Float>.size else { throw RecurrentError(.interchange, "it lacks weights") }
      return [Float](repeating: 0, count: layout.count)
    }
    guard var network else { return nil }
    let again: ONNXExport
    do {
      for layer in architecture.layers.indices { try network.takeWeights(ofLayer: layer, from: tensors) }
      let headLayers = network.layout.entries.filter { entry in
        network.layout.headPasses.contains { $0.contains(entry.range.lowerBound) }
      }
      for entry in network.ends + headLayers { try network.take(tensors[entry.name], entry) }
      let takesLengths = model.graph.inputs.contains { $0.name == ONNXNetworkWriter.lengths }
      again = try ONNXExport(network, takesLengths: takesLengths)
    } catch let error as RecurrentError where error.kind == .interchange {
      return nil
    }
    // Only what gives the file again is what the file says; metadata outlive changes that other programs make to a graph.
    guard again.model.isSame(as: model) else { return nil }
    try network.checkNumbers(of: path)
    self = network
  }

  private mutating func take(_ tensor: ONNXTensor?, _ entry: NetworkLayout.Entry) throws(RecurrentError) {
    guard let array = try? tensor?.array(), array.count == entry.range.count else {
      throw RecurrentError(.interchange, "it lacks \(entry.name)")
    }
    parameters.replaceSubrange(entry.range, with: array.floats)
  }

  /// The weights of a layer from the tensors of its operator, or from its own where it is a loop.
  private mutating func takeWeights(ofLayer layer: Int, from tensors: [String: ONNXTensor]) throws {
    let passes = architecture.passes.enumerated().filter { $0.element.layer == layer }
    for (index, pass) in passes where architecture.layers[layer].learnsInitialStates {
      for (state, range) in zip(pass.cell.states, layout.initialStates[index]) {
        try take(tensors[pass.prefix + state.name], .init(name: state.name, shape: [range.count], range: range))
      }
    }
    guard let form = operatorForm(layer) else {
      for entry in layout.entries where passes.contains(where: { entry.name.hasPrefix($0.element.prefix) }) {
        if !entry.name.contains(".initial.") { try take(tensors[entry.name], entry) }
      }
      return
    }
    let prefix = passes.count == 2 ? "layers.\(layer)." : passes[0].element.prefix
    func array(_ letter: String) throws -> ONNXArray? { try tensors[prefix + letter]?.array() }
    guard let input = try array("W"), let recurrent = try array("R") else {
      throw RecurrentError(.interchange, "it lacks W or R")
    }
    let stacked = ONNXWeights(input: input, recurrent: recurrent, bias: try array("B"), peepholes: try array("P"))
    let weights: [LayerWeights]
    do throws(ONNXRefusal) { weights = try form.layerWeights(stacked) } catch { throw RecurrentError(.interchange, error.text) }
    for ((index, pass), own) in zip(passes, weights) {
      let dimensions = plans[index].dimensions
      let values = try CellReading(pass.cell).parameters(own, of: pass.cell, dimensions: dimensions)
      let start = layout.passes[index].lowerBound
      parameters.replaceSubrange(start..<start + values.count, with: values)
    }
  }
}
