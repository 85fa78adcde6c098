import CellLanguage
import Support

extension Architecture {
  /// - Throws: ``RecurrentError`` if a number is not positive, the parts don't fit each other, or a cell can't have the sizes asked
  ///   for. What the network then says of itself needs no more checks.
  func check() throws {
    guard !layers.isEmpty else { throw RecurrentError(.network, "a network needs at least one recurrent layer") }
    try input.encoding.check()
    try Self.check(inputWidth, "input")
    try checkVectorsAreRead()
    try checkReadings()
    try context?.check()
    let head = try output.head.resolved(reading: input.encoding)
    let below = try topWidth()
    try Self.check(head.outputs ?? (head.isLinear ? 0 : below), "output")
    if tiesEmbedding { try checkTies(to: head, topWidth: below) }
    if outputReadsInput { try checkShortcut(to: head) }
    if head.scoresSequences, readout != .everyStep {
      throw RecurrentError(
        .network, "the network's output is scored over the steps of a sequence, but sequences are read out: read out each step")
    }
    if headLayers.isEmpty { return }
    guard readout != .everyStep else {
      throw RecurrentError(.network, "there are layers above what is read out, but each step is: put them among the other layers")
    }
    guard headLayers.allSatisfy({ $0.direction == .forward }) else {
      throw RecurrentError(
        .network, "a layer above what is read out reads one vector, so that it has no direction: let it read forward")
    }
  }

  /// The numbers that the output reads.
  func topWidth() throws -> Int {
    var widths: [String: Int] = [:]
    for (index, layer) in layers.enumerated() {
      let reader = title(ofLayer: index)
      let width = try width(of: resolvedReading(ofLayer: index), widths, reader: reader)
      widths[key(ofLayer: index)] = try self.width(of: layer, reading: width, "layer \(index + 1)")
    }
    var width = try width(of: resolvedTop, widths, reader: "the output")
    for (index, layer) in headLayers.enumerated() {
      width = try self.width(of: layer, reading: width, "layer \(index + 1) above the readout", isAbove: true)
    }
    return width + (outputReadsInput ? inputWidth : 0)
  }

  private func checkShortcut(to head: any OutputHead) throws(RecurrentError) {
    guard readout == .everyStep else {
      throw RecurrentError(
        .network, "the output reads the input of its step beside the last layer, but sequences are read out: read out each step")
    }
    guard input.encoding.vectors.isEmpty else {
      throw RecurrentError(
        .network, "the output reads the input beside the last layer, but layers read vectors of the input by name: leave that out"
      )
    }
    guard head.isLinear else {
      throw RecurrentError(
        .network, "the output reads the input beside the last layer, but has no matrix of its own: give it one")
    }
  }

  /// What a layer gives, in numbers.
  ///
  /// - Parameters:
  ///   - width: of what it reads.
  ///   - name: what messages call it.
  ///   - isAbove: whether it reads what is read out of each sequence.
  private func width(of layer: Layer, reading width: Int, _ name: String, isAbove: Bool = false) throws -> Int {
    let directions = try layer.cells.map { cell in
      if let memory = cell.memory {
        throw RecurrentError(
          .network,
          "\(name) has the cell \(cell.name), which reads the memory \(memory.name), and nothing in the network gives it one")
      }
      let dimensions = try cell.dimensions(inputs: width, units: layer.units, sizes: layer.sizes)
      try checkInputs(of: cell, dimensions, in: name, isAbove: isAbove)
      return dimensions[cell.states[0].size]
    }
    if case .bidirectional(let merge, _) = layer.direction, merge != .concatenate, directions[0] != directions[1] {
      throw RecurrentError(
        .network,
        "\(name) can't \(merge.rawValue) what its directions give, \(directions[0]) and \(directions[1]) numbers: "
          + "concatenate them")
    }
    return layer.direction.merging(directions)?.width ?? directions[0]
  }

  /// Each further input of a cell is a vector of the network's input.
  private func checkInputs(of cell: Cell, _ dimensions: Dimensions, in layer: String, isAbove: Bool) throws(RecurrentError) {
    for further in cell.inputs.dropFirst() {
      let what = "\(layer) has the cell \(cell.name), which reads \(further.name) beside \(cell.input), but "
      if isAbove { throw RecurrentError(.network, what + "reads what is read out of sequences, where there is no such vector") }
      guard let vector = input.encoding.vectors.first(where: { $0.name == further.name }) else {
        throw RecurrentError(.network, what + "the network's input has no vector of that name")
      }
      let width = dimensions[further.size]
      if vector.width != width {
        throw RecurrentError(.network, what + "\(further.name) must have \(width) numbers there, and has \(vector.width)")
      }
    }
  }

  private func checkVectorsAreRead() throws(RecurrentError) {
    let read = layers.flatMap(\.cells).flatMap { $0.inputs.dropFirst().map(\.name) }
    if let unread = input.encoding.vectors.first(where: { !read.contains($0.name) }) {
      throw RecurrentError(.network, "the network's input has the vector \(unread.name), which no layer's cell has as an input")
    }
  }

  private func checkTies(to head: any OutputHead, topWidth: Int) throws(RecurrentError) {
    guard case .embedded(let symbols, let width, _)? = input.encoding.parts.first?.form, input.encoding.symbols != nil else {
      throw RecurrentError(.network, "a network without an embedding has none to tie to its output: give it one, or don't tie")
    }
    guard head.function == .softmax, head.outputs == symbols else {
      throw RecurrentError(.network, "an embedding can only be tied to an output that gives the symbols that the network reads")
    }
    guard width == topWidth else {
      throw RecurrentError(
        .network,
        "an embedding of \(width) numbers can't be tied to an output that reads the \(topWidth) numbers of the last layer: make "
          + "them equally many")
    }
  }

  static func check(_ width: Int, _ what: String) throws(RecurrentError) {
    if width < 1 { throw RecurrentError(.network, "the network's \(what) has \(width) numbers; it needs at least one") }
    if width > Size.largest {
      throw RecurrentError(.network, "the network's \(what) has \(width) numbers; it can have at most \(Size.largest)")
    }
  }
}
