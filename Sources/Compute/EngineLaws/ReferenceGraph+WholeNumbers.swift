import Engine

extension ReferenceGraph {
  /// Each of some equal parts of a vector as whole numbers times one scale, and the scale that each element has.
  static func wholeNumbers(_ vector: [Double], parts: Int) -> (values: [Double], scales: [Double]) {
    let own = vector.count == 1 ? 1 : parts
    let each = (0..<own).map { ActivationKind.rounded(part($0, of: own, vector).map(Float.init)) }
    return (
      each.flatMap { part in part.numbers.map { Double($0) * Double(part.scale) } },
      each.flatMap { part in part.numbers.map { _ in Double(part.scale) } }
    )
  }

  /// The same with how far a run in Float may be from it: where it may find another number to be the nearest, by one such number; elsewhere
  /// by what is wrong with the scale, the 127th of the largest magnitude.
  static func wholeNumbers(_ vector: Rounded, parts: Int) -> Rounded {
    let (values, scales) = wholeNumbers(vector.values, parts: parts)
    let errors = vector.errors
    let own = vector.count == 1 ? 1 : parts
    let largestErrors = (0..<own).flatMap { part -> [Double] in
      let each = Self.part(part, of: own, errors)
      return each.map { _ in each.reduce(0, max) }
    }
    return Rounded(
      values,
      inherited: values.indices.map { index in
        let scale = scales[index]
        if scale == 0 { return errors[index] }
        let number = vector.values[index] / scale
        // The roundings of the inverse and of the product, and the scale's own.
        let doubt =
          (errors[index] + (largestErrors[index] / scale / 127 + 3) * abs(vector.values[index]))
          * 0x1p-24 / scale
        let toTie = 0.5 - abs(number - number.rounded())
        return toTie <= doubt
          ? 1.1 * scale * 0x1p24
          : abs(values[index]) / scale / 127 * largestErrors[index] + abs(values[index])
      })
  }
}
