package import Networks
import Support
import Tables
package import TaskKit

extension ForecastTask {
  package static func settings(of model: StartModel, in recipe: Recipe<ForecastTask>) throws -> ModelSettings<ForecastTask> {
    let architecture = model.network.architecture
    guard architecture.input.encoding.parts.contains(where: { if case .numbers = $0.form { true } else { false } }) else {
      throw RecurrentError(
        .unsuitable,
        "\(model.title) reads \(architecture.input.encoding.summary), and a forecaster numbers: it can't be the start")
    }
    guard architecture.readout == .everyStep else {
      throw RecurrentError(
        .unsuitable,
        "\(model.title) gives something once for a whole sequence, and a forecaster at each step: it can't be the start")
    }
    var settings = ModelSettings(ForecastTask(), decided: ["series-embedding"])
    settings.recipe.task.seriesEmbedding = architecture.vectorLength
    guard model.network.meaning != nil else { return settings }
    let forecaster = try Forecaster(model.network, path: model.title)
    settings.recipe.task.take(forecaster.description, forecaster.distribution)
    settings.decided.formUnion(["likelihood", "transform", "difference", "season"])
    settings.recipe.task.take(forecaster.description.roles)
    settings.recipe.task.missing = forecaster.description.missing
    settings.suggested = ["horizon", "context", "missing", "time", "target", "known", "group", "wide", "elapsed", "static"]
    // A table in another form has other columns.
    if recipe.task.isWide ?? forecaster.description.roles.isWide != forecaster.description.roles.isWide {
      settings.suggested.subtract(["target", "group"])
    }
    if recipe.task.group?.name != nil { settings.suggested.remove("wide") }
    return settings
  }

  /// Puts in what has been chosen of how values are learned.
  mutating func take(_ description: ForecastDescription, _ distribution: Distribution) {
    (horizon, context, season) = (description.horizon, description.context, description.season ?? 0)
    likelihood = .of(distribution)
    transform = description.transform.isLogarithmic ? .log : Transform.none
    difference =
      description.linear != nil
      ? .linear : description.transform.difference.map { $0 == description.season ? .season : .step } ?? Difference.none
  }

  /// Puts in what columns are for; a table may have several series where there was one, and all columns of a wide one are targets.
  private mutating func take(_ roles: ColumnRoles) {
    time = roles.time.map(ColumnChoice.named) ?? ColumnChoice.none
    group = roles.group.map(ColumnChoice.named)
    known = roles.known.isEmpty ? nil : roles.known
    (elapsed, `static`) = (roles.further?.elapsed, roles.further?.staticColumns)
    isWide = roles.isWide ? true : nil
    targets = roles.isWide ? nil : roles.targets
  }

  package static func names(of network: Network) -> NetworkNames {
    guard let forecaster = try? Forecaster(network, path: "") else { return NetworkNames() }
    let description = forecaster.description
    let targets = description.roles.targetNames
    let numbers = forecaster.distribution.parameterCount
    return NetworkNames(
      features: description.featureNames,
      outputs: targets.flatMap { target in (1...numbers).map { numbers == 1 ? target : "\(target), number \($0)" } })
  }

  /// What each number that a step reads is, with its scale if that is the same for all series, and how values become such numbers.
  package static func meaning(of network: Network) -> NumberMeaning {
    guard let forecaster = try? Forecaster(network, path: "") else { return NumberMeaning() }
    let description = forecaster.description
    let names = names(of: network)
    return NumberMeaning(
      inputs: zip(names.features ?? [], description.inputScales).map { NumberMeaning.Quantity($0, scale: $1) },
      outputs: (names.outputs ?? []).map { NumberMeaning.Quantity($0) }, notes: description.notes)
  }
}

extension ForecastDescription {
  /// How the numbers are scaled that the network reads at each step, in the order of ``inputNames``; nil where that depends on the series.
  fileprivate var inputScales: [NumberMeaning.Scale?] {
    let plain = NumberMeaning.Scale(mean: 0, deviation: 1)
    func scale(_ scaling: Scaling) -> NumberMeaning.Scale { .init(mean: scaling.mean, deviation: scaling.deviation) }
    let targets = seriesScaling.isEmpty ? scaling.map(scale) : scaling.map { _ in nil }
    let marks = (missing == .mask ? width : 0) + (readsLevel ? width : 0) + calendar.reduce(0) { $0 + 2 * $1.waves }
    let levels = linear.map { part in
      zip(scaling, part.spread).flatMap { own, spread -> [NumberMeaning.Scale?] in
        let scale = NumberMeaning.Scale(mean: own.mean, deviation: own.deviation * spread)
        return seriesScaling.isEmpty ? [scale, scale] : [nil, nil]
      }
    }
    let changes = linear == nil ? targets : scaling.map { seriesScaling.isEmpty ? .init(mean: 0, deviation: $0.deviation) : nil }
    return changes + (levels ?? []) + (readsSeason ? targets : []) + Array(repeating: plain, count: marks)
      + orderOfBesides.map { scale(knownScaling[$0]) }
  }

  /// What is done with values beside scaling, and the scales of series, the first twenty of many.
  fileprivate var notes: [String] {
    var notes = ["A step is \(step)."]
    if transform.isLogarithmic {
      notes.append("Before they are scaled, values become the logarithms of \(isDiscrete ? "one more" : "them").")
    }
    if let difference = transform.difference {
      notes.append("What is scaled is the difference from the value \(difference) steps before.")
    }
    if let linear {
      notes.append(
        "What it gives is added to what a linear autoregression expects: \(linear.common[0].text(linear.lags)) of \(roles.targetNames[0])."
      )
    }
    notes.append("What it gives is \(isDiscrete ? "not scaled" : "scaled as the values that it reads").")
    for (name, scales) in seriesScaling.sorted(by: { $0.key < $1.key }).prefix(20) {
      for (target, scale) in zip(roles.targetNames, scales) {
        notes.append("Series \(name), \(target): mean \(scale.mean), deviation \(scale.deviation).")
      }
    }
    if seriesScaling.count > 20 { notes.append("There are \(seriesScaling.count - 20) more series.") }
    return notes
  }
}
