/// What can be wrong with a memory, which has a row for each step of another sequence.
enum MemorySlip: Sendable {
  case badSize(String)
  case second(String, first: String)
  case withHeads
  case neverRead(String)
  case rowsOfOther(String, matrix: String)
  case transposedRows(String, matrix: String)
  case rowsTimesOther(String, what: String, memory: String)
  case twoPurposes(String, memory: String, line: Int)
  case length(String, memory: String, what: String)
  case targetDiffers(target: String, targetSize: String, size: String, memory: String)
  case partOfRows(String, memory: String)

  /// What is wrong, in one sentence, and what to write instead.
  var texts: (message: String, help: String) {
    switch self {
    case .badSize(let name):
      (
        "nothing says how long a row of the memory `\(name)` is",
        "write `memory \(name)(K)`, where what gives the memory decides K, or a whole number in its place"
      )
    case .second(let name, let first):
      (
        "`\(name)` would be a second memory, and a cell has one at most",
        "read `\(first)`, or let the network that gives it put both into one row"
      )
    case .withHeads:
      ("a cell with a memory has no heads", "remove the line `heads`, or the line `memory`")
    case .neverRead(let name):
      ("the memory `\(name)` is never read", "read it in an equation, as in `c = \(name)^T softmax(\(name) q)`")
    case .rowsOfOther(let matrix, let left):
      (
        "`\(matrix)^T` multiplies each row of `\(left)`, which is no memory",
        "only the rows of what a line `memory` names are multiplied by a parameter, as in `M \(matrix)^T`"
      )
    case .transposedRows(let matrix, let memory):
      (
        "`\(memory)^T` multiplies a vector, and `\(matrix)^T` is a matrix",
        "write `\(memory) \(matrix)^T` for \(matrix) times each row, and `(\(memory) \(matrix)^T)^T a` for their sum"
      )
    case .rowsTimesOther(let name, let what, let memory):
      (
        "`\(name)` is \(what), and only a parameter multiplies each row of `\(memory)`",
        "write `\(memory) \(name)` for the dot product of each row and `\(name)`"
      )
    case .twoPurposes(let name, let memory, let line):
      (
        "`\(name)` multiplies the rows of `\(memory)`, and in line \(line) something else",
        "give one of the two products a matrix of its own"
      )
    case .length(let what, let memory, let kind):
      (
        "`\(what)` would have \(kind) for each row of `\(memory)`, and how many rows there are every sequence says for itself",
        "only local vectors are as long as that: take a sum over the rows, as in `\(memory)^T a`"
      )
    case .targetDiffers(let target, let targetSize, let size, let memory):
      (
        "`\(target)` has the size \(targetSize), but the right-hand side has \(size)",
        "only local vectors are as long as that: take a sum over the rows, as in `\(memory)^T a`"
      )
    case .partOfRows(let name, let memory):
      (
        "`\(name)` has an element for each row of `\(memory)`, and so no parts",
        "take the part of what is summed over the rows, as in `c = \(memory)^T \(name)` and `c[0..16]`"
      )
    }
  }
}
