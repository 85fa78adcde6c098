import Console
package import Inspector
import Models
import Networks
import Sequences
import Support
package import Tables

extension OpenedModel {
  /// What a network of symbols or of plain numbers reads when it is inspected: a text, a file of text, or a table of numbers.
  ///
  /// - Throws: ``RecurrentError`` if there is nothing to read, or something that the network can't read.
  package func plainInput(_ request: InspectionRequest) throws -> InspectedInput {
    if request.sequence != nil {
      throw RecurrentError(
        .usage, naming: "\(Setting("sequence")) is for files of several sequences, and \(path) reads a file as one: leave it out")
    }
    let architecture = network.architecture
    if let vocabulary = architecture.vocabulary {
      if let setting = request.tableSetting {
        throw RecurrentError(.usage, naming: "\(setting) is for tables, and \(path) reads none: leave it out")
      }
      return InspectedInput(.tokens(try tokens(vocabulary, request), vocabulary))
    }
    guard let count = architecture.features else {
      throw RecurrentError(
        .unsuitable, "\(path) reads \(architecture.input.encoding.summary), but does not say what it makes of them")
    }
    guard let file = request.file, request.text == nil else {
      throw RecurrentError(.usage, "\(path) reads numbers, \(count) a step: name a FILE that has them, as CSV or safetensors")
    }
    return InspectedInput(.features(try features(count, file, request)))
  }

  private func tokens(_ vocabulary: Vocabulary, _ request: InspectionRequest) throws -> [Int32] {
    let tokens: [Int32]
    let policy = try vocabulary.policy(request.unknown, of: path)
    var replaced = ReplacedCharacters()
    switch (request.text, request.file) {
    case (let text?, nil): tokens = try vocabulary.encode(text, policy, &replaced)
    case (nil, let file?):
      let text = try TokenizedText(file: file, in: vocabulary, policy)
      replaced = text.replaced
      tokens = (0..<text.tokens.count).map { text.tokens[$0] }
    default: throw RecurrentError(.usage, naming: "give either \(Setting("text")) TEXT or a FILE: what \(path) is to read")
    }
    if tokens.isEmpty { throw RecurrentError(.usage, "the text is empty; give the model something to read") }
    if let sentence = replaced.sentence(policy) { terminal.say(sentence) }
    let unknown = vocabulary.kind == .words ? tokens.count { $0 == 0 } : 0
    if unknown > 0 {
      terminal.say(
        "\(unknown == 1 ? "1 word is" : "\(unknown) words are") not in the model's vocabulary; it reads \(Vocabulary.unknown) instead"
      )
    }
    return tokens
  }

  private func features(_ count: Int, _ file: String, _ request: InspectionRequest) throws -> [InspectedInput.Column] {
    let columns: [InspectedInput.Column] =
      if file.hasSuffix(".safetensors") {
        try InspectedInput.Column.ofTensor(in: file)
      } else {
        try NumberTable(request.table(file)).columns.map { InspectedInput.Column($0) }
      }
    guard columns.count == count else {
      throw RecurrentError(.unsuitable, "\(file) has \(columns.count) numbers a row, and \(path) reads \(count)")
    }
    if let gap = columns.first(where: { $0.values.contains(nil) }), let row = gap.values.firstIndex(of: nil) {
      throw RecurrentError(.unsuitable, "\(file) has no number in the column \(gap.name) at step \(row)")
    }
    return columns
  }
}

extension InspectedInput.Column {
  package init(_ column: NumberTable.Column) {
    self.init(name: column.name, values: column.values.map { $0.map { Float($0) } })
  }

  /// The only tensor of a file, `[steps, features]`, as columns.
  fileprivate static func ofTensor(in path: String) throws -> [Self] {
    let file = try Safetensors(contentsOf: path)
    guard file.tensors.count == 1, let tensor = file.tensors.first, tensor.shape.count == 2 else {
      throw RecurrentError(.unsuitable, "\(path) should hold one tensor of the shape [steps, features] and nothing else")
    }
    let values = try file.values(tensor.name, as: Float.self)
    let width = tensor.shape[1]
    return (0..<width).map { column in
      Self(name: "\(tensor.name) \(column + 1)", values: (0..<tensor.shape[0]).map { values[$0 * width + column] })
    }
  }
}
