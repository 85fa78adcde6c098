import Console
import Support
import Tables

extension TextPairs {
  /// The pairs of a file, those that are wrong left out and counted.
  init(describing path: String) throws(RecurrentError) { try self.init(contentsOf: path, collectsFaults: true) }

  /// The command that trains on the pairs.
  var command: String { "recurrent train translate \(shellWord(source))" }

  /// What the file holds, and what is wrong in it, in lines of text.
  var lines: [String] {
    var lines = ["\(source): \(pairs.count == 1 ? "1 pair" : "\(pairs.count.grouped) pairs") of texts"]
    for (name, side) in [("sources", \TextPair.source), ("targets", \TextPair.target)] where !pairs.isEmpty {
      let texts = pairs.map { $0[keyPath: side] }
      let lengths = texts.map(\.unicodeScalars.count)
      let (least, most) = (lengths.min() ?? 0, lengths.max() ?? 0)
      let mean = Double(lengths.reduce(0, +)) / Double(lengths.count)
      lines.append(
        "\(name): \(least == most ? least.grouped : "\(least.grouped) to \(most.grouped)") characters, \(mean.fixed(1)) on average; "
          + "\(Set(texts).count.grouped) different ones, such as \(quotedValue(texts[0]))")
    }
    for (kind, some) in faultsByKind {
      let first = some[0]
      lines.append(
        "\(some.count == 1 ? "1 line is" : "\(some.count.grouped) lines are") wrong (\(kind.words)), the first one "
          + "\(place(ofLine: first.line)): \(first.fault.sentence)")
    }
    return lines + ["", "to translate: \(command)"]
  }

  /// The faults of each kind, in the order in which kinds are declared.
  private var faultsByKind: [(kind: PairFault.Kind, faults: [(line: Int, fault: PairFault)])] {
    PairFault.Kind.allCases.map { kind in (kind, faults.filter { $0.fault.kind == kind }) }.filter { !$0.1.isEmpty }
  }

  /// How many lines are wrong in which way, as JSON has it.
  fileprivate var faultCounts: [String: Int] {
    Dictionary(uniqueKeysWithValues: faultsByKind.map { ($0.kind.rawValue, $0.faults.count) })
  }
}

extension PairFault.Kind {
  fileprivate var words: String {
    switch self {
    case .noTab: "no tab"
    case .tabs: "more than one tab"
    case .noSource: "no source"
    case .noTarget: "no target"
    case .uneven: "lengths that do not belong together"
    }
  }
}

extension DataReport {
  init(_ pairs: TextPairs) {
    self.init(kind: "pairs of texts")
    sequences = pairs.pairs.count
    faults = pairs.faultCounts
    command = pairs.command
  }
}
