import CellLanguage
import Networks
import Support

/// What is not written with lengths.
extension ONNXNetworkWriter {
  func checkLengthsAreKnown() throws(RecurrentError) {
    if let branch = network.architecture.firstBranch {
      throw RecurrentError(
        .interchange,
        "\(branch.reader) reads \(branch.reading.text), and not just what is below it, which is not written with lengths")
    }
    for layer in network.architecture.layers.indices where network.operatorForm(layer) == nil && !network.isMemoryless(layer) {
      throw RecurrentError(
        .interchange,
        "layer l\(layer) has the cell \(network.architecture.layers[layer].cell.name), which ONNX has as a loop over all steps: lengths are for "
          + "layers that are LSTM, GRU or RNN there")
    }
    if network.architecture.readout == .last, network.isMemoryless(network.architecture.layers.count - 1) {
      throw RecurrentError(
        .interchange, "the network reads out the last step of a dense layer, which is not written with lengths")
    }
    if [.mean, .max].contains(network.architecture.readout) {
      throw RecurrentError(
        .interchange,
        "the network reads out the \(network.architecture.readout.rawValue) of all steps, which is not written with lengths")
    }
  }
}
