import Tables

/// What a file of data holds, as it is written as JSON.
struct DataReport: Encodable {
  var kind: String
  var rows: Int?
  var columns: [Column]?
  var time: String?
  var timeZone: String?
  var step: String?
  var group: String?
  var series: Int?
  var warnings: [String]?
  var command: String?
  var sequences: Int?
  var lengths: [Int]?
  var dimensions: Int?
  var labels: [String: Int]?
  /// How many sequences are wrong in which way.
  var faults: [String: Int]?
  var characters: Int?
  var words: Int?
  var lines: Int?
  var dialect: TableDialect?
  var header: Bool?

  struct Column: Encodable {
    let name: String
    let kind: String
    let missing: Int
    let minimum: Double?
    let maximum: Double?
    let mean: Double?
    let deviation: Double?
    let earliest: String?
    let latest: String?
    /// How times are written.
    let dates: String?
    let texts: Int?
    /// For arrays, the smallest and the largest number of steps, and the number of numbers in a step.
    let steps: [Int]?
    let width: Int?
    let unit: String?
  }

  init(kind: String) { self.kind = kind }

  init(_ sequences: LabelledSequences) {
    self.init(kind: "sequences")
    self.sequences = sequences.sequences.count
    lengths = sequences.lengths
    dimensions = sequences.dimensions
    labels = Dictionary(
      sequences.labels.enumerated().map { label in (label.element, sequences.sequences.count { $0.label == label.offset }) },
      uniquingKeysWith: +)
  }

  init(_ text: PlainText, _ path: String) {
    self.init(kind: "text")
    (characters, words, lines) = (text.characters, text.words, text.lines)
    command = text.command(path)
  }

  init(_ tagged: TaggedSentences) {
    self.init(kind: "tagged sentences")
    sequences = tagged.sentences.count
    lengths = tagged.sentences.map(\.count)
    command = tagged.command
    labels = Dictionary(tagged.sentences.joined().map { ($0.tag, 1) }, uniquingKeysWith: +)
  }
}

extension DataReport.Column {
  init(_ column: ColumnSummary) {
    let isNumber = column.kind == .number
    name = column.name
    kind = column.kind.rawValue
    missing = column.missing
    minimum = isNumber ? column.minimum : nil
    maximum = isNumber ? column.maximum : nil
    mean = isNumber ? column.mean : nil
    deviation = isNumber ? column.deviation : nil
    if case .found(let times) = column.times {
      (earliest, latest, dates) = (times.earliest, times.latest, times.format.description)
    } else {
      (earliest, latest, dates) = (nil, nil, nil)
    }
    texts = column.kind == .text ? column.texts.count : nil
    steps = column.kind == .array && column.width != nil ? [column.fewestSteps, column.mostSteps] : nil
    width = column.width
    unit = column.unit?.symbol
  }
}
