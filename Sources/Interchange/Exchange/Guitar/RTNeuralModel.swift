import Models
import Support
import TensorFiles

extension LayerChain {
  /// The chain of a model of RTNeural, whose layers are laid out as Keras's.
  ///
  /// AIDA-X and the players of its kind multiply the input by `in_gain` before the first layer and the output by `out_gain`, both in
  /// decibels, and with `in_skip` add what the first layer reads to the output.
  ///
  /// Sources: RTNeural, `model_loader.h`: its recurrent layers have tanh and sigmoid whatever the file says; aidadsp-lv2,
  /// `rt-neural-generic.cpp`.
  /// - Throws: ``RecurrentError`` if a layer's arrays do not fit what the file says of it.
  init(rtneural file: TensorFile) throws {
    let stated = StatedKeys(file)
    var parts: [Part] = []
    for number in (0...).lazy.prefix(while: { file.texts["layers/\($0)@type"] != nil }) {
      let model = RTNeuralLayer(file: file, number: number)
      if let function = try model.function, case .dense(let dense)? = parts.last, dense.function == .elementwise(.linear) {
        parts[parts.count - 1] = .dense(try dense.with(function))
      } else {
        parts.append(try model.part(inputs: parts.last?.widths?.outputs))
      }
      parts += StatedKeys(file, of: "layers/\(number)").unknown(besides: model.keys)
    }
    parts = try Self.wired(parts, stated)
    parts += stated.unknown(besides: [
      "in_shape", "in_skip", "in_gain", "out_gain", "metadata", "samplerate", "input_batch", "output_batch",
    ])
    self.init(path: file.path, parts: parts, notes: try stated.sampleRate("samplerate"))
  }

  /// The layers with what a player does before and after them.
  private static func wired(_ parts: [Part], _ stated: StatedKeys) throws(RecurrentError) -> [Part] {
    var wired = parts
    let ends = parts.compactMap(\.widths)
    guard let inputs = ends.first?.inputs, let outputs = ends.last?.outputs else { return parts }
    if parts.first?.widths != nil, let shape = stated["in_shape"], let last = shape.last.flatMap({ Int($0) }), last != inputs {
      throw stated.refusal("in_shape", "its first layer reads \(inputs)")
    }
    switch try stated.integer("in_skip") {
    case nil, 0: break
    case 1 where outputs == 1: wired.append(.shortcut([1] + [Float](repeating: 0, count: inputs - 1)))
    case 1: throw stated.refusal("in_skip", "the input is added to one number, and the model gives \(outputs)")
    default: throw stated.refusal("in_skip", "known are 0, and 1, which adds the first number of the input to the output")
    }
    // What stands beside the sound, such as the place of a knob, is not multiplied.
    if let gain = try gain("in_gain", stated, columns: 1) { wired.insert(.gain(gain), at: 0) }
    if let gain = try gain("out_gain", stated) { wired.append(.gain(gain)) }
    return wired
  }

  private static func gain(_ key: String, _ stated: StatedKeys, columns: Int? = nil) throws(RecurrentError) -> Gain? {
    guard let decibels = try stated.number(key), decibels != 0 else { return nil }
    // Players take this for silence.
    if decibels <= -90 { return Gain(key, factor: 0, columns: columns) }
    let gain = Gain(key, decibels: decibels, columns: columns)
    guard gain.factor.isFinite else { throw stated.refusal(key, "expected decibels") }
    return gain
  }
}

extension LayerChain.Part {
  /// How many numbers a layer reads and gives; nil if the part isn't a layer.
  fileprivate var widths: (inputs: Int, outputs: Int)? {
    switch self {
    case .recurrent(let found): (found.layer.description.inputs, found.layer.description.width)
    case .dense(let dense): (dense.inputs, dense.outputs)
    case .pointwise(let layer): (layer.width, layer.width)
    default: nil
    }
  }
}

/// A layer of such a file.
private struct RTNeuralLayer {
  let file: TensorFile
  let number: Int

  private var path: String { "layers/\(number)" }
  private var type: String { file.texts["\(path)@type"]?.first ?? "" }
  private var name: String { "\(number).\(type)" }
  /// How many numbers it gives, as the file says it.
  private var units: Int? { file.texts["\(path)@shape"]?.last.flatMap { Int($0) } }

  /// The function that the layer has.
  private func activation() throws(RecurrentError) -> DenseLayer.Function {
    let text = file.texts["\(path)@activation"]?.first ?? ""
    if text == "softmax" { return .softmax }
    return .elementwise(try Activation(keras: text.isEmpty ? "linear" : text, version: 2))
  }

  /// The function of a layer that is nothing but a function.
  var function: DenseLayer.Function? {
    get throws(RecurrentError) { type == "activation" ? try activation() : nil }
  }

  /// The keys that say something of such a layer.
  var keys: Set<String> {
    let own: Set<String> =
      switch type {
      case "batchnorm": ["epsilon"]
      case "conv1d": ["kernel_size", "dilation", "groups", "strides"]
      default: []
      }
    return own.union(["type", "activation", "shape", "name"])
  }

