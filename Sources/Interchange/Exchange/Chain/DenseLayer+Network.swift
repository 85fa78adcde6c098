import CellCompiler
import CellLanguage
import Engine
import Networks
import Support

extension DenseLayer {
  /// The layer of a network that does what this layer does. Its cell has no memory: nothing reads its state.
  ///
  /// - Throws: ``RecurrentError`` if the function is softmax, which sees all numbers at once.
  func layer() throws(RecurrentError) -> Architecture.Layer {
    guard case .elementwise(let activation) = function else {
      throw RecurrentError(.interchange, "dense layer \(name) has softmax below other layers, which no cell can have")
    }
    let sum = bias == nil ? "W x" : "W x + b"
    do throws(Diagnostic) {
      let base = try Cell(parsing: "cell dense\ninput x\nstate h\nh' = \(sum)\n", file: "dense")
      let equations = base.equations.map { equation in
        Cell.Equation(
          target: equation.target, isUpdate: true, expression: activation.applied(to: equation.expression),
          size: equation.size, label: activation.description)
      }
      let summary = "Dense layer: each vector times a matrix, with no memory of those before."
      let cell = Cell(
        name: base.name, summary: [summary], inputs: base.inputs, states: base.states, sizes: base.sizes,
        hasHeads: base.hasHeads, equations: equations, repeats: base.repeats, evaluationOrder: base.evaluationOrder,
        parameters: base.parameters,
        constraints: base.constraints)
      // Read as a text, it is checked again.
      return Architecture.Layer(try Cell(parsing: cell.description, file: base.name), units: outputs)
    } catch {
      throw RecurrentError(.interchange, "can't represent dense layer \(name): \(error)")
    }
  }

  /// The cell's parameters in the layer that ``layer()`` makes.
  var parameters: [Float] { weight + (bias ?? []) }

  /// A network's layer whose cell multiplies each vector with a matrix and nothing else; nil if it does anything else.
  ///
  /// - Parameter parameters: of its cell, one after the other.
  init?(_ name: String, _ layer: Architecture.Layer, dimensions: Dimensions, parameters: [Float]) {
    let cell = layer.cell
    guard layer.direction == .forward, !layer.learnsInitialStates, cell.inputs.count == 1,
      cell.states.count == 1, cell.states[0].zoneout == 0,
      cell.equations.count == 1
    else { return nil }
    let (activation, sum) = Activation.reading(cell.equations[0].expression)
    let entries = ParameterLayout(cell, dimensions: dimensions).entries
    func values(_ name: String) -> [Float]? { entries.first { $0.name == name }.map { Array(parameters[$0.range]) } }
    let addends = sum.addends
    let matrices = addends.compactMap { addend -> String? in
      if case .product(let matrix, false, .name(cell.input)) = addend { matrix } else { nil }
    }
    let biases = addends.compactMap { addend -> String? in
      guard case .name(let name) = addend else { return nil }
      return cell.parameters.contains { parameter in
        if case .bias = parameter.kind { parameter.name == name } else { false }
      } ? name : nil
    }
    guard matrices.count == 1, biases.count <= 1, matrices.count + biases.count == addends.count,
      let weight = values(matrices[0]),
      let dense = try? DenseLayer(
        name, inputs: dimensions.inputs, outputs: dimensions.units, weight: weight, bias: biases.first.flatMap(values),
        function: .elementwise(activation))
    else { return nil }
    self = dense
  }
}

extension Network {
  /// One of the layers as a dense layer of other systems; nil if it is not one.
  package func denseLayer(_ index: Int) -> DenseLayer? {
    zip(architecture.passes, zip(plans, layout.passes)).first { $0.0.layer == index }.flatMap { _, own in
      DenseLayer(
        "l\(index)", architecture.layers[index], dimensions: own.0.dimensions, parameters: Array(parameters[own.1]))
    }
  }

  /// The layers above what is read out that are dense layers of other systems.
  package var denseHeadLayers: [DenseLayer] {
    zip(architecture.headLayers, zip(headPlans, layout.headPasses)).enumerated().compactMap { index, part in
      let (layer, (plan, range)) = part
      return DenseLayer("above.\(index)", layer, dimensions: plan.dimensions, parameters: Array(parameters[range]))
    }
  }

  /// - Throws: ``RecurrentError`` if one of the layers above what is read out is not a dense layer.
  func denseHeadLayers(for system: String) throws(RecurrentError) -> [DenseLayer] {
    let dense = denseHeadLayers
    guard dense.count == architecture.headLayers.count else {
      throw RecurrentError(
        .interchange, "a layer above what is read out is not a dense layer, and only these are written for \(system)")
    }
    return dense
  }

  /// The layer on top as other systems see it; nil if there is none.
  package var denseHead: DenseLayer? {
    guard let (weight, bias) = layout.head else { return nil }
    let function: DenseLayer.Function
    switch architecture.output.head.function {
    case .softmax: function = .softmax
    case .identity: function = .elementwise(.linear)
    case .special: return nil
    }
    return try? DenseLayer(
      "output", inputs: weight.shape[1], outputs: weight.shape[0], weight: Array(parameters[weight.range]),
      bias: Array(parameters[bias.range]), function: function)
  }
}
