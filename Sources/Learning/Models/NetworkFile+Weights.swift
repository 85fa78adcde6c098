import Engine
package import Networks
import Storage
import Support

// How a model's file holds the weights. Matrices of 16-bit numbers are tensors of these, and one of whole numbers is a tensor of
// bytes with another beside it, the scales of its rows: `layers.0.W_f`, `[rows, columns]`, and `layers.0.W_f.scale`, `[rows]`. All
// other tensors are 32-bit numbers, as they all are in a file that says nothing of its weights.
extension WeightKind {
  /// What the file's metadata call it.
  static let metadataKey = "weights"

  /// The numbers of a matrix.
  fileprivate var dataType: DataType {
    switch self {
    case .float32: .float32
    case .float16: .float16
    case .bfloat16: .bfloat16
    case .int8: .int8
    }
  }
}

extension Network {
  /// The weights by name, as they are stored.
  package var tensors: [Safetensors.Entry] {
    layout.entries.flatMap { entry in
      let values = parameters[entry.range]
      switch form.kind {
      case .float32: break
      case _ where !entry.isMatrix: break
      case .float16, .bfloat16:
        let bits = values.map { WeightForm.bits(of: $0, form.kind).littleEndian }
        return [Safetensors.Entry(entry.name, dataType: form.kind.dataType, shape: entry.shape, bytes: rawBytes(of: bits))]
      case .int8:
        let scales = form.scales[entry.name] ?? []
        let numbers = zip(values.indices, values).map { place, value in
          WeightForm.byte(of: value, scale: scales[(place - entry.range.lowerBound) / entry.shape[1]])
        }
        return [
          Safetensors.Entry(entry.name, dataType: .int8, shape: entry.shape, bytes: rawBytes(of: numbers)),
          Safetensors.Entry(scaleName(entry.name), scales, shape: [scales.count]),
        ]
      }
      return [Safetensors.Entry(entry.name, Array(values), shape: entry.shape)]
    }
  }
}

private func rawBytes<Element: BitwiseCopyable>(of elements: [Element]) -> [UInt8] { elements.withUnsafeBytes { Array($0) } }

private func scaleName(_ name: String) -> String { name + ".scale" }

extension Safetensors {
  /// The weights of a network that has such a layout, and how they are stored.
  ///
  /// - Throws: ``RecurrentError`` if the file has other tensors than the network.
  func weights(_ layout: NetworkLayout) throws(RecurrentError) -> (parameters: [Float], form: WeightForm) {
    let name = metadata[WeightKind.metadataKey]
    guard let kind = WeightKind(rawValue: name ?? WeightKind.float32.rawValue) else {
      let known = WeightKind.allCases.map(\.rawValue).joined(separator: ", ")
      throw RecurrentError(
        cannotRead: path, "its weights are \(quoted(name ?? "")), and this program knows \(known): use a newer program")
    }
    guard name == nil || metadata["recurrent"] != "1" else {
      throw RecurrentError(
        cannotRead: path,
        "its format is version 1, in which all weights are float32, and it says that its own are \(kind.rawValue)")
    }
    let isCheckpoint = metadata["training"] != nil
    // The weights are put together from what the file has: sizes that it only claims take no memory.
    var own: [Tensor] = []
    var scales: [String: Tensor] = [:]
    for entry in layout.entries {
      let stored = entry.isMatrix ? kind.dataType : .float32
      own.append(try tensor(entry.name, dataType: stored, shape: entry.shape))
      if stored == .int8 {
        let name = scaleName(entry.name)
        scales[name] = try tensor(name, of: Float.self, shape: [entry.shape[0]])
      }
    }
    for tensor in tensors
    where layout[tensor.name] == nil && scales[tensor.name] == nil && !(isCheckpoint && tensor.name.hasPrefix("training.")) {
      throw RecurrentError(cannotRead: path, "it has a tensor \(quoted(tensor.name)), which its network has not")
    }
    if kind == .float32 { return (values(own), .float32) }
    var parameters: [Float] = []
    var found: [String: [Float]] = [:]
    for (entry, tensor) in zip(layout.entries, own) {
      switch tensor.dataType {
      case .float16, .bfloat16:
        parameters += withBytes(of: tensor) { bytes in
          stride(from: 0, to: bytes.count, by: 2).map { place in
            WeightForm.number(UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt16.self)), kind)
          }
        }
      case .int8:
        let name = scaleName(entry.name)
        let own: [Float] = scales[name].map { values([$0]) } ?? []
        if let bad = own.first(where: { !($0 > 0 && $0.isFinite) }) {
          throw RecurrentError(cannotRead: path, "tensor \(quoted(name)) holds \(bad); a scale must be above 0 and finite")
        }
        found[entry.name] = own
        parameters += withBytes(of: tensor) { bytes in
          bytes.indices.map { Float(Int8(bitPattern: bytes[$0])) * own[$0 / entry.shape[1]] }
        }
      default: parameters += values([tensor], as: Float.self)
      }
    }
    return (parameters, WeightForm(kind, scales: found))
  }
}
