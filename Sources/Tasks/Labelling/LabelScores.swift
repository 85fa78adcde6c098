public import Classification

/// How often a labeller's labels are right: step by step, and as segments, which are consecutive steps with the same label.
public struct LabelScores: Sendable {
  /// The scores of single steps. Neighbouring steps depend on each other, so that ``ClassificationScores/interval`` is too narrow for
  /// them.
  public private(set) var steps: ClassificationScores
  /// The scores of segments.
  public private(set) var segments = Segments()
  /// The number of sequences, or of held-out parts of them.
  public private(set) var sequences = 0

  package init(labels: [String]) { steps = ClassificationScores(labels: labels, isMultiple: false) }

  /// How many segments are found. A segment that was found matches one that there is if both have the same label and share at least
  /// half of the steps that either has; each matches one at most (Lea et al. 2017, Temporal convolutional networks for action
  /// segmentation and detection).
  public struct Segments: Sendable, Hashable {
    /// The number of segments that there are.
    public internal(set) var count = 0
    /// The number of segments that were found.
    public internal(set) var found = 0
    /// The number of segments that were found and match one that there is.
    public internal(set) var right = 0

    /// The harmonic mean of the fraction of the found segments that match and of the segments that are found; 0 if there are none.
    public var f1: Double { count + found == 0 ? 0 : 2 * Double(right) / Double(count + found) }
  }

  /// Adds a sequence.
  ///
  /// - Parameters:
  ///   - expected: the class of each step, negative where it has none, which ends a segment.
  ///   - found: the class that was found for each.
  package mutating func add(expected: [Int32], found: [Int32]) {
    sequences += 1
    for (expected, found) in zip(expected, found) where expected >= 0 {
      steps.add(expected: [Int(expected)], found: [Int(found)])
    }
    let (actual, given) = (Self.runs(expected), Self.runs(zip(expected, found).map { $0 < 0 ? -1 : $1 }))
    segments.count += actual.count
    segments.found += given.count
    var first = 0
    for run in given {
      while first < actual.count, actual[first].steps.upperBound <= run.steps.lowerBound { first += 1 }
      // Of the segments of the same label, only one can share half of the steps.
      for other in actual[first...].prefix(while: { $0.steps.lowerBound < run.steps.upperBound }) where other.label == run.label {
        let shared = other.steps.clamped(to: run.steps).count
        if 2 * shared >= other.steps.count + run.steps.count - shared {
          segments.right += 1
          break
        }
      }
    }
  }

  /// Consecutive steps with the same class, without those that have none.
  package static func runs(_ classes: [Int32]) -> [(label: Int32, steps: Range<Int>)] {
    var runs: [(label: Int32, steps: Range<Int>)] = []
    var start = 0
    for step in classes.indices where step + 1 == classes.count || classes[step + 1] != classes[step] {
      if classes[step] >= 0 { runs.append((classes[step], start..<step + 1)) }
      start = step + 1
    }
    return runs
  }
}
