/// A tensor of weights before it has its place among a network's.
package struct WeightTensor: Sendable, Hashable {
  package let name: String
  /// What each of its axes runs over, the last one fastest.
  package let axes: [WeightAxis]
  /// Whether training leaves it as it starts.
  package let isFixed: Bool

  package init(_ name: String, _ axes: [WeightAxis], isFixed: Bool = false) {
    self.name = name
    self.axes = axes
    self.isFixed = isFixed
  }

  package var shape: [Int] { axes.map(\.count) }
  var count: Int { shape.reduce(1, *) }
}

/// What an axis of a tensor of weights runs over: by this a network finds its weights in another one, which may have the same
/// things in another order, and others too.
package indirect enum WeightAxis: Sendable, Hashable {
  /// Numbers without names, such as the units of a layer.
  case plain(Int)
  /// Things with names, such as the symbols of a vocabulary.
  case named([String])
  /// Numbers that the network reads as they are, which may have names (``NetworkNames/features``).
  case features(Int)
  /// What the network gives, which may have names (``NetworkNames/outputs``).
  case outputs(Int)
  /// Several of these, one after the other.
  case sequence([WeightAxis])

  package var count: Int {
    switch self {
    case .plain(let count), .features(let count), .outputs(let count): count
    case .named(let names): names.count
    case .sequence(let axes): axes.reduce(0) { $0 + $1.count }
    }
  }
}

/// The names of what a network reads and gives that its architecture does not say.
package struct NetworkNames: Sendable, Hashable {
  /// Of the numbers that it reads as they are, such as columns of a table; nil if unknown.
  package var features: [String]?
  /// Of its outputs, such as labels; nil if unknown.
  package var outputs: [String]?
  /// What its outputs are called together: `labels`.
  package let what: String

  package init(features: [String]? = nil, outputs: [String]? = nil, called what: String = "outputs") {
    self.features = features
    self.outputs = outputs
    self.what = what
  }
}

extension WeightAxis {
  /// The place in another axis of each thing of this one, nil for things that the other lacks.
  ///
  /// What has names on both sides is found by name. Numbers that are read, without names on one side, are taken in their order;
  /// outputs, whose order says nothing, are then all new. Without names on both sides there must be equally many.
  ///
  /// - Returns: nil if the axes run over different things, or over different numbers of nameless ones.
  func places(
    in other: WeightAxis, _ names: NetworkNames, _ otherNames: NetworkNames
  ) -> [Int?]? {
    switch (self, other) {
    case (.plain(let count), .plain(let others)): return count == others ? Array(0..<count) : nil
    case (.named(let own), .named(let others)): return Self.places(of: own, in: others)
    case (.features(let count), .features(let others)):
      if let own = names.features, let known = otherNames.features { return Self.places(of: own, in: known) }
      return count == others ? Array(0..<count) : nil
    case (.outputs(let count), .outputs(let others)):
      switch (names.outputs, otherNames.outputs) {
      case (let own?, let known?): return Self.places(of: own, in: known)
      case (nil, nil): return count == others ? Array(0..<count) : nil
      default: return Array(repeating: nil, count: count)
      }
    case (.sequence(let own), .sequence(let others)):
      guard own.count == others.count else { return nil }
      var places: [Int?] = []
      var start = 0
      for (axis, other) in zip(own, others) {
        guard let part = axis.places(in: other, names, otherNames) else { return nil }
        places += part.map { place in place.map { start + $0 } }
        start += other.count
      }
      return places
    default: return nil
    }
  }

  /// Where some names stand among others. Names are the same if their bytes are: symbols that look alike may be different.
  package static func places(of names: [String], in others: [String]) -> [Int?] {
    let known = Dictionary(others.enumerated().map { (Array($1.utf8), $0) }) { first, _ in first }
    return names.map { known[Array($0.utf8)] }
  }
}
