import TaskKit

/// How often a classifier's labels are right.
public struct ClassificationScores: Sendable {
  /// The labels, in the order of the rows and columns of ``confusion``.
  public let labels: [String]
  /// The number of sequences.
  public private(set) var count = 0
  /// The number of sequences that were given exactly the labels that they have.
  public private(set) var right = 0
  /// How many sequences that have a label (row) were given another one (column), `[labels][labels]`; empty if a sequence may have
  /// several.
  public private(set) var confusion: [[Int]]
  /// For each label: sequences that have it and were given it, that were given it, and that have it.
  private var hits: [Int]
  private var given: [Int]
  private var present: [Int]
  /// The number of sequences that have no label.
  private var bare = 0

  package init(labels: [String], isMultiple: Bool) {
    self.labels = labels
    let zeros = [Int](repeating: 0, count: labels.count)
    confusion = isMultiple ? [] : labels.map { _ in zeros }
    (hits, given, present) = (zeros, zeros, zeros)
  }

  /// Adds a sequence.
  ///
  /// - Parameters:
  ///   - expected: the indices of the labels that it has.
  ///   - found: the indices of the labels that it was given.
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

  /// The fraction of the sequences whose labels are right.
  public var accuracy: Double { Double(right) / Double(max(1, count)) }

  /// Where the fraction of all such sequences lies that the model labels right, with 95 % confidence, as far as these sequences show it;
  /// 0 to 1 for none of them. It assumes that they were drawn independently of one another.
  ///
  /// Source: Wilson (1927), Probable inference, the law of succession, and statistical inference.
  public var interval: ClosedRange<Double> { wilsonInterval(right: right, of: count) }

  /// The accuracy of always giving the most frequent label, or, where sequences may have several, none.
  package var baseline: Double {
    let most = confusion.isEmpty ? bare : present.max() ?? 0
    return Double(most) / Double(max(1, count))
  }

  /// How well one label is found.
  package struct Label: Sendable, Hashable {
    package let name: String
    /// The number of sequences that have it.
    package let count: Int
    /// The fraction of the sequences given the label that have it; 0 if none were given it.
    package let precision: Double
    /// The fraction of the sequences with the label that were given it; 0 if none have it.
    package let recall: Double
    /// The harmonic mean of precision and recall.
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

  /// The mean of the labels' F1, in which each label counts the same, however rare it is (Sokolova & Lapalme 2009).
  public var macroF1: Double {
    let labels = perLabel
    return labels.reduce(0) { $0 + $1.f1 } / Double(max(1, labels.count))
  }

  /// Which labels are confused, the most frequent mistakes first.
  package var mistakes: [(label: String, takenFor: String, count: Int)] {
    confusion.enumerated().flatMap { row, counts in
      counts.enumerated().filter { $0.offset != row && $0.element > 0 }.map { (row, $0.offset, $0.element) }
    }.sorted { ($1.2, $0.0, $0.1) < ($0.2, $1.0, $1.1) }.map { (labels[$0.0], labels[$0.1], $0.2) }
  }
}
