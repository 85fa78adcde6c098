import Engine
package import Sequences
package import Support

/// A number of future values, each as a distribution; the negative log-likelihood, or what stands in for it.
package struct DistributionHead: OutputHead {
  package let distribution: Distribution
  package let targets: Int

  package static let keys: (required: Set<String>, optional: Set<String>) = (
    ["distribution", "targets"], ["levels", "isRelative"]
  )
  package static let title = "distributions"

  package init(_ distribution: Distribution, targets: Int) {
    self.distribution = distribution
    self.targets = targets
  }

  package var outputs: Int? { distribution.parameterCount * targets }
  package var function: HeadFunction { .identity }
  package var unit: LossUnit { LossUnit(distribution.lossUnit, digits: (3, 4), per: .step) }
  package var skipsMissingTargets: Bool { true }

  package func isOfSameKind(as other: any OutputHead) -> Bool {
    (other as? DistributionHead)?.distribution == distribution
  }
  package func targets(of outputs: Int) -> Int { targets * distribution.targetCount }

  package func resolved(reading input: any InputEncoding) throws(RecurrentError) -> DistributionHead {
    // Before the width, which is a product with it.
    try Architecture.check(targets, "output")
    try distribution.family.check()
    return self
  }

  package func fault(in targets: Batch.Targets, rows: Int, width: Int) -> String? {
    if let fault = targets.valueFault(rows: rows, width: self.targets * distribution.targetCount) { return fault }
    guard distribution.isRelative, case .values(let values, _) = targets else { return nil }
    let areLevels = stride(from: 1, to: values.count, by: 2).allSatisfy { values[$0] > 0 && values[$0].isFinite }
    return areLevels ? nil : "each target needs a level above 0 beside it"
  }

  package func loss(
    _ outputs: UnsafeMutablePointer<Float>, width: Int, rows: Range<Int>, of targets: Batch.Targets, _ terms: LossTerms
  ) -> Double {
    guard case .values(let values, let counted) = targets else {
      fatalError("the network gives distributions of values, and the batch has target classes")
    }
    let (own, scale) = (distribution.parameterCount, Double(terms.scale))
    let (each, isRelative) = (distribution.targetCount, distribution.isRelative)
    var total = 0.0
    for (place, row) in rows.enumerated() {
      let isCounted = counted?[row] ?? true
      for target in 0..<self.targets {
        let start = (row * self.targets + target) * each
        total += distribution.loss(
          outputs + place * width + target * own, target: isCounted ? Double(values[start]) : .nan,
          level: isRelative ? Double(values[start + 1]) : 1, scale: scale)
      }
    }
    return total
  }

  /// Values somewhat above what is expected, so that each parameter has a gradient; beside a level of 1, if there is one.
  package func probe(_ rows: [ArraySlice<Float>?], width: Int, known: [Int32?]) -> Batch.Targets {
    let own = distribution.parameterCount
    return .values(
      rows.flatMap { row in
        (0..<targets).flatMap { target -> [Float] in
          let value = row.map { row in
            let start = row.startIndex + target * own
            return Float(distribution.surprisal(distribution.parameters(of: row[start..<start + own])))
          }
          return [value ?? 0] + (distribution.isRelative ? [1] : [])
        }
      }, counted: rows.map { $0 != nil })
  }
}

extension DistributionHead {
  private enum CodingKeys: CodingKey { case distribution, targets, levels, isRelative }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let name = try container.decode(String.self, forKey: .distribution)
    let levels = try container.decodeIfPresent([Double].self, forKey: .levels)
    let isRelative = try container.decodeIfPresent(Bool.self, forKey: .isRelative) ?? false
    guard let distribution = Distribution(named: name, levels: levels, isRelative: isRelative) else {
      throw RecurrentError(
        .network,
        "the output is a distribution “\(name)”\(isRelative ? " of numbers relative to a level" : ""), which this program does not know: use a newer program"
      )
    }
    self.init(distribution, targets: try container.decode(Int.self, forKey: .targets))
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(distribution.name, forKey: .distribution)
    try container.encode(targets, forKey: .targets)
    try container.encodeIfPresent(distribution.levels, forKey: .levels)
    if distribution.isRelative { try container.encode(true, forKey: .isRelative) }
  }
}

extension Architecture.Output {
  /// The family and the number of targets, if the network gives distributions.
  package var distribution: (family: Distribution, targets: Int)? {
    (head as? DistributionHead).map { ($0.distribution, $0.targets) }
  }
}
