import ONNXFiles
import Storage
import Support

extension ONNXReader {
  /// What whoever runs the network must know.
  ///
  /// - Parameters:
  ///   - path: what the network is made of.
  ///   - output: the graph's output that is the network's, if there is one.
  func notes(_ path: [ONNXPath], _ output: ONNXFlow?, _ graph: ONNXGraph) -> [Sentence] {
    var notes: [Sentence] = []
    let input = graph.inputs.first { $0.name == path.first?.source }
    if let input, let axes = axes(of: input) {
      if let note = Self.note(on: input, axes) { notes.append(note) }
      let expected = axes.outputs(isReadOut: path.contains { $0.part.isReadout })
      // An axis of length 1 is nowhere.
      if let output, let own = axes.words(of: output), own != expected.filter(own.contains) {
        notes.append(
          "the graph gives its output as [\(own.joined(separator: ", "))], and the network as [\(expected.joined(separator: ", "))]"
        )
      }
    }
    if case .dense(let layer)? = path.last?.part, layer.function == .logSoftmax {
      notes.append("the graph gives the logarithms of probabilities, and the network the probabilities")
    }
    if isHalf {
      notes.append("the graph computes with numbers of 16 bits, and the network with 32: results differ by what that rounds")
    }
    if !quantized.isEmpty {
      notes.append(
        "the matrices of \(list(quantized)) are 8-bit numbers, which are read as what they stand for; the operator rounds what it reads at each step to 8 bits, too, and the network does not, so that results differ by that"
      )
    }
    if !given.isEmpty {
      let list = given.map { state in
        let places = state.taken.values.map { "[\($0.lowerBound)\($0.count == 1 ? "" : "..<\($0.upperBound)")]" }.sorted()
          .joined()
        return "\(state.name) of \(state.layer) is \(state.input)\(places)"
      }
      notes.append(
        "states that the graph reads are given as h0 and c0, in the order of the layers: \(list.joined(separator: "; "))")
    }
    return notes
  }
}

/// Which axes of the graph's input are the steps and the sequences.
struct ONNXInputAxes {
  let count: Int
  let time: ONNXFlow.Atom?
  let batch: ONNXFlow.Atom?
  /// Their places among the axes of the input.
  let places: (time: Int, batch: Int)

  /// What each axis counts.
  var words: [String] {
    (0..<count).map { $0 == places.time ? "steps" : $0 == places.batch ? "sequences" : "numbers" }
  }

  /// What each axis of the graph's output counts; nil if that is not known.
  func words(of flow: ONNXFlow) -> [String]? {
    flow.axes?.filter { !$0.atoms.isEmpty }.map { axis in
      // Both directions side by side are one vector.
      if axis.atoms.allSatisfy(\.isOfVector) {
        return axis.atoms.count == 1 && axis.atoms[0].isMembers ? "directions" : "numbers"
      }
      return axis.atoms.map { $0 == time ? "steps" : $0 == batch ? "sequences" : "numbers" }.joined(separator: " · ")
    }
  }

  /// What each axis of the network's output counts.
  func outputs(isReadOut: Bool) -> [String] {
    isReadOut ? ["sequences", "numbers"] : (places.time == 0 ? ["steps", "sequences"] : ["sequences", "steps"]) + ["numbers"]
  }
}

extension ONNXReader {
  /// Nil if it is not known, or the graph's input has other axes than a network's.
  fileprivate func axes(of input: ONNXValue) -> ONNXInputAxes? {
    guard let order = orders[input.name], let count = input.shape?.count, count == (input.type?.isWhole == true ? 2 : 3) else {
      return nil
    }
    func place(_ atom: ONNXFlow.Atom?) -> Int? {
      guard case .input(let name, _)? = atom else { return nil }
      return (0..<count).first { name == Self.axisName($0, of: input.name) }
    }
    guard let time = place(order.time) else { return nil }
    return ONNXInputAxes(
      count: count, time: order.time, batch: order.batch, places: (time, place(order.batch) ?? (time == 0 ? 1 : 0)))
  }

  private static func note(on input: ONNXValue, _ axes: ONNXInputAxes) -> Sentence? {
    switch axes.places {
    case (1, 0): nil
    case (0, 1):
      "the graph reads \(input.name) as [\(axes.words.joined(separator: ", "))]: run the model with \(Setting("time-first")), or the first two axes would be taken for each other"
    default:
      "the graph reads \(input.name) as [\(axes.words.joined(separator: ", "))], and the network as [sequences, steps\(axes.count == 3 ? ", numbers" : "")]"
    }
  }
}

extension LayerChain.Part {
  fileprivate var isReadout: Bool { if case .readout = self { true } else { false } }
}
