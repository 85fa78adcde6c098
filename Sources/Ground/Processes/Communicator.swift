package import Support

/// Processes that do one piece of work together, as one of them sees them.
///
/// What goes from one to another are bytes; sums are made where they arrive, in an order that their receiver knows, and never by what
/// carries them. All waits end: with a sentence that names the process and its host if that one has failed or is no longer heard of.
package protocol Communicator: Sendable {
  /// The number of this process, counted from 0.
  var rank: Int { get }
  /// How many processes there are.
  var size: Int { get }
  /// The machine on which each process runs.
  var hosts: [String] { get }

  /// Sends bytes to a process while bytes come from one, and returns when both have been done; nil for neither.
  ///
  /// Between two processes messages come in the order in which they were sent, and each is received with the length that it has.
  ///
  /// - Throws: ``RecurrentError`` if one of the processes has failed, or is no longer heard of.
  func transfer(
    _ sent: (bytes: UnsafeRawBufferPointer, to: Int)?, _ received: (bytes: UnsafeMutableRawBufferPointer, from: Int)?
  ) throws(RecurrentError)
  /// Tells the others that this process can't go on: what they wait for then fails with the reason.
  func abandon(because reason: String)
  /// Why work together can't go on: another process has given up, or is no longer heard of. Nil if all are well.
  var loss: RecurrentError? { get }
}

extension Communicator {
  /// Whether this is the process that writes and prints.
  package var isFirst: Bool { rank == 0 }

  /// A process as sentences name it: `process 2 of 4 on node7`, counted from 1.
  package func name(of rank: Int) -> String { "process \(rank + 1) of \(size) on \(hosts[rank])" }

  /// Sends elements, whose number the receiver knows.
  package func send<Element: BitwiseCopyable>(_ elements: [Element], to rank: Int) throws(RecurrentError) {
    try elements.withUnsafeBufferPointer { elements throws(RecurrentError) in
      try transfer((UnsafeRawBufferPointer(elements), rank), nil)
    }
  }

  /// Receives elements.
  package func receive<Element: BitwiseCopyable>(
    _ count: Int, of zero: Element, from rank: Int
  ) throws(RecurrentError) -> [Element] {
    var elements = [Element](repeating: zero, count: count)
    try elements.withUnsafeMutableBufferPointer { elements throws(RecurrentError) in
      try transfer(nil, (UnsafeMutableRawBufferPointer(elements), rank))
    }
    return elements
  }

  /// Gives all processes what each of them has: the bytes of each, in the order of their numbers. It is for small values.
  package func exchange(_ own: [UInt8]) throws(RecurrentError) -> [[UInt8]] {
    if size == 1 { return [own] }
    var all = [own]
    if isFirst {
      for other in 1..<size {
        let count = try receive(1, of: 0, from: other)[0]
        all.append(try receive(count, of: 0, from: other))
      }
    } else {
      try send([own.count], to: 0)
      try send(own, to: 0)
    }
    let counts = try broadcast(all.map(\.count), count: size)
    let joined = try broadcast(Array(all.joined()), count: counts.reduce(0, +))
    var start = 0
    return counts.map { count in
      defer { start += count }
      return Array(joined[start..<start + count])
    }
  }

  /// Gives all processes what the first one has.
  ///
  /// - Parameters:
  ///   - elements: of the first process; what others give is not looked at.
  ///   - count: how many they are, which all know.
  package func broadcast<Element: BitwiseCopyable>(
    _ elements: [Element], count: Int
  ) throws(RecurrentError) -> [Element] {
    if size == 1 { return elements }
    var elements = elements
    if !isFirst {
      // The highest bit of its number says from whom a process has it.
      let from = rank - (1 << (Int.bitWidth - 1 - rank.leadingZeroBitCount))
      elements = [Element](unsafeUninitializedCapacity: count) { buffer, filled in filled = count }
      try elements.withUnsafeMutableBufferPointer { elements throws(RecurrentError) in
        try transfer(nil, (UnsafeMutableRawBufferPointer(elements), from))
      }
    }
    var bit = 1
    while bit <= rank { bit *= 2 }
    while rank + bit < size {
      try send(elements, to: rank + bit)
      bit *= 2
    }
    return elements
  }

  /// What the first process says.
  package func fromFirst(_ holds: Bool) throws(RecurrentError) -> Bool { try broadcast([holds], count: 1)[0] }

  /// Waits until all processes have come here.
  package func barrier() throws(RecurrentError) { _ = try exchange([]) }

  /// Does in all processes what may fail in any of them, such as reading a file: it then fails in all.
  ///
  /// - Throws: what this process threw if all threw the same; otherwise ``RecurrentError`` with the first failure and where it was.
  package func together<Result>(_ body: () throws -> Result) throws -> Result {
    if size == 1 { return try body() }
    let outcome = Swift.Result { try body() }
    var (failure, sentence): ((any Error)?, String) = (nil, "")
    if case .failure(let error) = outcome { (failure, sentence) = (error, "\(error)") }
    let sentences = try exchange(Array(sentence.utf8))
    guard let place = sentences.firstIndex(where: { !$0.isEmpty }) else { return try outcome.get() }
    if let failure, Set(sentences).count == 1 { throw failure }
    throw RecurrentError(.machine, "\(name(of: place)): \(String(decoding: sentences[place], as: UTF8.self))")
  }
}

/// A process that works alone.
package struct OneProcess: Communicator {
  package let rank = 0
  package let size = 1
  package let hosts = ["this machine"]

  package init() {}

  package func transfer(
    _ sent: (bytes: UnsafeRawBufferPointer, to: Int)?, _ received: (bytes: UnsafeMutableRawBufferPointer, from: Int)?
  ) throws(RecurrentError) {
    ensure(sent == nil && received == nil, "a process that works alone can send to no other")
  }

  package func abandon(because reason: String) {}

  package var loss: RecurrentError? { nil }
}
