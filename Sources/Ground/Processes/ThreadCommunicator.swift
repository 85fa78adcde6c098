import Platform
package import Support
import Synchronization

/// Threads of one process as if each were a process of its own: for tests of what processes do together.
package struct ThreadCommunicator: Communicator {
  package let rank: Int
  package var size: Int { room.size }
  package var hosts: [String] { (0..<size).map { "host\($0 + 1)" } }
  private let room: Room

  /// One for each of some threads.
  ///
  /// - Parameter patience: how long one waits for another that is silent.
  package static func team(of size: Int, patience: Duration = .seconds(60)) -> [ThreadCommunicator] {
    let room = Room(size: size, patience: patience)
    return (0..<size).map { ThreadCommunicator(rank: $0, room: room) }
  }

  /// What all share: the messages that are under way, and why one of them has given up.
  private final class Room: Sendable {
    let size: Int
    let patience: Duration
    let state: Mutex<State>

    struct State {
      /// For each pair of sender and receiver.
      var messages: [[[UInt8]]]
      var failure: (rank: Int, reason: String)?
    }

    init(size: Int, patience: Duration) {
      self.size = size
      self.patience = patience
      state = Mutex(State(messages: Array(repeating: [], count: size * size)))
    }
  }

  package func transfer(
    _ sent: (bytes: UnsafeRawBufferPointer, to: Int)?, _ received: (bytes: UnsafeMutableRawBufferPointer, from: Int)?
  ) throws(RecurrentError) {
    if let sent {
      let message = Array(sent.bytes)
      room.state.withLock { $0.messages[rank * size + sent.to].append(message) }
    }
    guard let received else { return }
    let end = ContinuousClock.now + room.patience
    let place = received.from * size + rank
    while true {
      let message = room.state.withLock { $0.messages[place].isEmpty ? nil : $0.messages[place].removeFirst() }
      if let message {
        ensure(
          message.count == received.bytes.count,
          "\(name(of: received.from)) sent \(message.count) bytes where \(received.bytes.count) are expected")
        received.bytes.copyBytes(from: message)
        return
      }
      if let loss { throw loss }
      if ContinuousClock.now > end { throw RecurrentError(silent: name(of: received.from), for: room.patience) }
      usleep(20)
    }
  }

  package var loss: RecurrentError? {
    room.state.withLock { $0.failure }.map { RecurrentError(.machine, "\(name(of: $0.rank)) has failed: \($0.reason)") }
  }

  package func abandon(because reason: String) {
    room.state.withLock { $0.failure = $0.failure ?? (rank, reason) }
  }
}

extension RecurrentError {
  /// A process that is no longer heard of.
  init(silent name: String, for time: Duration) {
    self.init(
      .machine,
      "\(name) has not been heard of for \(time.components.seconds) s: it has died or hangs, or the network between the hosts is down"
    )
  }
}
