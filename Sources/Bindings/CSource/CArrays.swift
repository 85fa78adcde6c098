import Support

/// The arrays of numbers of a file, each with its name, and what they take.
struct CArrays {
  let options: CSourceOptions
  /// What the file has names for.
  private(set) var names: CNames
  /// Bytes of all arrays so far.
  private(set) var bytes = 0
  /// The definitions since they were last taken.
  private var definitions: [String] = []

  /// A matrix in C: its array, that of its rows' scales if it has one, and the length of a row.
  struct Matrix {
    let name: String
    let scale: String?
    let columns: Int
  }

  init(_ options: CSourceOptions, names: CNames) {
    self.options = options
    self.names = names
  }

  /// A name of the file's own.
  mutating func fileName(_ wanted: String) -> String { names.name(wanted) }

  /// The definitions that have been added since the last call.
  mutating func takeDefinitions() -> [String] {
    defer { definitions = [] }
    return definitions
  }

  /// Adds a vector, stored in single precision.
  mutating func add(_ name: String, vector values: some Collection<Float>, _ comment: String? = nil) {
    define(name, "float", values.count, values.map(CNumber.weight), comment)
    bytes += 4 * values.count
  }

  /// Adds a number by itself, stored in single precision.
  mutating func add(_ name: String, scalar value: Float) {
    definitions.append("static const float \(name) = \(CNumber.weight(value));")
    bytes += 4
  }

  /// Adds numbers that have been worked out, stored as what is computed with.
  mutating func add(_ name: String, numbers values: [Double], _ comment: String) {
    define(name, options.number.rawValue, values.count, values.map(options.number.literal), comment)
    bytes += options.number.size * values.count
  }

  /// Adds a matrix, row by row, stored as the options say.
  ///
  /// - Parameter title: what the matrix is called in messages.
  /// - Throws: ``RecurrentError`` if the numbers can't be stored so.
  mutating func add(_ name: String, matrix values: ArraySlice<Float>, columns: Int, title: String) throws(RecurrentError)
    -> Matrix
  {
    let count = values.count
    let comment = "[\(count / columns), \(columns)]"
    switch options.weights {
    case .float32:
      define(name, options.weights.type, count, values.map(CNumber.weight), comment)
    case .float16:
      if let large = values.first(where: { !Float16($0).isFinite }) {
        throw RecurrentError(
          .interchange, "\(title) has the number \(large), which 16 bits can't hold: store the weights in 8 or 32 bits")
      }
      define(name, options.weights.type, count, values.map { "\(Float16($0).bitPattern)" }, comment)
    case .int8:
      let rows = CWeights.rows(of: values, columns: columns)
      let scale = names.name(name + "_scale")
      define(scale, "float", rows.count, rows.map { CNumber.weight($0.scale) }, "of the rows of \(name)")
      define(name, options.weights.type, count, rows.flatMap { $0.values.map { "\($0)" } }, comment)
      bytes += 4 * rows.count + count
      return Matrix(name: name, scale: scale, columns: columns)
    }
    bytes += options.weights.size * count
    return Matrix(name: name, scale: nil, columns: columns)
  }

  private mutating func define(_ name: String, _ type: String, _ count: Int, _ numbers: [String], _ comment: String?) {
    let note = comment.map { "  /* \($0) */" } ?? ""
    definitions.append("static const \(type) \(name)[\(count)] = {\(note)")
    definitions += wrapped(numbers)
    definitions.append("};")
  }
}

/// Numbers with commas between them, on lines of at most 110 columns.
func wrapped(_ items: [String]) -> [String] {
  var lines: [String] = []
  var line = " "
  for (place, item) in items.enumerated() {
    let piece = " " + item + (place < items.count - 1 ? "," : "")
    if line.utf8.count + piece.utf8.count > 110 {
      lines.append(line)
      line = " "
    }
    line += piece
  }
  return lines + [line]
}

/// A statement on lines of at most 110 columns, those after the first one indented further.
func folded(_ statement: String) -> [String] {
  var lines: [String] = []
  var rest = statement[...]
  let indentation = String(repeating: " ", count: statement.prefix { $0 == " " }.count + 4)
  var start = ""
  while start.utf8.count + rest.utf8.count > 110 {
    let room = rest.prefix(110 - start.utf8.count)
    let blanks = room.indices.dropFirst(40).filter { room[$0] == " " }
    guard let place = blanks.last(where: { rest[$0...].hasPrefix(" + ") }) ?? blanks.last else { break }
    lines.append(start + rest[..<place])
    rest = rest[rest.index(after: place)...]
    start = indentation
  }
  let last = start + rest
  return lines + [last.allSatisfy { $0 == " " } ? "" : last]
}

extension CWeights {
  /// The rows of a matrix as whole numbers: symmetric about 0, the largest number of a row as ±127, each to the nearest.
  static func rows(of values: ArraySlice<Float>, columns: Int) -> [(scale: Float, values: [Int8])] {
    stride(from: values.startIndex, to: values.endIndex, by: columns).map { start in
      let row = values[start..<start + columns]
      let scale = row.reduce(0) { max($0, abs($1)) } / 127
      // A row so small that its scale is 0 is one of zeros.
      return (scale, row.map { scale == 0 ? 0 : Int8(max(-127, min(127, ($0 / scale).rounded()))) })
    }
  }

  /// The numbers of a matrix as they are after they have been stored so.
  package func rounded(_ values: [Float], columns: Int) -> [Float] {
    switch self {
    case .float32: values
    case .float16: values.map { Float(Float16($0)) }
    case .int8: Self.rows(of: values[...], columns: columns).flatMap { row in row.values.map { row.scale * Float($0) } }
    }
  }
}
