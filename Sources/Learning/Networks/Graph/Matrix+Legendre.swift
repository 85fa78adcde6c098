extension Matrix {
  /// What keeps the last `steps` numbers of a sequence as the first coefficients of Legendre polynomials, m' = A m + B u (Voelker, Kajić &
  /// Eliasmith 2019, equations 1 and 2, with zero-order hold): A where it is square, and B where it has one column.
  static func legendre(rows order: Int, columns: Int, steps: Double) -> Matrix {
    // A and B stand side by side, over a row of zeros: the exponential of this matrix holds A and B of a step.
    var exponent = Matrix(rows: order + 1, columns: order + 1)
    for row in 0..<order {
      let scale = Double(2 * row + 1) / steps
      for column in 0..<order {
        exponent.elements[row * (order + 1) + column] = row < column || (row - column).isMultiple(of: 2) ? -scale : scale
      }
      exponent.elements[row * (order + 1) + order] = row.isMultiple(of: 2) ? scale : -scale
    }
    let step = exponent.exponential
    var result = Matrix(rows: order, columns: columns)
    for row in 0..<order {
      for column in 0..<columns {
        result.elements[row * columns + column] = step.elements[row * (order + 1) + (columns == 1 ? order : column)]
      }
    }
    return result
  }

  /// e to the power of a square matrix: its Taylor series where it is small, and squares of that.
  private var exponential: Matrix {
    let largest = (0..<rows).map { row in elements[row * columns..<(row + 1) * columns].reduce(0) { $0 + abs($1) } }.max() ?? 0
    var squarings = 0
    while largest > Double(1 << squarings) / 2 { squarings += 1 }
    var small = self
    for index in small.elements.indices { small.elements[index] /= Double(1 << squarings) }
    var term = Matrix(rows: rows, columns: columns)
    for index in 0..<rows { term.elements[index * columns + index] = 1 }
    var sum = term
    // The 18th power of a half over 18! is below a rounding of 1.
    for power in 1...18 {
      term = term.times(small)
      for index in term.elements.indices {
        term.elements[index] /= Double(power)
        sum.elements[index] += term.elements[index]
      }
    }
    for _ in 0..<squarings { sum = sum.times(sum) }
    return sum
  }

  private func times(_ other: Matrix) -> Matrix {
    var product = Matrix(rows: rows, columns: other.columns)
    for row in 0..<rows {
      for middle in 0..<columns {
        let factor = elements[row * columns + middle]
        if factor == 0 { continue }
        for column in 0..<other.columns {
          product.elements[row * other.columns + column] += factor * other.elements[middle * other.columns + column]
        }
      }
    }
    return product
  }
}