  /// - Parameter inputs: how many numbers the layer before gives; nil if there is none, or it isn't known.
  func part(inputs: Int?) throws -> LayerChain.Part {
    switch type {
    case "dense", "time-distributed-dense": return .dense(try dense())
    case "conv1d":
      guard let dense = try convolution() else {
        return .other(name: "layer \(number)", what: "a convolution over several steps")
      }
      return .dense(dense)
    case "lstm": return .recurrent(try recurrent(.lstm, .lstm(.init())))
    case "gru": return .recurrent(try recurrent(.gru, .gru(.init())))
    case "activation":
      guard let width = inputs ?? units, case .elementwise(let function) = try activation() else { break }
      return .pointwise(try PointwiseLayer(name, width: width, .elementwise(function)))
    case "prelu": return .pointwise(try rectifier(width: inputs ?? units))
    case "batchnorm": return .pointwise(try normalization())
    default: break
    }
    return .other(name: "layer \(number)", what: "a layer of the type \(type)")
  }

  /// Numbers below 0 times a slope, one for all or one for each.
  private func rectifier(width: Int?) throws -> PointwiseLayer {
    let slopes = try file.floats("\(path)/0")
    let count = width ?? slopes.count
    return try PointwiseLayer(
      name, width: count,
      .rectified(slope: slopes.count == 1 ? [Float](repeating: slopes[0], count: count) : slopes))
  }

  /// Keras's arrays: gain, bias, mean and variance, or the last two alone.
  private func normalization() throws -> PointwiseLayer {
    let arrays = try (0..<4).lazy.prefix { file["\(path)/\($0)"] != nil }.map {
      try file.floats("\(path)/\($0)").map(Double.init)
    }
    let stated = StatedKeys(file, of: path)
    guard arrays.count == 2 || arrays.count == 4, Set(arrays.map(\.count)).count == 1, let epsilon = try stated.number("epsilon")
    else {
      throw RecurrentError(
        .interchange,
        "layer \(name) of \(file.path) does not have what its type needs: epsilon, gain, bias, mean and variance, or without gain and bias"
      )
    }
    let (mean, variance) = (arrays[arrays.count - 2], arrays[arrays.count - 1])
    let gain = arrays.count == 4 ? arrays[0] : mean.map { _ in 1 }
    let bias = arrays.count == 4 ? arrays[1] : mean.map { _ in 0 }
    let scale = zip(gain, variance).map { $0 / ($1 + epsilon).squareRoot() }
    let shift = zip(bias, zip(mean, scale)).map { $0 - $1.0 * $1.1 }
    return try PointwiseLayer(name, width: mean.count, .affine(scale: scale.map { Float($0) }, shift: shift.map { Float($0) }))
  }

  /// A convolution that sees one step at a time; nil for any other.
  private func convolution() throws -> DenseLayer? {
    let stated = StatedKeys(file, of: path)
    guard let shape = file["\(path)/0"]?.shape, shape.count == 3, shape[0] == 1, stated["groups"] ?? ["1"] == ["1"],
      stated["strides"] ?? ["1"] == ["1"]
    else { return nil }
    return try dense(shape: Array(shape[1...]))
  }

  private func recurrent(_ family: KerasCell.Family, _ kind: LayerDescription.Kind) throws -> FoundLayer {
    let function = try activation()
    guard function == .elementwise(.tanh) || function == .elementwise(.linear) else {
      throw RecurrentError(
        .interchange, "layer \(name) of \(file.path) has the activation \(function); RTNeural's recurrent layers have tanh")
    }
    let cell = KerasCell(family, kind, usesBias: true, isCuDNN: false, units: units)
    let names = (0..<3).map { "\(path)/\($0)" }
    let description = try cell.description(file, names, layer: name)
    return FoundLayer(
      layer: try RecurrentLayer(name, description, weights: [cell.weights(file, names, description)]), stack: name,
      system: .rtneural, gateOrder: cell.gateOrder, tensors: names)
  }

  private func dense() throws -> DenseLayer { try dense(shape: file["\(path)/0"]?.shape ?? []) }

  private func dense(shape: [Int]) throws -> DenseLayer {
    guard shape.count == 2, shape[0] > 0, units == nil || shape[1] == units else {
      throw RecurrentError(
        .interchange,
        "layer \(name) of \(file.path) has weights of the shape \(file["\(path)/0"]?.shape ?? []); expected [inputs, \(units ?? 0)]"
      )
    }
    return try DenseLayer(
      name, inputs: shape[0], outputs: shape[1],
      weight: unstacked(file.floats("\(path)/0"), gates: 1, columns: shape[0], isTransposed: true)[0],
      bias: file["\(path)/1"] == nil ? nil : file.floats("\(path)/1", shape: [shape[1]]), function: activation())
  }
}
