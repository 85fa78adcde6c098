extension Architecture {
  /// What a layer, or the output, reads at each step: the network's input, what a layer gives, or what is made of several of these.
  ///
  ///     let block = Architecture(
  ///       input: .features(64),
  ///       layers: [.init(.gru, units: 64, name: "a"), .init(.lstm, units: 64, name: "b")],
  ///       top: .sum([.layer("a"), .layer("b")]), output: .values(1))
  public indirect enum Reading: Sendable, Hashable {
    /// The vector that the first layer of a chain reads: numbers as they are, symbols as their vectors.
    case input
    /// What the layer of that name gives.
    case layer(String)
    /// The sum of two or more vectors of one length, element by element.
    case sum([Reading])
    /// The product of two or more vectors of one length, element by element.
    case product([Reading])
    /// One or more vectors, one after the other.
    case concatenation([Reading])
  }
}

extension Architecture.Reading {
  /// What the input is called, which therefore no layer is.
  package static let inputName = "x"
  /// How often a reading may name the input and layers: enough for a sum over any stack, and few enough that what a file names again
  /// and again stays small.
  package static let mostTerms = 1024

  /// What it is made of; empty if it is the input or a layer.
  package var parts: [Self] {
    switch self {
    case .input, .layer: []
    case .sum(let parts), .product(let parts), .concatenation(let parts): parts
    }
  }

  /// Those of it that are the input or a layer, in the order in which they are named.
  package var leaves: [Self] {
    switch self {
    case .input, .layer: [self]
    case .sum, .product, .concatenation: parts.flatMap(\.leaves)
    }
  }

  /// The names of the layers that it reads.
  package var names: [String] { leaves.compactMap { if case .layer(let name) = $0 { name } else { nil } } }

  /// How many ``leaves`` it has, or some number above the limit: what shares its parts may have more than can be counted.
  package func terms(upTo limit: Int = mostTerms) -> Int {
    if parts.isEmpty { return 1 }
    var count = 0
    for part in parts where count <= limit { count += part.terms(upTo: limit - count) }
    return count
  }

  /// As a page of equations for networks has it, such as `x + b` or `[a, b]`.
  package var text: String { text(naming: [:]) }

  /// - Parameter names: of parts that have a name of their own.
  func text(naming names: [Self: String]) -> String {
    func inside(_ part: Self, bindsTighter: Bool) -> String {
      let text = part.text(naming: names)
      if names[part] != nil { return text }
      return switch part {
      case .sum: "(\(text))"
      case .product where bindsTighter: "(\(text))"
      default: text
      }
    }
    if let name = names[self] { return name }
    return switch self {
    case .input: Self.inputName
    case .layer(let name): name
    case .sum(let parts): parts.map { inside($0, bindsTighter: false) }.joined(separator: " + ")
    case .product(let parts): parts.map { inside($0, bindsTighter: true) }.joined(separator: " * ")
    case .concatenation(let parts): "[\(parts.map { $0.text(naming: names) }.joined(separator: ", "))]"
    }
  }
}
