import Storage
import Support

/// The members of a line of JSON, as far as they can be numbers or symbols of a sequence.
struct TranscriptLine {
  enum Value {
    /// A text.
    case text(String)
    /// A number, `true`, `false` or `null`.
    case other
    /// Texts.
    case texts([String])
    /// Numbers, with their digits as they stand.
    case numbers([String])
    /// Numbers of each step, and what stands in the place of one, if something does.
    case steps([[Double]])
  }

  let members: [(key: String, value: Value)]

  subscript(key: String) -> Value? { members.first { $0.key == key }?.value }

  /// - Throws: the reader's problem with the place in the line.
  init(_ bytes: ArraySlice<UInt8>) throws(StrictJSON.Problem) {
    var json = StrictJSON(bytes)
    var members: [(key: String, value: Value)] = []
    try json.object { json, key throws(StrictJSON.Problem) in
      do throws(StrictJSON.Problem) {
        members.append((key, try Self.value(&json)))
      } catch {
        throw StrictJSON.Problem("“\(key)”: \(error.text)")
      }
    }
    try json.end()
    self.members = members
  }

  private static func value(_ json: inout StrictJSON) throws(StrictJSON.Problem) -> Value {
    if json.beginsString { return .text(try json.string()) }
    guard json.beginsArray else {
      _ = try json.scalarText()
      return .other
    }
    var (steps, texts, numbers): ([[Double]], [String], [String]) = ([], [], [])
    var count = 0
    try json.array { json throws(StrictJSON.Problem) in
      count += 1
      if json.beginsArray {
        var step: [Double] = []
        try json.array { json throws(StrictJSON.Problem) in step.append(try json.number()) }
        steps.append(step)
      } else if json.beginsString {
        texts.append(try json.string())
      } else {
        numbers.append(try json.numberText())
      }
    }
    if count == steps.count, count > 0 { return .steps(steps) }
    if count == texts.count, count > 0 { return .texts(texts) }
    if count == numbers.count { return .numbers(numbers) }
    throw StrictJSON.Problem("an array has numbers, texts or steps in it, but not several of these")
  }
}

extension TranscriptLine.Value {
  /// Whether it can be the symbols of a sequence.
  var canBeSymbols: Bool {
    switch self {
    case .text, .texts: true
    case .numbers(let digits): digits.allSatisfy { Int($0) != nil }
    case .other, .steps: false
    }
  }

  /// The numbers of each step; nil if it is something else.
  var steps: [[Double]]? {
    switch self {
    case .steps(let steps): steps
    case .numbers(let digits): digits.map { [Double($0) ?? .nan] }
    case .text, .other, .texts: nil
    }
  }

  /// The symbols; nil if it is something else.
  func symbols(_ cut: SymbolCut?) -> [String]? {
    switch self {
    case .text(let text): cut.map { $0.symbols(of: text) }
    case .texts(let texts): texts
    case .numbers(let digits) where canBeSymbols: digits
    case .numbers, .other, .steps: nil
    }
  }
}
