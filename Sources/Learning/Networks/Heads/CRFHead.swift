package import Engine
package import Sequences
package import Support

/// A tag for each step of a sequence, scored together: a conditional random field over what the network gives, with a weight for each pair
/// of neighbours, and for the first and the last tag (Lafferty, McCallum & Pereira 2001; Huang, Xu & Yu 2015). Its loss is the negative
/// log-likelihood of the tags that are known; over steps without a target it sums up all tags.
///
/// What it gives at each step is the probability of each tag there, over all sequences of tags.
package struct CRFHead: OutputHead {
  package let order: TagOrder

  package static let keys: (required: Set<String>, optional: Set<String>) = (["crf"], ["follows", "first", "last"])
  package static let title = "a CRF's tags"

  package init(_ order: TagOrder) { self.order = order }

  package var outputs: Int? { order.count }
  package var function: HeadFunction { .special("a conditional random field (CRF)") }
  package var givesClasses: Bool { true }
  package var unit: LossUnit { LossUnit("nats", digits: (3, 3), per: .namedStep) }
  package var scoresSequences: Bool { true }
  package var finishesSequences: Bool { true }

  package var tensors: [WeightTensor] {
    let tags = WeightAxis.outputs(order.count)
    return [
      WeightTensor("output.transitions", [tags, tags]), WeightTensor("output.first", [tags]), WeightTensor("output.last", [tags]),
    ]
  }

  /// What scores one tag at a step is the same whether its neighbours have a say or not.
  package func isOfSameKind(as other: any OutputHead) -> Bool { other is CRFHead || other is ClassesHead }

  package func resolved(reading input: any InputEncoding) throws(RecurrentError) -> CRFHead {
    if !order.hasAllLengths {
      throw RecurrentError(
        .network, "no tag of the CRF may both stand alone and follow itself, so that some sentences have no tags: allow one to")
    }
    return self
  }

  package func fault(in targets: Batch.Targets, rows: Int, width: Int) -> String? {
    guard case .classes(let tags) = targets else { return "the network gives tags, and the batch has no tag for each row" }
    if tags.count != rows { return "the batch has \(tags.count) tags for \(rows) rows" }
    return tags.first { Int($0) >= width }.map { "the target is tag \($0); the network gives \(width) tags, counted from 0" }
  }

  package func loss(
    _ outputs: UnsafeMutablePointer<Float>, width: Int, rows: Range<Int>, of targets: Batch.Targets, _ terms: LossTerms
  ) -> Double {
    guard case .classes(let tags) = targets else { fatalError("the network gives tags, and the batch has none") }
    let known = Array(tags[rows])
    if known.allSatisfy({ $0 < 0 }) {
      outputs.update(repeating: 0, count: rows.count * width)
      return 0
    }
    let chain = LinearChain(order, weights: terms.weights)
    let takesGradient = terms.gradient != nil
    let all = chain.sums(outputs, steps: rows.count, takesEnds: takesGradient)
    let right = chain.sums(outputs, steps: rows.count, known: known, takesEnds: takesGradient)
    if let gradient = terms.gradient {
      let scale = Double(terms.scale)
      var counts = [Double](repeating: 0, count: width * (width + 2))
      chain.addExpected(all, outputs, steps: rows.count, times: scale, to: &counts)
      chain.addExpected(right, outputs, steps: rows.count, times: -scale, to: &counts)
      for (place, count) in counts.enumerated() { gradient[place] += Float(count) }
      for (place, pair) in zip(chain.marginals(all), chain.marginals(right)).enumerated() {
        outputs[place] = Float(scale * (pair.0 - pair.1))
      }
    }
    return all.all - right.all
  }

  package func finish(
    _ outputs: UnsafeMutablePointer<Float>, rows: Int, width: Int, weights: UnsafePointer<Float>, on kernels: InstructionSet
  ) {
    let chain = LinearChain(order, weights: weights)
    let sums = chain.sums(outputs, steps: rows, takesEnds: true)
    for (place, probability) in chain.marginals(sums).enumerated() { outputs[place] = Float(probability) }
  }

  /// The tags of the most probable sequence.
  package func choose(
    _ outputs: UnsafeMutablePointer<Float>, rows: Int, width: Int, weights: UnsafePointer<Float>, on kernels: InstructionSet
  ) -> [Int32] {
    let best = LinearChain(order, weights: weights).best(outputs, steps: rows)
    finish(outputs, rows: rows, width: width, weights: weights, on: kernels)
    return best
  }

  package func probe(_ rows: [ArraySlice<Float>?], width: Int, known: [Int32?]) -> Batch.Targets {
    ClassesHead(classes: width).probe(rows, width: width, known: known)
  }
}

extension CRFHead {
  private enum CodingKeys: CodingKey { case crf, follows, first, last }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let count = try container.decode(Int.self, forKey: .crf)
    guard 1...TagOrder.largest ~= count else {
      throw RecurrentError(.network, "the output is a CRF of \(count) tags; there can be 1 to \(TagOrder.largest)")
    }
    func marks(_ text: String?, _ what: String) throws -> [Bool] {
      guard let text else { return Array(repeating: true, count: count) }
      guard text.utf8.count == count, text.utf8.allSatisfy({ $0 == UInt8(ascii: "0") || $0 == UInt8(ascii: "1") }) else {
        throw RecurrentError(.network, "“\(what)” of the output must have a 0 or a 1 for each of the \(count) tags")
      }
      return text.utf8.map { $0 == UInt8(ascii: "1") }
    }
    let (first, last) = (
      try marks(container.decodeIfPresent(String.self, forKey: .first), "first"),
      try marks(container.decodeIfPresent(String.self, forKey: .last), "last")
    )
    let rows = try container.decodeIfPresent([String].self, forKey: .follows)
    if let rows, rows.count != count {
      throw RecurrentError(.network, "“follows” of the output has \(rows.count) rows; there are \(count) tags")
    }
    let follows = try rows?.map { try marks($0, "follows") }
    self.init(
      TagOrder(count: count, first: { first[$0] }, last: { last[$0] }, follows: { follows?[$0][$1] ?? true }))
  }

  package func encode(to encoder: any Encoder) throws {
    func text(_ marks: some Sequence<Bool>) -> String { String(marks.map { $0 ? "1" : "0" }) }
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(order.count, forKey: .crf)
    if order.follows.contains(false) {
      let rows = stride(from: 0, to: order.follows.count, by: order.count).map { text(order.follows[$0..<$0 + order.count]) }
      try container.encode(rows, forKey: .follows)
    }
    if order.first.contains(false) { try container.encode(text(order.first), forKey: .first) }
    if order.last.contains(false) { try container.encode(text(order.last), forKey: .last) }
  }
}
