public import CRecurrent
import CellLanguage
import CellCompiler
import Engine
import Models
import Networks
import Support
import Synchronization

/// A model, with what C reads of it.
final class Model: Handle, Sendable {
  let network: Network
  /// What a step reads; nil of what only Swift can give, such as words, or sources before the first step.
  let reads: (numbers: Int, symbols: Int)?
  private let passes: [PassText]
  private let symbolNames: [CText]
  private let (readsText, networkText): (CText, CText)
  private let meaningText: CText?
  /// Packed when they are first needed.
  private let streaming = Mutex<StreamingNetwork?>(nil)

  private struct PassText {
    let name: CText
    let cell: CText
    let text: CText
    let states: [TensorText]
  }

  init(_ network: Network) {
    self.network = network
    let encoding = network.architecture.input.encoding
    let forms = network.graph.inputParts.map(\.form)
    let symbols = forms.compactMap(\.symbols)
    let isSpecial = forms.contains { if case .special = $0 { true } else { false } }
    let numbers = forms.reduce(0) { if case .numbers(let count) = $1 { $0 + count } else { $0 } }
    let hasMore = !encoding.vectors.isEmpty || network.architecture.context != nil
    reads = isSpecial || symbols.count > 1 || hasMore ? nil : (numbers, symbols.first ?? 0)
    passes = zip(network.architecture.passes, network.plans).map { pass, plan in
      PassText(
        name: CText(pass.name), cell: CText(pass.cell.name), text: CText(pass.cell.description),
        states: plan.cell.states.enumerated().map { TensorText($1.name, shape: [plan.width(ofState: $0)]) })
    }
    symbolNames = (encoding.legends.first?.names ?? []).map(CText.init)
    readsText = CText(encoding.summary)
    networkText = CText(network.metadata["network"] ?? "")
    meaningText = network.meaning.map(CText.init)
  }

  /// - Throws: ``RecurrentError`` if the network can't be run step by step.
  func streamingNetwork() throws -> StreamingNetwork {
    try streaming.withLock { made in
      if let made { return made }
      let new = try StreamingNetwork(network)
      made = new
      return new
    }
  }

  var info: recurrent_model_info {
    let architecture = network.architecture
    return recurrent_model_info(
      inputs: Int64(reads?.numbers ?? 0), symbols: Int64(reads?.symbols ?? 0), outputs: Int64(architecture.outputWidth),
      passes: Int64(passes.count), weights: Int64(network.layout.count), gives_steps: architecture.readout == .everyStep ? 1 : 0,
      gives_classes: architecture.givesClasses ? 1 : 0, streams: (try? streamingNetwork()) == nil ? 0 : 1,
      reads: readsText.pointer, network: networkText.pointer, meaning: meaningText?.pointer)
  }

  func pass(_ index: Int64) throws(Failure) -> recurrent_pass_info {
    let pass = try passes.element(index, "pass", of: "the model")
    return recurrent_pass_info(
      name: pass.name.pointer, cell: pass.cell.pointer, text: pass.text.pointer, states: Int64(pass.states.count))
  }

  func state(_ state: Int64, ofPass pass: Int64) throws(Failure) -> recurrent_tensor_info {
    try passes.element(pass, "pass", of: "the model").states.element(state, "state", of: "pass \(pass)").info
  }

  func symbol(_ index: Int64) throws(Failure) -> UnsafePointer<CChar> {
    try symbolNames.element(index, "symbol", of: "the model").pointer
  }
}

@c @implementation
public func recurrent_model_open(
  _ path: UnsafePointer<CChar>?, _ model: UnsafeMutablePointer<OpaquePointer?>?, _ error: UnsafeMutablePointer<recurrent_error>?
) -> recurrent_status {
  Model.open(model, "model", error) { Model(try Network(contentsOf: CText.text(path, "path"))) }
}

@c @implementation
public func recurrent_model_open_bytes(
  _ bytes: UnsafeRawPointer?, _ count: Int64, _ model: UnsafeMutablePointer<OpaquePointer?>?,
  _ error: UnsafeMutablePointer<recurrent_error>?
) -> recurrent_status {
  Model.open(model, "model", error) {
    let bytes = try required(bytes, "bytes")
    guard let count = Int(exactly: count), count >= 0 else {
      throw Failure.argument("count is \(count): a model has some bytes")
    }
    return Model(try Network(bytes: UnsafeRawBufferPointer(start: bytes, count: count)))
  }
}

@c @implementation
public func recurrent_model_close(_ model: OpaquePointer?) { Model.close(model) }

@c @implementation
public func recurrent_model_describe(
  _ model: OpaquePointer?, _ info: UnsafeMutablePointer<recurrent_model_info>?, _ error: UnsafeMutablePointer<recurrent_error>?
) -> recurrent_status {
  attempt(error) { try required(info, "info").pointee = Model.at(model, "model").info }
}

@c @implementation
public func recurrent_model_symbol(
  _ model: OpaquePointer?, _ symbol: Int64, _ name: UnsafeMutablePointer<UnsafePointer<CChar>?>?,
  _ error: UnsafeMutablePointer<recurrent_error>?
) -> recurrent_status {
  attempt(error) { try required(name, "name").pointee = Model.at(model, "model").symbol(symbol) }
}

@c @implementation
public func recurrent_model_pass(
  _ model: OpaquePointer?, _ pass: Int64, _ info: UnsafeMutablePointer<recurrent_pass_info>?,
  _ error: UnsafeMutablePointer<recurrent_error>?
) -> recurrent_status {
  attempt(error) { try required(info, "info").pointee = Model.at(model, "model").pass(pass) }
}

@c @implementation
public func recurrent_model_state(
  _ model: OpaquePointer?, _ pass: Int64, _ state: Int64, _ info: UnsafeMutablePointer<recurrent_tensor_info>?,
  _ error: UnsafeMutablePointer<recurrent_error>?
) -> recurrent_status {
  attempt(error) { try required(info, "info").pointee = Model.at(model, "model").state(state, ofPass: pass) }
}
