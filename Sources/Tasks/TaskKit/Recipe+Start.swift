import Models
package import Networks
package import Support
import Training

extension Recipe where Task: TrainableTask {
  /// A recipe that starts from a model in memory, if there is one.
  ///
  /// - Throws: what `configure` throws; ``RecurrentError`` if a setting has a value that it does not take, or the recipe names
  ///   another model.
  package init(_ task: Task, from model: Network?, configure: (inout Recipe) throws -> Void) throws {
    try self.init(task, configure: configure)
    guard let model else { return }
    if network.from != nil {
      throw RecurrentError(
        .usage,
        naming: "the model to start from is given in memory, and the recipe names one, too (\(Setting("from"))): leave one out")
    }
    start = StartModel(model, name: nil)
  }

  /// The recipe with the model that it starts from, which is read if it has not been.
  package func opened() throws(RecurrentError) -> Recipe {
    guard start == nil, let path = network.from else { return self }
    var recipe = self
    recipe.start = try StartModel(contentsOf: path)
    return recipe
  }

  /// The recipe with what the model that it starts from says of it; the recipe as it is if it starts from none.
  ///
  /// - Parameter notes: takes what was taken from the model.
  /// - Throws: ``RecurrentError`` if the model can't be the start, or the recipe asks for something else than it is.
  package func prepared(_ notes: inout [Note]) throws -> Recipe {
    var recipe = try opened()
    guard let start = recipe.start else { return recipe }
    try Task.check(start)
    var model = try Task.settings(of: start, in: recipe)
    model.recipe.network = NetworkSettings(start.network.architecture, of: Task.defaults)
    model.decided.formUnion(NetworkSettings.decidedByModels)
    let areLayersAlike = Set(start.network.architecture.layers).count == 1
    var taken: [Sentence] = []
    for field in Self.fields where model.decided.union(model.suggested).contains(field.setting.name) {
      guard let transfer = field.transfer else { fatalError("no model can decide the setting \(field.setting.name)") }
      if transfer.isSaid(recipe) {
        guard model.decided.contains(field.setting.name) else { continue }
        guard areLayersAlike || !NetworkSettings.decidedByModels.contains(field.setting.name) else {
          throw RecurrentError(
            .usage, naming: "\(field.setting) is said of all layers, and those of \(start.title) differ: leave it out")
        }
        if !transfer.agrees(recipe, model.recipe) { throw transfer.refusal(of: field, recipe, model.recipe, start.title) }
      } else {
        transfer.copy(model.recipe, &recipe)
        guard let shown = transfer.shown(recipe), field.placeholder == nil || !shown.isEmpty else { continue }
        taken.append(field.placeholder == nil ? "\(field.setting)" : "\(field.setting) \(shown)")
      }
    }
    notes.append(.finding("the weights to start from: \(start.origin.description)"))
    if let first = taken.first { notes.append(.reason(taken.dropFirst().reduce("from the model: " + first) { $0 + ", " + $1 })) }
    return recipe
  }

  /// Plans the training on what the recipe names, and from the model that it starts from, if there is one. The recipe is the one
  /// that was asked for, to which what the model says is added here.
  package func plan(on material: Task.Material, _ notes: inout [Note]) throws -> TrainingPlan<Task> {
    var known: [Note] = []
    let recipe = try prepared(&known)
    let plan = try Task.plan(recipe, on: material, &notes)
    return try recipe.start.map { try plan.starting(from: $0, &notes) } ?? plan
  }
}

extension TrainableTask {
  /// - Throws: ``RecurrentError`` if the model can't be trained, is for another task, or reads in a way that this one can't.
  fileprivate static func check(_ start: StartModel) throws(RecurrentError) {
    try start.network.checkTrains(as: start.title)
    if let text = start.network.meaning, !owns(start.network) {
      let kind = (try? ModelMeaning(text)).map { "“\($0.kind)”" } ?? "something that this program does not know"
      throw RecurrentError(
        .unsuitable, "\(start.title) is a model for \(kind), which can't be the start of \(presentation.model)")
    }
    if defaults.isBidirectional == nil, start.network.architecture.readsInReverse {
      let reason = presentation.refusals.first { $0.name == "bidirectional" }?.reason ?? "its layers read forward only"
      throw RecurrentError(
        .unsuitable,
        "\(start.title) reads sequences from their ends, too, and can't be the start of \(presentation.model): \(reason)")
    }
  }
}

extension SettingField.Transfer {
  /// Why a value can't be asked for of a model that has another one.
  fileprivate func refusal(of field: SettingField<Root>, _ asked: Root, _ model: Root, _ title: String) -> RecurrentError {
    let why: Sentence =
      switch (shown(asked), shown(model)) {
      case (""?, _): "\(field.setting) is given, and \(title) was trained without it: leave it out"
      case (nil, _): "\(field.setting) is turned off, and \(title) was trained with it: leave it as it is"
      case (let asked?, let own?): "\(field.setting) is \(asked), and that of \(title) is \(own): leave it out"
      case (let asked?, nil): "\(field.setting) is \(asked), and \(title) has none: leave it out"
      }
    return RecurrentError(.usage, naming: why)
  }
}

extension NetworkSettings {
  /// The settings that a model decides, whatever its task is.
  static let decidedByModels: Set = ["cell", "layers", "units", "size", "learn-states", "forward", "bidirectional", "merge"]

  /// What an architecture's layers are, as far as the first one says it.
  ///
  /// - Parameter defaults: those of the task, which say whether its layers can read both ways.
  init(_ architecture: Architecture, of defaults: TaskDefaults) {
    if architecture.branches {
      page = NetworkText(NetworkPage(architecture))
      return
    }
    let layer = architecture.layers[0]
    cell = CellText(layer.cell)
    layers = architecture.layers.count
    units = layer.units
    sizes = layer.sizes
    learnsInitialStates = layer.learnsInitialStates
    if case .bidirectional(let merge, _) = layer.direction {
      isBidirectional = true
      self.merge = merge
    } else {
      isBidirectional = defaults.isBidirectional == nil ? nil : false
    }
  }
}
