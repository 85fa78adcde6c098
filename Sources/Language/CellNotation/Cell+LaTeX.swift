public import CellLanguage

extension Cell {
  /// The equations in LaTeX, in the `aligned` environment of the package amsmath, with the steps as papers write them: `h_t` is a
  /// state's next value, `h_{t-1}` the one before. Labels are comments.
  public var latex: String {
    let lines = equations.map { equation in
      let left = latex(equation.target, at: "t")
      let label = equation.label.map { " % \($0)" } ?? ""
      return (text: "  \(left) &= \(latex(equation.expression).text)", label: label)
    }
    let rows = lines.enumerated().map { index, line in line.text + (index + 1 < lines.count ? " \\\\" : "") + line.label }
    let zoneout = states.filter { $0.zoneout > 0 }.map { "% zoneout of \($0.name): \(Expression.text(of: $0.zoneout))" }
    let constants = constants.map { "% constant \($0.name): \(Expression.text(of: $0.value))" }
    let repeats = repeats.map { each in
      let names = equations[each.equations].map { latex($0.target, at: "t") }.joined(separator: ", ")
      return "% \(each.count) times, each time from the states that the time before has left: \(names)"
    }
    let blocks = parameters.filter(\.kind.isBlockDiagonal).map { latex($0.name, at: "t") }.joined(separator: ", ")
    let heads =
      !hasHeads
      ? [] : ["% functions of whole vectors act on each head by itself" + (blocks.isEmpty ? "" : "; block-diagonal: \(blocks)")]
    let head = summary.map { "% \($0)" } + constants + zoneout + heads + repeats
    return (head + ["\\begin{aligned}"] + rows + ["\\end{aligned}"]).joined(separator: "\n") + "\n"
  }

  /// An expression, and how tightly it holds together.
  private func latex(_ expression: Expression) -> (text: String, tightness: Tightness) {
    switch expression {
    case .number(let value): return (Self.latex(number: value), .atom)
    case .projection(let memory, let matrix):
      return ("\(latex(memory, at: "t")) \(latex(matrix, at: "t"))^{\\top}", .product)
    case .name(let name): return (latex(name, at: states.contains { $0.name == name } ? "t-1" : "t"), .atom)
    case .next(let name): return (latex(name, at: "t"), .atom)
    case .slice(let vector, let from, let to):
      return (
        "\\left[\(latex(vector).text)\\right]_{\(Self.latex(from))..\(Self.latex(to))}", .atom
      )
    case .concatenation(let parts): return ("[\(parts.map { latex($0).text }.joined(separator: ", "))]", .atom)
    case .product(let matrix, let isTransposed, let vector):
      let operand = latex(vector)
      let matrix = latex(matrix, at: "t") + (isTransposed ? "^{\\top}" : "")
      return ("\(matrix) \(operand.tightness < .product ? "(\(operand.text))" : operand.text)", .product)
    case .apply(.divide, let parts):
      return ("\\frac{\(latex(parts[0]).text)}{\(latex(parts[1]).text)}", .atom)
    // A vector that is added to each row of a matrix is added as a row.
    case .apply(.asRows, let arguments):
      return ("\\mathbf{1} \(Self.transposed(latex(arguments[0])))", .product)
    case .apply(let primitive, let arguments):
      if primitive == .outer { return latex(.outer, arguments[0], arguments[1]) }
      if let matrix = primitive.fold, let columns = matrix.columns {
        return ("\\left[\(latex(arguments[0]).text)\\right]_{\(Self.latex(matrix.rows)) \\times \(Self.latex(columns))}", .atom)
      }
      switch primitive.notation {
      case .function:
        let list = arguments.map { latex($0).text }.joined(separator: ", ")
        return ("\(Self.latex(function: primitive.sign))(\(list))", .atom)
      case .product(let product): return latex(product, arguments[0], arguments[1])
      case .prefix(let sign):
        let operand = latex(arguments[0])
        return (sign + (operand.tightness < .factor ? "(\(operand.text))" : operand.text), .sum)
      case .infix(let sign, _): return infix(sign, arguments, isProduct: primitive == .multiply)
      }
    }
  }

  private func infix(_ sign: String, _ arguments: [Expression], isProduct: Bool) -> (text: String, tightness: Tightness) {
    let (left, right) = (latex(arguments[0]), latex(arguments[1]))
    let own: Tightness = isProduct ? .factor : .sum
    let least: Tightness = isProduct ? .product : .factor
    let first = left.tightness < own ? "(\(left.text))" : left.text
    let second = right.tightness < least ? "(\(right.text))" : right.text
    guard isProduct else { return ("\(first) \(sign) \(second)", own) }
    // A number is broadcast over a vector; vectors are multiplied element by element.
    return ("\(first) \(isNumber(arguments[0]) || isNumber(arguments[1]) ? "\\," : "\\odot") \(second)", own)
  }

