import Engine
import Models
public import Networks
package import ONNXFiles
import Sequences
import Storage
import Support

/// A network that begins with what an encoder reads of a source as two ONNX models, one of which reads sources, and the other runs steps
/// after them; and, for a network that reads pieces of texts and writes such, a short program that translates with both.
///
/// The encoder's inputs are those of ``ONNXExport``; its outputs are the states before the decoder's first step, such as
/// `decoder.layers.0.h`, `[batch, width]`. The steps have the inputs and outputs of ``ONNXExport``, such as `layers.0.h` and
/// `layers.0.h_n`. Sources of one batch are equally long.
public struct ONNXDecoderExport: Sendable {
  package let encoder: ONNXModel
  package let steps: ONNXModel
  /// How each layer is written, those of the encoder first.
  public let operators: [String]
  private let readsPieces: Bool

  /// - Throws: ``RecurrentError`` if the network has no encoder, or something of it has no form in ONNX.
  public init(_ network: Network) throws {
    let network = try network.narrowed(to: .float32)
    guard let reader = network.encoder else {
      throw RecurrentError(
        .interchange,
        "the network begins with \(network.architecture.context?.summary ?? "nothing"), and not with an encoder, which would be written by itself"
      )
    }
    try reader.checkEnds(for: "ONNX", holdsNames: true, holdsBranches: true)
    try network.checkEnds(for: "ONNX", holdsNames: true, holdsShortcuts: true, holdsBranches: true, holdsContexts: true)
    if network.architecture.readsInReverse || network.architecture.readout != .everyStep {
      throw RecurrentError(
        .interchange, "what follows a source must be written a step after the other, and the network needs it whole")
    }
    var ofEncoder = ONNXNetworkWriter(reader, takesLengths: false)
    var ofSteps = ONNXNetworkWriter(network, takesLengths: false)
    operators = try ofEncoder.write(encoderOf: network) + ofSteps.write()
    func model(_ writer: ONNXNetworkWriter) -> ONNXModel {
      ONNXModel(
        irVersion: 8, producer: "recurrent", opsets: ["": ONNXExport.opset], metadata: network.metadata,
        graph: writer.builder.graph)
    }
    (encoder, steps) = (model(ofEncoder), model(ofSteps))
    readsPieces = [network.architecture.vocabulary, reader.architecture.vocabulary].allSatisfy { $0?.kind == .pieces }
  }

  /// Writes the models, and the program if there is one, beside `path`, `NAME.onnx`: `NAME.encoder.onnx`, `NAME.steps.onnx` and `NAME.py`.
  ///
  /// - Returns: the files.
  /// - Throws: ``RecurrentError`` if a file can't be written.
  public func write(to path: String) throws -> [String] {
    let stem = path.hasSuffix(".onnx") ? String(path.dropLast(".onnx".count)) : path
    let files = (encoder: "\(stem).encoder.onnx", steps: "\(stem).steps.onnx", program: "\(stem).py")
    try encoder.write(to: files.encoder)
    try steps.write(to: files.steps)
    guard readsPieces else { return [files.encoder, files.steps] }
    let name = stem.split(separator: "/").last.map(String.init) ?? stem
    try AtomicFile.write(Array(Self.program.replacing("NAME", with: name).utf8), to: files.program)
    return [files.encoder, files.steps, files.program]
  }
}
