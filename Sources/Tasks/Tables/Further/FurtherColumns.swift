package import Support

/// Columns of which cells may read something as an input of its own, beside the numbers of a step: when rows are, and what is the
/// same in all rows of a sequence. What no cell reads by name is read with the other numbers.
package struct FurtherColumns: Sendable, Hashable, Codable {
  /// The column of times, of which a step reads how long ago the row before was; nil for none.
  package var elapsed: String?
  /// How its times are read; nil for numbers, and for moments as ISO 8601 writes them.
  package var times: TimeReading?
  /// The columns of numbers that are the same in all rows of a sequence.
  package var constants: [String]
  /// What cells read as inputs of their own, in the order of the network's vectors.
  package var inputs: [FurtherInput]

  package init(elapsed: String? = nil, times: TimeReading? = nil, constants: [String] = [], inputs: [FurtherInput] = []) {
    self.elapsed = elapsed
    self.times = times
    self.constants = constants
    self.inputs = inputs
  }

  /// The columns that are read.
  package var columns: [String] { [elapsed].compactMap(\.self) + constants }
  /// The names of the numbers that a step has of them, in their order.
  package var names: [String] { (elapsed == nil ? [] : ["time since the row before"]) + constants }
  /// The number of these.
  package var count: Int { columns.count }

  /// The columns of constants as a request names them; nil for none.
  package var staticColumns: [String]? { constants.isEmpty ? nil : constants }

  /// Whether cells read something as an input of its own.
  func gives(_ input: FurtherInput) -> Bool { inputs.contains(input) }
}

/// What a cell can read of a row by name, beside what is below its layer.
package enum FurtherInput: String, Sendable, Hashable, Codable, CaseIterable {
  /// Of each number 1 if it is there, 0 if it is missing.
  case presence = "m"
  /// The time since the row before.
  case elapsed = "dt"
  /// Of each number the time since it was last there.
  case ages = "d"
  /// What is the same in all rows of a sequence.
  case constants = "s"

  /// What it is, as messages say it.
  package var meaning: String {
    switch self {
    case .presence: "which numbers are there"
    case .elapsed: "the time since the row before"
    case .ages: "the time since each number was last there"
    case .constants: "what is the same in all rows of a sequence"
    }
  }

  /// What names the columns from which it is made; nil if it needs none.
  package var setting: Setting? {
    switch self {
    case .presence: nil
    case .elapsed, .ages: Setting("elapsed")
    case .constants: Setting("static")
    }
  }
}

/// What the caller says of further columns, and what a task's rows can give of them.
package struct FurtherRequest: Sendable, Hashable {
  package var elapsed: String?
  /// Names, or ranges of names, `first..last`.
  package var constants: [String]?
  /// What cells can read by name.
  package var inputs: [FurtherInput]

  package init(elapsed: String?, constants: [String]?, inputs: [FurtherInput] = FurtherInput.allCases) {
    (self.elapsed, self.constants, self.inputs) = (elapsed, constants, inputs)
  }

  /// Whether columns are named from which an input is made.
  package func has(_ input: FurtherInput) -> Bool {
    switch input {
    case .presence: true
    case .elapsed, .ages: elapsed != nil
    case .constants: constants != nil
    }
  }

  /// All names of columns in the request.
  var names: [String] { [elapsed].compactMap(\.self) + (constants ?? []) }
}

extension TableSummary {
  /// The columns that are asked for; nil if none are.
  ///
  /// - Throws: ``RecurrentError`` if there is no such column, or it can't be what it should be.
  func further(_ request: FurtherRequest) throws(RecurrentError) -> FurtherColumns? {
    let constants = try request.constants.map { names throws(RecurrentError) in try columns(named: names) } ?? []
    guard request.elapsed != nil || !constants.isEmpty else { return nil }
    for name in constants {
      guard let column = self[name] else { throw unknown(name) }
      if let odd = column.odd { throw error(odd, of: column) }
      guard [.number, .truth].contains(column.kind) else {
        throw RecurrentError(
          .data,
          naming:
            "\(source), \(title(ofColumn: name)): it holds \(column.kind.things), and \(Setting("static")) takes numbers: write a column of zeros and ones for each kind"
        )
      }
    }
    if let elapsed = request.elapsed, self[elapsed] == nil { throw unknown(elapsed) }
    return FurtherColumns(
      elapsed: request.elapsed,
      times: try request.elapsed.flatMap { name throws(RecurrentError) in
        try reading(ofTime: name)
      }, constants: constants)
  }
}
