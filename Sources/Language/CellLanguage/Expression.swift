/// The right-hand side of an equation, checked: every name in it has a meaning.
package indirect enum Expression: Sendable, Hashable {
  /// A literal number.
  case number(Double)
  /// The input, a state's previous value, a local vector, or a vector, bias or scalar parameter.
  case name(String)
  /// A state's next value, written `c'`.
  case next(String)
  /// A matrix parameter times a vector, written side by side: `W x`, or `W^T x` for the transpose.
  case product(matrix: String, transposed: Bool, Expression)
  /// The memory with a matrix parameter applied to each of its rows, written `M U^T`: a matrix with a row for each of these.
  case projection(memory: String, matrix: String)
  /// A concatenation of vectors, written `[h, x]`. It can only follow a matrix.
  case concatenation([Expression])
  /// The elements of a vector from one place, counted from 0, up to but without another: `z[0..units]`. The vector is the input, a
  /// state or a local one, by its name.
  case slice(Expression, from: Size, to: Size)
  /// A function or an operator of the table of primitives.
  case apply(Primitive, [Expression])
}
