import Engine
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

  /// Adds a matrix, row by row, stored as the network stores it.
  ///
  /// - Parameter scales: what the whole numbers of each row are multiplied by; of other kinds of numbers none.
  mutating func add(_ name: String, matrix values: ArraySlice<Float>, scales: [Float]?, columns: Int) -> Matrix {
    let kind = options.weights
    var scale: String?
    if let scales {
      let array = names.name(name + "_scale")
      define(array, "float", scales.count, scales.map(CNumber.weight), "of the rows of \(name)")
      bytes += 4 * scales.count
      scale = array
    }
    let elements = zip(values.indices, values).map { place, value in
      switch (kind, scales) {
      case (.float16, _), (.bfloat16, _): "\(WeightForm.bits(of: value, kind))"
      case (.int8, let scales?): "\(WeightForm.byte(of: value, scale: scales[(place - values.startIndex) / columns]))"
      case (.float32, nil): CNumber.weight(value)
      default: fatalError("the scales of matrix \(name) are missing, or are those of other numbers than \(kind.rawValue)")
      }
    }
    define(name, kind.cType, values.count, elements, "[\(values.count / columns), \(columns)]")
    bytes += kind.size * values.count
    return Matrix(name: name, scale: scale, columns: columns)
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
