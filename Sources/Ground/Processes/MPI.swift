import Platform
package import Support

/// The functions of `recurrent_mpi.h`, from the library that `script/build-mpi` makes.
struct MPI: Sendable {
  typealias Begin =
    @convention(c) (
      UnsafeMutablePointer<Int32>, UnsafeMutablePointer<Int32>, UnsafeMutablePointer<CChar>, Int32
    ) -> Int32
  typealias Post = @convention(c) (Int32, UnsafeMutableRawPointer?, Int32, Int32) -> UnsafeMutableRawPointer?

  static let fileName = "librecurrent-mpi.so"

  let begin: Begin
  let post: Post
  let test: @convention(c) (UnsafeMutableRawPointer) -> Int32
  let silence: @convention(c) (Int32) -> Double
  let abandon: @convention(c) (UnsafePointer<CChar>) -> Void
  let abandoned: @convention(c) (UnsafeMutablePointer<CChar>, Int32) -> Int32
  let end: @convention(c) () -> Void

  /// - Throws: ``RecurrentError`` if the library is not there, or is another version's.
  init(for launch: Launch) throws(RecurrentError) {
    var problem = ""
    guard let library = SharedLibrary(besideProgram: Self.fileName, problem: &problem) else {
      throw RecurrentError(
        .machine,
        "\(launch.launcher) has started \(launch.processes) processes, and the library by which they work together is not here: \(problem). "
          + "Build it with script/build-mpi")
    }
    guard
      let version = library.function("recurrent_mpi_version", as: (@convention(c) () -> Int32).self), version() == 1,
      let begin = library.function("recurrent_mpi_begin", as: Begin.self),
      let post = library.function("recurrent_mpi_post", as: Post.self),
      let test = library.function("recurrent_mpi_test", as: (@convention(c) (UnsafeMutableRawPointer) -> Int32).self),
      let silence = library.function("recurrent_mpi_silence", as: (@convention(c) (Int32) -> Double).self),
      let abandon = library.function("recurrent_mpi_abandon", as: (@convention(c) (UnsafePointer<CChar>) -> Void).self),
      let abandoned = library.function(
        "recurrent_mpi_abandoned", as: (@convention(c) (UnsafeMutablePointer<CChar>, Int32) -> Int32).self),
      let end = library.function("recurrent_mpi_end", as: (@convention(c) () -> Void).self)
    else {
      throw RecurrentError(.machine, "\(Self.fileName) is another version's: build it again with script/build-mpi")
    }
    (self.begin, self.post, self.test, self.silence) = (begin, post, test, silence)
    (self.abandon, self.abandoned, self.end) = (abandon, abandoned, end)
  }
}

/// The processes that a launcher of MPI's has started.
package struct MPICommunicator: Communicator {
  package let rank: Int
  package let size: Int
  package private(set) var hosts: [String]
  private let mpi: MPI

  /// Seconds after which a process that is silent counts as lost: it tells four times a second that it is alive.
  static let patience = 10.0

  /// Joins the others. A process can do so once.
  ///
  /// - Throws: ``RecurrentError`` if there is no MPI here, or it is another one than the launcher's.
  package init(_ launch: Launch) throws(RecurrentError) {
    mpi = try MPI(for: launch)
    var (rank, size): (Int32, Int32) = (0, 0)
    var name = [CChar](repeating: 0, count: 256)
    guard mpi.begin(&rank, &size, &name, 256) != 0 else {
      throw RecurrentError(.machine, "MPI can't begin here, or lets no two threads use it in turn")
    }
    (self.rank, self.size) = (Int(rank), Int(size))
    hosts = (0..<Int(size)).map { _ in System.hostName }
    guard self.size == launch.processes else {
      let line = name.prefix { $0 != 0 && $0 != 10 }.map { $0 == 9 ? 32 : UInt8(bitPattern: $0) }
      let library = String(decoding: line, as: UTF8.self)
      throw RecurrentError(
        .machine,
        "\(launch.launcher) has started \(launch.processes) processes, and \(library) knows of \(size): \(MPI.fileName) was built with another MPI than "
          + "that of \(launch.launcher): build it again with script/build-mpi and that one's mpicc"
          + (launch.launcher == "srun" ? ", or have srun start Open MPI by pmix and MPICH by pmi2" : ""))
    }
    hosts = try exchange(Array(System.hostName.utf8)).map { String(decoding: $0, as: UTF8.self) }
  }

  /// Ends what MPI does in this process. All processes come here together.
  package func end() { mpi.end() }

  package func abandon(because reason: String) { reason.withCString { mpi.abandon($0) } }

  package func transfer(
    _ sent: (bytes: UnsafeRawBufferPointer, to: Int)?, _ received: (bytes: UnsafeMutableRawBufferPointer, from: Int)?
  ) throws(RecurrentError) {
    // A message of MPI's has at most 2³¹ - 1 bytes.
    let most = 1 << 30
    let longest = max(sent?.bytes.count ?? 0, received?.bytes.count ?? 0)
    for start in stride(from: 0, to: max(longest, 1), by: most) {
      var posted: [(request: UnsafeMutableRawPointer, peer: Int)] = []
      if let received, start == 0 || start < received.bytes.count {
        let count = min(most, received.bytes.count - start)
        let bytes = received.bytes.baseAddress.map { $0 + start }
        posted.append((try request(mpi.post(1, bytes, Int32(count), Int32(received.from)), received.from), received.from))
      }
      if let sent, start == 0 || start < sent.bytes.count {
        let count = min(most, sent.bytes.count - start)
        let bytes = sent.bytes.baseAddress.map { UnsafeMutableRawPointer(mutating: $0 + start) }
        posted.append((try request(mpi.post(0, bytes, Int32(count), Int32(sent.to)), sent.to), sent.to))
      }
      for (request, peer) in posted { try wait(for: request, peer) }
    }
  }

  private func request(_ posted: UnsafeMutableRawPointer?, _ peer: Int) throws(RecurrentError) -> UnsafeMutableRawPointer {
    guard let posted else { throw RecurrentError(.machine, "MPI can't reach \(name(of: peer))") }
    return posted
  }

  private func wait(for request: UnsafeMutableRawPointer, _ peer: Int) throws(RecurrentError) {
    var tries = 0
    while true {
      let state = mpi.test(request)
      if state == 1 { return }
      if state < 0 { throw RecurrentError(.machine, "MPI has lost \(name(of: peer))") }
      tries += 1
      // What comes at once is waited for without sleeping, but not without letting others run.
      if tries < 1000 {
        sched_yield()
        continue
      }
      if tries % 100 == 0, let loss { throw loss }
      // Who waits for long, as for another run to end, does not mind a millisecond.
      usleep(tries < 2000 ? 50 : 1000)
    }
  }

  package var loss: RecurrentError? {
    var reason = [CChar](repeating: 0, count: 512)
    let failed = Int(mpi.abandoned(&reason, 512))
    if failed >= 0 {
      let text = String(decoding: reason.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      // It may have given up because of another one, which its reason names then.
      let namesOne = (0..<size).contains { text.hasPrefix(name(of: $0)) }
      return RecurrentError(.machine, namesOne ? text : "\(name(of: failed)) has failed: \(text)")
    }
    return (0..<size).first { $0 != rank && mpi.silence(Int32($0)) > Self.patience }.map {
      RecurrentError(silent: name(of: $0), for: .seconds(Self.patience))
    }
  }
}
