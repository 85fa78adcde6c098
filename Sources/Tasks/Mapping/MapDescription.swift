package import Models
package import Networks
import Support
package import Tables
import TaskKit

/// What the inputs and outputs of a network that gives numbers at each step stand for: which columns it reads and gives, how their numbers
/// are scaled, or how it reads sound. A model's file keeps it.
package struct MapDescription: Sendable, Hashable, Codable {
  private(set) var kind = Self.kindName
  private(set) var version = Self.newestVersion
  package let form: StepForm
  /// How the file was written; nil if it was no text with delimiters.
  package let dialect: TableDialect?
  /// How sound is read; nil of tables.
  package let audio: AudioForm?
  /// The scaling of each number that is read, and of each that is given. Samples of sound are taken as they are.
  package let inputs: [Scaling]
  package let outputs: [Scaling]

  package static let kindName = "map"
  package static let newestVersion = 1

  package init(form: StepForm, dialect: TableDialect?, audio: AudioForm?, inputs: [Scaling], outputs: [Scaling]) {
    self.form = form
    self.dialect = dialect
    self.audio = audio
    self.inputs = inputs
    self.outputs = outputs
  }

  /// What the network is to give, `[T, outputs]`; NaN where there is nothing.
  func targets(_ values: [Double]) -> [Float] {
    values.indices.map { Float(outputs[$0 % outputs.count].scaled(values[$0])) }
  }

  /// What the network gives as numbers that people know, `[T, outputs]`.
  func values(_ given: [Float]) -> [Double] {
    given.indices.map { outputs[$0 % outputs.count].unscaled(Double(given[$0])) }
  }
}

extension MapDescription: MeaningDescription {
  package static let wording = ModelMeaning.Wording(
    verb: "model a system", command: "recurrent train map", purpose: "numbers at each step", versioned: "columns",
    described: "columns")

  package func fits(_ architecture: Architecture) -> Bool {
    guard case .values(let columns) = form.targets else { return false }
    return architecture.input == .numbers(of: form) && inputs.count == form.stepNames.count && outputs.count == columns.count
      && architecture.values == columns.count && architecture.readout == .everyStep
      && audio.map { $0.inputs == inputs.count && $0.outputs == outputs.count && $0.rate > 0 } ?? true
  }
}
