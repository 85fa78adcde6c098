import CommandKit
import Engine
import Platform
import Processes
import Support

extension Invocation {
  /// Does the command's work together with the other processes that a launcher of MPI's has started, or alone if there are none. Only the first
  /// process writes to the terminal.
  ///
  /// - Parameter body: gets the processes, and the call as it is in this one.
  /// - Throws: what `body` throws; ``RecurrentError`` if processes were started that can't work together.
  func together(_ body: (any Communicator, Invocation) throws -> Void) throws {
    let launch = try Launch()
    guard launch.processes > 1 else { return try body(OneProcess(), self) }
    let processes: MPICommunicator
    do { processes = try MPICommunicator(launch) } catch {
      // All say the same: the first one does, and is given the time for it.
      if launch.rank != 0 { sleep(2) }
      throw error
    }
    do {
      try body(processes, processes.isFirst ? self : inSilence)
      processes.end()
    } catch let stop as Interrupted {
      processes.end()
      throw stop
    } catch {
      processes.abandon(because: (error as? RecurrentError)?.inCommand ?? "\(error)")
      if processes.isFirst { throw error }
      // The first process says what happened, and when it ends the launcher ends this one. It may be the one that is lost.
      sleep(2)
      throw RecurrentError(
        .machine, "\(processes.name(of: processes.rank)): \((error as? RecurrentError)?.inCommand ?? "\(error)")")
    }
  }
}

extension Communicator {
  /// The threads of a process that shares its host with others: the processors that it may use, but no more than its part of all. Nil for a
  /// process that works alone.
  var fairThreads: Int? {
    if size == 1 { return nil }
    let neighbours = hosts.count { $0 == hosts[rank] }
    return max(1, min(Machine.processorCount, System.processors / neighbours))
  }
}
