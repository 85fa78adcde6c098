package import Support

/// Which steps of some sequences are trained on, and which are held out.
package struct StepSplit: Sendable, Hashable {
  package let training: [StepRun]
  package let heldOut: [StepRun]
  /// What was held out, in a sentence; nil if nothing was asked for.
  package let sentence: Sentence?

  /// How many blocks sequences are cut into together where blocks of time are held out.
  private static let blocks = 20

  /// Holds out whole sequences, drawn at random, where there are several; of a single one, and where each sequence has a class of its
  /// own, blocks of time. A class is never held out altogether.
  ///
  /// - Parameters:
  ///   - lengths: the steps of each sequence.
  ///   - fraction: how much is held out.
  ///   - fold: the part that is held out in place of a fraction; nil for the fraction.
  ///   - classes: the classes that occur in some steps; none of numbers.
  /// - Throws: ``RecurrentError`` if nothing is left to train on.
  package init(
    _ lengths: [Int], fraction: Double, seed: UInt64, fold: Fold? = nil, classes: (StepRun) -> Set<Int32>
  ) throws(RecurrentError) {
    let sequences = lengths.indices.map { StepRun(sequence: $0, steps: 0..<lengths[$0]) }
    if fold == .nothing || fold == nil && fraction == 0 {
      (training, heldOut, sentence) = (sequences, [], nil)
      return
    }
    var random = Random(.heldOutSequences, seed: seed)
    let held = sequences.count > 1 ? Self.drawn(sequences, fraction, fold, &random, classes) : []
    if !held.isEmpty {
      training = sequences.indices.filter { !held.contains($0) }.map { sequences[$0] }
      heldOut = held.sorted().map { sequences[$0] }
      sentence =
        "\(held.count.grouped) of \(sequences.count.grouped) sequences \(held.count == 1 ? "is" : "are") held out, drawn at random (\(Setting("validation")))"
      return
    }
    let size = max(1, (lengths.reduce(0, +) + Self.blocks - 1) / Self.blocks)
    let blocks = sequences.flatMap { sequence in
      stride(from: 0, to: sequence.steps.count, by: size).map {
        StepRun(sequence: sequence.sequence, steps: $0..<min($0 + size, sequence.steps.count))
      }
    }
    let drawn = Self.drawn(blocks, fraction, fold, &random, classes)
    guard !drawn.isEmpty else {
      throw RecurrentError(
        .data,
        naming:
          "there are too few steps to hold some out without losing a label: give more, name another file with \(Setting("validation-file")), or hold out nothing with \(Setting("validation")) 0"
      )
    }
    heldOut = drawn.sorted().map { blocks[$0] }
    training = Self.joined(blocks.indices.filter { !drawn.contains($0) }.map { blocks[$0] })
    let why = sequences.count > 1 ? "each sequence has a label that no other has" : "there is a single sequence"
    sentence =
      "\(why), so \(drawn.count.grouped) of \(blocks.count.grouped) blocks of time of up to \(size.grouped) steps \(drawn.count == 1 ? "is" : "are") held out, drawn at random (\(Setting("validation"))); such steps resemble their neighbours, and a new recording may do worse"
  }

  /// Indices of units that are held out; none if no class can be spared.
  private static func drawn(
    _ units: [StepRun], _ fraction: Double, _ fold: Fold?, _ random: inout Random, _ classes: (StepRun) -> Set<Int32>
  ) -> Set<Int> {
    let most = fold == nil ? min(units.count - 1, max(1, Int((fraction * Double(units.count)).rounded()))) : units.count - 1
    let own = units.map(classes)
    var left: [Int32: Int] = [:]
    for found in own.joined() { left[found, default: 0] += 1 }
    var order = Array(units.indices)
    random.shuffle(&order)
    if let fold { order = fold.members(of: order) }
    var held: Set<Int> = []
    for place in order where held.count < most && own[place].allSatisfy({ left[$0, default: 0] > 1 }) {
      held.insert(place)
      for found in own[place] { left[found, default: 0] -= 1 }
    }
    return held
  }

  /// Neighbouring runs as one.
  private static func joined(_ runs: [StepRun]) -> [StepRun] {
    runs.reduce(into: []) { joined, run in
      if let last = joined.last, last.sequence == run.sequence, last.steps.upperBound == run.steps.lowerBound {
        joined[joined.count - 1] = StepRun(sequence: run.sequence, steps: last.steps.lowerBound..<run.steps.upperBound)
      } else {
        joined.append(run)
      }
    }
  }
}
