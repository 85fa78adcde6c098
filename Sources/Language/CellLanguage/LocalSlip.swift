/// What can be wrong with a line that says how long local vectors are.
enum LocalSlip: Sendable {
  case badSize
  case noLocal(String, what: String?, suggestion: String?)
  case twice(String, line: Int)
  case badFold(String)
  case foldOfOther(String, what: String)
  case foldWithoutSize(String, product: String)
  case foldWithHeads(String)

  /// What is wrong, in one sentence, and what to write instead.
  var texts: (message: String, help: String) {
    switch self {
    case .badSize:
      ("a local vector's size is a name or a whole number", "write `local z(P)` or `local z(16)`")
    case .noLocal(let name, let what?, _):
      ("`\(name)` is \(what), and `local` says how long local vectors are", "name a vector that an equation `z = …` defines")
    case .noLocal(let name, nil, let suggestion):
      (
        "no equation defines `\(name)`",
        suggestion.map { "did you mean `\($0)`?" } ?? "add an equation `\(name) = …`, or remove its length"
      )
    case .twice(let name, let line):
      ("the length of `\(name)` was given before, in line \(line)", "remove one of the two")
    case .badFold(let vector):
      (
        "the rows and columns of the matrix that `\(vector)` is read as are names of sizes or whole numbers",
        "write `\(vector)[units by N]` or `\(vector)[8 by 4]`"
      )
    case .foldOfOther(let name, let what):
      ("`\(name)` is \(what), and only a vector's elements can be read as a matrix", "give the vector an equation `z = …` first")
    case .foldWithoutSize(let text, let product):
      ("nothing says how long the vector of `\(text)` is", "add a line that names that length, `size D = \(product)`")
    case .foldWithHeads(let text):
      ("`\(text)` stands in a cell with heads", "no head has a matrix of its own there: write the cell without the `heads` line")
    }
  }
}
