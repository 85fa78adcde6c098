import Engine
import Networks
package import Support

extension NetworkLayout {
  /// The weights that training changes, in ranges that do not touch each other; one range if nothing is frozen or fixed.
  func trained(without frozen: [String]) -> [Range<Int>] {
    parts.filter { !frozen.contains($0.name) }.flatMap(\.weights).filter { !fixed.contains($0) }.reduce(into: []) {
      ranges, next in
      if let last = ranges.last, last.upperBound == next.lowerBound {
        ranges[ranges.count - 1] = last.lowerBound..<next.upperBound
      } else {
        ranges.append(next)
      }
    }
  }
}

extension Network {
  /// - Throws: ``RecurrentError`` if the network has no part of one of the names, or nothing is left to train.
  package func check(frozen: [String]) throws(RecurrentError) {
    let names = layout.parts.map(\.name)
    if let unknown = frozen.first(where: { !names.contains($0) }) {
      throw RecurrentError(
        .usage,
        naming:
          "\(Setting("freeze")) names \(quoted(unknown)), which is no part of the network: its parts are \(names.joined(separator: ", "))"
      )
    }
    if names.allSatisfy(frozen.contains) {
      throw RecurrentError(
        .usage, naming: "\(Setting("freeze")) names all parts of the network, so that nothing is left to train: leave one out")
    }
    if layout.trained(without: frozen).isEmpty {
      throw RecurrentError(
        .unsuitable,
        naming: frozen.isEmpty
          ? "the cells of the network say that all its weights are fixed, so that nothing is left to train"
          : "the cells of the network say that all its weights are fixed but those that \(Setting("freeze")) names, so that nothing is left to train: leave one out"
      )
    }
  }
}
