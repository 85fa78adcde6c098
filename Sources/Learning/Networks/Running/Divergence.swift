import CellLanguage
package import Engine
package import Sequences
package import Support

extension RecurrentError {
  /// A loss, a gradient or a weight that is no longer a finite number, and where it arose.
  ///
  /// - Parameter isInData: whether the data themselves hold the number, so that no other way of training helps.
  fileprivate init(diverged what: String, cause: String, isInData: Bool) {
    let remedy = isInData ? "Correct the data." : "Lower the learning rate or clip the gradient harder."
    self.init(.divergence, "\(what): \(cause). \(remedy)")
  }

  /// A loss that is far above that of the first batch.
  package init(lossOfIteration iteration: Int, grewTo loss: Double, from first: Double) {
    self.init(
      diverged: "the loss grew to \(short(loss)) at iteration \(iteration)", cause: "it began at \(short(first))",
      isInData: false)
  }

  /// An update that left a weight that is not finite; nil if all are.
  package init?(updateOf iteration: Int, left parameters: [Float], of layout: NetworkLayout, _ architecture: Architecture) {
    guard let place = parameters.firstIndex(where: { !$0.isFinite }),
      let entry = layout.entries.first(where: { $0.range.contains(place) })
    else { return nil }
    self.init(
      diverged: "the update of iteration \(iteration) went wrong",
      cause: "\(architecture.place(of: entry, layout)) holds \(text(parameters[place]))",
      isInData: false)
  }
}

extension NetworkRunner {
  /// Looks for the first quantity of a batch that is not finite: in the data, then, a segment of steps after the other, from the
  /// first layer up and from the first step on, then from the output layer down on the way back.
  ///
  /// - Parameters:
  ///   - states: those that were carried into the batch. They are carried again afterwards.
  ///   - loss: the batch's mean loss.
  ///   - gradients: as the batch's run left them; nil if none were asked for.
  ///   - seed: of the batch's dropout masks; nil if nothing was dropped.
  ///   - time: when that was, for the message: `at iteration 7`.
  package func divergence(
    of batch: Batch, continues: Bool, from states: [[[Float]]], loss: Double, gradients: FloatBuffer?, seed: UInt64?, time: String
  ) -> RecurrentError {
    carriedStates = states
    defer { carriedStates = states }
    let what = loss.isFinite ? "the gradient is not finite" : "the loss became \(loss.isNaN ? "NaN" : "infinite")"
    if let cause = notFinite(inDataOf: batch) { return RecurrentError(diverged: "\(what) \(time)", cause: cause, isInData: true) }
    do throws(RecurrentError) {
      let cause =
        try notFinite(inLayersOn: batch.inputs, batch.lengths, continues: continues, seed: seed)
        ?? (loss.isFinite ? gradients.flatMap(notFinite(inGradients:)) : nil) ?? "the output layer overflowed"
      return RecurrentError(diverged: "\(what) \(time)", cause: cause, isInData: false)
    } catch {
      return error
    }
  }

  private func notFinite(inDataOf batch: Batch) -> String? {
    func find(_ values: [Float], width: Int, _ what: String, place: (Int) -> String) -> String? {
      values.firstIndex { !$0.isFinite }.map {
        "the \(what) \($0 % width) is \(text(values[$0])) at \(place($0 / width))"
      }
    }
    let place = batch.lengths.place(ofRow:)
    let (own, source) = (batch.inputs, batch.inputs.source)
    for (inputs, lengths, what) in [(own, batch.lengths, "input's")]
      + (source.map { [($0.inputs, $0.lengths, "source's")] } ?? [])
    {
      for rows in inputs.parts {
        guard let values = (rows as? NumberRows)?.values else { continue }
        let width = values.count / max(1, lengths.rows)
        if let found = find(values, width: width, "\(what) feature", place: lengths.place(ofRow:)) { return found }
      }
    }
    guard case .values(let values, let counted) = batch.targets else { return nil }
    let width = architecture.targetWidth
    let mayMiss = architecture.output.head.skipsMissingTargets
    let asked = values.indices.map { counted?[$0 / width] == false || mayMiss && values[$0].isNaN ? 0 : values[$0] }
    return find(
      asked, width: width, "target's value",
      place: architecture.readout == .everyStep ? place : { "sequence \(batch.lengths.numbers[$0])" })
  }

