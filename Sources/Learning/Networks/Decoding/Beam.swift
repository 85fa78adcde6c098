import Support

/// The search for the sequences that follow one source: what is alive, and what has come to its end. Its steps allocate nothing beyond the
/// room for the longest sequence.
struct Beam {
  /// A way in which something that is alive may go on.
  struct Candidate {
    /// Counted from 0 among what is alive.
    var parent: Int
    var symbol: Int
    var logProbability: Double
  }

  private let width: Int
  private let wanted: Int
  private let longest: Int
  private let penalty: LengthPenalty
  private let end: Int
  /// The logarithm of the probability of each that is alive, the best one first.
  private(set) var alive: [Double]
  /// For each step and each that was alive after it, its symbol and which one before it goes on from.
  private var history: [(symbol: Int32, parent: Int32)] = []
  private var stepStarts: [Int] = []
  /// What has ended: after which step, from which one alive before it goes on, the logarithm of its probability, and its score.
  private var ended: [(step: Int, parent: Int, logProbability: Double, score: Double)] = []
  private var best: [Candidate] = []

  init(_ search: BeamSearch, longest: Int, end: Int) {
    (width, wanted) = (search.width, search.best)
    self.longest = longest
    penalty = LengthPenalty(exponent: search.lengthPenalty)
    self.end = end
    alive = [0]
    alive.reserveCapacity(width)
    history.reserveCapacity(width * min(longest, 4096))
    stepStarts.reserveCapacity(min(longest, 4096))
    ended.reserveCapacity(width)
    best.reserveCapacity(width + 1)
  }

  /// The steps so far.
  private var steps: Int { stepStarts.count }
  /// Whether nothing is left that could change the result.
  var isOver: Bool {
    guard let first = alive.first, steps < longest else { return true }
    // From here on probabilities only fall, and the greatest length has the greatest penalty, by which what is below 0 is divided.
    let bound = penalty.score(first, length: longest)
    return ended.reduce(0) { $0 + ($1.score >= bound ? 1 : 0) } >= wanted
  }

  /// How many candidates there is room for: what has ended takes its room with it, so that as many are found as the beam is wide.
  private var room: Int { width - ended.count }

  /// Forgets the candidates of the step before.
  mutating func beginStep() { best.removeAll(keepingCapacity: true) }

  /// Takes in in which ways one that is alive may go on.
  ///
  /// - Parameters:
  ///   - logits: `[count]`, whose softmax are the probabilities of the symbols.
  ///   - logSum: the logarithm of the sum of their exponentials.
  mutating func consider(_ parent: Int, logits: UnsafePointer<Float>, count: Int, logSum: Double) {
    let (base, room) = (alive[parent] - logSum, room)
    var worst = best.count < room ? -Double.infinity : best[best.count - 1].logProbability
    for symbol in 0..<count {
      let value = base + Double(logits[symbol])
      if best.count == room && value <= worst || value.isNaN { continue }
      // Equally good ones stay in the order of what they go on from and of their symbols.
      var place = best.count
      while place > 0 && best[place - 1].logProbability < value { place -= 1 }
      best.insert(Candidate(parent: parent, symbol: symbol, logProbability: value), at: place)
      if best.count > room { best.removeLast() }
      worst = best.count < room ? -Double.infinity : best[best.count - 1].logProbability
    }
  }

  /// Ends the step with the best of all candidates.
  ///
  /// - Parameters:
  ///   - parents: receives for each that is alive now which one it goes on from.
  ///   - symbols: receives what each reads next.
  mutating func endStep(parents: inout [Int], symbols: inout [Int], from first: Int) {
    stepStarts.append(history.count)
    alive.removeAll(keepingCapacity: true)
    for candidate in best {
      if candidate.symbol == end {
        let score = penalty.score(candidate.logProbability, length: steps)
        ended.append((steps, candidate.parent, candidate.logProbability, score))
      } else {
        parents[first + alive.count] = first + candidate.parent
        symbols[first + alive.count] = candidate.symbol
        history.append((Int32(candidate.symbol), Int32(candidate.parent)))
        alive.append(candidate.logProbability)
      }
    }
  }

  /// What has been found, the best first, those cut off after all that came to their end.
  var found: [Hypothesis] {
    func hypothesis(_ tokens: [Int32], _ logProbability: Double, isFinished: Bool) -> Hypothesis {
      Hypothesis(
        tokens: tokens, logProbability: logProbability,
        score: penalty.score(logProbability, length: tokens.count + (isFinished ? 1 : 0)), isFinished: isFinished)
    }
    let finished = ended.map { hypothesis(tokens(of: $0.parent, after: $0.step - 1), $0.logProbability, isFinished: true) }
    let cut = alive.enumerated().map { hypothesis(tokens(of: $0, after: steps), $1, isFinished: false) }
    func ranked(_ hypotheses: [Hypothesis]) -> [Hypothesis] {
      hypotheses.enumerated().sorted { ($1.element.score, $0.offset) < ($0.element.score, $1.offset) }.map(\.element)
    }
    return Array((ranked(finished) + ranked(cut)).prefix(wanted))
  }

  /// The symbols up to one that was alive after a step, counted from 1.
  private func tokens(of alive: Int, after step: Int) -> [Int32] {
    var (place, tokens) = (alive, [Int32]())
    for step in stride(from: step - 1, through: 0, by: -1) {
      let own = history[stepStarts[step] + place]
      tokens.append(own.symbol)
      place = Int(own.parent)
    }
    return tokens.reversed()
  }
}
