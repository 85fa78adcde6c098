/// What a process does when a signal comes, under the same names on all systems.
package struct SignalAction {
  private var action = sigaction()

  /// What is done now.
  package init(of signal: Int32) { sigaction(signal, nil, &action) }

  /// A function, during which reads and writes under way go on. It may call only what is safe at any moment.
  package init(_ handler: @escaping @convention(c) (Int32) -> Void) {
    action.sa_flags = SA_RESTART
    #if canImport(Darwin)
      action.__sigaction_u.__sa_handler = handler
    #else
      action.__sigaction_handler.sa_handler = handler
    #endif
  }

  /// Whether the signal is ignored, as under `nohup`.
  package var isIgnored: Bool {
    #if canImport(Darwin)
      let handler = action.__sigaction_u.__sa_handler
    #else
      let handler = action.__sigaction_handler.sa_handler
    #endif
    return unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  /// Makes it what the process does.
  package func install(for signal: Int32) {
    var action = action
    sigaction(signal, &action, nil)
  }
}