  /// A product of matrices, the outer one with its second factor transposed.
  private func latex(_ product: MatrixProduct, _ left: Expression, _ right: Expression) -> (text: String, tightness: Tightness) {
    let operands = [left, right].map { operand -> String in
      let text = latex(operand)
      return text.tightness < .product ? "(\(text.text))" : text.text
    }
    let isSimple = latex(left).tightness == .atom
    let first = isSimple ? operands[0] : "(\(latex(left).text))"
    func diagonal(_ factors: Expression) -> String { "\\operatorname{diag}(\(latex(factors).text))" }
    let text =
      switch product {
      case .outer: "\(operands[0]) \(latex(right).tightness == .atom ? operands[1] : "(\(latex(right).text))")^{\\top}"
      case .times: "\(first) \(operands[1])"
      case .transposedTimes: "\(first)^{\\top} \(operands[1])"
      case .scaledRows: "\(diagonal(left)) \(operands[1])"
      case .scaledColumns: "\(first) \(diagonal(right))"
      }
    return (text, .product)
  }

  /// Whether an expression is a single number and not a vector.
  private func isNumber(_ expression: Expression) -> Bool {
    switch expression {
    case .number: true
    case .name(let name):
      constant(named: name) != nil || parameters.contains { $0.name == name && $0.kind == .scalar }
        || states.contains { $0.name == name && $0.isNumber } || equations.contains { $0.target == name && $0.isNumber }
    case .next(let name): states.contains { $0.name == name && $0.isNumber }
    case .product, .projection, .concatenation, .slice: false
    case .apply(_, let arguments): arguments.allSatisfy(isNumber)
    }
  }

  /// A name with what follows its first underscore, and the step if its value changes, as subscripts.
  private func latex(_ name: String, at step: String) -> String {
    let parts = name.split(separator: "_", maxSplits: 1).map(String.init)
    let isTheSame = constant(named: name) != nil || memory?.name == name || parameters.contains { $0.name == name }
    let base = parts.first.map(Self.latex(letters:)) ?? ""
    let own = parts.dropFirst().map { $0.count < 3 && $0.allSatisfy { $0.isASCII && $0 != "_" } ? $0 : Self.latex(letters: $0) }
    let subscripts = (own + (isTheSame ? [] : [step])).joined(separator: ",")
    return subscripts.isEmpty ? base : subscripts.count == 1 ? "\(base)_\(subscripts)" : "\(base)_{\(subscripts)}"
  }

  private enum Tightness: Comparable { case sum, factor, product, atom }

  private static func transposed(_ vector: (text: String, tightness: Tightness)) -> String {
    (vector.tightness == .atom ? vector.text : "(\(vector.text))") + "^{\\top}"
  }

  private static func latex(number: Double) -> String {
    let text = Expression.text(of: number)
    guard let mark = text.firstIndex(of: "e") else { return text }
    return "\(text[..<mark]) \\cdot 10^{\(text[text.index(after: mark)...])}"
  }

  /// A size, whose names are words and not products of letters.
  private static func latex(_ size: Size) -> String {
    size.description.split(separator: " ").map { $0 == "*" ? "\\," : latex(letters: String($0)) }
      .joined(separator: " ")
  }

  /// Greek letters by their commands; a word of several letters upright, so that it does not read as a product.
  private static func latex(letters word: String) -> String {
    let letters = word.map { greek[$0].map { "\\\($0)" } ?? ($0 == "_" ? "\\_" : String($0)) }
    if word.contains(where: { greek[$0] != nil }) {
      // A command ends where something that is no letter follows.
      return letters.enumerated().reduce("") { text, next in
        text + (next.offset > 0 && letters[next.offset - 1].hasPrefix("\\") ? " " : "") + next.element
      }
    }
    return word.count > 1 && !word.allSatisfy(\.isNumber) ? "\\mathrm{\(letters.joined())}" : word
  }

  private static func latex(function name: String) -> String {
    if name.count == 1 { return latex(letters: name) }
    return commands.contains(name) ? "\\\(name)" : "\\operatorname{\(name.replacing("_", with: "\\_"))}"
  }

  /// Functions that LaTeX has a command for.
  private static let commands: Set = ["cos", "exp", "log", "max", "min", "sin", "tanh"]

  private static let greek: [Character: String] = [
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta", "η": "eta", "θ": "theta", "ι": "iota",
    "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi", "π": "pi", "ρ": "rho", "σ": "sigma", "τ": "tau",
    "υ": "upsilon", "φ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega", "Γ": "Gamma", "Δ": "Delta", "Θ": "Theta", "Λ": "Lambda",
    "Ξ": "Xi", "Π": "Pi", "Σ": "Sigma", "Φ": "Phi", "Ψ": "Psi", "Ω": "Omega",
  ]
}
