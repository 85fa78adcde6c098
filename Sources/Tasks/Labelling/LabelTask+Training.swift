import Classification
package import Networks
import Storage
import Support
import Tables
package import TaskKit
import Models

extension LabelTask: TrainableTask {
  package init() { self.init(path: nil) }

  package static let foldPath: (any WritableKeyPath<LabelTask, Fold?> & Sendable)? = \LabelTask.fold

  package static func read(_ recipe: Recipe<LabelTask>, _ notes: inout [Note]) throws -> StepMaterial {
    // Whatever may be refused is checked before a large file is read.
    try recipe.checkSteps()
    return try recipe.task.material(known: start(of: recipe).map { $0.dialect ?? .firstVersion }, &notes)
  }

  package static func plan(
    _ recipe: Recipe<LabelTask>, on material: StepMaterial, _ notes: inout [Note]
  ) throws -> TrainingPlan<LabelTask> {
    let path = recipe.task.path
    let material = material.read(by: try recipe.furtherInputs())
    var recipe = recipe
    recipe.task.fill(material, validation: defaultValidation, window: defaultWindow)
    recipe.task.classWeights = recipe.task.classWeights ?? .equal
    let data = try data(recipe, material, readsInReverse: recipe.direction() != .forward)
    notes += data.notes(shownAs: path ?? material.table.source)
    let options = try recipe.stepOptions(
      perEpoch: data.training.iterationsPerEpoch ?? 1, hasValidation: data.validation != nil)
    let (form, labels) = (data.description.form, data.description.labels.count)
    return TrainingPlan(
      recipe, data: data, name: path.map(FileSystem.title) ?? "steps", options: options, meaning: data.description.text
    ) { recipe in
      Architecture(input: .numbers(of: form), layers: try recipe.layers(reading: form.vectors), output: .classes(labels))
    }
  }

  package static func data(
    resuming recipe: Recipe<LabelTask>, _ network: Network, path: String, _ notes: inout [Note]
  ) throws -> any TaskData {
    let description = try LabelDescription(of: network, path: path)
    let material = try recipe.task.material(resumedAs: description.form, description.dialect, &notes)
    return try data(recipe, material, known: description, readsInReverse: network.architecture.readsInReverse)
  }

  private static func data(
    _ recipe: Recipe<LabelTask>, _ material: StepMaterial, known: LabelDescription? = nil, readsInReverse: Bool
  ) throws(RecurrentError) -> LabellingData {
    try LabellingData(
      material, known: known, from: start(of: recipe), cut: recipe.cut(readsInReverse: readsInReverse),
      validation: recipe.task.validation ?? defaultValidation, isBalanced: recipe.task.classWeights == .balanced,
      seed: recipe.seed, fold: recipe.task.fold)
  }

  /// What the model says of itself that the training starts from; nil if there is none, or it says nothing.
  private static func start(of recipe: Recipe<LabelTask>) -> LabelDescription? {
    recipe.start.flatMap { try? LabelDescription(of: $0.network, path: $0.title) }
  }
}
