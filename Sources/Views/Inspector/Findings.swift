import CellAnalysis
import CellLanguage
import Engine
import Networks

extension InspectionReport.Finding {
  /// What a person should know, the worst first.
  static func all(_ inspection: Inspection, layers: [InspectionReport.Layer], memory: [InspectionReport.Reach]) -> [Self] {
    let found =
      notFinite(inspection) + layers.indices.flatMap { gates(layers[$0], inspection, $0) + states(layers[$0], inspection, $0) }
      + (inspection.isOfSequence ? [] : growth(memory)) + layers.indices.flatMap { held(layers[$0], $0) }
      + layers.indices.flatMap { labels(layers[$0], $0) }
      + surprisal(inspection)
      + layers.indices.flatMap { memoryTimes(layers[$0], $0) + recurrence(layers[$0], inspection, $0) }
      + (inspection.isOfSequence ? moving(inspection, memory) : reach(memory))
    return [.problem, .advice, .note].flatMap { level in found.filter { $0.level == level } }
  }

  private init(
    _ level: Level, _ text: String, layer: Int? = nil, quantity: String? = nil, unit: Int? = nil, step: Int? = nil
  ) {
    self.init(level: level, text: text, layer: layer.map { $0 + 1 }, quantity: quantity, unit: unit, step: step)
  }

  /// The first number that is not finite: in what the network reads, in its weights, or in its first quantity that has one.
  private static func notFinite(_ inspection: Inspection) -> [Self] {
    if inspection.input.read == nil {
      for column in inspection.input.steps.columns {
        if let step = column.values.firstIndex(where: { !($0?.isFinite ?? false) }) {
          return [Self(.problem, "\(column.name) of the input is \(word(column.values[step])) at step \(step)", step: step)]
        }
      }
    }
    let network = inspection.network
    if let entry = network.layout.entries.first(where: { entry in !network.parameters[entry.range].allSatisfy(\.isFinite) }) {
      let count = network.parameters[entry.range].count { !$0.isFinite }
      return [
        Self(
          .problem,
          "the model's weights are broken: \(entry.name) has \(count) \(count == 1 ? "number that is" : "numbers that are") NaN or infinite; "
            + "go back to a checkpoint from before, and train with a lower learning rate or harder clipping")
      ]
    }
    for (layer, trace) in inspection.traces.enumerated() {
      let cell = network.architecture.passes[layer].cell
      let order = cell.evaluationOrder.map { cell.equations[$0].name }
      let first = order.compactMap { name -> (step: Int, unit: Int, value: Float, quantity: Trace.Quantity)? in
        guard let quantity = trace[name], let place = quantity.values.firstIndex(where: { !$0.isFinite }) else { return nil }
        return (place / quantity.width, place % quantity.width, quantity.values[place], quantity)
      }.min { $0.step < $1.step }
      guard let first else { continue }
      let label = first.quantity.label.map { " (\($0))" } ?? ""
      return [
        Self(
          .problem,
          "\(network.architecture.passes[layer].name): \(first.quantity.name)\(label) of unit \(first.unit) is \(word(first.value)) for the first time at "
            + "step \(first.step), where the network reads \(inspection.input.texts[first.step].debugDescription)",
          layer: layer, quantity: first.quantity.name, unit: first.unit, step: first.step)
      ]
    }
    return []
  }

  /// What a missing or not finite number is called.
  private static func word(_ value: Float?) -> String {
    guard let value else { return "missing" }
    return value.isNaN ? "NaN" : "infinite"
  }

  /// What the user holds.
  private static func held(_ layer: InspectionReport.Layer, _ index: Int) -> [Self] {
    layer.held.map { hold in
      func text(_ ends: [Int]?, _ one: String) -> String {
        guard let ends, let first = ends.first, let last = ends.last else { return "" }
        return first == last ? " \(one) \(first)" : " \(one)s \(first) to \(last)"
      }
      let units = text(hold.units, "unit").dropFirst()
      let steps = text(hold.steps, "step")
      return Self(
        .note,
        "\(layer.name): \(units.isEmpty ? "" : "\(units) of ")\(hold.quantity) held at \(Double(hold.value).significant(6))"
          + (steps.isEmpty ? "" : " at\(steps)"), layer: index, quantity: hold.quantity, unit: hold.units?.first,
        step: hold.steps?.first)
    }
  }

