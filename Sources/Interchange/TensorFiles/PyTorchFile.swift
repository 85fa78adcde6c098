import Models
import Storage
import Support

/// Tensors in what `torch.save` writes: a zip archive with a pickle that describes them and a member for each storage.
enum PyTorchFile {
  typealias Problem = StrictJSON.Problem

  /// All tensors of a state dict, or of whatever holds state dicts, by their path: `model.lstm.weight_ih_l0`.
  static func tensors(_ archive: ZipArchive, _ file: MappedFile) throws(Problem) -> [TensorFile.Tensor] {
    guard let program = archive.entries.first(where: { $0.name.hasSuffix("/data.pkl") }) else {
      throw Problem("the archive has no data.pkl")
    }
    if archive.entries.contains(where: { $0.name.hasSuffix("/constants.pkl") || $0.name.contains("/code/") }) {
      throw Problem(
        "it is a TorchScript program, as torch.jit.save writes it: load it in PyTorch with torch.jit.load and save its tensors with "
          + "torch.save(model.state_dict(), …)")
    }
    if let packed = archive.entries.first(where: \.isDeflated) {
      throw Problem("the member \(quoted(packed.name)) of the archive is compressed, which PyTorch never does")
    }
    let folder = String(program.name.dropLast("data.pkl".count))
    if let order = archive[folder + "byteorder"], file.withBytes(in: order.range, { [UInt8]($0) }) != Array("little".utf8) {
      throw Problem("its tensors' bytes stand in big-endian order")
    }
    let pickle = try Pickle(ByteReader(file, in: program.range))
    let storages = Dictionary(archive.entries.map { ($0.name, $0.range) }, uniquingKeysWith: { first, _ in first })
    var finder = TensorFinder(
      file: file, pickle: pickle, folder: folder, storages: storages, longest: 16 * (file.count + 1 << 16))
    try finder.visit(pickle.root, path: "", container: "", depth: 0)
    return finder.tensors
  }

  /// The type of a storage's elements by its class.
  static func storageType(_ name: String) -> DataType? {
    switch name {
    case "torch.FloatStorage": .float32
    case "torch.DoubleStorage": .float64
    case "torch.HalfStorage": .float16
    case "torch.BFloat16Storage": .bfloat16
    case "torch.LongStorage": .int64
    case "torch.IntStorage": .int32
    case "torch.ShortStorage": .int16
    case "torch.CharStorage": .int8
    case "torch.ByteStorage": .uint8
    case "torch.BoolStorage": .bool
    default: nil
    }
  }
}

/// Walks through a pickle's value and gathers its tensors.
private struct TensorFinder {
  typealias Problem = StrictJSON.Problem

  let file: MappedFile
  let pickle: Pickle
  let folder: String
  let storages: [String: Range<Int>]
  /// How many bytes all paths together may have, and how many values may be visited: a file says each once.
  let longest: Int
  private(set) var tensors: [TensorFile.Tensor] = []
  private var pathBytes = 0
  private var visits = 0

  init(file: MappedFile, pickle: Pickle, folder: String, storages: [String: Range<Int>], longest: Int) {
    (self.file, self.pickle, self.folder, self.storages, self.longest) = (file, pickle, folder, storages, longest)
  }

  /// - Parameter container: the path of the dictionary or list that holds the value.
  mutating func visit(_ node: Int, path: String, container: String, depth: Int) throws(Problem) {
    guard depth <= 16 else { throw Problem("its dictionaries are nested more than 16 deep at \(quoted(path))") }
    // A value may stand at many places.
    visits += 1
    guard visits <= longest else { throw Problem("its values hold one another more often than the file is long") }
    switch pickle.nodes[node] {
    case .dictionary(let pairs):
      for (index, (key, value)) in pairs.enumerated() {
        try visit(value, path: try join(path, text(of: key, index)), container: path, depth: depth + 1)
      }
    case .list(let values), .tuple(let values):
      for (index, value) in values.enumerated() {
        try visit(value, path: try join(path, "\(index)"), container: path, depth: depth + 1)
      }
    case .call("torch._utils._rebuild_parameter", let arguments),
      .call("torch._utils._rebuild_parameter_with_state", let arguments):
      guard let tensor = arguments.first else { throw Problem("the parameter \(quoted(path)) has no tensor") }
      try visit(tensor, path: path, container: container, depth: depth + 1)
    case .call("torch._tensor._rebuild_from_type_v2", let arguments):
      // A tensor with attributes of its own: the function that makes it, its type, the function's arguments.
      guard arguments.count >= 3, case .global("torch._utils._rebuild_tensor_v2") = pickle.nodes[arguments[0]],
        case .tuple(let own) = pickle.nodes[arguments[2]]
      else { throw Problem("tensor \(quoted(path)): it is not described as PyTorch does it") }
      try add(own, path, container)
    case .call("torch._utils._rebuild_tensor_v2", let arguments): try add(arguments, path, container)
    case .mark, .none, .bool, .integer, .number, .text, .global, .call, .persistent: break
    }
  }

