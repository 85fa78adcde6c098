import Support
import TensorFiles

/// Keras 1 kept three arrays for each gate of an LSTM or a GRU: what multiplies the input, `[inputs, units]`, what multiplies the state,
/// `[units, units]`, and the bias.
///
/// Source: `preprocess_weights_for_loading` in keras/engine/topology.py of Keras 2.0.
extension KerasCell {
  /// How many arrays the cell has if each gate has its own; nil if Keras 1 had no such cell.
  var arraysOfGates: Int? { family == .rnn || isCuDNN || !usesBias ? nil : 3 * gateOrder.count }

  func isGateByGate(_ names: [String]) -> Bool { names.count == arraysOfGates }

  /// Gates in the order of Keras 1's arrays.
  private var orderOfGates: [LayerDescription.Gate] {
    family == .lstm ? [.input, .candidate, .forget, .output] : gateOrder
  }

  /// What the layer is, from the shapes of its arrays.
  ///
  /// - Throws: ``RecurrentError`` if they are not those of such a cell.
  func descriptionOfGates(_ file: TensorFile, _ names: [String], layer: String) throws(RecurrentError) -> LayerDescription {
    let shapes = names.compactMap { file[$0]?.shape }
    guard shapes.count == names.count, shapes[0].count == 2, shapes[0].allSatisfy({ $0 > 0 }) else {
      throw RecurrentError(.interchange, "layer \(layer) of \(file.path) has no matrix [inputs, units] as its first array")
    }
    let (inputs, own) = (shapes[0][0], shapes[0][1])
    let isExpected = shapes.enumerated().allSatisfy { $1 == ($0 % 3 == 0 ? [inputs, own] : $0 % 3 == 1 ? [own, own] : [own]) }
    guard isExpected, units == nil || units == own else {
      throw RecurrentError(
        .interchange,
        "layer \(layer) of \(file.path) has the arrays \(shapes.map { "\($0)" }.joined(separator: ", ")); expected [inputs, units], [units, units] and [units] for each gate"
          + (units.map { ", for \($0) units" } ?? ""))
    }
    return LayerDescription(kind, inputs: inputs, units: own, biases: .one)
  }

  /// The weights of one direction.
  func weightsOfGates(_ file: TensorFile, _ names: [String], _ description: LayerDescription) throws -> LayerWeights {
    let (inputs, units) = (description.inputs, description.units)
    let places = description.gates.compactMap { orderOfGates.firstIndex(of: $0) }
    return LayerWeights(
      gates: try places.map { place in
        let kernel = try file.floats(names[3 * place], shape: [inputs, units])
        let recurrent = try file.floats(names[3 * place + 1], shape: [units, units])
        return GateWeights(
          input: unstacked(kernel, gates: 1, columns: inputs, isTransposed: true)[0],
          recurrent: unstacked(recurrent, gates: 1, columns: units, isTransposed: true)[0],
          bias: try file.floats(names[3 * place + 2], shape: [units]))
      })
  }
}
