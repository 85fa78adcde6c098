import CellLanguage
import Exchange
import Networks
import ONNXFiles
import Platform
import TensorFiles

/// What libFuzzer calls with each input: the readers must give an error or a value, and never end the process.
@_cdecl("LLVMFuzzerTestOneInput")
public func readOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = UnsafeBufferPointer(start: bytes, count: count)
  if reader == "cell" {
    _ = try? Cell(parsing: String(decoding: input, as: UTF8.self), file: "fuzz.cell")
    return 0
  }
  if reader == "calls" {
    callLibrary(input)
    return 0
  }
  // Readers map files, so that each input has to be one; this folder is in memory.
  let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
  guard descriptor >= 0 else { return 0 }
  _ = write(descriptor, bytes, count)
  close(descriptor)
  if reader == "onnx" {
    if let chain = try? LayerChain(onnx: path) { makeNetworks(of: chain) }
    _ = try? Network(onnx: path)
    return 0
  }
  guard let file = try? TensorFile(contentsOf: path) else { return 0 }
  for tensor in file.tensors.prefix(8) { _ = try? file.floats(tensor.name) }
  if let chain = try? LayerChain(file, options) { makeNetworks(of: chain) }
  return 0
}

private func makeNetworks(of chain: LayerChain) {
  _ = try? Network(chain)
  _ = try? Network(chain, layers: chain.layers.map(\.layer.name))
}

private let reader = getenv("RECURRENT_FUZZ").map { String(cString: $0) }
private let path = "/dev/shm/recurrent-fuzz-\(getpid())"
private let options = ReadingOptions(recurrentActivation: "sigmoid", reset: .after)
