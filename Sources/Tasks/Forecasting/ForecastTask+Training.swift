package import Networks
import Storage
import Support
package import Tables
package import TaskKit
import Training
import Models

extension ForecastTask: TrainableTask {
  package init() { self.init(path: nil) }

  package static let presentation = TaskPresentation(
    summary: "Trains a network that forecasts columns of a table.", sample: "sales.csv", noun: "table",
    model: "a model that forecasts",
    examples: [
      ("sales.csv", "forecasts the only column of numbers"),
      ("sales.csv \(Setting("target")) units \(Setting("group")) store", "learns all stores together"),
      ("sales.csv \(Setting("target")) units \(Setting("known")) price", "reads what is known ahead"),
      ("power.csv \(Setting("wide")) \(Setting("test")) 168", "a series a column; keeps the last week to evaluate"),
    ],
    refusals: ["bidirectional", "merge"].map {
      ($0, "a forecast goes from the past to the future, which can't be read from its end")
    })

  package static let defaults: TaskDefaults = {
    var defaults = TaskDefaults()
    (defaults.units, defaults.batch, defaults.learningRate, defaults.clip) = (32, 32, 0.003, 1)
    (defaults.iterations, defaults.patience) = ("300 epochs, but 1000 to 20000", 15)
    defaults.validateEvery = "5 epochs, or a hundredth of the iterations if that is less"
    defaults.small = ForecastData.defaultOfFewSteps
    defaults.isBidirectional = nil
    return defaults
  }()

  package static let hasFixedBatches = false

  package var further: FurtherRequest? { FurtherRequest(elapsed: elapsed, constants: `static`, inputs: [.elapsed, .constants]) }

  package static let argument = SettingField<ForecastTask>.argument(
    "path", "FILE", \.path, "the table, a row a step: CSV, TSV or JSON lines")

  package static let fields: [SettingField<Recipe<ForecastTask>>] =
    tableFields + TableDialect.fields.map { $0.within(\Recipe<ForecastTask>.task.dialect.stated) } + forecastFields + splitFields

  private static let tableFields: [SettingField<Recipe<ForecastTask>>] =
    [
      .value(
        Setting("time"), "COLUMN", \.task.time, "the column that says when a row is; none to take the rows as steps",
        expected: "a text", shows: { $0.name ?? "none" }
      ) { ColumnChoice(word: $0) },
      .value(
        Setting("group"), "COLUMN", \.task.group, "the column that says which series a row belongs to; none for a single series",
        expected: "a text", shows: { $0.name ?? "none" }
      ) { ColumnChoice(word: $0) },
      .dates(\.task.dates, "seen from the file if not given"),
      .value(
        Setting("time-zone"), "ZONE", \.task.timeZone,
        "the zone whose clocks show the times, such as Europe/Berlin: daylight saving is known, hours and weekdays are local",
        expected: "a name such as Europe/Berlin", takes: { TimeZoneRules.isName($0) }, shows: { quoted($0) }
      ) { $0 },
      .answer("header", \.task.hasHeader, "whether the first line names the columns; seen from the file if not given"),
      .choice("missing", \.task.missing, "what to do about missing values and rows (default: error)"),
      .list("target", "COLUMNS", \.task.targets, "what to forecast; several with commas between them, or a range: a..z"),
      .list("known", "COLUMNS", \.task.known, "what is known ahead of time, such as prices or holidays"),
      .flag("wide", \.task.isWide, "each target column is a series of the same thing, and all are learned together"),
    ] + SettingField.furtherFields(elapsed: \.task.elapsed, constants: \.task.static)

  private static let forecastFields: [SettingField<Recipe<ForecastTask>>] = [
    .integer("horizon", \.task.horizon, in: 1...100_000, "steps that a forecast reaches (default: a season)"),
    .integer("context", \.task.context, in: 1...1_000_000, "steps of the past that training shows (default: two seasons)"),
    .integer("season", \.task.season, in: 0...1_000_000, "steps after which values are like before; 0 for none"),
    .choice("likelihood", \.task.likelihood, "how values are spread about what is expected"),
    .choice("transform", \.task.transform, "what is done to values before they are learned"),
    .choice("difference", \.task.difference, "what a value is learned as a change from"),
    .flag(
      "no-calendar", \.task.hasCalendar, gives: false, "leave out the features made from dates: hour, weekday, month"),
    .integer(
      "series-embedding", \.task.seriesEmbedding, in: 1...4096,
      "learned numbers that tell the network which series it reads, so that each can have ways of its own"),
  ]

