package import Inspector
import Support
package import TaskKit

/// Models of problems do not say what they were trained on, so that no command gets here.
extension ProblemTask {
  package static func evaluate(_ model: OpenedModel, on file: String, _ settings: NoSettings) throws {
    throw RecurrentError(
      .unsuitable, "\(model.path) was trained on a problem, which makes its own sequences: there is no file to measure it on")
  }

  package static func predict(_ model: OpenedModel, on file: String?, _ settings: NoSettings) throws {
    throw RecurrentError(.unsuitable, "\(model.path) finds no labels and tags no words: `recurrent run` runs it over arrays")
  }

  package static func inspected(
    _ model: OpenedModel, _ request: InspectionRequest
  ) throws -> (steps: InspectedInput, meaning: OutputMeaning) {
    (try model.plainInput(request), .plain)
  }
}
