package import Console
package import Inspector
import Support

extension InspectionRequest {
  /// The path that stands for standard input.
  package static let standardInput = "-"

  /// The file to read, or `-` for standard input, which is announced on `terminal`.
  package func fileOrStandardInput(_ terminal: Terminal) -> String {
    if file == nil { terminal.say("reading from standard input") }
    return file ?? Self.standardInput
  }

  /// The sequence that is asked for: the one of that name, or else of that number; the first if none is asked for.
  ///
  /// - Parameters:
  ///   - kind: what a sequence is called in messages: `sentence`.
  ///   - next: gives the next sequence, with its name if it has one; nil at the end.
  /// - Throws: ``RecurrentError`` if there is no such sequence.
  package func chosen<Content>(_ kind: String, next: () throws -> (name: String?, content: Content)?) throws -> Content {
    let number = sequence.map { wholeNumber($0, in: 1...Int.max) } ?? 1
    var numbered: Content?
    var count = 0
    while let (name, content) = try next() {
      count += 1
      if let name, name == sequence { return content }
      if count == number { numbered = content }
      // Without names, no later sequence can be meant.
      if numbered != nil, name == nil || sequence == nil { break }
    }
    if let numbered { return numbered }
    let source = file ?? "standard input"
    guard count > 0, let sequence else { throw RecurrentError(.unsuitable, "\(source) has no \(kind) to read") }
    throw RecurrentError(
      .unsuitable,
      naming:
        "\(source) has no \(kind) \(sequence.debugDescription): \(Setting("sequence")) takes a number from 1 to \(count), or a name where there are names"
    )
  }
}

extension InspectedInput.Column {
  /// A column of numbers, one for each step, with nothing where a number is missing, which is NaN.
  package init(_ name: String, numbers: [Double]) {
    self.init(name: name, values: numbers.map { $0.isNaN ? nil : Float($0) })
  }
}
