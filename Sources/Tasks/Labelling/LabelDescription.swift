package import Models
package import Networks
import Support
package import Tables
import TaskKit

/// What the inputs and outputs of a network that labels steps stand for: which columns it reads, how their numbers are scaled, and
/// what its classes are called. A model's file keeps it.
package struct LabelDescription: Sendable, Hashable, Codable {
  private(set) var kind = Self.kindName
  private(set) var version = Self.newestVersion
  package let form: StepForm
  /// How the file was written; nil if it was no text with delimiters.
  package let dialect: TableDialect?
  /// The labels, in the order of the network's classes.
  package let labels: [String]
  /// How many steps of the training have each label.
  package let counts: [Int]
  /// The scaling of each number that is read.
  package let scaling: [Scaling]

  package static let kindName = "step-labels"
  package static let newestVersion = 1

  package init(form: StepForm, dialect: TableDialect?, labels: [String], counts: [Int], scaling: [Scaling]) {
    self.form = form
    self.dialect = dialect
    self.labels = labels
    self.counts = counts
    self.scaling = scaling
  }

  /// The classes of a sequence's labels, negative where a step has none.
  ///
  /// - Throws: ``RecurrentError`` if the network does not know a label.
  func classes(of sequence: Int, in table: StepTable) throws(RecurrentError) -> [Int32] {
    let places = Dictionary(labels.enumerated().map { ($1, Int32($0)) }) { first, _ in first }
    return try table.sequences[sequence].labels.enumerated().map { step, label throws(RecurrentError) in
      if label.isEmpty { return -1 }
      if let place = places[label] { return place }
      let known = labels.prefix(12).joined(separator: ", ") + (labels.count > 12 ? " and \(labels.count - 12) more" : "")
      let column = table.isFile ? ", \(title(ofColumn: form.targetColumns[0]))" : ""
      throw RecurrentError(
        .data,
        "\(table.place(step: step, of: sequence))\(column): “\(label)” is not one of the labels that were trained on, which are \(known)"
      )
    }
  }
}

extension LabelDescription: MeaningDescription {
  package static let wording = ModelMeaning.Wording(
    verb: "label steps", command: "recurrent train label", purpose: "labels of steps", versioned: "labels", described: "labels")

  package func fits(_ architecture: Architecture) -> Bool {
    guard case .label = form.targets else { return false }
    return architecture.input == .numbers(of: form) && scaling.count == form.stepNames.count && counts.count == labels.count
      && architecture.output == .classes(labels.count) && architecture.readout == .everyStep
  }
}