  private static let splitFields: [SettingField<Recipe<ForecastTask>>] = [
    .integer(
      "test", \.task.test, in: 0...1_000_000_000, default: "0",
      "steps at the end of each series to keep for `recurrent evaluate`"),
    .integer(
      "validation", \.task.validation, in: 0...1_000_000_000,
      "steps before them that are held out (default: a tenth, at least as many as the horizon)"),
    .text(
      "validation-file", "FILE", \.task.validationPath,
      "a table of the same columns to validate on, in place of the end of each series"),
  ]

  // MARK: Reading

  package static func read(_ recipe: Recipe<ForecastTask>, _ notes: inout [Note]) throws -> ForecastMaterial {
    guard let path = recipe.task.path else {
      throw RecurrentError(.usage, "a recipe for a forecast names no table: give its path")
    }
    let validation = recipe.task.validationPath.map { recipe.task.table(FileSystem.absolute($0)) }
    return try read(recipe, from: recipe.task.table(path), validation: validation, &notes)
  }

  /// Reads the tables given, whatever the recipe names.
  static func read(
    _ recipe: Recipe<ForecastTask>, from table: DataTable, validation: DataTable?, _ notes: inout [Note]
  ) throws -> ForecastMaterial {
    let task = recipe.task
    if validation != nil && task.validation != nil {
      throw RecurrentError(
        .usage, naming: "give either \(Setting("validation")) or \(Setting("validation-file")), not both")
    }
    if task.isWide == true, let group = task.group?.name {
      throw RecurrentError(
        .usage,
        naming:
          "\(Setting("wide")) says that each column is a series, and \(Setting("group")) \(group) that rows belong to several: leave one out"
      )
    }
    // Whatever may be refused is checked before a large table is read.
    _ = try recipe.layers()
    let start = recipe.start.flatMap { try? ForecastDescription(of: $0.network, path: $0.title) }
    let summary = try TableSummary(
      of: start.map { table.read(as: $0.dialect) } ?? table,
      times: TimeRequest(format: task.dates, zone: task.timeZone, model: start?.roles.times))
    let roles = try summary.roles(
      time: task.time, group: task.group, targets: task.targets, known: task.known ?? [], isWide: task.isWide ?? false,
      further: task.further)
    if task.time == nil, let unread = summary.unreadTime {
      notes.append(.reason("\(unread); now each row is a step (\(Setting("time")) none)"))
    }
    if let name = roles.time, let times = roles.times, task.dates == nil, !times.format.isPlain {
      notes.append(.reason("\(title(ofColumn: name)) is read as \(times.format.description) (\(Setting("dates")))"))
    }
    notes += (summary.format.dialect?.peculiarities ?? []).map { .reason(Sentence($0)) }
    if task.targets == nil, let counters = summary.counters(besides: roles) { notes.append(.reason(counters)) }
    return try ForecastMaterial(summary.table, validation: validation, roles: roles, missing: task.missing ?? .error, &notes)
  }

  // MARK: Planning

  package static func plan(
    _ recipe: Recipe<ForecastTask>, on material: ForecastMaterial, _ notes: inout [Note]
  ) throws -> TrainingPlan<ForecastTask> {
    let material = material.read(by: try recipe.furtherInputs())
    let data = try ForecastData(
      material.series, heldOut: material.heldOut, task: recipe.task,
      from: recipe.start.flatMap { try? ForecastDescription(of: $0.network, path: $0.title) }, batch: recipe.batch,
      seed: recipe.seed)
    notes += data.reasons.map { .reason($0) }
    let perEpoch = data.training.iterationsPerEpoch ?? 1
    let iterations = try recipe.iterations(perEpoch: perEpoch, otherwise: max(1000, min(20_000, 300 * perEpoch)))
    let options = try recipe.options(
      iterations: iterations, validationInterval: max(1, min(perEpoch * 5, iterations / 100)),
      suggested: data.small?.regularization ?? .init(), hasValidation: data.validation != nil)
    if let small = data.small {
      let units: Sentence? = recipe.network.units == nil ? "\(small.units) units (\(Setting("units")))" : nil
      let dropout = recipe.training.regularization.unasked(options.regularization).map { "some dropout (\($0))" as Sentence }
      let chosen = [units, dropout].compactMap { $0 }
      if let first = chosen.first {
        let all = chosen.dropFirst().reduce(first) { $0 + " and " + $1 }
        notes.append(.reason("only \(data.steps) steps to train on; a network soon overfits them: \(all)"))
      }
    }
    var resolved = recipe
    resolved.task.resolve(material, data)
    return TrainingPlan(
      resolved, data: data, name: material.series.path.map(FileSystem.title) ?? "forecast", options: options,
      meaning: data.description.text
    ) { recipe in
      Architecture(
        input: data.input,
        layers: try recipe.layers(units: data.small?.units, reading: data.description.vectors.map { ($0.name, $0.width) }),
        output: .distribution(data.distribution, targets: data.description.width))
    }
  }

