/// Something that a caller can choose: in the library a property or an argument, in the command an option.
package struct Setting: Sendable, Hashable {
  /// In lower case, with hyphens between words: `embedding-dropout`.
  package let name: String
  /// What stands for it in a command line, such as `FILE`, where it is an argument and no option.
  package let argument: String?

  package init(_ name: String, argument: String? = nil) {
    self.name = name
    self.argument = argument
  }

  /// As files name it: `embedding_dropout`.
  package var key: String { name.replacing("-", with: "_") }

  /// As a caller of the library writes it: `embeddingDropout`.
  package var inSwift: String {
    let words = name.split(separator: "-")
    return words.dropFirst().reduce(words.first.map(String.init) ?? "") { $0 + $1.prefix(1).uppercased() + $1.dropFirst() }
  }
}

/// A sentence for people that may name settings. How a setting is written depends on where it is read: the library says
/// `embeddingDropout`, the command `--embedding-dropout`.
package struct Sentence: Sendable, Hashable, ExpressibleByStringInterpolation, CustomStringConvertible {
  fileprivate enum Part: Sendable, Hashable {
    case text(String)
    case setting(Setting)
  }

  private var parts: [Part]

  package init(_ text: String) { parts = [.text(text)] }

  package init(stringLiteral text: String) { self.init(text) }

  package init(stringInterpolation: StringInterpolation) { parts = stringInterpolation.parts }

  /// The sentence, with each setting written as `name` has it.
  package func text(naming name: (Setting) -> String) -> String {
    parts.reduce(into: "") { text, part in
      switch part {
      case .text(let some): text += some
      case .setting(let setting): text += name(setting)
      }
    }
  }

  /// The sentence as a caller of the library reads it.
  package var description: String { text(naming: \.inSwift) }

  package static func + (left: Sentence, right: Sentence) -> Sentence {
    var sum = left
    sum.parts += right.parts
    return sum
  }

  package struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var parts: [Part] = []

    package init(literalCapacity: Int, interpolationCount: Int) {}

    package mutating func appendLiteral(_ literal: String) { parts.append(.text(literal)) }
    package mutating func appendInterpolation(_ setting: Setting) { parts.append(.setting(setting)) }
    package mutating func appendInterpolation(_ text: String) { parts.append(.text(text)) }
    package mutating func appendInterpolation(_ number: Int) { parts.append(.text("\(number)")) }
    package mutating func appendInterpolation(_ sentence: Sentence) { parts += sentence.parts }
  }
}

/// In files a sentence is a text that names settings as the files do. Read again, it is that text.
extension Sentence: Codable {
  package init(from decoder: any Decoder) throws { self.init(try decoder.singleValueContainer().decode(String.self)) }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text(naming: \.key))
  }
}
