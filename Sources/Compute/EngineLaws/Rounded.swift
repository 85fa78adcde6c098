/// A vector of the reference, and how far a machine that computes it in Float may be from it, to first order: a running error analysis
/// (Wilkinson 1963; Higham 2002, Accuracy and Stability of Numerical Algorithms, section 3.3). Unlike a bound for all cells alike it
/// counts what cancels and what a small denominator makes of that.
struct Rounded: Sendable {
  var values: [Double]
  /// What is wrong before the values are summed up, in units of 2⁻²⁴.
  var inherited: [Double]
  /// A sum may be made in any order, and each of its additions and products rounds off up to a 2⁻²⁴th of what its terms amount to
  /// without their signs.
  var additions = 0.0
  var magnitudes: [Double]

  init(_ values: [Double], inherited: [Double]? = nil) {
    self.values = values
    self.inherited = inherited ?? [Double](repeating: 0, count: values.count)
    magnitudes = values.map(abs)
  }

  var count: Int { values.count }

  /// In units of 2⁻²⁴.
  var errors: [Double] { zip(inherited, magnitudes).map { $0 + additions * $1 } }

  /// The same vector, a single element repeated.
  func broadcast(to count: Int) -> Rounded {
    mapped { ReferenceGraph.broadcast($0, to: count) }
  }

  /// Some of the elements.
  func part(_ range: Range<Int>) -> Rounded { mapped { Array($0[range]) } }

  /// One of some equal parts; a single element serves in each.
  func part(_ part: Int, of parts: Int) -> Rounded {
    parts == 1 || count == 1 ? self : self.part(part * (count / parts)..<(part + 1) * (count / parts))
  }

  /// Vectors one after the other.
  static func joined(_ parts: [Rounded]) -> Rounded {
    parts.count == 1 ? parts[0] : Rounded(parts.flatMap(\.values), inherited: parts.flatMap(\.errors))
  }

  /// A vector with these elements at `range` and exact zeros elsewhere.
  func placed(_ range: Range<Int>, of count: Int) -> Rounded {
    mapped { elements in
      var whole = [Double](repeating: 0, count: count)
      whole.replaceSubrange(range, with: elements)
      return whole
    }
  }

  private func mapped(_ change: ([Double]) -> [Double]) -> Rounded {
    var result = self
    (result.values, result.inherited, result.magnitudes) = (change(values), change(inherited), change(magnitudes))
    return result
  }

  /// - Parameter sign: 1, or -1 for the difference.
  func adding(_ other: Rounded, sign: Double = 1) -> Rounded {
    let length = max(count, other.count)
    var (sum, right) = (broadcast(to: length), other.broadcast(to: length))
    for index in 0..<length {
      sum.values[index] += sign * right.values[index]
      sum.inherited[index] += right.inherited[index]
      sum.magnitudes[index] += right.magnitudes[index]
    }
    sum.additions += right.additions + 1
    return sum
  }

  /// As many elements: each the sum of as many as it served, or, where of some equal parts only the first elements served, these.
  func gathered(to length: Int) -> Rounded {
    if length == count { return self }
    if length == 1 { return total }
    if length > count {
      return mapped { elements in
        (0..<length).map { $0 * elements.count % length == 0 ? elements[$0 * elements.count / length] : 0 }
      }
    }
    return .joined((0..<length).map { part($0, of: length).total })
  }

  /// The sum of all elements.
  var total: Rounded {
    var sum = Rounded([values.reduce(0, +)], inherited: [inherited.reduce(0, +)])
    sum.magnitudes = [magnitudes.reduce(0, +)]
    sum.additions = additions + Double(count)
    return sum
  }

  /// `W v`, or `Wᵀ v`, of an exact matrix.
  static func product(_ matrix: [Double], transposed: Bool, _ vector: Rounded, blocks: Int = 1) -> Rounded {
    func times(_ matrix: [Double], _ vector: [Double]) -> [Double] {
      transposed
        ? ReferenceGraph.multiplyTransposed(matrix, vector, blocks: blocks)
        : ReferenceGraph.multiply(matrix, vector, blocks: blocks)
    }
    let sizes = matrix.map(abs)
    var product = Rounded(times(matrix, vector.values), inherited: times(sizes, vector.errors))
    product.magnitudes = times(sizes, vector.values.map(abs))
    product.additions = Double(vector.count / blocks) + 1
    return product
  }

  /// `rows · columnsᵀ`, row by row; of a block-diagonal matrix the blocks alone.
  static func outer(_ rows: Rounded, _ columns: Rounded, blocks: Int = 1) -> Rounded {
    let (left, right) = (rows.values.map(abs), columns.values.map(abs))
    let inherited = zip(
      ReferenceGraph.outer(rows.errors, right, blocks: blocks), ReferenceGraph.outer(left, columns.errors, blocks: blocks))
    var outer = Rounded(
      ReferenceGraph.outer(rows.values, columns.values, blocks: blocks), inherited: inherited.map { $0 + $1 })
    outer.additions = 1
    return outer
  }
}
