extension DiagnosticKind {
  /// What is wrong, in one sentence, and what to write instead.
  var texts: (message: String, help: String) {
    switch self {
    case .emptyText:
      ("the text holds no cell", "begin with `cell NAME`, `input x` and `state h`, then write the equations")
    case .noCellLine:
      ("a cell begins with its name", "write `cell NAME` above this line; only comments may stand before it")
    case .secondCellLine:
      ("a second cell begins here", "a text holds one cell: put the other one into a file of its own")
    case .missingName(let keyword):
      ("a name is missing after `\(keyword)`", "write `\(Keyword(rawValue: keyword)?.example ?? "\(keyword) x")`")
    case .badTarget:
      (
        "an equation begins with the name that it defines",
        "write `name = …` for a local vector or `name' = …` for a state's next value"
      )
    case .noEquals(let target):
      ("`=` is missing after `\(target)`", "write `\(target) = …`")
    case .unknownLine(let word, let suggestion?):
      ("no line begins with `\(word)`", "did you mean `\(suggestion)`?")
    case .unknownLine(_, nil):
      (
        "this line is neither a declaration nor an equation",
        "write `name = …`, or begin with \(Self.keywords)"
      )
    case .extraText(let text, let after):
      ("`\(text)` is not expected after `\(after)`", "end the line here; a comment begins with `#`")
    case .noInput:
      ("the cell has no input", "add a line such as `input x`")
    case .badInputSize:
      ("an input's size is a name or a whole number", "write `dt(1)` or `m(inputs)`")
    case .sizeOfFirstInput(let name):
      (
        "the first input, `\(name)`, is as long as what the layer reads, whatever that is",
        "write `input \(name)`; `inputs` is its length"
      )
    case .inputWithoutSize(let name, let first):
      (
        "nothing says how long the input `\(name)` is",
        "write `\(name)(1)` for one number, or `\(name)(inputs)` if it is as long as `\(first)`"
      )
    case .noState:
      ("the cell has no state", "add a line such as `state h, c`; the first state is the output")
    case .badStateSize:
      (
        "a state's size is a name or a whole number, or two of them for a matrix",
        "write `h(P)`, `h(16)` or `C(units, P)`; without it a state is `units` long"
      )
    case .badSizeLine(let name):
      (
        "the size `\(name)` gets no value that can be computed",
        "write a product of sizes and whole numbers, as in `size \(name) = units / 2`, `size \(name) = heads * 16` or `size \(name) = 64`"
      )
    case .unknownSize(let name, let suggestion):
      ("no size is called `\(name)`", "did you mean `\(suggestion)`? For a size of that name add `size \(name) = units / 2`")
    case .unusedSize(let name):
      ("no state has the size `\(name)`", "write `state h(\(name))`, or remove the line")
    case .noSize(let name, let what?, _):
      ("`\(name)` is \(what), and a size is needed here", "write `units`, `inputs`, a whole number or a size of the cell's own")
    case .noSize(let name, nil, let suggestion):
      (
        "no size is called `\(name)`",
        suggestion.map { "did you mean `\($0)`?" } ?? "add a line that says how large it is, as in `size \(name) = 16`"
      )
    case .sizeCycle(let names):
      (
        "the size `\(names[0])` depends on itself" + (names.count > 2 ? ": \(Self.chain(names))" : ""),
        "make one of them a whole number, or a product of sizes that do not depend on it"
      )
    case .badConstant(let name):
      ("the constant `\(name)` is no number", "write one at the end of the line, as in `constant \(name) = 1e-5`")
    case .unusedConstant(let name):
      ("the constant `\(name)` is never used", "use it in an equation, or remove the line")
    case .unusedScalar(let name):
      ("the scalar `\(name)` is never used", "use it in an equation, or remove it here")
    case .notAWholeNumber(let text):
      (
        "`\(text)` is not a whole number from 1 to \(Size.largest)",
        "lengths, and what they are multiplied or divided by, are such numbers"
      )

    case .strayCharacter(let character):
      ("\(Self.shown(character)) means nothing in a cell", "operators are + - * /; names hold letters, digits and _")
    case .strayPrime:
      ("a prime follows no name", "write it right after a state's name, as in `c'`")
    case .strayTranspose:
      ("a transpose follows no matrix", "write it right after a matrix's name, as in `W^T x`")
    case .strayRange:
      ("`..` stands between no brackets", "write a part of a vector as `z[0..units]`")
    case .strayComma:
      ("a comma separates nothing here", "commas stand between a function's arguments and in `[h, x]`")
    case .power:
      ("there are no powers", "write a square as `x * x`, and a transposed matrix as `W^T x`")
    case .malformedNumber(let text):
      ("`\(text)` is not a number", "write `\(text)0`")
    case .numberTooLarge(let text):
      ("the number `\(text)` is too large", "the largest is about 1.8e308")
    case .unclosed(let bracket):
      ("`\(bracket.open)` is never closed", "add the `\(bracket.close)` that belongs to it")
    case .wrongBracket(let found, let open):
      ("`\(found.close)` closes a `\(open.open)`", "write `\(open.close)` here, or close what is open before")
    case .unopened(let bracket):
      ("`\(bracket.close)` closes nothing", "remove it, or add the `\(bracket.open)` that belongs to it")

    case .noExpression(let target):
      ("`\(target) =` defines nothing", "write an expression after `=`")
    case .missingOperand(let near, let isAfter):
      (
        "an operand is missing \(isAfter ? "after" : "before") `\(near)`",
        "write a name, a number, a function or a parenthesis there"
      )
    case .secondEquals:
      ("a second `=` in one equation", "write one equation a line")
    case .tooDeep:
      (
        "the expression is nested too deeply",
        "give its parts names of their own: at most \(ExpressionSyntax.deepest) may stand inside one another"
      )
    case .emptyConcatenation:
      ("a concatenation needs at least one vector", "write vectors between the brackets, as in `W [h, x]`")
    case .concatenationOutsideProduct:
      ("a concatenation can only follow a matrix", "write `W [h, x]`, or use the vectors one by one")
    case .numberInVectorPlace(let text):
      (
        "`\(text)` is a number, and a vector is needed here",
        "a number has no length of its own; write it beside a vector, as in `2 * x`"
      )
    case .numberBeside(let number, let other):
      ("`\(number)` and `\(other)` stand side by side, which means a matrix product", "write `\(number) * \(other)`")
    case .vectorBeside(let left, let right, let what?):
      (
        "`\(left) \(right)` means a matrix product, but `\(left)` is \(what)",
        "write `\(left) * \(right)` for the pointwise product"
      )
    case .vectorBeside(let left, let right, nil):
      (
        "`\(left) \(right)` means a matrix product, but `\(left)` is not a matrix's name",
        "write `\(left) * \(right)` for the pointwise product"
      )
    case .unknownFunction(let name, let suggestion?):
      (
        "unknown function `\(name)`",
        "did you mean `\(suggestion)`? For a matrix times a parenthesis write a space: `\(name) (…)`"
      )
    case .unknownFunction(let name, nil):
      (
        "unknown function `\(name)`",
        "for a matrix times a parenthesis write a space: `\(name) (…)`; functions: \(Self.functions)"
      )
    case .argumentCount(let function, let expected, let found):
      (
        "`\(function)` takes \(Self.counted(expected, "argument")), not \(found)",
        "write `\(function)(\(["a", "b", "c"].prefix(expected).joined(separator: ", ")))`"
      )
    case .functionAsVector(let name):
      ("`\(name)` is a function", "write what it applies to in parentheses: `\(name)(…)`")
    case .transposeAlone(let name):
      ("the matrix `\(name)` multiplies nothing", "write the vector after it, as in `\(name)^T x`")

    case .local(let slip): slip.texts
    case .matrix(let slip): slip.texts
    case .memory(let slip): slip.texts

    case .badSlice(let name):
      (
        "this is no part of `\(name)`",
        "write two sums of sizes and whole numbers, as in `\(name)[0..units]` or `\(name)[units..2 * units]`: the first place, counted from 0, and the one after the last"
      )
    case .sliceOfOther(let name, let what):
      (
        "`\(name)` is \(what), and only inputs, states and local vectors have parts",
        "write `\(name)` alone, or use another name"
      )
    case .emptySlice(let text, let from, let to):
      (
        "`\(text)` has no elements: it begins at \(from) and ends before \(to)",
        "let it end at least one place after it begins"
      )
    case .sliceBeyondEnd(let text, let vector, let size):
      (
        "`\(text)` ends beyond `\(vector)`, which has the size \(size)",
        "places are counted from 0, and the last one is \(size) - 1"
      )
    case .unclearLength(let name, let ends):
      (
        "nothing says how long `\(name)` is: its parts end at \(ends.joined(separator: " and at "))",
        "let one part end where the others end or after it, whatever the sizes are"
      )

    case .definedTwice(let name, let what, let line):
      ("`\(name)` is already \(what)\(Self.inLine(line))", "choose another name")
    case .reservedSize(let name):
      ("the size `\(name)` belongs to every layer", "choose another name; `units` and `inputs` are given where the cell is used")
    case .functionAsTarget(let name):
      ("`\(name)` is a function and can't be defined", "choose another name")
    case .inputAsTarget(let name, "the memory"):
      ("`\(name)` is the memory and can't be defined", "choose another name")
    case .inputAsTarget(let name, let what):
      ("`\(name)` is \(what) and can't be defined", "choose another name, or declare it as a state: `state \(name)`")
    case .stateWithoutPrime(let name):
      ("`\(name)` is a state, whose old value can't be defined", "write `\(name)' = …` for its next value")
    case .updateOfNoState(let name, let what, let suggestion):
      (
        "`\(name)` is \(what ?? "not a state"): only a state has a next value",
        suggestion.map { "did you mean `\($0)'`?" } ?? "write `\(name) = …` for a local vector, or declare `state \(name)`"
      )
    case .updatedTwice(let name, let line):
      ("the state `\(name)` gets its next value a second time", "line \(line) gives it already: keep one of the two")
    case .neverUpdated(let name):
      ("the state `\(name)` never gets a next value", "add an equation `\(name)' = …`")
    case .nextOfNoState(let name, let what, let suggestion):
      (
        "`\(name)'` is no state's next value: `\(name)` is \(what ?? "not a state")",
        what == nil
          ? suggestion.map { "did you mean `\($0)'`?" } ?? "declare `state \(name)` and define `\(name)' = …`" : "write `\(name)`"
      )
    case .transposedVector(let name, let what):
      ("`\(name)` is \(what): only a matrix can be transposed", "write `\(name)`")
    case .scalarAsMatrix(let name, let right):
      ("`\(name) \(right)` means a matrix product, but `\(name)` is a scalar", "write `\(name) * \(right)`")
    case .matrixAndVector(let name, let line):
      (
        "`\(name)` is a vector here and a matrix in line \(line)",
        "a parameter is one or the other: give one of them another name, or write the vector that the matrix multiplies after it"
      )
    case .sizeAsVector(let name):
      (
        "`\(name)` is a size, not a vector",
        "sizes stand only in `state` and `size` lines and in slices; choose another name for a parameter"
      )
    case .inputNeverRead(let name):
      ("no equation reads the input `\(name)`", "use `\(name)` in an equation, as in `W \(name)`")
    case .lostName(let local, let parameter, let line):
      (
        "nothing reads `\(local)`, and nothing defines `\(parameter)` in line \(line)",
        "if they are the same vector, write the same name; if `\(parameter)` is a parameter, remove or rename `\(local)`"
      )
    case .cycle(let names):
      (
        "`\(names[0])` depends on itself" + (names.count > 2 ? ": " + Self.chain(names) : ""),
        "read a state's old value instead, which is written without the prime"
      )

    case .sizesDiffer(let left, let leftSize, let right, let rightSize):
      (
        "`\(left)` and `\(right)` have different sizes: \(leftSize) and \(rightSize)",
        "put a matrix before one of them, as in `W \(right)`"
      )
    case .targetSizeDiffers(let target, let targetSize, let size):
      (
        "`\(target)` has the size \(targetSize), but the right-hand side has \(size)",
        "put a matrix before the right-hand side, as in `\(target) = W (…)`"
      )
    case .columnsDiffer(let matrix, let columns, let vector, let size, let line):
      (
        "`\(matrix)` multiplies vectors of the size \(columns) in line \(line), but `\(vector)` has \(size)",
        "use another matrix here, or a vector of the same size"
      )
    case .sizeTooLarge:
      ("a size grows too large here", "no vector may hold more than \(Size.largest) numbers or \(Size.largest) times the units")

    case .impossibleSize(let name, let size):
      ("`\(name)` would have the size \(size)", "use another matrix for it, so that no other product fixes its size")

    case .badHeads:
      (
        "`heads` gets no number that can be computed",
        "write a whole number or a product of sizes, as in `heads 4` or `heads units / 64`"
      )
    case .unusedHeads:
      (
        "the cell has heads, and nothing in it acts on one head by itself",
        "declare block-diagonal matrices, as in `block R`, use a function of whole vectors such as `layer_norm`, or remove the line"
      )
    case .sliceWithHeads(let text):
      (
        "`\(text)` is a part of a vector, and the vectors of a cell with heads have no other parts",
        "give each part a name and a matrix of its own"
      )
    case .blockWithoutHeads(let name):
      ("`\(name)` is to be block-diagonal, and the cell has no heads", "add a line such as `heads 4`: each head has a block")
    case .blockOfUnknown(let name, let suggestion):
      (
        "no parameter is called `\(name)`",
        suggestion.map { "did you mean `\($0)`?" } ?? "only names that equations use and no line defines are parameters"
      )
    case .blockOfDefined(let name, let what):
      ("`\(name)` is \(what), not a matrix", "`block` is for matrices, which an equation writes before a vector")
    case .blockOfNoMatrix(let name, let kind):
      (
        "`\(name)` is a \(kind), and only a matrix can be block-diagonal",
        "`block` is for what an equation writes before a vector"
      )
    case .blockTwice(let name, let line):
      ("`\(name)` is block-diagonal already", "line \(line) says so: keep one of the two")

    case .badRepeat:
      ("`repeat` does not say how often", "write a whole number or a size, as in `repeat 6`, and indent the equations below it")
    case .tooManyRepeats:
      ("equations are repeated too often", "a step can go through them at most \(Cell.mostRepeats) times")
    case .emptyRepeat:
      ("`repeat` repeats nothing", "indent the equations that it is to repeat, and write them below it")
    case .idleRepeat:
      ("no repeated equation gives a state's next value", "without one each time computes the same: repeat an equation `h' = …`")
    case .repeatInRepeat:
      ("a `repeat` stands among repeated equations", "write it beside the other one, not indented below it")
    case .declarationInRepeat(let word):
      ("`\(word)` stands among repeated equations", "only equations are repeated: write the line elsewhere, without indenting it")

    case .initOfUnknown(let name, let suggestion):
      (
        "no parameter is called `\(name)`",
        suggestion.map { "did you mean `\($0)`?" } ?? "only names that equations use and no line defines are parameters"
      )
    case .initOfDefined(let name, let what):
      ("`\(name)` is \(what), not a parameter", "`init` says how parameters start; states start at zero, or as the caller says")
    case .initTwice(let name, let line):
      ("`\(name)` gets its initial value a second time", "line \(line) gives it already: keep one of the two")
    case .initOfWrongKind(let name, let kind, let value):
      ("`\(name)` is a \(kind), and only a matrix can start as `\(value)`", "write a number, `uniform(a, b)` or `normal(s)`")
    case .badInit(let name):
      (
        "`\(name)` can't start like this",
        "write a number, `identity`, `identity(0.5)`, `orthogonal`, `glorot`, `groups`, `uniform(a, b)` with a ≤ b, `normal(s)` with s ≥ 0, or `legendre(θ)` with θ > 0"
      )

    case .fixedOfUnknown(let name, let suggestion):
      (
        "no parameter is called `\(name)`",
        suggestion.map { "did you mean `\($0)`?" } ?? "only names that equations use and no line defines are parameters"
      )
    case .fixedOfDefined(let name, let what):
      ("`\(name)` is \(what), not a parameter", "`fixed` is for parameters, which training would change otherwise")
    case .fixedTwice(let name, let line):
      ("`\(name)` is fixed a second time", "line \(line) says it already: keep one of the two")

    case .zoneoutOfNoState(let name, let what, let suggestion):
      (
        "`\(name)` is \(what ?? "not a state"), and only a state has a value to keep",
        suggestion.map { "did you mean `\($0)`?" } ?? "name one of the cell's states"
      )
    case .zoneoutTwice(let name, let line):
      ("the state `\(name)` is zoned out a second time", "line \(line) says it already: keep one of the two")
    case .badZoneout(let name):
      (
        "`\(name)` can't keep such a fraction of its units",
        "write a number of at least 0 and below 1 at the end of the line, as in `zoneout \(name) = 0.1`"
      )
    }
  }

  private static let keywords: String = {
    let words = Keyword.allCases.map { "`\($0.rawValue)`" }
    return words.dropLast().joined(separator: ", ") + " or " + words.suffix(1).joined()
  }()

  private static func chain(_ names: [String]) -> String { names.map { "`\($0)`" }.joined(separator: " → ") }

  private static let functions = Primitive.functionNames.joined(separator: ", ")

  private static func counted(_ count: Int, _ noun: String) -> String { count == 1 ? "1 \(noun)" : "\(count) \(noun)s" }

  private static func inLine(_ line: Int) -> String { line > 0 ? " (line \(line))" : "" }

  /// A character, or its number if it can't be seen.
  private static func shown(_ character: Character) -> String {
    let isVisible = character.unicodeScalars.allSatisfy { scalar in
      ![.control, .format, .unassigned, .privateUse, .surrogate].contains(scalar.properties.generalCategory)
    }
    if isVisible { return "`\(character)`" }
    let codes = character.unicodeScalars.map { scalar in
      let digits = String(scalar.value, radix: 16, uppercase: true)
      return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
    return "the character " + codes.joined(separator: " ")
  }
}