  /// Gates that never open or never close.
  private static func gates(_ layer: InspectionReport.Layer, _ inspection: Inspection, _ index: Int) -> [Self] {
    let cell = inspection.network.architecture.passes[index].cell
    return layer.quantities.filter { $0.role == Role.gate.rawValue }.flatMap { gate -> [Self] in
      let idle = layer.dead.filter { $0.quantity == gate.name }
      let isForget = layer.memoryTime?.quantity == gate.name
      return [("never above 0.1", true), ("never below 0.9", false)].compactMap { reason, isClosed in
        let units = idle.filter { $0.reason == reason }
        let fraction = Double(units.count) / Double(max(1, gate.width))
        guard fraction >= 0.1 else { return nil }
        let bias = cell.bias(of: gate.name)
        let remedy: String
        switch (isForget, isClosed) {
        case (true, true):
          remedy = "these units forget at once; raise the forget bias\(bias.map { ", as `init \($0) = 1` does" } ?? "")"
        case (true, false): remedy = "these units only add up; if their state grows without end, lower the forget bias"
        case (false, true): remedy = "what they let through is lost; train longer, or use fewer units"
        case (false, false): remedy = "they gate nothing; a simpler cell may do as well"
        }
        return Self(
          .advice,
          "\(layer.name): \(fraction.percent) of the units of \(named(gate)) stay \(isClosed ? "below 0.1" : "above 0.9") at every "
            + "step: \(remedy)", layer: index, quantity: gate.name, unit: units.first?.unit)
      }
    }
  }

  /// States and candidates that are stuck, squashed flat, or still.
  private static func states(_ layer: InspectionReport.Layer, _ inspection: Inspection, _ index: Int) -> [Self] {
    let cell = inspection.network.architecture.passes[index].cell
    // What the user holds fixed needs no advice.
    let held = Set(layer.held.map(\.quantity))
    return zip(layer.quantities.filter { $0.role != Role.preactivation.rawValue }, layer.statistics).flatMap {
      quantity, statistics -> [Self] in
      if held.contains(quantity.name) { return [] }
      var found: [Self] = []
      let still = layer.dead.filter { $0.quantity == quantity.name && !$0.reason.hasPrefix("never") }
      let fraction = Double(still.count) / Double(max(1, quantity.width))
      if fraction >= 0.1 {
        found.append(
          Self(
            .advice,
            "\(layer.name): \(fraction.percent) of the units of \(named(quantity)) hardly move (unit \(still[0].unit) "
              + "\(still[0].reason)): fewer units may do as well", layer: index, quantity: quantity.name, unit: still[0].unit))
      }
      let saturated = statistics.saturated.map { $0.reduce(0.0) { $0 + Double($1) } / Double(max(1, $0.count)) } ?? 0
      if saturated > 0.5 && quantity.activation != nil {
        found.append(
          Self(
            .advice,
            "\(layer.name): \(named(quantity)) is saturated at \(saturated.percent) of all places, where next to no gradient "
              + "passes: smaller weights (weight decay, a lower learning rate) keep it alive", layer: index,
            quantity: quantity.name))
      }
      if let values = inspection.traces[index][quantity.name], cell.isSquashed(quantity.name) {
        let far = Double(values.values.count { abs($0) > 5 }) / Double(max(1, values.values.count))
        if far > 0.05 {
          found.append(
            Self(
              .note,
              "\(layer.name): \(named(quantity)) is beyond ±5 at \(far.percent) of all places, where what squashes it no longer "
                + "tells its values apart", layer: index, quantity: quantity.name))
        }
      }
      return found
    }
  }

