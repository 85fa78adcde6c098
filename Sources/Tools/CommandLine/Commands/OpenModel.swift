import CommandKit
import Console
import Engine
import Models
import Networks
import ONNXFiles
import Storage
import Support
import TaskKit
import TensorFiles

/// A model of this package at `path`, which may be a run's folder.
///
/// - Throws: what `open` throws; if the file is another system's, ``RecurrentError`` that names the system and the command that
///   converts it, or what is wrong with the file.
func openModel<Model>(_ path: String, _ open: (_ path: String) throws -> Model) throws -> Model {
  let path = ModelPath.file(at: path)
  do { return try open(path) } catch let error as RecurrentError where error.kind == .file {
    guard let kind = try foreignKind(of: path) else { throw error }
    throw RecurrentError(
      .unsuitable,
      "\(path) is \(kind), no model of this package: `recurrent convert \(path) model.safetensors` makes one of its recurrent layers"
    )
  }
}

/// What kind of file of another system a file is; nil if it is not such a file.
///
/// - Throws: ``RecurrentError`` if it is one that can't be read.
private func foreignKind(of path: String) throws(RecurrentError) -> String? {
  if (try? ONNXModel.isPlausible(path)) == true { return (try? ONNXModel(contentsOf: path)).map { _ in "an ONNX model" } }
  guard let bytes = try? MappedFile(path) else { return nil }
  let start = bytes.withBytes(in: 0..<min(bytes.count, 9)) { [UInt8]($0) }
  if bytes.count < 9 || TensorFile.beginsSafetensors(start), (try? TensorFile(contentsOf: path)) == nil { return nil }
  let file = try TensorFile(contentsOf: path)
  switch file.format {
  case .safetensors:
    let isOurs = (try? Safetensors(contentsOf: path))?.metadata["network"] != nil
    return isOurs ? nil : "a safetensors file of tensors alone"
  case .pytorch: return "a file of PyTorch's"
  case .npy, .npz: return "a file of NumPy's arrays"
  case .json: return "arrays as JSON"
  case .hdf5: return "an HDF5 file, as Keras writes them"
  case .keras: return "a model of Keras's"
  case .rtneural: return "a model of RTNeural's"
  case .nam: return "a model of Neural Amp Modeler"
  case .guitarml: return "a model of GuitarML's"
  }
}

extension OpenedModel {
  /// The model at `path`, for commands that take models of any task.
  ///
  /// - Throws: what ``openModel(_:_:)`` throws; ``RecurrentError`` if the model is for a task that this program does not know.
  init(_ tasks: TaskRegistry, _ path: String, threads: Int?, isJSON: Bool = false, _ terminal: Terminal) throws {
    let machine = try Machine(threads: threads)
    let file = ModelPath.file(at: path)
    let network = try openModel(path) { try Network(contentsOf: $0) }
    self.init(network, path: path, machine: machine, terminal: terminal, isJSON: isJSON)
    guard let text = network.meaning, tasks.owner(of: network) == nil else { return }
    guard let meaning = try? ModelMeaning(text) else {
      throw RecurrentError(
        .unsuitable, "\(file) does not say what its numbers stand for in a way that this program knows: use a newer program")
    }
    throw RecurrentError(
      .unsuitable, "\(file) is a model for “\(meaning.kind)”, which this program does not know: use a newer program")
  }
}

extension TaskRegistry {
  /// The task that a model was trained for.
  ///
  /// - Throws: ``RecurrentError`` if it is for no task.
  func requiredOwner(of model: OpenedModel) throws(RecurrentError) -> any TrainableTask.Type {
    if let owner = owner(of: model.network) { return owner }
    throw RecurrentError(
      .unsuitable,
      "\(model.path) is no language model and says nothing else of what it is for: `recurrent run` runs it over arrays")
  }
}
