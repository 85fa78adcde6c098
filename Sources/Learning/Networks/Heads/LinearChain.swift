import Platform

/// The sums over all sequences of tags of which a conditional random field is made, in Double and in logarithms (Lafferty, McCallum &
/// Pereira 2001; Sutton & McCallum 2012, An introduction to conditional random fields, section 4.1).
///
/// The score of a sequence is the sum of what the network gives each tag at its step, of a weight for each pair of
/// neighbours, and of one for the first and one for the last tag. Sequences that may not be have none.
struct LinearChain {
  private let tags: Int
  /// `[tags, tags]`, a row for the tag before; minus infinity where the pair is ruled out.
  private let transitions: [Double]
  private let first: [Double]
  private let last: [Double]

  /// - Parameter weights: those of the pairs, `[tags, tags]`, of the first tag, `[tags]`, and of the last one, `[tags]`.
  init(_ order: TagOrder, weights: UnsafePointer<Float>) {
    let (count, square) = (order.count, order.count * order.count)
    tags = count
    transitions = order.follows.enumerated().map { $1 ? Double(weights[$0]) : -.infinity }
    first = order.first.enumerated().map { $1 ? Double(weights[square + $0]) : -.infinity }
    last = order.last.enumerated().map { $1 ? Double(weights[square + count + $0]) : -.infinity }
  }

  /// Sums over the sequences of tags of one sequence of steps, as logarithms.
  struct Sums {
    /// Of all beginnings up to a step that end in a tag, `[steps, tags]`.
    fileprivate let beginnings: [Double]
    /// Of all that may follow a tag at a step, `[steps, tags]`; empty if only the sum of all was asked for.
    fileprivate let ends: [Double]
    /// Of all sequences.
    let all: Double
  }

  /// - Parameters:
  ///   - scores: what the network gives, `[steps, tags]`.
  ///   - known: the tag of each step, negative where any may be; nil for any at all steps.
  ///   - takesEnds: whether more than the sum of all sequences will be asked for.
  func sums(_ scores: UnsafePointer<Float>, steps: Int, known: [Int32]? = nil, takesEnds: Bool) -> Sums {
    var beginnings = [Double](repeating: -.infinity, count: steps * tags)
    for step in 0..<steps {
      for tag in open(step, known) {
        let before =
          step == 0
          ? first[tag] : logSum(tags) { beginnings[(step - 1) * tags + $0] + transitions[$0 * tags + tag] }
        beginnings[step * tags + tag] = before + Double(scores[step * tags + tag])
      }
    }
    let all = logSum(tags) { beginnings[(steps - 1) * tags + $0] + last[$0] }
    if !takesEnds { return Sums(beginnings: beginnings, ends: [], all: all) }
    var ends = [Double](repeating: -.infinity, count: steps * tags)
    for step in (0..<steps).reversed() {
      for tag in open(step, known) {
        ends[step * tags + tag] =
          step == steps - 1
          ? last[tag]
          : logSum(tags) {
            let next = (step + 1) * tags + $0
            return transitions[tag * tags + $0] + Double(scores[next]) + ends[next]
          }
      }
    }
    return Sums(beginnings: beginnings, ends: ends, all: all)
  }

  private func open(_ step: Int, _ known: [Int32]?) -> Range<Int> {
    guard let tag = known?[step], tag >= 0 else { return 0..<tags }
    return Int(tag)..<Int(tag) + 1
  }

  /// The probability of each tag at each step, `[steps, tags]`.
  func marginals(_ sums: Sums) -> [Double] {
    sums.beginnings.indices.map { exp(sums.beginnings[$0] + sums.ends[$0] - sums.all) }
  }

  /// Adds how often each pair of neighbours, each first and each last tag is expected, times a factor, in the order of the weights.
  func addExpected(_ sums: Sums, _ scores: UnsafePointer<Float>, steps: Int, times factor: Double, to counts: inout [Double]) {
    for step in 0..<steps - 1 {
      for tag in 0..<tags {
        let before = sums.beginnings[step * tags + tag]
        if before == -.infinity { continue }
        for next in 0..<tags {
          let place = (step + 1) * tags + next
          if sums.ends[place] == -.infinity || transitions[tag * tags + next] == -.infinity { continue }
          counts[tag * tags + next] +=
            factor * exp(before + transitions[tag * tags + next] + Double(scores[place]) + sums.ends[place] - sums.all)
        }
      }
    }
    let square = tags * tags
    for tag in 0..<tags {
      let end = (steps - 1) * tags + tag
      counts[square + tag] += factor * exp(sums.beginnings[tag] + sums.ends[tag] - sums.all)
      counts[square + tags + tag] += factor * exp(sums.beginnings[end] + sums.ends[end] - sums.all)
    }
  }

  /// The tags of the sequence with the highest score (Viterbi 1967); of equal ones the first.
  func best(_ scores: UnsafePointer<Float>, steps: Int) -> [Int32] {
    if steps == 0 { return [] }
    var best = (0..<tags).map { first[$0] + Double(scores[$0]) }
    var before: [Int32] = []
    for step in 1..<max(1, steps) {
      var next: [Double] = []
      for tag in 0..<tags {
        let from = place(ofLargest: { best[$0] + transitions[$0 * tags + tag] })
        before.append(Int32(from))
        next.append(best[from] + transitions[from * tags + tag] + Double(scores[step * tags + tag]))
      }
      best = next
    }
    var path = [Int32(place(ofLargest: { best[$0] + last[$0] }))]
    for step in (1..<max(1, steps)).reversed() { path.append(before[(step - 1) * tags + Int(path[path.count - 1])]) }
    return path.reversed()
  }

  private func place(ofLargest value: (Int) -> Double) -> Int {
    var (place, largest) = (0, value(0))
    for other in 1..<max(1, tags) {
      let own = value(other)
      if own > largest { (place, largest) = (other, own) }
    }
    return place
  }
}

/// The logarithm of a sum of some terms, from their logarithms; minus infinity stands for 0.
func logSum(_ count: Int, _ term: (Int) -> Double) -> Double {
  var largest = -Double.infinity
  for place in 0..<count {
    let own = term(place)
    if own > largest || own.isNaN { largest = own }
  }
  guard largest.isFinite else { return largest }
  var sum = 0.0
  for place in 0..<count { sum += exp(term(place) - largest) }
  return largest + log(sum)
}
