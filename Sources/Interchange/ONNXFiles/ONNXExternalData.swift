import Storage
import Support
import TensorFiles

/// Tensors that a model keeps in files beside its own.
struct ONNXExternalData: Sendable {
  /// Where the model's file is.
  private let folder: String

  /// - Parameter path: the model's file.
  init(besides path: String) { folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "" }

  /// The bytes of a tensor.
  ///
  /// - Parameter entries: what the model says of it: `location`, and maybe `offset` and `length`.
  func bytes(of tensor: String, _ entries: [String: String]) throws(TensorFile.Problem) -> ProtobufMessage {
    func problem(_ text: String) -> TensorFile.Problem { TensorFile.Problem("tensor \(quoted(tensor)) \(text)") }
    guard let location = entries["location"], !location.isEmpty else {
      throw problem("stands in another file, which is not named")
    }
    guard !location.hasPrefix("/"), !location.split(separator: "/").contains("..") else {
      throw problem("stands in the file \(quoted(location)), which is not in the model's own folder")
    }
    let file: MappedFile
    do throws(RecurrentError) {
      file = try MappedFile(folder + location)
    } catch {
      throw problem("stands in another file: \(error)")
    }
    let start = entries["offset"].map { Int($0) } ?? 0
    guard let start, (0...file.count).contains(start) else { throw problem("begins past the end of \(quoted(location))") }
    let count = entries["length"].map { Int($0) } ?? (file.count - start)
    guard let count, (0...file.count - start).contains(count) else { throw problem("ends past the end of \(quoted(location))") }
    return ProtobufMessage(file: file, range: start..<start + count)
  }
}
