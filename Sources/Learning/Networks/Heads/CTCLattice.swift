import Platform

/// All ways to lay the symbols of a target out over the steps of a sequence: each symbol stands at one step or at several in a row,
/// with blanks between, before and after them, of which there must be one between equal symbols (Graves, Fernández, Gomez &
/// Schmidhuber 2006). Sums are in Double and in logarithms.
package struct CTCLattice {
  /// The class of each place on the way: a blank, the first symbol, a blank, the second symbol and so on, a blank.
  private let places: [Int]
  private let steps: Int
  private let width: Int
  /// The logarithm of the probability of each class at each step, `[steps, width]`.
  private let logs: [Double]

  /// - Parameters:
  ///   - outputs: what the network gives before the softmax, `[steps, width]`, that of the blank first.
  ///   - symbols: the target, counted from 0.
  package init(_ outputs: UnsafePointer<Float>, steps: Int, width: Int, symbols: [Int32]) {
    places = symbols.reduce(into: [0]) { $0 += [Int($1) + 1, 0] }
    self.steps = steps
    self.width = width
    logs = (0..<steps).flatMap { step in
      let row = outputs + step * width
      let sum = logSum(width) { Double(row[$0]) }
      return (0..<width).map { Double(row[$0]) - sum }
    }
  }

  /// The fewest steps that symbols take: one each, and one for the blank between equal ones.
  package static func fewestSteps(_ symbols: [Int32]) -> Int {
    symbols.count + zip(symbols, symbols.dropFirst()).count { $0 == $1 }
  }

  /// The places from which one may come to a place at the next step: itself, the one before, and the symbol before that if it is
  /// another one.
  private func before(_ place: Int) -> ClosedRange<Int> {
    let skips = place > 1 && places[place] != 0 && places[place] != places[place - 2]
    return max(0, place - (skips ? 2 : 1))...place
  }

  private func log(_ step: Int, _ place: Int) -> Double { logs[step * width + places[place]] }

  /// The logarithm of the sum of all beginnings up to each step that end at each place, `[steps, places]`.
  private func beginnings() -> [Double] {
    let count = places.count
    var sums = [Double](repeating: -.infinity, count: steps * count)
    for step in 0..<steps {
      for place in 0..<count {
        if step == 0 {
          if place < 2 { sums[place] = log(0, place) }
          continue
        }
        let range = before(place)
        let sum = logSum(range.count) { sums[(step - 1) * count + range.lowerBound + $0] }
        sums[step * count + place] = sum + log(step, place)
      }
    }
    return sums
  }

  /// The logarithm of the sum of all that may follow each place after each step, `[steps, places]`.
  private func ends() -> [Double] {
    let count = places.count
    var sums = [Double](repeating: -.infinity, count: steps * count)
    for place in max(0, count - 2)..<count { sums[(steps - 1) * count + place] = 0 }
    for step in (0..<steps - 1).reversed() {
      for place in 0..<count {
        sums[step * count + place] = logSum(min(3, count - place)) { ahead in
          let next = place + ahead
          return before(next).contains(place) ? log(step + 1, next) + sums[(step + 1) * count + next] : -.infinity
        }
      }
    }
    return sums
  }

  private func total(_ beginnings: [Double]) -> Double {
    let count = places.count
    return logSum(min(2, count)) { beginnings[steps * count - 1 - $0] }
  }

  /// The negative log-likelihood of the target: infinite if it takes more steps than there are.
  package var loss: Double { -total(beginnings()) }

  /// The loss, and its gradient with respect to the outputs, `[steps, width]`; a target that takes more steps than there are has none.
  package func lossAndGradient() -> (loss: Double, gradient: [Double]) {
    let (beginnings, ends, count) = (beginnings(), ends(), places.count)
    let all = total(beginnings)
    guard all > -.infinity else { return (.infinity, [Double](repeating: 0, count: steps * width)) }
    var gradient = logs.map { exp($0) }
    for step in 0..<steps {
      for place in 0..<count {
        gradient[step * width + places[place]] -= exp(beginnings[step * count + place] + ends[step * count + place] - all)
      }
    }
    return (-all, gradient)
  }

  /// The steps at which each symbol stands on the most probable of all ways; nil if there is none.
  package func alignment() -> [Range<Int>]? {
    let count = places.count
    if steps == 0 { return count == 1 ? [] : nil }
    var best = (0..<count).map { $0 < 2 ? log(0, $0) : -.infinity }
    var origins: [[Int]] = []
    for step in 1..<max(1, steps) {
      let from = (0..<count).map { place in before(place).reduce(place) { best[$1] > best[$0] ? $1 : $0 } }
      best = from.enumerated().map { best[$1] + log(step, $0) }
      origins.append(from)
    }
    var place = count > 1 && best[count - 2] > best[count - 1] ? count - 2 : count - 1
    guard best[place] > -.infinity else { return nil }
    var ranges = [Range<Int>](repeating: 0..<0, count: count / 2)
    for step in (0..<steps).reversed() {
      if place % 2 == 1 {
        let known = ranges[place / 2]
        ranges[place / 2] = step..<(known.isEmpty ? step + 1 : known.upperBound)
      }
      if step > 0 { place = origins[step - 1][place] }
    }
    return ranges
  }
}
