import CellLanguage
import Support

extension Architecture {
  /// What the output reads: ``top``, or what the last layer gives; the input if there is no layer.
  package var resolvedTop: Reading { top ?? layers.indices.last.map { .layer(key(ofLayer: $0)) } ?? .input }

  /// What a layer reads: what it says, or what is below it.
  package func resolvedReading(ofLayer index: Int) -> Reading {
    layers[index].reads ?? (index == 0 ? .input : .layer(key(ofLayer: index - 1)))
  }

  /// What readings call a layer: its name, or for one without, which only what stands above it reads, a text that is no name.
  package func key(ofLayer index: Int) -> String { layers[index].name ?? "#\(index + 1)" }

  /// A layer as messages name it: `layer 2`, or `layer 2 (b)`.
  package func title(ofLayer index: Int) -> String {
    "layer \(index + 1)" + (layers[index].name.map { " (\($0))" } ?? "")
  }

  /// Whether a layer reads, or the output is made from, something else than what is below.
  package var branches: Bool { firstBranch != nil }

  /// What first reads something else than what is below, as messages name it, and what that is.
  package var firstBranch: (reader: String, reading: Reading)? {
    for (index, layer) in layers.enumerated() { if let reading = layer.reads { return (title(ofLayer: index), reading) } }
    return top.map { ("the output", $0) }
  }

  /// - Throws: ``RecurrentError`` if names are not names or stand twice, or a reading names what is not below it.
  func checkReadings() throws(RecurrentError) {
    guard !headLayers.contains(where: { $0.reads != nil || $0.name != nil }) else {
      throw RecurrentError(
        .network, "a layer above what is read out says what it reads, or has a name: each of these reads the one below it")
    }
    var known: [String: Int] = [:]
    for (index, layer) in layers.enumerated() {
      guard let name = layer.name else { continue }
      guard Self.isName(name) else {
        throw RecurrentError(
          .network,
          "layer \(index + 1) is called \(quoted(name)), which is no name: take letters, digits and _, a letter first, and not "
            + "\(Reading.inputName), which is the input")
      }
      if let other = known.updateValue(index, forKey: name) {
        throw RecurrentError(
          .network, "layers \(other + 1) and \(index + 1) are both called \(name): give each a name of its own")
      }
    }
    for index in layers.indices {
      guard let reading = layers[index].reads else { continue }
      try check(reading, of: title(ofLayer: index), below: index, known)
    }
    if let top { try check(top, of: "the output", below: layers.count, known) }
    let read = Set((layers.indices.map(resolvedReading) + [resolvedTop]).flatMap(\.names))
    if let unread = layers.indices.first(where: { !read.contains(key(ofLayer: $0)) }) {
      throw RecurrentError(
        .network, "neither a layer nor the output reads \(title(ofLayer: unread)): let one read it, or leave it out")
    }
  }

  /// - Parameter index: of the layer that reads; there are only those below it to be read.
  private func check(_ reading: Reading, of reader: String, below index: Int, _ known: [String: Int]) throws(RecurrentError) {
    guard reading.terms() <= Reading.mostTerms else {
      throw RecurrentError(
        .network, "\(reader) reads more than \(Reading.mostTerms) terms: make fewer of them, or give what they share a layer")
    }
    try checkParts(of: reading, reader)
    for name in reading.names {
      if let place = known[name], place < index { continue }
      if known[name] == index { throw RecurrentError(.network, "\(reader) reads itself: a network has no cycles") }
      if let place = known[name] {
        throw RecurrentError(
          .network,
          "\(reader) reads \(name), which is layer \(place + 1), above it: a network has no cycles, and a layer reads what is below it"
        )
      }
      let names = [Reading.inputName] + layers[..<index].compactMap(\.name)
      throw RecurrentError(
        .network,
        "\(reader) reads \(name), and no layer is called so: "
          + (closest(to: name, in: names).map { "did you mean \($0)?" } ?? "it can read \(names.joined(separator: ", "))"))
    }
  }

  private func checkParts(of reading: Reading, _ reader: String) throws(RecurrentError) {
    switch reading {
    case .input, .layer: return
    case .sum(let parts) where parts.count < 2:
      throw RecurrentError(.network, "\(reader) reads a sum of fewer than two terms: give it two, or the one alone")
    case .product(let parts) where parts.count < 2:
      throw RecurrentError(.network, "\(reader) reads a product of fewer than two factors: give it two, or the one alone")
    case .concatenation(let parts) where parts.isEmpty:
      throw RecurrentError(.network, "\(reader) reads a concatenation of nothing: name what it reads")
    case .sum, .product, .concatenation: for part in reading.parts { try checkParts(of: part, reader) }
    }
  }

  /// The numbers of a reading.
  ///
  /// - Parameters:
  ///   - widths: what the layers give, by their keys.
  ///   - reader: what reads, for messages.
  func width(of reading: Reading, _ widths: [String: Int], reader: String) throws(RecurrentError) -> Int {
    switch reading {
    case .input: return input.encoding.featureWidth
    case .layer(let key):
      guard let width = widths[key] else {
        throw RecurrentError(.network, "\(reader) reads \(key), and no layer below it is called so")
      }
      return width
    case .concatenation(let parts):
      var sum = 0
      for part in parts { sum += try width(of: part, widths, reader: reader) }
      guard sum <= Size.largest else {
        throw RecurrentError(
          .network, "\(reader) reads \(reading.text), which has \(sum) numbers; a layer can read at most \(Size.largest)")
      }
      return sum
    case .sum(let parts), .product(let parts):
      let first = try width(of: parts[0], widths, reader: reader)
      for part in parts.dropFirst() {
        let other = try width(of: part, widths, reader: reader)
        if other == first { continue }
        let what = if case .sum = reading { "added" } else { "multiplied" }
        throw RecurrentError(
          .network,
          "\(reader) reads \(reading.text), but \(parts[0].text) has \(first) numbers and \(part.text) has \(other): vectors that are "
            + "\(what) must be equally long")
      }
      return first
    }
  }

  /// Whether a layer can be called so.
  package static func isName(_ text: String) -> Bool {
    func isLetter(_ character: Character) -> Bool { character.isASCII && character.isLetter }
    return text != Reading.inputName && text.first.map(isLetter) == true
      && text.allSatisfy { isLetter($0) || $0 == "_" || $0.isASCII && $0.isNumber }
  }
}
