package import Models
package import Storage
public import Support

/// A file of named tensors in any of the formats that are read here, checked and mapped into memory.
///
/// The format is recognised by the file's first bytes, not by its name. Opening a file reads what describes its tensors; a
/// tensor's numbers are read when asked for, and no tensor claims more of them than the file holds.
public struct TensorFile: Sendable {
  /// The file's path as it was given, for messages.
  package let path: String
  package let format: Format
  /// In the order of the file.
  package let tensors: [Tensor]

  /// What the file says besides, such as attributes of an HDF5 file by `path@name`.
  package let texts: [String: [String]]

  private let places: [String: Int]

  package enum Format: String, Sendable, Hashable {
    case safetensors
    /// What `torch.save` writes, since version 1.6.
    case pytorch = "PyTorch"
    /// One array, which is called ``arrayName``.
    case npy
    case npz
    /// An object of nested arrays of numbers.
    case json = "JSON"
    case hdf5 = "HDF5"
    /// An archive with an HDF5 file in it.
    case keras = "Keras"
    /// A list of layers in JSON.
    case rtneural = "RTNeural"
    /// A model of Neural Amp Modeler.
    case nam = "Neural Amp Modeler"
    /// A state dict in JSON with what the model is.
    case guitarml = "GuitarML"
  }

  /// The name of the only array of an `.npy` file.
  package static let arrayName = "array"

  /// A tensor's description.
  package struct Tensor: Sendable {
    package let name: String
    package let dataType: DataType
    /// Elements along each axis, the last one varying fastest; empty for a single number.
    package let shape: [Int]
    let storage: Storage
    /// The path of the dictionary or list of a PyTorch file that holds it, which its name begins with; empty for the outermost one.
    package var container = ""

    /// How many elements there are.
    package var count: Int { shape.contains(0) ? 0 : shape.reduce(1, *) }

    enum Storage: Sendable {
      /// Elements in a file or what was unpacked of it: the place of the first one, how many elements lie between neighbours
      /// along each axis, and whether the bytes of each stand the other way round.
      case mapped(MappedFile, start: Int, strides: [Int], isBigEndian: Bool)
      case numbers([Double])
    }

    init(name: String, dataType: DataType, shape: [Int], storage: Storage, container: String = "") {
      (self.name, self.dataType, self.shape, self.storage, self.container) = (name, dataType, shape, storage, container)
    }

    /// A tensor whose elements have been read or computed, the last axis varying fastest.
    package init(name: String, shape: [Int], numbers: [Double]) {
      self.init(name: name, dataType: .float64, shape: shape, storage: .numbers(numbers))
    }
  }

  /// Opens the file at `path`.
  ///
  /// - Throws: ``RecurrentError`` if the file can't be read, is in no format that is read here, or breaks a rule of its format.
  public init(contentsOf path: String) throws(RecurrentError) {
    let file = try MappedFile(path)
    self.path = path
    do throws(Problem) {
      (format, tensors, texts) = try Self.read(file, path)
      var places: [String: Int] = [:]
      for (place, tensor) in tensors.enumerated() where places.updateValue(place, forKey: tensor.name) != nil {
        throw Problem("two tensors are called \(quoted(tensor.name))")
      }
      self.places = places
    } catch {
      throw RecurrentError(cannotRead: path, error.text)
    }
  }

  private init(_ file: TensorFile, _ tensors: [Tensor]) {
    (path, format, texts, self.tensors) = (file.path, file.format, file.texts, tensors)
    places = Dictionary(tensors.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The file as if it had these tensors, whose names differ, in the place of its own.
  package func with(_ tensors: [Tensor]) -> TensorFile { TensorFile(self, tensors) }

  /// The tensor called `name`, if there is one.
  package subscript(name: String) -> Tensor? { places[name].map { tensors[$0] } }

  private static func read(_ file: MappedFile, _ path: String) throws(Problem) -> (Format, [Tensor], [String: [String]]) {
    let start = file.withBytes(in: 0..<min(file.count, 9)) { [UInt8]($0) }
    switch true {
    // Before all others: the length of the header may have any first bytes, but it is below 2³².
    case beginsSafetensors(start):
      let header = try SafetensorsHeader(file)
      return (
        .safetensors,
        header.tensors.map {
          Tensor(
            name: $0.name, dataType: $0.dataType, shape: $0.shape,
            storage: .mapped(file, start: $0.range.lowerBound, strides: contiguousStrides($0.shape), isBigEndian: false))
        }, [:]
      )
    case start.starts(with: ZipArchive.signature):
      let archive = try ZipArchive(file)
      if archive.entries.contains(where: { $0.name.hasSuffix("/data.pkl") }) {
        return (.pytorch, try PyTorchFile.tensors(archive, file), [:])
      }
      if let weights = archive[KerasArchive.weights] {
        let contents = try KerasArchive.contents(archive, weights, file)
        return (.keras, contents.tensors, contents.texts)
      }
      return (.npz, try NumPyArray.tensors(archive, file), [:])
    case start.starts(with: NumPyArray.signature):
      return (.npy, [try NumPyArray.tensor(arrayName, in: 0..<file.count, of: file)], [:])
    case start.starts(with: HDF5Blocks.signature):
      let contents = try HDF5Contents(file, in: 0..<file.count)
      return (.hdf5, contents.tensors, contents.texts)
    case start.first == 0x80 && start.count > 2 && (2...5).contains(start[1]) && start[2] != 0:
      throw Problem(
        "it is a bare pickle or a PyTorch file from before version 1.6: load it there and save it again with torch.save")
    case start.first == UInt8(ascii: "{"):
      switch JSONForm(file) {
      case .tensors: return (.json, try JSONTensors.tensors(file), [:])
      case .rtneural:
        let (tensors, texts) = try RTNeuralFile.contents(file)
        return (.rtneural, tensors, texts)
      case .nam:
        let (tensors, texts) = try NAMFile.contents(file)
        return (.nam, tensors, texts)
      case .guitarml:
        let (tensors, texts) = try GuitarMLFile.contents(file)
        return (.guitarml, tensors, texts)
      }
    default:
      throw Problem(
        "it is neither an ONNX model nor a file of tensors that can be read here: safetensors, PyTorch's .pt, NumPy's .npy and .npz, "
          + "Keras's .h5 and .keras, .nam, or JSON")
    }
  }

  /// - Parameter start: a file's first nine bytes.
  package static func beginsSafetensors(_ start: [UInt8]) -> Bool {
    start.count == 9 && start[8] == UInt8(ascii: "{") && start[4..<8].allSatisfy { $0 == 0 }
  }

  package typealias Problem = StrictJSON.Problem
}

/// The strides of a tensor whose last axis varies fastest.
func contiguousStrides(_ shape: [Int]) -> [Int] {
  var strides: [Int] = []
  var stride = 1
  for length in shape.reversed() {
    strides.append(stride)
    stride = stride.multipliedReportingOverflow(by: max(1, length)).partialValue
  }
  return strides.reversed()
}
