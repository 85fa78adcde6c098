import Console
import Support
import Tables
import Transcription

extension Transcripts {
  /// The sequences of a file, those that are wrong left out and counted.
  init(describing path: String) throws(RecurrentError) {
    try self.init(contentsOf: path, TranscriptRequest(), collectsFaults: true)
  }

  /// The command that trains on the sequences.
  var command: String { "recurrent train transcribe \(shellWord(source))" }

  /// What the file holds, and what is wrong in it, in lines of text.
  var lines: [String] {
    let (steps, symbols) = (sequences.map(\.steps), sequences.map { $0.symbols?.count ?? 0 })
    let numbers = width == 1 ? "1 number" : "\(width) numbers"
    let shown = symbolCounts.prefix(30).map { "\($0.symbol) (\($0.count.grouped))" }.joined(separator: ", ")
    let more = symbolCounts.count > 30 ? " and \(symbolCounts.count - 30) more" : ""
    var lines = [
      "\(source): \(sequences.count.grouped) sequences of \(Self.range(steps)) steps, \(numbers) a step in “\(form.numbers)”",
      "\(symbolCount.grouped) symbols in “\(form.symbolsTitle)”, \(Self.range(symbols)) a sequence, "
        + "\(symbolCounts.count.grouped) different ones: \(shown)\(more)",
    ]
    if let cut = form.cut { lines.append("each of the \(cut.rawValue) of a text is taken as a symbol") }
    for (kind, some) in faultsByKind {
      let first = some[0]
      lines.append(
        "\(some.count == 1 ? "1 sequence is" : "\(some.count.grouped) sequences are") wrong (\(kind.words)), the first one "
          + "\(first.place): \(first.fault.sentence(form.numbers, form.symbolsTitle))")
    }
    return lines + ["", "to transcribe: \(command)"]
  }

  private static func range(_ counts: [Int]) -> String {
    let (least, most) = (counts.min() ?? 0, counts.max() ?? 0)
    return least == most ? most.grouped : "\(least.grouped) to \(most.grouped)"
  }

  /// The faults of each kind, in the order in which kinds are declared.
  private var faultsByKind: [(kind: TranscriptFault.Kind, faults: [(place: String, fault: TranscriptFault)])] {
    TranscriptFault.Kind.allCases.map { kind in (kind, faults.filter { $0.fault.kind == kind }) }.filter { !$0.1.isEmpty }
  }

  /// How many sequences are wrong in which way, as JSON has it.
  fileprivate var faultCounts: [String: Int] {
    Dictionary(uniqueKeysWithValues: faultsByKind.map { ($0.kind.rawValue, $0.faults.count) })
  }
}

extension TranscriptFault.Kind {
  fileprivate var words: String {
    switch self {
    case .noSteps: "no steps"
    case .width: "uneven steps"
    case .notFinite: "numbers that are not finite"
    case .noSymbols: "no symbols"
    case .tooLong: "more symbols than fit"
    }
  }
}

extension DataReport {
  init(_ transcripts: Transcripts) {
    self.init(kind: "transcribed sequences")
    sequences = transcripts.sequences.count
    lengths = transcripts.sequences.map(\.steps)
    dimensions = transcripts.width
    labels = Dictionary(uniqueKeysWithValues: transcripts.symbolCounts.map { ($0.symbol, $0.count) })
    faults = transcripts.faultCounts
    command = transcripts.command
  }
}
