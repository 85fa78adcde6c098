/// A thread of its own, for what waits most of the time: work belongs to Dispatch, which has no more threads than there are processors.
package struct SystemThread: ~Copyable {
  #if canImport(Darwin)
    private var thread: pthread_t?
  #else
    private var thread = pthread_t()
  #endif
  private let isRunning: Bool

  private final class Body {
    let run: @Sendable () -> Void

    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  /// Begins to run `body`; at once and to its end if the system has no thread to spare.
  package init(_ body: @escaping @Sendable () -> Void) {
    let boxed = Unmanaged.passRetained(Body(body))
    #if canImport(Darwin)
      let code = pthread_create(
        &thread, nil,
        { box in
          Unmanaged<Body>.fromOpaque(box).takeRetainedValue().run()
          return nil
        }, boxed.toOpaque())
    #else
      let code = pthread_create(
        &thread, nil,
        { box in
          if let box { Unmanaged<Body>.fromOpaque(box).takeRetainedValue().run() }
          return nil
        }, boxed.toOpaque())
    #endif
    isRunning = code == 0
    if code != 0 { boxed.takeRetainedValue().run() }
  }

  /// Waits until `body` has come to its end.
  package consuming func join() {
    guard isRunning else { return }
    #if canImport(Darwin)
      if let thread { pthread_join(thread, nil) }
    #else
      pthread_join(thread, nil)
    #endif
  }
}
