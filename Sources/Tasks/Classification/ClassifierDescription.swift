package import Models
package import Networks
import Support
package import Tables
import TaskKit

/// What the inputs and outputs of a network that classifies sequences stand for: in which form files hold them, what the labels
/// are called, and how numbers are scaled. A model's file keeps it; the symbols of texts are part of the network.
package struct ClassifierDescription: Sendable, Hashable, Codable {
  private(set) var kind = Self.kindName
  private(set) var version = Self.newestVersion
  package var form: SequenceForm
  /// How the file was written; nil if it was no text with delimiters, or if that is not known.
  package var dialect: TableDialect?
  /// The labels, in the order of the network's outputs.
  package var labels: [String]
  /// How many sequences of the training have each label.
  package var counts: [Int]
  /// The scaling of each number of a step; none for texts.
  package var scaling: [Scaling]

  package static let kindName = "labels"
  package static let newestVersion = 1

  package init(form: SequenceForm, dialect: TableDialect? = nil, labels: [String], counts: [Int], scaling: [Scaling]) {
    self.form = form
    self.dialect = dialect
    self.labels = labels
    self.counts = counts
    self.scaling = scaling
  }
}

extension ClassifierDescription: MeaningDescription {
  package static let wording = ModelMeaning.Wording(
    verb: "classify", command: "recurrent train classify", purpose: "labels of sequences", versioned: "labels",
    described: "labels")

  package func fits(_ architecture: Architecture) -> Bool {
    let reads: Bool =
      if form.width == nil {
        architecture.vocabulary != nil
      } else {
        architecture.input == .numbers(of: form) && scaling.count == form.width
      }
    let output: Architecture.Output =
      form.isMultiple ? .distribution(.bernoulli, targets: labels.count) : .classes(labels.count)
    return reads && architecture.output == output && architecture.readout != .everyStep && counts.count == labels.count
  }
}