  private mutating func join(_ path: String, _ name: String) throws(Problem) -> String {
    pathBytes += path.utf8.count + name.utf8.count
    guard pathBytes <= longest else { throw Problem("its values' names together are much longer than the file") }
    return path.isEmpty ? name : "\(path).\(name)"
  }

  /// - Parameter index: the key's place, by which one is called that is neither a text nor a number.
  private func text(of key: Int, _ index: Int) -> String {
    switch pickle.nodes[key] {
    case .text(let text): text
    case .integer(let number): "\(number)"
    case .global(let name): name
    default: "(key \(index))"
    }
  }

  /// Arguments: storage, offset, shape, strides, and what is not needed here.
  private mutating func add(_ arguments: [Int], _ path: String, _ container: String) throws(Problem) {
    do throws(Problem) {
      guard arguments.count >= 4, case .persistent(let identifier) = pickle.nodes[arguments[0]],
        case .integer(let offset) = pickle.nodes[arguments[1]], let shape = integers(arguments[2]),
        let strides = integers(arguments[3]), shape.count == strides.count, (shape + strides + [offset]).allSatisfy({ $0 >= 0 })
      else { throw Problem("it is not described as PyTorch does it") }
      let (dataType, range) = try storage(identifier)
      try check(offset, shape, strides, in: range.count / dataType.size)
      tensors.append(
        TensorFile.Tensor(
          name: path, dataType: dataType, shape: shape,
          storage: .mapped(file, start: range.lowerBound + offset * dataType.size, strides: strides, isBigEndian: false),
          container: container))
    } catch {
      throw Problem("tensor \(quoted(path)): \(error.text)")
    }
  }

  /// A storage by its identifier: `('storage', class, key, device, elements)`.
  private func storage(_ identifier: Int) throws(Problem) -> (DataType, Range<Int>) {
    guard case .tuple(let parts) = pickle.nodes[identifier], parts.count >= 5, case .text("storage") = pickle.nodes[parts[0]],
      case .global(let name) = pickle.nodes[parts[1]], let dataType = PyTorchFile.storageType(name),
      case .text(let key) = pickle.nodes[parts[2]], case .integer(let count) = pickle.nodes[parts[4]]
    else { throw Problem("its storage is not described as PyTorch does it") }
    guard let range = storages["\(folder)data/\(key)"] else {
      throw Problem("its storage \(quoted("data/" + key)) is not in the archive")
    }
    guard count >= 0, count <= range.count / dataType.size, count * dataType.size == range.count else {
      throw Problem("its storage should hold \(count) numbers of \(dataType.size) bytes, but has \(range.count) bytes")
    }
    return (dataType, range)
  }

  private func check(_ offset: Int, _ shape: [Int], _ strides: [Int], in count: Int) throws(Problem) {
    guard let elements = elements(shape, .uint8, atMost: count) else {
      throw Problem("the shape \(shortened(shape)) has more elements than the \(count) of its storage")
    }
    if elements == 0 {
      guard offset <= count else { throw Problem("it begins past the \(count) of its storage") }
      return
    }
    // No sum can overflow: each summand and each sum before it is at most `count`.
    var last = offset
    for (length, stride) in zip(shape, strides) where length > 1 {
      guard last < count, stride <= (count - last) / (length - 1) else { last = count; break }
      last += (length - 1) * stride
    }
    guard last < count else { throw Problem("its last element lies past the \(count) of its storage") }
  }

  private func integers(_ node: Int) -> [Int]? {
    let parts: [Int]
    switch pickle.nodes[node] {
    case .tuple(let own): parts = own
    case .call("torch.Size", let arguments):
      guard arguments.count == 1, case .tuple(let own) = pickle.nodes[arguments[0]] else { return nil }
      parts = own
    default: return nil
    }
    guard parts.count <= 32 else { return nil }
    let numbers = parts.compactMap { if case .integer(let number) = pickle.nodes[$0] { number } else { nil } }
    return numbers.count == parts.count ? numbers : nil
  }
}