  /// Gradients that grow on their way back.
  private static func growth(_ memory: [InspectionReport.Reach]) -> [Self] {
    let long = memory.filter { $0.step >= 10 }
    let growing = long.filter { reach in
      let recent = reach.norms.suffix(5).max() ?? 0
      return reach.norms.prefix(max(1, reach.norms.count / 2)).contains { $0 > 10 * recent && recent > 0 }
    }
    guard let worst = growing.last, growing.count * 2 > long.count else { return [] }
    return [
      Self(
        .problem,
        "the gradient grows on its way back: of the loss at step \(worst.step) it is more than 10 times larger in the first half of "
          + "the input than close by; clip it, or make the recurrent weights smaller", step: worst.step)
    ]
  }

  private static func surprisal(_ inspection: Inspection) -> [Self] {
    let losses = inspection.losses.enumerated().compactMap { step, loss in loss.map { (step: step, loss: Double($0)) } }
    guard losses.allSatisfy(\.loss.isFinite), let worst = losses.max(by: { $0.loss < $1.loss }) else { return [] }
    let mean = losses.reduce(0) { $0 + $1.loss } / Double(losses.count)
    // A surprising symbol is read at the step after.
    let step = worst.step + (inspection.predictsSymbols ? 1 : 0)
    let text = inspection.targetText(ofStep: worst.step) ?? inspection.input.texts[worst.step]
    let unit = inspection.network.architecture.output.head.unit.name == "nats" ? " nats" : ""
    return [
      Self(
        .note,
        "mean loss \(mean.significant(3))\(unit) a step; the greatest surprise is \(text.debugDescription) at step "
          + "\(step), \(worst.loss.significant(3))\(unit)", step: min(step, inspection.input.count - 1))
    ]
  }

  private static func memoryTimes(_ layer: InspectionReport.Layer, _ index: Int) -> [Self] {
    guard let memory = layer.memoryTime else { return [] }
    let times = memory.steps.enumerated().map { (unit: $0, time: $1.map(Double.init) ?? .infinity) }.sorted { $0.time < $1.time }
    guard let longest = times.last else { return [] }
    func text(_ time: Double) -> String { time.isInfinite ? "for ever" : "\(time.significant(2)) steps" }
    let start = "\(layer.name): by the mean of \(memory.quantity), "
    let median = times[times.count / 2].time
    return [
      Self(
        .note,
        times[0].time.isInfinite
          ? start + "all units of \(memory.state) keep what they hold for ever"
          : start + "half of the units of \(memory.state) keep what they hold "
            + (median.isInfinite ? text(median) : "for \(text(median)) or more") + "; unit \(longest.unit) the longest, "
            + text(longest.time),
        layer: index, quantity: memory.state + "'", unit: longest.unit)
    ]
  }

  /// Recurrent matrices of cells without a memory of their own, which alone decide what is kept.
  private static func recurrence(_ layer: InspectionReport.Layer, _ inspection: Inspection, _ index: Int) -> [Self] {
    guard inspection.network.architecture.passes[index].cell.memory == nil else { return [] }
    return layer.weights.compactMap { weights in
      guard let radius = weights.spectralRadius.map(Double.init) else { return nil }
      let meaning =
        radius < 0.9
        ? "what is kept shrinks at every step; an orthogonal start or a gated cell remembers longer"
        : radius > 1.5
          ? "states are driven hard and gradients may explode; clip them" : "about 1, which can hold something for long"
      return Self(
        .note, "\(layer.name): the spectral radius of \(weights.name) is \(radius.significant(3)): \(meaning)", layer: index,
        quantity: weights.equation)
    }
  }

