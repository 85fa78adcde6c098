/// All that can be wrong with a cell's text. The words for each stand in ``DiagnosticKind/texts``.
enum DiagnosticKind: Sendable {
  // Lines
  case emptyText
  case noCellLine
  case secondCellLine
  case missingName(keyword: String)
  case badTarget
  case noEquals(target: String)
  case unknownLine(word: String, suggestion: String?)
  case extraText(String, after: String)
  case noInput
  case badInputSize
  case sizeOfFirstInput(String)
  case inputWithoutSize(String, first: String)
  case noState
  case badStateSize
  case badSizeLine(name: String)
  case unknownSize(String, suggestion: String)
  case unusedSize(String)
  case noSize(String, what: String?, suggestion: String?)
  case sizeCycle([String])
  case badConstant(name: String)
  case unusedConstant(String)
  case unusedScalar(String)
  case notAWholeNumber(String)

  // Characters and brackets
  case strayCharacter(Character)
  case strayPrime
  case strayTranspose
  case strayRange
  case strayComma
  case power
  case malformedNumber(String)
  case numberTooLarge(String)
  case unclosed(Token.Bracket)
  case wrongBracket(found: Token.Bracket, open: Token.Bracket)
  case unopened(Token.Bracket)

  // Expressions
  case noExpression(target: String)
  case missingOperand(near: String, isAfter: Bool)
  case secondEquals
  case tooDeep
  case emptyConcatenation
  case concatenationOutsideProduct
  case numberInVectorPlace(String)
  case numberBeside(number: String, other: String)
  case vectorBeside(left: String, right: String, what: String?)
  case unknownFunction(String, suggestion: String?)
  case argumentCount(function: String, expected: Int, found: Int)
  case functionAsVector(String)
  case transposeAlone(String)

  /// Of lines that say how long local vectors are.
  case local(LocalSlip)
  /// Of matrices that each sequence has.
  case matrix(MatrixSlip)
  /// Of a memory.
  case memory(MemorySlip)

  // Slices
  case badSlice(String)
  case sliceOfOther(String, what: String)
  case emptySlice(String, from: String, to: String)
  case sliceBeyondEnd(String, vector: String, size: String)
  case unclearLength(String, ends: [String])

  // Names
  case definedTwice(name: String, what: String, line: Int)
  case reservedSize(String)
  case functionAsTarget(String)
  case inputAsTarget(String, what: String)
  case stateWithoutPrime(String)
  case updateOfNoState(String, what: String?, suggestion: String?)
  case updatedTwice(String, line: Int)
  case neverUpdated(String)
  case nextOfNoState(String, what: String?, suggestion: String?)
  case transposedVector(String, what: String)
  case scalarAsMatrix(String, right: String)
  case matrixAndVector(String, line: Int)
  case sizeAsVector(String)
  case inputNeverRead(String)
  case lostName(local: String, parameter: String, line: Int)
  case cycle([String])

  // Sizes
  case sizesDiffer(left: String, leftSize: String, right: String, rightSize: String)
  case targetSizeDiffers(target: String, targetSize: String, size: String)
  case columnsDiffer(matrix: String, columns: String, vector: String, size: String, line: Int)
  case sizeTooLarge
  case impossibleSize(name: String, size: String)

  // Heads
  case badHeads
  case unusedHeads
  case sliceWithHeads(String)
  case blockWithoutHeads(String)
  case blockOfUnknown(String, suggestion: String?)
  case blockOfDefined(String, what: String)
  case blockOfNoMatrix(String, kind: String)
  case blockTwice(String, line: Int)

  // Repeated equations
  case badRepeat
  case tooManyRepeats
  case emptyRepeat
  case idleRepeat
  case repeatInRepeat
  case declarationInRepeat(String)

  // Initial values
  case initOfUnknown(String, suggestion: String?)
  case initOfDefined(String, what: String)
  case initTwice(String, line: Int)
  case initOfWrongKind(String, kind: String, value: String)
  case badInit(name: String)

  // Fixed parameters
  case fixedOfUnknown(String, suggestion: String?)
  case fixedOfDefined(String, what: String)
  case fixedTwice(String, line: Int)

  // Zoneout
  case zoneoutOfNoState(String, what: String?, suggestion: String?)
  case zoneoutTwice(String, line: Int)
  case badZoneout(name: String)
}