  /// The table of a file that is written as the task says.
  private func table(_ path: String) -> DataTable { DataTable(TableFile(path, hasHeader: hasHeader, dialect: dialect)) }

  /// Puts in what has been chosen, with paths from the root.
  private mutating func resolve(_ material: ForecastMaterial, _ data: ForecastData) {
    path = material.series.path.map(FileSystem.absolute)
    validationPath = material.heldOut?.path.map(FileSystem.absolute)
    (roles, missing) = (material.series.roles, material.series.missing)
    take(data.description, data.distribution)
    hasCalendar = hasCalendar ?? true
    test = test ?? 0
  }

  // MARK: Searching

  /// Losses count in units of what is learned, which differences, logarithms and distributions change.
  package static var searchMeasure: String? { "MASE" }

  package static func searchedChoices(beside chosen: Recipe<ForecastTask>) -> [SearchedChoice] {
    let task = chosen.task
    let schedule = SearchedChoice("schedule", ["constant", "cosine"])
    let context = task.context.map { SearchedChoice("context", ["\(max(1, $0 / 2))", "\(2 * $0)"]) }
    guard let likelihood = task.likelihood, !likelihood.distribution.isDiscrete else {
      return [schedule] + [context].compactMap(\.self)
    }
    let differences = Difference.allCases.filter { $0 != .season || task.season ?? 0 > 0 }.map(\.rawValue)
    let likelihoods: [Likelihood] = [.normal, .studentT, .quantile]
    return [SearchedChoice("difference", differences), SearchedChoice("likelihood", likelihoods.map(\.rawValue)), schedule]
      + [context].compactMap(\.self)
  }

  // MARK: Going on

  package static func data(
    resuming recipe: Recipe<ForecastTask>, _ network: Network, path: String, _ notes: inout [Note]
  ) throws -> any TaskData {
    let task = recipe.task
    guard let file = task.path, let roles = task.roles else {
      throw RecurrentError(.file, "the run trains on a table in memory, which is gone: begin anew")
    }
    let description = try ForecastDescription(of: network, path: path)
    let material = try ForecastMaterial(
      task.table(file).read(as: description.dialect),
      validation: task.validationPath.map { task.table($0).read(as: description.dialect) }, roles: roles,
      missing: task.missing ?? .error, &notes)
    guard let output = network.architecture.output.distribution else {
      throw RecurrentError(
        .unsuitable, "the network of the run gives no distributions, as one that forecasts does: begin anew")
    }
    return try ForecastData(
      material.series, heldOut: material.heldOut, description: description, distribution: output.family,
      input: network.architecture.input, task: task, batch: recipe.batch, seed: recipe.seed)
  }

  package static func recipe(firstGeneration task: FirstGenerationTask) throws -> Recipe<ForecastTask>? {
    guard task.kind == "forecast" else { return nil }
    let old = try task.decode(as: FirstGeneration.self)
    var recipe = Recipe(ForecastTask(path: old.path))
    (recipe.task.validationPath, recipe.task.hasHeader) = (old.heldOut, old.hasHeader)
    (recipe.task.roles, recipe.task.missing) = (old.roles, old.missing)
    (recipe.task.test, recipe.task.validation) = (old.test, old.validation)
    (recipe.training.batch, recipe.training.seed) = (old.batch, Int(clamping: old.seed))
    return recipe
  }

  private struct FirstGeneration: Decodable {
    let path: String
    let heldOut: String?
    let hasHeader: Bool?
    let roles: ColumnRoles
    let missing: MissingPolicy
    let test: Int
    let validation: Int?
    let batch: Int
    let seed: UInt64
  }
}
