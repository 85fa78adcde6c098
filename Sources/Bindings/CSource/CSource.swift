public import Networks
public import Support

/// A network as C99 source: a header and one file that need nothing but the C library's mathematics, allocate nothing, and keep what
/// lasts from step to step in a struct of the caller's.
///
///     let amp = try CSource(Network(contentsOf: "runs/amp"), name: "amp")
///     print(amp.header)  // amp_state, amp_reset, amp_step, amp_run
///     print(amp.flash)   // bytes of all weights
public struct CSource: Sendable {
  /// What all names begin with that others see: the name of the files as C can have it.
  public let prefix: String
  /// The declarations, the file that ends in `.h`.
  public let header: String
  /// The definitions, the file that ends in `.c`, which includes the other one.
  public let source: String
  /// Bytes of the weights and other tables, which are constant, where a pointer takes four. The code comes on top; how large it is depends
  /// on the compiler.
  public let flash: Int
  /// Bytes of the state of a stream, on machines whose numbers are aligned to their size.
  public let state: Int
  /// Bytes of the vectors that a step holds on the stack at most.
  public let stack: Int

  /// Writes a network.
  ///
  /// - Parameters:
  ///   - name: of the two files without their endings; as far as C can have it, all names that others see begin with it.
  ///   - options: what is computed with.
  ///   - meaning: what the numbers stand for that the network reads and gives.
  /// - Throws: ``RecurrentError`` if the network has to know sequences whole or has something that is not written as C.
  package init(
    _ network: Network, name: String, options: CSourceOptions = CSourceOptions(), meaning: NumberMeaning
  ) throws(RecurrentError) {
    var file = try NetworkWriter(network, name: name, options: options, meaning: meaning)
    try file.write()
    prefix = file.prefix
    (flash, state, stack) = (file.flash, file.stateBytes, file.stack)
    header = file.header
    source = file.source
  }

  /// Writes a network.
  ///
  /// - Parameters:
  ///   - name: of the two files without their endings; as far as C can have it, all names that others see begin with it.
  ///   - options: what is computed with.
  /// - Throws: ``RecurrentError`` if the network has to know sequences whole or has something that is not written as C.
  public init(_ network: Network, name: String = "model", options: CSourceOptions = CSourceOptions()) throws(RecurrentError) {
    try self.init(network, name: name, options: options, meaning: NumberMeaning())
  }

  /// What the weights and a stream take, in a sentence.
  package var sizes: String {
    "\(flash.grouped) bytes of constants beside the code, \(state.grouped) bytes of state, \(stack.grouped) bytes of vectors on the stack"
  }
}
