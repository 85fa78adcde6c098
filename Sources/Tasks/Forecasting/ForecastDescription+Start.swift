import Networks
import Support
import Tables

extension ForecastDescription {
  /// Keeps what a model has learned of columns and series, since its weights are for numbers that are scaled so. What it does not
  /// know stays as it was computed from the table.
  ///
  /// - Returns: what was kept, and what is then far from 0 and 1, in sentences.
  /// - Throws: ``RecurrentError`` if the model's steps are of another length.
  mutating func keep(_ model: ForecastDescription, _ table: SeriesTable) throws(RecurrentError) -> [Sentence] {
    guard step == model.step else {
      throw RecurrentError(
        .data,
        "the steps of \(table.source) are \(step), and those of the model to start from \(model.step): it can't be the start")
    }
    if let known = model.linear, linear != nil, model.roles.targetNames == roles.targetNames { linear = known }
    if !model.calendar.isEmpty, !calendar.isEmpty { calendar = model.calendar }
    let places = roles.targetNames.map { model.roles.targetNames.firstIndex(of: $0) }
    let own = self
    func kept(_ known: [Scaling]?, _ computed: [Scaling]) -> [Scaling] {
      zip(places, computed).map { place, computed in place.flatMap { known?[$0] } ?? computed }
    }
    scaling = kept(model.scaling, scaling)
    // The only series of both has the scaling of all.
    let isTheOnlyOne =
      table.series.count == 1 && model.seriesScaling.isEmpty && model.scaling(of: table.series[0].name) != nil
    if !isTheOnlyOne {
      for name in Set(table.series.map(\.name)).union(model.seriesScaling.keys) {
        seriesScaling[name] = kept(model.scaling(of: name), own.seriesScaling[name] ?? own.scaling)
      }
    }
    for (place, name) in roles.besides.enumerated() {
      if let other = model.roles.besides.firstIndex(of: name) { knownScaling[place] = model.knownScaling[other] }
    }
    seen.merge(model.seen) { own, known in
      guard case .moment(let own) = own, case .moment(let known) = known else { return own }
      return .moment(max(own, known))
    }
    let series = table.series.filter { model.scaling(of: $0.name) != nil }.map(\.name)
    if series.isEmpty || places.allSatisfy({ $0 == nil }) { return [] }
    let what = table.series.count == 1 ? "the values are" : "\(series.count.grouped) of \(table.series.count.grouped) series are"
    return ["\(what) scaled as the model does it"] + strangers(own, series)
  }

  /// A warning if a series that the model knows by name has values of another size.
  private func strangers(_ computed: ForecastDescription, _ series: [String]) -> [Sentence] {
    for name in series {
      guard let own = computed.scaling(of: name), let kept = scaling(of: name) else { continue }
      for (target, (own, kept)) in zip(roles.targetNames, zip(own, kept)) {
        let (distance, ratio) = (abs(own.mean - kept.mean) / kept.deviation, own.deviation / kept.deviation)
        if distance <= 4, ratio <= 4, ratio >= 0.25 { continue }
        let whose = name.isEmpty ? "" : " of \(name)"
        return [
          "\(target)\(whose) is far from what the model knows: \(Self.text(own)) where that had \(Self.text(kept)); if it is another series, give it a name of its own (\(Setting("group")))"
        ]
      }
    }
    return []
  }

  private static func text(_ scaling: Scaling) -> String {
    let digits = scaling.deviation / 10
    return "a mean of \(scaling.mean.plainDigits(to: digits)) and a deviation of \(scaling.deviation.plainDigits(to: digits))"
  }

  /// The names of the numbers that the network's first layer reads at each step, in their order.
  package var featureNames: [String] { Array(inputNames.dropLast(vectors.reduce(0) { $0 + $1.width })) }

  /// The names of all numbers that the network reads at each step, in their order.
  package var inputNames: [String] {
    let targets = roles.targetNames
    var names = targets.map { "\($0) before" }
    if linear != nil { names += targets.flatMap { ["\($0) before, itself", "what is expected of \($0)"] } }
    if readsSeason { names += targets.map { "\($0) a season before" } }
    if missing == .mask { names += targets.map { "whether \($0) was there" } }
    if readsLevel { names += targets.map { "the level of \($0)" } }
    for feature in calendar {
      names += (1...feature.waves).flatMap { wave in ["sine", "cosine"].map { "\(feature.rawValue), \($0) \(wave)" } }
    }
    let besides = roles.known.map { "\($0), known ahead" } + (roles.further?.names ?? [])
    return names + orderOfBesides.map { besides[$0] }
  }
}
