import Storage
import Support

extension KerasModel {
  /// What whoever runs the network must know.
  var notes: [Sentence] {
    let way = graph.chain.map(\.layer)
    return masks.map { Sentence($0) } + maskedSteps + way.flatMap(notes) + precisions
  }

  /// Which steps its layers mask.
  var masks: [String] {
    graph.chain.map(\.layer).compactMap { layer in
      if layer.className == "Masking" {
        return
          "layer \(layer.name) masks steps all of whose numbers are \(layer.config["mask_value"]?.double ?? 0): give a mask or lengths"
      }
      if case .tensor(let mask)? = layer.call.mask, graph.isInput(mask) {
        return "layer \(layer.name) reads a mask, the model's input \(mask.layer): give it as the mask"
      }
      guard layer.className == "Embedding", layer.config["mask_zero"]?.bool == true else { return nil }
      return "embedding \(layer.name) masks symbol 0: give a mask or lengths"
    }
  }

  /// What the model gives at steps that are masked, where it gives steps at all.
  private var maskedSteps: [Sentence] {
    guard !masks.isEmpty else { return [] }
    for (layer, tensor) in graph.chain.reversed() {
      if layer.className.hasPrefix("Global") { return [] }
      guard let recurrent = try? recurrent(layer) else { continue }
      guard recurrent.returnsSequences, tensor == 0 else { return [] }
      let (what, choice) =
        recurrent.zeroesMaskedSteps
        ? ("what its layers above make of zeros", "zeros") : ("what it gives at the step before", "repeat")
      return [
        "at masked steps the model gives \(what) in Keras, and 0 here unless it is run with \(Setting("masked-steps")) \(choice)"
      ]
    }
    return []
  }

  /// Which layers compute with other numbers than a network here.
  private var precisions: [Sentence] {
    let named = graph.chain.map(\.layer).filter { !isInert($0) }.compactMap { layer -> (name: String, precision: String)? in
      [layer.config, layer.config["layer"]?["config"] ?? .null].lazy.compactMap {
        KerasConfig($0, layer: layer.name, version: version).precision
      }.first { $0.contains("16") || $0 == "float64" }.map { (layer.name, $0) }
    }
    return Set(named.map(\.precision)).sorted().map { precision in
      let names = named.filter { $0.precision == precision }.map(\.name).joined(separator: ", ")
      return "what is computed in \(precision) in Keras is computed in float32 here: \(names)"
    }
  }

  private func notes(_ layer: KerasLayer) -> [Sentence] {
    var notes: [Sentence] = []
    if (try? recurrent(layer))?.isStateful == true {
      notes.append(
        "layer \(layer.name) is stateful, and goes on where it ended: give the states after a call's last steps to the next one")
    }
    let inputs = layer.call.states.compactMap(\.source).filter(graph.isInput).map(\.layer)
    if !inputs.isEmpty {
      notes.append(
        "layer \(layer.name) begins with states that are inputs of the model, \(inputs.joined(separator: ", ")): give them as the first states"
      )
    }
    return notes
  }

  /// The recurrent layers of a model within the model, which can be taken by its name if it has nothing else.
  func group(_ model: KerasNesting.Model) -> LayerChain.Group {
    let own = graph.layers[model.range]
    let within = Set(own.map(\.name))
    var layers: [KerasLayer] = []
    var others: [KerasLayer] = []
    for layer in own where !isInert(layer) && !["NotEqual", "Any"].contains(layer.className) {
      if (try? recurrent(layer)) != nil { layers.append(layer) } else { others.append(layer) }
    }
    let way = layers.last.map { graph.walk(from: KerasSource($0.name), while: within.contains).chain } ?? []
    let onWay = way.filter { !isInert($0.layer) }.map(\.layer.name)
    let obstacle: String? =
      if let other = others.first {
        "\(other.name), a layer of the class \(other.className), is a part of it, too"
      } else if onWay != layers.map(\.name) || way.contains(where: { $0.tensor != 0 }) {
        "they don't stand one on top of the other"
      } else if let last = layers.dropLast().first(where: { (try? recurrent($0))?.returnsSequences != true }) {
        "\(last.name) gives only its last step"
      } else {
        nil
      }
    return LayerChain.Group(name: model.layer.name, layers: layers.map(\.name), obstacle: obstacle)
  }
}
