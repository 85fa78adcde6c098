import CellCompiler
import CellLanguage
import Engine
import Networks
import ONNXFiles
import Support

/// Writes a network that reads sources.
extension ONNXNetworkWriter {
  /// What the network gives for a source to a decoder: all states before its first step, called `decoder.layers.0.h` and the like.
  ///
  /// - Returns: each layer's operator.
  mutating func write(encoderOf decoder: Network) throws -> [String] {
    let operators = try writeLayers()
    let vector = readOut(network.architecture.resolvedTop)
    let bridges = decoder.graph.nodes.compactMap { $0 as? PassNode }.filter { $0.pass.span == .start }
    for (pass, (bridge, plan)) in zip(bridges, decoder.plans).enumerated() {
      let rows = try above(bridge, of: decoder, "decoder.", vector)
      let learned = decoder.initialStates(ofPass: pass)
      var start = 0
      for (index, state) in plan.cell.states.enumerated() {
        let width = plan.width(ofState: index)
        let bounds = [builder.integers([start]), builder.integers([start + width]), builder.integers([1])]
        let own = builder.add("Slice", [rows] + bounds)
        let name = "decoder." + decoder.architecture.passes[pass].prefix + state.name
        let row = builder.constant("\(name).learned", ONNXArray([1, width], .floats(learned[state.name] ?? [])))
        _ = builder.add("Add", [own, row], name: name)
        builder.output(name, [.named("batch"), .fixed(width)])
        start += width
      }
    }
    return operators
  }
}
