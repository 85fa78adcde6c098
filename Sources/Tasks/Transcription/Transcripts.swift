package import Support
package import Tables

/// All sequences of a file, or of arrays in memory, with their symbols.
package struct Transcripts: Sendable {
  /// The file's path, or what messages call sequences in memory.
  package let source: String
  package let isFile: Bool
  package let form: TranscriptForm
  /// The numbers of a step.
  package let width: Int
  package let sequences: [TranscribedSequence]
  /// What is wrong with single sequences, which are then not among the others.
  package let faults: [(place: String, fault: TranscriptFault)]

  /// Whether a file looks like this: an archive of arrays, or lines with steps and a list of symbols.
  package static func isLikely(_ path: String) throws(RecurrentError) -> Bool {
    if isArchive(path) { return true }
    return try TranscriptLines.isLikely(path)
  }

  /// Whether a file's name is one of NumPy's archives.
  static func isArchive(_ path: String) -> Bool { path.hasSuffix(".npz") }

  /// - Parameter collectsFaults: whether sequences that are wrong are left out and counted.
  /// - Throws: ``RecurrentError`` if the file can't be read, or, unless they are counted, a sequence in it is wrong.
  package init(
    contentsOf path: String, _ request: TranscriptRequest, collectsFaults: Bool = false
  ) throws(RecurrentError) {
    source = path
    isFile = true
    var sequences: [TranscribedSequence] = []
    var faults: [(place: String, fault: TranscriptFault)] = []
    func add(
      _ sequence: TranscribedSequence, _ fault: TranscriptFault?, _ place: String, _ form: TranscriptForm
    ) throws(RecurrentError) {
      guard let fault else { return sequences.append(sequence) }
      if !collectsFaults { throw RecurrentError(.data, "\(place): \(fault.sentence(form.numbers, form.symbolsTitle))") }
      faults.append((place, fault))
    }
    if Self.isArchive(path) {
      let arrays = try TranscriptArrays(path, request)
      (form, width) = (arrays.form, arrays.width)
      for (sequence, fault) in arrays.sequences {
        try add(sequence, fault, "\(path), sequence \(sequence.line)", arrays.form)
      }
    } else {
      if let setting = request.ofArchives {
        throw RecurrentError(.usage, naming: "\(setting) is for the arrays of an .npz file: leave it out")
      }
      let lines = try TranscriptLines(path, request)
      (form, width) = (lines.form, lines.width)
      while let (sequence, fault) = try lines.next() { try add(sequence, fault, lines.place(of: sequence), lines.form) }
    }
    if sequences.isEmpty, faults.isEmpty { throw RecurrentError(.data, "\(path) has no sequences") }
    self.sequences = sequences
    self.faults = faults
  }

  /// Sequences in memory, `[T][width]` each, with their symbols.
  ///
  /// - Throws: ``RecurrentError`` if there are not as many lists of symbols as sequences, or a sequence is wrong.
  init(_ sequences: [[[Float]]], symbols: [[String]]) throws(RecurrentError) {
    if sequences.count != symbols.count {
      throw RecurrentError(
        .shape, "there are \(sequences.count) sequences and symbols of \(symbols.count): give the symbols of each sequence")
    }
    guard let width = sequences.first?.first?.count, width > 0 else {
      throw RecurrentError(.shape, "sequence 1 has no step, or a step without a number; give each step at least one")
    }
    (source, isFile, self.width, faults) = ("the data", false, width, [])
    form = TranscriptForm(numbers: "steps", symbols: "symbols")
    var own: [TranscribedSequence] = []
    for (place, steps) in sequences.enumerated() {
      let sequence = TranscribedSequence(
        line: place + 1, values: Array(steps.joined()), steps: steps.count, symbols: symbols[place])
      let odd = steps.firstIndex { $0.count != width }
      let fault =
        odd.map { TranscriptFault.width(step: $0 + 1, numbers: steps[$0].count, expected: width) }
        ?? TranscriptFault(sequence, width: width)
      if let fault { throw RecurrentError(.data, "sequence \(place + 1): \(fault.sentence("steps", "symbols"))") }
      own.append(sequence)
    }
    self.sequences = own
  }

  private init(_ all: Transcripts, _ places: [Int]) {
    (source, isFile, form, width, faults) = (all.source, all.isFile, all.form, all.width, [])
    sequences = places.map { all.sequences[$0] }
  }

  /// Some of the sequences.
  func taking(_ places: [Int]) -> Transcripts { Transcripts(self, places) }

  /// Where a sequence is, as messages say it: `calls.jsonl, line 3`, or `sequence 3`.
  func place(of sequence: TranscribedSequence) -> String {
    if !isFile { return "sequence \(sequence.line)" }
    return Self.isArchive(source) ? "\(source), sequence \(sequence.line)" : "\(source), line \(sequence.line)"
  }

  /// The numbers of steps and symbols of all sequences.
  package var stepCount: Int { sequences.reduce(0) { $0 + $1.steps } }
  package var symbolCount: Int { sequences.reduce(0) { $0 + ($1.symbols?.count ?? 0) } }

  /// How often each symbol stands in the sequences, the most frequent ones first.
  package var symbolCounts: [(symbol: String, count: Int)] {
    var counts: [String: Int] = [:]
    for symbol in sequences.lazy.flatMap({ $0.symbols ?? [] }) { counts[symbol, default: 0] += 1 }
    return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { ($0.key, $0.value) }
  }

  /// A digest that identifies the sequences and their symbols.
  var digest: String {
    var stream = Digest.Stream()
    for sequence in sequences {
      for value in sequence.values { withUnsafeBytes(of: value.bitPattern.littleEndian) { stream.add($0) } }
      for symbol in sequence.symbols ?? [] {
        stream.add(symbol.utf8)
        stream.add(0)
      }
      stream.add(10)
    }
    return stream.digest.digits
  }
}

extension TranscriptRequest {
  /// What is asked for that only archives have.
  fileprivate var ofArchives: Setting? {
    lengths != nil ? Setting("lengths") : counts != nil ? Setting("target-lengths") : nil
  }
}
