import Console
import Engine
import Models
import Networks
import Storage
import Support
import Synchronization
import TaskKit

/// What a model scores with each kind of numbers that its weights can be stored as.
struct WeightComparison {
  struct Row: Encodable {
    let weights: WeightKind
    /// The size of the model's file, without what it says of its training.
    let bytes: Int?
    /// What was measured, by name.
    let measures: [String: Double]
    /// Why it can't be measured; nil if it can.
    let fault: String?
  }

  let rows: [Row]
  private let names: [String]

  /// - Parameters:
  ///   - measures: what is compared, by the names in an evaluation's JSON.
  ///   - evaluate: measures a model and writes the results.
  /// - Throws: what `evaluate` throws; ``RecurrentError`` if the model's weights have been rounded before, or an evaluation gives
  ///   no numbers.
  init(of model: OpenedModel, measures: [String], by evaluate: (OpenedModel) throws -> Void) throws {
    guard model.network.weightKind == .float32 else {
      throw RecurrentError(
        .unsuitable,
        "the weights of \(model.path) are \(model.network.weightKind.rawValue) already: compare those of the model that they were rounded from"
      )
    }
    var rows: [Row] = []
    for kind in WeightKind.allCases {
      let network: Network
      do throws(RecurrentError) { network = try model.network.narrowed(to: kind) } catch {
        rows.append(Row(weights: kind, bytes: nil, measures: [:], fault: error.description))
        continue
      }
      let results = CollectedResults()
      // What there is to say of the file is the same for all.
      let terminal = kind == .float32 ? model.terminal : model.terminal.withoutMessages
      try evaluate(
        OpenedModel(network, path: model.path, machine: model.machine, terminal: results.terminal(like: terminal), isJSON: true))
      let numbers = try results.numbers()
      guard numbers.keys.contains(where: measures.contains) else {
        throw RecurrentError(
          .usage, "an evaluation like this gives no \(list(measures)) to compare: leave --compare-weights out")
      }
      rows.append(
        Row(weights: kind, bytes: try network.bytes().count, measures: numbers.filter { measures.contains($0.key) }, fault: nil))
    }
    self.rows = rows
    names = measures.filter { name in rows.contains { $0.measures[name] != nil } }
  }

  func lines(on channel: Channel) -> [String] {
    let titles = names.map { String($0.drop { $0 != "." }.dropFirst()) }.enumerated().map { $1.isEmpty ? names[$0] : $1 }
    var table = Table(columns: [.text("weights"), .numbers("bytes of the file")] + titles.map { .numbers($0) })
    table.rows = rows.map { row in
      [row.weights.rawValue, row.bytes?.grouped ?? "–"] + names.map { row.measures[$0]?.fixed(4) ?? "–" }
    }
    return table.lines(heading: { channel.styled($0, .bold) })
      + rows.compactMap { row in row.fault.map { "\(row.weights.rawValue): \($0)" } }
  }
}

/// Results that a command would print.
private final class CollectedResults: Sendable {
  private let text = Mutex("")

  func terminal(like terminal: Terminal) -> Terminal {
    var own = Terminal(
      output: Channel(abilities: terminal.output.abilities, columns: { 80 }) { text in self.text.withLock { $0 += text } },
      messages: terminal.messages)
    own.naming = terminal.naming
    return own
  }

  /// The numbers of the object that was printed, and of objects in it.
  func numbers() throws(RecurrentError) -> [String: Double] {
    let text = text.withLock { $0 }
    guard let object = try? JSONValue(parsing: text.utf8, in: "the results", "an evaluation").object else { return [:] }
    var numbers = object.compactMapValues(\.double)
    for (name, members) in object {
      for (inner, value) in members.object ?? [:] { numbers["\(name).\(inner)"] = value.double }
    }
    return numbers
  }
}
