import CellLanguage
import Engine
package import Support

extension Network {
  /// Takes over another network's weights wherever both networks have the same things: symbols, features and outputs are found by
  /// name, all other weights stand in the same places. What the other network lacks keeps the weights that this one has.
  ///
  /// - Parameters:
  ///   - other: a network with the same layers.
  ///   - title: what messages call the other network.
  /// - Returns: the parts (``NetworkLayout/parts``) with weights that are not the other network's.
  /// - Throws: ``RecurrentError`` if the networks read other kinds of inputs, or numbers without names that are not equally many.
  package mutating func adopt(
    _ other: Network, names: NetworkNames, otherNames: NetworkNames, title: String
  ) throws(RecurrentError) -> Set<String> {
    let areFeaturesNamed = names.features != nil && otherNames.features != nil
    try architecture.checkInputs(of: other.architecture, areFeaturesNamed: areFeaturesNamed, title: title)
    try checkConstraints(of: other, names, otherNames, title: title)
    let hasSameHead = architecture.output.head.isOfSameKind(as: other.architecture.output.head)
    let known = Dictionary(zip(other.graph.tensors, other.layout.entries).map { ($0.name, ($0, $1)) }) { first, _ in first }
    var own = parameters
    var fresh: [Range<Int>] = []
    for (tensor, entry) in zip(graph.tensors, layout.entries) {
      if tensor.isOfOutputs && !hasSameHead {
        fresh.append(entry.range)
        continue
      }
      // A head of the same kind may have weights that the other one lacks.
      if known[tensor.name] == nil, architecture.output.head.tensors.contains(where: { $0.name == tensor.name }) {
        fresh.append(entry.range)
        continue
      }
      guard let (otherTensor, otherEntry) = known[tensor.name], otherTensor.axes.count == tensor.axes.count else {
        throw Self.mismatch(tensor, nil, title)
      }
      let places = zip(tensor.axes, otherTensor.axes).map { $0.places(in: $1, names, otherNames) }
      guard let rows = places[0], let columns = places.count > 1 ? places[1] : [0] else {
        throw Self.mismatch(tensor, otherTensor, title)
      }
      let stride = otherTensor.shape.dropFirst().first ?? 1
      var place = entry.range.lowerBound
      for row in rows {
        for column in columns {
          if let row, let column { own[place] = other.parameters[otherEntry.range.lowerBound + row * stride + column] }
          place += 1
        }
      }
      if rows.contains(nil) || columns.contains(nil) { fresh.append(entry.range) }
    }
    parameters = own
    return Set(layout.parts.filter { part in part.weights.contains { fresh.contains($0) } }.map(\.name))
  }

  private static func mismatch(_ tensor: WeightTensor, _ other: WeightTensor?, _ title: String) -> RecurrentError {
    RecurrentError(
      .network,
      "\(tensor.name) has the shape \(tensor.shape) in the network to be trained, and "
        + (other.map { "\($0.shape) in \(title)" } ?? "\(title) has no such weights") + ": it can't be the start")
  }

  /// A cell that needs vectors as long as its input, as where `x + h` stands, has a unit for each number that it reads.
  private func checkConstraints(
    of other: Network, _ names: NetworkNames, _ otherNames: NetworkNames, title: String
  ) throws(RecurrentError) {
    guard let cell = architecture.layers[0].cells.first(where: { !$0.constraints.isEmpty }) else { return }
    let (axes, others) = (graph.inputParts.map(\.axis), other.graph.inputParts.map(\.axis))
    let places = WeightAxis.sequence(axes).places(in: .sequence(others), names, otherNames)
    guard places == Array(0..<architecture.inputWidth), architecture.inputWidth == other.architecture.inputWidth else {
      throw RecurrentError(
        .network,
        "the cell \(cell.name) of \(title) has a unit for each number that it reads: the network to be trained must read the same, in the "
          + "same order")
    }
  }
}

extension Architecture {
  /// - Throws: ``RecurrentError`` if the other network reads another kind of input, or another number of nameless features.
  fileprivate func checkInputs(of other: Architecture, areFeaturesNamed: Bool, title: String) throws(RecurrentError) {
    let (own, known) = (input.encoding, other.input.encoding)
    guard type(of: own) == type(of: known), areFeaturesNamed || features == other.features else {
      throw RecurrentError(
        .network, "\(title) reads \(known.summary), and the network to be trained \(own.summary): it can't be the start")
    }
  }
}

extension WeightTensor {
  /// Whether it has a row for each output.
  fileprivate var isOfOutputs: Bool { axes.contains { if case .outputs = $0 { true } else { false } } }
}