  private static func reach(_ memory: [InspectionReport.Reach]) -> [Self] {
    guard let last = memory.last, last.step > 0, last.norms.contains(where: { $0 > 0 }) else { return [] }
    let back =
      last.reach.map { "falls below 1 % of its largest \($0 == 1 ? "1 step" : "\($0) steps") back" }
      ?? "never falls below 1 % of its largest"
    return [Self(.note, "the gradient of the last output with respect to earlier inputs \(back)", step: last.step)]
  }

  /// At which step what is read moves the output of a whole sequence most.
  private static func moving(_ inspection: Inspection, _ memory: [InspectionReport.Reach]) -> [Self] {
    guard let norms = memory.last?.norms, let most = norms.indices.max(by: { norms[$0] < norms[$1] }), norms[most] > 0 else {
      return []
    }
    var what = "what is read"
    if let symbols = inspection.input.steps.symbols { what = symbols[most].debugDescription }
    return [Self(.note, "what moves the output most is \(what) at step \(most) of \(inspection.input.count)", step: most)]
  }

  private static func labels(_ layer: InspectionReport.Layer, _ index: Int) -> [Self] {
    let names = layer.correlations.map(\.label)
    return names.indices.filter { names.firstIndex(of: names[$0]) == $0 }.compactMap { first in
      let found = layer.correlations.filter { $0.label == names[first] }.flatMap { correlation in
        correlation.values.enumerated().map { (quantity: correlation.quantity, unit: $0, value: Double($1)) }
      }
      guard let best = found.max(by: { abs($0.value) < abs($1.value) }), best.value != 0 else { return nil }
      let memory = layer.memoryTime.map { $0.state + "'" }
      // What is held is sought in the memory first; another quantity may just follow it.
      let kept = found.filter { $0.quantity == memory }.max { abs($0.value) < abs($1.value) } ?? best
      let better =
        kept == best ? "" : "; of all quantities unit \(best.unit) of \(best.quantity), \(best.value.significant(3))"
      return Self(
        .note,
        "\(layer.name): unit \(kept.unit) of \(kept.quantity) goes best with \(names[first]), correlation "
          + kept.value.significant(3) + better, layer: index, quantity: kept.quantity, unit: kept.unit)
    }
  }

  private static func named(_ quantity: InspectionReport.Quantity) -> String {
    quantity.label.map { "\(quantity.name) (\($0.prefix { $0 != ":" }))" } ?? quantity.name
  }
}

extension Cell {
  /// The bias of a quantity's equation.
  fileprivate func bias(of quantity: String) -> String? {
    guard let equation = equations.first(where: { $0.name == quantity }) else { return nil }
    let names = equation.expression.mentionedNames
    return parameters.first { parameter in
      guard case .bias = parameter.kind else { return false }
      return names.contains(parameter.name)
    }?.name
  }

  /// Whether a function with two ends is applied to a state's next value.
  fileprivate func isSquashed(_ quantity: String) -> Bool {
    equations.contains { equation in
      equation.expression.mentionsSquashed(quantity) { range(of: $0) }
    }
  }
}

extension Expression {
  fileprivate var mentionedNames: Set<String> {
    switch self {
    case .number, .next: []
    case .name(let name): [name]
    case .product(let matrix, _, let operand): operand.mentionedNames.union([matrix])
    case .projection(let memory, let matrix): [memory, matrix]
    case .slice(let vector, _, _): vector.mentionedNames
    case .concatenation(let parts): parts.reduce(into: []) { $0.formUnion($1.mentionedNames) }
    case .apply(_, let arguments): arguments.reduce(into: []) { $0.formUnion($1.mentionedNames) }
    }
  }

  fileprivate func mentionsSquashed(_ quantity: String, _ range: (Expression) -> ClosedRange<Double>) -> Bool {
    guard case .apply(let primitive, let arguments) = self else { return false }
    if case .function = primitive.notation, arguments.count == 1, case .next(let state) = arguments[0], state + "'" == quantity {
      return range(self).lowerBound.isFinite && range(self).upperBound.isFinite
    }
    return arguments.contains { $0.mentionsSquashed(quantity, range) }
  }
}