  func notFinite(
    inLayersOn inputs: Batch.Inputs, _ lengths: PackedLengths, continues: Bool, seed: UInt64?
  ) throws(RecurrentError) -> String? {
    try begin(inputs, lengths, carriesStates: continues, seed: seed)
    if let found = try graph.context?.divergence() { return found }
    for steps in segments(of: lengths, keeping: false) {
      var traces: [Trace] = []
      forward(segment(steps) { layer, below in traces.append(layer.trace(below)) }, overStepsOnly: true)
      if let found = notFinite(in: traces, from: steps.lowerBound) { return found }
    }
    return nil
  }

  /// - Parameter start: the first of the steps that were traced; reverse passes traced all, in the order in which they read.
  private func notFinite(in traces: [Trace], from start: Int) -> String? {
    for (pass, trace) in zip(architecture.passes, traces) {
      // The earliest step counts, and within it the order in which the equations are worked out.
      let order = pass.cell.evaluationOrder.map { pass.cell.equations[$0].name }
      let quantities = order.compactMap { name in trace.quantities.first { $0.name == name } }
      let found = quantities.compactMap { quantity -> (row: Int, quantity: Trace.Quantity, value: Float)? in
        quantity.values.firstIndex { !$0.isFinite }.map { ($0 / quantity.width, quantity, quantity.values[$0]) }
      }
      guard let first = found.min(by: { trace.lengths.step(ofRow: $0.row) < trace.lengths.step(ofRow: $1.row) })
      else { continue }
      let label = first.quantity.label.map { " (\($0))" } ?? ""
      let row = pass.isReverse ? reversal[first.row] : lengths.rows(of: start..<start + 1).lowerBound + first.row
      return "in \(pass.name), \(pass.cell.name), \(first.quantity.name)\(label) is \(text(first.value)) at "
        + lengths.place(ofRow: row)
    }
    return nil
  }

  private func notFinite(inGradients gradients: FloatBuffer) -> String? {
    let head = layout.head.map { [$0.weight, $0.bias] } ?? []
    // The way back goes from the output down: what is wrong further up makes wrong what is below.
    let parts =
      [head]
      + (layout.headPasses.reversed() + layout.passes.reversed()).map { pass in
        layout.entries.filter { pass.contains($0.range.lowerBound) }
      } + [
        layout.entries
      ]
    for entry in parts.joined() {
      if let place = entry.range.first(where: { !gradients.base[$0].isFinite }) {
        return "the gradient of \(architecture.place(of: entry, layout)) is \(text(gradients.base[place]))"
      }
    }
    return nil
  }
}

extension Architecture {
  /// A weight tensor as a message names it: `W_f in layer 1, lstm`.
  fileprivate func place(of entry: NetworkLayout.Entry, _ layout: NetworkLayout) -> String {
    guard let index = layout.passes.firstIndex(where: { $0.contains(entry.range.lowerBound) }) else { return entry.name }
    let pass = passes[index]
    return "\(entry.name.dropFirst(pass.prefix.count)) in \(pass.name), \(pass.cell.name),"
  }
}

extension PackedLengths {
  /// The step that a packed row belongs to.
  fileprivate func step(ofRow row: Int) -> Int {
    (0..<steps).last { self.row(step: $0, sequence: 0) <= row } ?? 0
  }

  fileprivate func place(ofRow row: Int) -> String {
    let step = step(ofRow: row)
    return "step \(step) of sequence \(numbers[row - self.row(step: step, sequence: 0)])"
  }
}

/// A number that is not finite. What comes out of a processor as NaN has any sign.
private func text(_ value: Float) -> String { value.isNaN ? "nan" : "\(value)" }
