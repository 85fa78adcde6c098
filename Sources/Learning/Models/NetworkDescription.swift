import CellLanguage
import Networks
import Sequences
import Support

/// A network's architecture as a model file says it.
struct NetworkDescription: Codable {
  /// The versions of the format that this program reads.
  static let versions = ["1", "2"]

  let input: Architecture.Input
  let layers: [Architecture.Layer]
  /// What the output is made from, as a text; none if it is the last layer.
  let top: String?
  /// What is known of sequences before they begin; none if nothing is.
  let context: Architecture.Context?
  /// How sequences are read out; none if each step is.
  let readout: Architecture.Readout?
  /// The layers above what is read out; none if there are none.
  let headLayers: [Architecture.Layer]?
  let output: Architecture.Output
  let tiesEmbedding: Bool?
  /// A reader that does not know of it finds a matrix on top that is too wide, and refuses the file.
  let outputReadsInput: Bool?

  init(_ architecture: Architecture) {
    input = architecture.input
    layers = architecture.layers
    top = architecture.top?.text
    context = architecture.context
    readout = architecture.readout == .everyStep ? nil : architecture.readout
    headLayers = architecture.headLayers.isEmpty ? nil : architecture.headLayers
    output = architecture.output
    tiesEmbedding = architecture.tiesEmbedding ? true : nil
    outputReadsInput = architecture.outputReadsInput ? true : nil
  }

  /// - Throws: ``Diagnostic`` if what the output is made from can't be read.
  func architecture() throws -> Architecture {
    Architecture(
      input: input, layers: layers, top: try top.map { try Architecture.Reading(parsing: $0, file: "what the output reads") },
      context: context, readout: readout ?? .everyStep, headLayers: headLayers ?? [], output: output,
      tiesEmbedding: tiesEmbedding ?? false, outputReadsInput: outputReadsInput ?? false)
  }

  /// The first version whose readers understand all that the network is, so that older programs refuse what they would misread.
  static func version(of architecture: Architecture) -> Int {
    let usesNewParts = architecture.branches || architecture.context != nil || architecture.vocabulary?.kind == .pieces
    return max(architecture.cells.map(\.languageVersion).max() ?? 1, usesNewParts ? 2 : 1)
  }

  /// The names that files and readers of the first version know.
  private enum CodingKeys: String, CodingKey {
    case input, layers, top, context, readout, output, tiesEmbedding, outputReadsInput
    case headLayers = "above"
  }
}
