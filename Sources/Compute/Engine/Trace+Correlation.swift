extension Trace.Quantity {
  /// How each unit goes along with a number that is given for each row: Pearson's correlation, from -1 to 1, 0 where either of
  /// them never changes.
  ///
  /// - Parameter numbers: `[rows]`; rows without a number are left out.
  package func correlations(with numbers: [Double?]) -> [Double] {
    let rows = numbers.indices.filter { numbers[$0] != nil }
    let numbers = centred(rows.compactMap { numbers[$0] })
    return (0..<width).map { unit in
      let values = centred(rows.map { Double(self.values[$0 * width + unit]) })
      let scale = (dot(values, values) * dot(numbers, numbers)).squareRoot()
      return scale > 0 ? dot(values, numbers) / scale : 0
    }
  }
}

/// The numbers less their mean.
private func centred(_ numbers: [Double]) -> [Double] {
  let mean = numbers.reduce(0, +) / Double(max(1, numbers.count))
  return numbers.map { $0 - mean }
}

private func dot(_ left: [Double], _ right: [Double]) -> Double { zip(left, right).reduce(0) { $0 + $1.0 * $1.1 } }
