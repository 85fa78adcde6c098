/// The largest magnitude of an eigenvalue of a real square matrix, its spectral radius.
///
/// A power iteration would not do: recurrent matrices have pairs of complex eigenvalues of the same magnitude, between which it
/// turns for ever. So the matrix is brought to Hessenberg form by reflections, and from there to blocks of one or two
/// rows by the QR iteration with two implicit shifts (Francis 1961; Golub & Van Loan, Matrix Computations, 7.4 and 7.5).
/// All steps are orthogonal in Double: the result is that of a matrix that differs by some units in the last place of the norm.
package struct SpectralRadius {
  private var matrix: [Double]
  private let size: Int
  private var norm = 0.0

  /// - Parameter matrix: `[size, size]`, row by row.
  private init(_ matrix: [Double], size: Int) {
    self.matrix = matrix
    self.size = size
  }

  /// - Returns: nil if a number is not finite, or if the iteration does not end, which no matrix is known to cause.
  package static func of(_ matrix: [Double], size: Int) -> Double? {
    guard size > 0, matrix.allSatisfy(\.isFinite) else { return nil }
    var work = SpectralRadius(matrix, size: size)
    work.reduceToHessenberg()
    return work.iterate()
  }

  private subscript(row: Int, column: Int) -> Double {
    get { matrix[row * size + column] }
    set { matrix[row * size + column] = newValue }
  }

  /// Reflections from both sides that leave zeros below the first subdiagonal.
  private mutating func reduceToHessenberg() {
    for column in 0..<max(0, size - 2) {
      guard let reflection = Reflection((column + 1..<size).map { self[$0, column] }) else { continue }
      apply(reflection, from: column + 1, rows: 0..<size, columns: column..<size)
      for row in column + 2..<size { self[row, column] = 0 }
    }
    norm = matrix.reduce(0) { $0 + abs($1) }
  }

  /// P M P for a reflection P of the rows and columns from `first` on, as far as `columns` and `rows` go.
  private mutating func apply(_ reflection: Reflection, from first: Int, rows: Range<Int>, columns: Range<Int>) {
    let (vector, scale, size) = (reflection.vector, reflection.scale, size)
    matrix.withUnsafeMutableBufferPointer { matrix in
      // Row by row, as the matrix lies in memory.
      var sums = [Double](repeating: 0, count: columns.count)
      for (place, factor) in vector.enumerated() {
        let row = (first + place) * size + columns.lowerBound
        for column in sums.indices { sums[column] += factor * matrix[row + column] }
      }
      for (place, factor) in vector.enumerated() {
        let row = (first + place) * size + columns.lowerBound
        for column in sums.indices { matrix[row + column] -= scale * factor * sums[column] }
      }
      for row in rows {
        let start = row * size + first
        var sum = 0.0
        for (place, factor) in vector.enumerated() { sum += factor * matrix[start + place] }
        for (place, factor) in vector.enumerated() { matrix[start + place] -= scale * factor * sum }
      }
    }
  }

  /// Splits off one or two eigenvalues at the lower end at a time.
  private mutating func iterate() -> Double? {
    var radius = 0.0
    var last = size - 1
    var tries = 0
    while last >= 0 {
      let first = startOfBlock(endingAt: last)
      if first == last {
        radius = max(radius, abs(self[last, last]))
        (last, tries) = (last - 1, 0)
      } else if first == last - 1 {
        radius = max(radius, pairMagnitude(at: first))
        (last, tries) = (last - 2, 0)
      } else {
        tries += 1
        // Two or three sweeps are usual.
        if tries > 90 { return nil }
        sweep(first, last, isExceptional: tries % 10 == 0)
      }
    }
    return radius
  }

  /// The first row of the lowest block that no zero on the subdiagonal divides.
  private mutating func startOfBlock(endingAt last: Int) -> Int {
    var row = last
    while row > 0 {
      let neighbours = abs(self[row - 1, row - 1]) + abs(self[row, row])
      if abs(self[row, row - 1]) <= .ulpOfOne * (neighbours > 0 ? neighbours : norm) {
        self[row, row - 1] = 0
        break
      }
      row -= 1
    }
    return row
  }

  private func pairMagnitude(at row: Int) -> Double {
    let (a, b, c, d) = (self[row, row], self[row, row + 1], self[row + 1, row], self[row + 1, row + 1])
    let (middle, half) = ((a + d) / 2, (a - d) / 2)
    let square = half * half + b * c
    if square >= 0 { return abs(middle) + square.squareRoot() }
    return (middle * middle - square).squareRoot()
  }

  /// One step with the eigenvalues of the last two rows as shifts, or with others if these don't get on.
  private mutating func sweep(_ first: Int, _ last: Int, isExceptional: Bool) {
    var (sum, product) = (
      self[last - 1, last - 1] + self[last, last],
      self[last - 1, last - 1] * self[last, last] - self[last - 1, last] * self[last, last - 1]
    )
    if isExceptional {
      let size = abs(self[last, last - 1]) + abs(self[last - 1, last - 2])
      (sum, product) = (1.5 * size, size * size)
    }
    // The first column of (M - s₁)(M - s₂).
    var bulge = [
      self[first, first] * (self[first, first] - sum) + self[first, first + 1] * self[first + 1, first] + product,
      self[first + 1, first] * (self[first, first] + self[first + 1, first + 1] - sum),
      self[first + 1, first] * self[first + 2, first + 1],
    ]
    for row in first..<last {
      if let reflection = Reflection(bulge) {
        apply(
          reflection, from: row, rows: first..<min(row + 4, last + 1), columns: max(row - 1, first)..<last + 1)
      }
      if row > first {
        for below in row + 1..<min(row + 3, last + 1) { self[below, row - 1] = 0 }
      }
      guard row + 1 < last else { break }
      bulge = (row + 1...min(row + 3, last)).map { self[$0, row] }
    }
  }
}

/// I - scale · v vᵀ, which turns a vector into one with zeros after its first element.
private struct Reflection {
  let vector: [Double]
  let scale: Double

  /// Nil if there is nothing to do.
  init?(_ vector: [Double]) {
    let largest = vector.reduce(0) { max($0, abs($1)) }
    guard vector.dropFirst().contains(where: { $0 != 0 }), largest > 0 else { return nil }
    // Scaled, so that squares neither overflow nor vanish.
    var vector = vector.map { $0 / largest }
    let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
    vector[0] += vector[0] < 0 ? -length : length
    self.vector = vector
    scale = 2 / vector.reduce(0) { $0 + $1 * $1 }
  }
}
