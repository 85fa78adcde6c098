/// A thread of its own, for what waits most of the time: work belongs to Dispatch, which has no more threads than there are processors.
package struct SystemThread: ~Copyable {
  #if canImport(Glibc)
    private var thread = pthread_t()
  #else
    private var thread: pthread_t?
  #endif
  private let isRunning: Bool

  private final class Body {
    let run: @Sendable () -> Void

    init(_ run: @escaping @Sendable () -> Void) { self.run = run }

    /// Runs the body that was handed over as a pointer.
    static func run(_ pointer: UnsafeMutableRawPointer) { Unmanaged<Body>.fromOpaque(pointer).takeRetainedValue().run() }
  }

  /// Begins to run `body`; at once and to its end if the system has no thread to spare.
  package init(_ body: @escaping @Sendable () -> Void) {
    let boxed = Unmanaged.passRetained(Body(body)).toOpaque()
    #if canImport(Darwin)
      let start: @convention(c) (UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? = {
        Body.run($0)
        return nil
      }
    #else
      let start: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = {
        if let pointer = $0 { Body.run(pointer) }
        return nil
      }
    #endif
    isRunning = pthread_create(&thread, nil, start, boxed) == 0
    if !isRunning { Body.run(boxed) }
  }

  /// Waits until `body` has come to its end.
  package consuming func join() {
    guard isRunning else { return }
    #if canImport(Glibc)
      pthread_join(thread, nil)
    #else
      if let thread { pthread_join(thread, nil) }
    #endif
  }
}
