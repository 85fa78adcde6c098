import Networks
package import Support

extension RecurrentError {
  /// A text about clamps that can't be read, and what is expected in its place.
  fileprivate init(clamp item: some StringProtocol, _ expected: String) {
    self.init(.setting, "can't hold \(String(item).debugDescription): \(expected)")
  }
}

extension [Clamp] {
  /// Clamps as people write them: `layer 1: f = 1, i[3] = 0, steps 10-20; layer 2: o[0-7] = 0`.
  ///
  /// Between semicolons stands a layer, counted from 1 and left out for the first one, `layer 1, reverse` for one direction of
  /// two, with the quantities that are held in it, `f` in all units, `i[3]` in one, `o[0-7]` in some. Steps and units count from
  /// 0, both ends included; without steps it is all of them.
  ///
  /// - Throws: ``RecurrentError``
  package init(parsing text: String) throws(RecurrentError) {
    self = []
    for group in text.split(separator: ";") { self += try Self.clamps(group) }
    if isEmpty { throw RecurrentError(clamp: text, Self.example) }
  }

  private static let example = "write what is held at which value, such as `layer 1: f = 1, i[3] = 0, steps 10-20`"

  private static func clamps(_ group: Substring) throws(RecurrentError) -> [Clamp] {
    let parts = group.split(separator: ":", omittingEmptySubsequences: false)
    if parts.count > 2 {
      throw RecurrentError(clamp: group, "one layer and a colon go before what is held; several are parted by `;`")
    }
    let (layer, isReverse) = parts.count == 2 ? try self.layer(parts[0]) : (0, nil)
    var clamps: [Clamp] = []
    var steps: Range<Int>?
    for item in parts[parts.count - 1].split(separator: ",") {
      let words = item.split(separator: " ")
      if let first = words.first, first == "steps" || first == "step" {
        guard words.count == 2, let range = range(words[1]) else {
          throw RecurrentError(clamp: item.trimmed, "steps are written `steps 10-20` or `step 10`, and count from 0")
        }
        if steps != nil {
          throw RecurrentError(clamp: item.trimmed, "the steps are given twice; part groups with other steps by `;`")
        }
        steps = range
      } else {
        clamps.append(try clamp(item, layer: layer, isReverse))
      }
    }
    if clamps.isEmpty { throw RecurrentError(clamp: group.trimmed, example) }
    return clamps.map { clamp in
      var clamp = clamp
      clamp.steps = steps
      return clamp
    }
  }

  private static func layer(_ text: Substring) throws(RecurrentError) -> (Int, isReverse: Bool?) {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    let words = parts[0].split(separator: " ")
    let directions = ["forward": false, "reverse": true]
    let direction = parts.dropFirst().first.map { directions[$0.trimmed] }
    guard parts.count <= 2, words.count == 2, words[0] == "layer", let number = Int(words[1]), number > 0, direction != .some(nil)
    else {
      throw RecurrentError(
        clamp:
          text.trimmed, "before the colon stands a layer, `layer 1`, counted from 1, or one of its directions, `layer 1, reverse`"
      )
    }
    return (number - 1, direction ?? nil)
  }

  private static func clamp(_ item: Substring, layer: Int, _ isReverse: Bool?) throws(RecurrentError) -> Clamp {
    let sides = item.split(separator: "=", omittingEmptySubsequences: false).map(\.trimmed)
    guard sides.count == 2, !sides[0].isEmpty, let value = Float(sides[1]), value.isFinite else {
      throw RecurrentError(clamp: item.trimmed, "a quantity is held at a number, such as `f = 1` or `i[3] = 0.5`")
    }
    guard let bracket = sides[0].firstIndex(of: "[") else {
      return Clamp(layer: layer, isReverse: isReverse, quantity: sides[0], value: value)
    }
    let inside = sides[0][sides[0].index(after: bracket)...]
    guard inside.last == "]", let units = range(inside.dropLast()) else {
      throw RecurrentError(clamp: item.trimmed, "units are written `i[3]` or `i[0-7]`, and count from 0")
    }
    return Clamp(
      layer: layer, isReverse: isReverse, quantity: Substring(sides[0][..<bracket]).trimmed, units: units, value: value)
  }

  /// `10-20` or `10`, both ends included.
  private static func range(_ text: Substring) -> Range<Int>? {
    let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0.trimmed) }
    switch ends.count {
    case 1: return ends[0].flatMap { $0 >= 0 && $0 < Int.max ? $0..<$0 + 1 : nil }
    case 2:
      guard let first = ends[0], let last = ends[1], first >= 0, last >= first, last < Int.max else { return nil }
      return first..<last + 1
    default: return nil
    }
  }
}

extension Substring {
  fileprivate var trimmed: String {
    var text = self.drop { $0 == " " }
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
