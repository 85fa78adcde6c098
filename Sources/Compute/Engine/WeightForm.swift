package import Support

/// How the matrices among some weights are stored: in which numbers, and by what these are multiplied.
package struct WeightForm: Sendable, Hashable {
  package let kind: WeightKind
  /// What the whole numbers of each row of a matrix are multiplied by, by the matrix's name; none for other kinds of numbers.
  package let scales: [String: [Float]]

  package static let float32 = WeightForm(.float32)

  package init(_ kind: WeightKind, scales: [String: [Float]] = [:]) {
    self.kind = kind
    self.scales = scales
  }

  /// Rounds the matrices among some weights, which become the numbers that the stored ones stand for.
  ///
  /// A row of whole numbers is scaled so that the largest of it is 127 or -127.
  ///
  /// - Parameter entries: where the weights stand; those with rows and columns are matrices.
  /// - Throws: ``RecurrentError`` if numbers of that kind can't hold one of the weights; it names it.
  package init(
    rounding weights: inout [Float], of entries: [ParameterLayout.Entry], to kind: WeightKind
  ) throws(RecurrentError) {
    var scales: [String: [Float]] = [:]
    for entry in entries where entry.isMatrix && kind != .float32 {
      if kind == .int8 {
        scales[entry.name] = Self.round(&weights, entry)
        continue
      }
      for place in entry.range {
        let rounded = Self.number(Self.bits(of: weights[place], kind), kind)
        guard rounded.isFinite || !weights[place].isFinite else {
          throw RecurrentError(
            .unsuitable,
            "the weights \(entry.name) hold \(weights[place]), and \(kind.rawValue) has no numbers beyond \(Self.number(kind == .float16 ? 0x7bff : 0x7f7f, kind)): store the weights as another kind of numbers"
          )
        }
        weights[place] = rounded
      }
    }
    self.init(kind, scales: scales)
  }

  /// Rounds each row of a matrix to multiples of its scale, which is returned for each.
  private static func round(_ weights: inout [Float], _ entry: ParameterLayout.Entry) -> [Float] {
    let columns = entry.shape[1]
    return (0..<entry.shape[0]).map { row in
      let places = entry.range.lowerBound + row * columns..<entry.range.lowerBound + (row + 1) * columns
      let scale = scale(forLargest: weights[places].reduce(0) { max($0, $1.magnitude) })
      for place in places { weights[place] = Float(byte(of: weights[place], scale: scale)) * scale }
      return scale
    }
  }

  /// The scale of a row by its largest magnitude; of a row of zeros 1.
  private static func scale(forLargest largest: Float) -> Float {
    if largest == 0 { return 1 }
    let scale = Float(Double(largest) / 127)
    // The nearest number may lie far below if it is a denormal one, and just above what a float can hold 127 times.
    if Double(scale) * 127.5 <= Double(largest) { return scale.nextUp }
    return (127 * scale).isFinite ? scale : scale.nextDown
  }

  /// The whole number that is stored for a weight.
  package static func byte(of weight: Float, scale: Float) -> Int8 {
    let number = (weight / scale).rounded()
    return number > -128 && number < 128 ? Int8(number) : number < 0 ? -128 : 127
  }

  /// The 16 bits that are stored for a weight.
  package static func bits(of weight: Float, _ kind: WeightKind) -> UInt16 { kind == .float16 ? weight.half : weight.bfloat }

  /// The weight for which 16 bits are stored.
  package static func number(_ bits: UInt16, _ kind: WeightKind) -> Float {
    kind == .float16 ? Float(half: bits) : Float(bfloat: bits)
  }

  /// The form of those weights whose names begin with a prefix, by the rest of their names.
  package func ofWeights(named prefix: String) -> WeightForm {
    let own = scales.filter { $0.key.hasPrefix(prefix) }
    return WeightForm(
      kind, scales: Dictionary(uniqueKeysWithValues: own.map { (String($0.key.dropFirst(prefix.count)), $0.value) }))
  }
}

extension ParameterLayout.Entry {
  /// Whether it has rows and columns.
  package var isMatrix: Bool { shape.count == 2 }
}
