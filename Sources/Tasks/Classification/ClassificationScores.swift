/// How often labels are right.
public struct ClassificationScores: Sendable {
  /// The labels, in the order of the rows and columns of ``confusion``.
  public let labels: [String]
  /// Sequences.
  public private(set) var count = 0
  /// Sequences whose labels are all right, and no others.
  public private(set) var right = 0
  /// How many sequences that have a label (row) were given another one (column), `[labels][labels]`; empty if a sequence may have several.
  public private(set) var confusion: [[Int]]
  /// For each label: sequences that have it and were given it, that were given it, and that have it.
  private var hits: [Int]
  private var given: [Int]
  private var present: [Int]
  /// Sequences without a label.
  private var bare = 0

  package init(labels: [String], isMultiple: Bool) {
    self.labels = labels
    let zeros = [Int](repeating: 0, count: labels.count)
    confusion = isMultiple ? [] : labels.map { _ in zeros }
    (hits, given, present) = (zeros, zeros, zeros)
  }

  /// Counts a sequence.
  ///
  /// - Parameters:
  ///   - expected: the places of the labels that it has.
  ///   - found: of those that it was given.
  package mutating func add(expected: [Int], found: [Int]) {
    count += 1
    if expected.isEmpty { bare += 1 }
    if Set(expected) == Set(found) { right += 1 }
    for label in expected { present[label] += 1 }
    for label in found {
      given[label] += 1
      if expected.contains(label) { hits[label] += 1 }
    }
    if !confusion.isEmpty, let expected = expected.first, let found = found.first { confusion[expected][found] += 1 }
  }

  /// The share of sequences whose labels are right.
  public var accuracy: Double { Double(right) / Double(max(1, count)) }

  /// The share that would be right if all were given the most frequent label; of several labels, if none were given.
  package var baseline: Double {
    let most = confusion.isEmpty ? bare : present.max() ?? 0
    return Double(most) / Double(max(1, count))
  }

  /// What is known of one label.
  package struct Label: Sendable, Hashable {
    package let name: String
    /// Sequences that have it.
    package let count: Int
    /// Of those that were given it, the share that has it; 0 if there are none.
    package let precision: Double
    /// Of those that have it, the share that was given it; 0 if there are none.
    package let recall: Double
    /// The harmonic mean of both.
    package let f1: Double
  }

  /// Each label that sequences have or were given.
  package var perLabel: [Label] {
    labels.indices.compactMap { label in
      guard present[label] + given[label] > 0 else { return nil }
      return Label(
        name: labels[label], count: present[label], precision: Double(hits[label]) / Double(max(1, given[label])),
        recall: Double(hits[label]) / Double(max(1, present[label])),
        f1: 2 * Double(hits[label]) / Double(present[label] + given[label]))
    }
  }

  /// The mean of all labels' F1: each label counts the same, however rare it is (Sokolova & Lapalme 2009).
  public var macroF1: Double {
    let labels = perLabel
    return labels.reduce(0) { $0 + $1.f1 } / Double(max(1, labels.count))
  }

  /// What is taken for what, the most frequent mistakes first.
  package var mistakes: [(label: String, takenFor: String, count: Int)] {
    confusion.enumerated().flatMap { row, counts in
      counts.enumerated().filter { $0.offset != row && $0.element > 0 }.map { (row, $0.offset, $0.element) }
    }.sorted { ($1.2, $0.0, $0.1) < ($0.2, $1.0, $1.1) }.map { (labels[$0.0], labels[$0.1], $0.2) }
  }
}
