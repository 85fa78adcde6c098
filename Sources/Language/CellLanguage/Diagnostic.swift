/// What is wrong with a cell's text, where, and what to write instead.
public struct Diagnostic: Error, Sendable, Hashable {
  /// The name given to the text: usually a file's path.
  public let file: String
  /// Line and column in characters, from 1.
  public let line: Int
  /// The column in which what is wrong begins, counted from 1.
  public let column: Int
  /// How many characters are at fault, at least 1.
  package let length: Int
  /// The line at fault.
  package let source: String
  /// What is wrong, in one sentence.
  public let message: String
  /// What to write instead.
  public let help: String
}

extension Diagnostic: CustomStringConvertible {
  /// The place and the message, the line with carets under what is at fault, and the help.
  public var description: String {
    // Tabs stay tabs under tabs, so that the carets stand where the fault is.
    let margin = source.prefix(column - 1).map { $0 == "\t" ? "\t" : " " }.joined()
    let carets = String(repeating: "^", count: length)
    return "\(file):\(line):\(column): \(message)\n    \(source)\n    \(margin)\(carets)\n\(help)"
  }
}
