import ONNXFiles

/// What is known of a value of a graph when its file is read.
enum ONNXKnown {
  /// A tensor of the file.
  case stored(ONNXTensor)
  case array(ONNXArray)
  /// Whole numbers that depend on the lengths of the inputs' axes.
  case lengths(ONNXLengths)
  /// One whole number that depends on the lengths of the inputs' axes, at every place of a shape that does, too.
  case uniform(ONNXLength, [ONNXLength?])
  /// An array that is repeated along axes whose lengths depend on the inputs, such as zeros for each sequence.
  case repeated(ONNXRepeated)
  /// What data has passed on its way from the graph's input.
  case flow(ONNXFlow)

  /// The lengths of its axes, each nil if it is not known; nil if not even their number is.
  var shape: [ONNXLength?]? {
    switch self {
    case .stored(let tensor): tensor.shape.map { ONNXLength($0) }
    case .array(let array): array.shape.map { ONNXLength($0) }
    case .lengths(let own): own.shape.map { ONNXLength($0) }
    case .uniform(_, let lengths): lengths
    case .repeated(let own): own.lengths
    case .flow(let flow): flow.axes?.map(\.length)
    }
  }

  /// Its whole numbers, if it is constant or follows from the inputs' lengths.
  var lengths: ONNXLengths? {
    switch self {
    case .lengths(let own): own
    case .array(let array):
      array.count <= ONNXLengths.greatestCount ? array.integers.map { ONNXLengths(array.shape, $0.map { ONNXLength($0) }) } : nil
    case .stored, .uniform, .repeated, .flow: nil
    }
  }
}

/// Whole numbers with a shape, the last axis varying fastest; nil for those that are not known.
struct ONNXLengths {
  /// How many there may be: shapes are short, and lists of rows that are picked not much longer.
  static let greatestCount = 1 << 16

  let shape: [Int]
  let elements: [ONNXLength?]

  init(_ shape: [Int], _ elements: [ONNXLength?]) { (self.shape, self.elements) = (shape, elements) }

  /// The value for a list, an array if all numbers are constant.
  var known: ONNXKnown {
    let constants = elements.compactMap { $0?.constant }
    return constants.count == elements.count ? .array(.integers(constants, shape: shape)) : .lengths(self)
  }

  /// - Parameter move: what is done to an array that stands in for this one.
  func moved(_ move: (ONNXArray) -> ONNXArray?) -> ONNXLengths? {
    guard let places = move(.integers(Array(elements.indices), shape: shape)), let own = places.integers,
      own.count <= Self.greatestCount
    else { return nil }
    return ONNXLengths(places.shape, own.map { elements[$0] })
  }
}

/// An array that is repeated along axes.
struct ONNXRepeated {
  /// As many axes as there are lengths; those of length 1 are repeated.
  let base: ONNXArray
  let lengths: [ONNXLength?]
  /// Whether it follows from the symbols that the graph reads being no less than 0.
  var isOfSymbols = false

  /// Repeated in the same way.
  func with(_ base: ONNXArray?) -> ONNXRepeated? {
    base.map { ONNXRepeated(base: $0, lengths: lengths, isOfSymbols: isOfSymbols) }
  }

  /// The value for it, an array if it is repeated nowhere or to a length that is constant.
  ///
  /// - Parameter limit: how many elements the array may have.
  func known(limit: Int) -> ONNXKnown? {
    let constants = lengths.compactMap { $0?.constant }
    guard constants.count == lengths.count, !isOfSymbols else { return .repeated(self) }
    guard elementCount(constants, limit: limit) != nil else { return nil }
    return base.spread(to: constants).map { .array($0) }
  }
}
