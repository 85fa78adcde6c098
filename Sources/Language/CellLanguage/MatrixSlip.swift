/// What can be wrong with the matrices that each sequence has, and with single numbers.
enum MatrixSlip: Sendable {
  case output(String)
  case near(String, declared: String)
  case timesMatrix(left: String, right: String)
  case diagonalAlone(String)
  case diagonalOfMatrix(String, matrix: String)
  case diagonalTransposed(String)
  case transposeTimesDiagonal(matrix: String, diagonal: String)
  case parameterTimesDiagonal(parameter: String, diagonal: String)
  case beforeConcatenation(matrix: String, concatenation: String)
  case withVector(vector: String, matrix: String, isProduct: Bool)
  case function(function: String, matrix: String)
  case inVectorPlace(String)
  case shapesDiffer(left: String, leftSize: String, right: String, rightSize: String, axis: String)
  case targetShapeDiffers(target: String, targetSize: String, size: String, axis: String)
  case targetIsVector(String, what: String)
  case targetIsMatrix(String)
  case lengthDiffers(matrix: String, axis: String, size: String, vector: String, vectorSize: String)
  case scalarWithSize(String)

  /// What is wrong, in one sentence, and what to write instead.
  var texts: (message: String, help: String) {
    switch self {
    case .output(let name):
      (
        "the first state is the output, and `\(name)` is a matrix",
        "declare a vector before it, as in `state h, \(name)(units, units)`"
      )
    case .near(let name, let declared):
      (
        "`\(name)` is no matrix that a line declares or an equation defines",
        "did you mean `\(declared)`? A parameter needs a name that is less like it"
      )
    case .timesMatrix(let left, let right):
      (
        "`\(left)` and `\(right)`, which stand side by side, are both matrices",
        "a matrix multiplies a vector, as in `\(left) q`; `outer(v, k)` makes a matrix of two vectors"
      )
    case .diagonalAlone(let text):
      (
        "`\(text)` multiplies nothing",
        "write it before a matrix whose rows it scales, as in `\(text) C`, or after one whose columns it scales, as in `C \(text)`"
      )
    case .diagonalOfMatrix(let text, let matrix):
      ("`\(text)` is made of the matrix `\(matrix)`", "write a vector between the parentheses")
    case .diagonalTransposed(let text):
      ("`\(text)` is its own transpose", "write `\(text)`")
    case .transposeTimesDiagonal(let matrix, let diagonal):
      (
        "`\(matrix)^T` multiplies vectors, and `\(diagonal)` is none",
        "scale the matrix before it is transposed, as in `(\(diagonal) \(matrix))^T v`"
      )
    case .parameterTimesDiagonal(let parameter, let diagonal):
      (
        "`\(parameter) \(diagonal)` scales a parameter, and `diag` scales only matrices that each sequence has",
        "scale what the parameter multiplies, as in `\(parameter) (f * x)`"
      )
    case .beforeConcatenation(let matrix, let concatenation):
      (
        "`\(matrix)` multiplies one vector, not several as in `\(concatenation)`",
        "put a parameter before them, as in `\(matrix) (W \(concatenation))`"
      )
    case .withVector(let vector, let matrix, isProduct: true):
      (
        "`\(vector)` is a vector and `\(matrix)` a matrix, which only a number multiplies by `*`",
        "write `diag(\(vector)) \(matrix)` to scale its rows or `\(matrix) diag(\(vector))` to scale its columns; a line `scalar f` says that `f` is a number"
      )
    case .withVector(let vector, let matrix, isProduct: false):
      (
        "`\(vector)` is a vector and `\(matrix)` a matrix",
        "operators and functions take matrices of the same rows and columns, or numbers, element by element"
      )
    case .function(let function, let matrix):
      (
        "`\(function)` takes the elements of a vector together, and `\(matrix)` is a matrix",
        "make a vector of it first, as in `\(function)(\(matrix) q)`"
      )
    case .inVectorPlace(let text):
      ("`\(text)` is a matrix, and a vector is needed here", "multiply it by a vector, as in `\(text) q`")
    case .shapesDiffer(let left, let leftSize, let right, let rightSize, let axis):
      (
        "`\(left)` has \(leftSize) \(axis), and `\(right)` has \(rightSize)",
        "matrices are added up and multiplied element by element only if their rows and columns agree"
      )
    case .targetShapeDiffers(let target, let targetSize, let size, let axis):
      (
        "`\(target)` has \(targetSize) \(axis), but the right-hand side has \(size)",
        "let the sizes of what it is made of agree with those of `\(target)`"
      )
    case .targetIsVector(let target, let what):
      (
        "`\(target)` is \(what), but the right-hand side is a matrix",
        "multiply it by a vector, as in `C q`, or declare a matrix, as in `state C(units, units)`"
      )
    case .targetIsMatrix(let target):
      (
        "`\(target)` is a matrix, but the right-hand side is a vector",
        "`outer(v, k)` makes a matrix of two vectors"
      )
    case .lengthDiffers(let matrix, let axis, let size, let vector, let vectorSize):
      (
        "`\(matrix)` has \(size) \(axis), but `\(vector)` has the size \(vectorSize)",
        "use a vector with an element for each of the \(axis)"
      )
    case .scalarWithSize(let name):
      ("`\(name)` is a scalar here, and a state of another size", "write `state \(name)` for a number")
    }
  }
}
