package import Engine
package import Networks
package import Processes
package import Support
package import Training

/// The processes that make a training together.
package struct TrainingTeam: Sendable {
  package let processes: any Communicator
  /// Whether processors of different levels may train together, though their bits differ.
  package let mayMixMachines: Bool

  package init(_ processes: any Communicator, mayMixMachines: Bool = false) {
    self.processes = processes
    self.mayMixMachines = mayMixMachines
  }

  /// A single process.
  package static var alone: TrainingTeam { TrainingTeam(OneProcess()) }

  /// Sees to it that all processes are about to do the same in the same way.
  ///
  /// - Returns: whether their processors are of different levels.
  /// - Throws: ``RecurrentError`` if they are and this is not allowed, if their versions, data or networks differ, or if there are more of them
  ///   than a batch has shards.
  package func check(
    _ network: Network, _ options: TrainingOptions, _ digest: String?, _ machine: Machine
  ) throws(RecurrentError) -> Bool {
    if processes.size == 1 { return false }
    let most = options.shards ?? PackedLengths.standardShards
    guard processes.size <= most else {
      throw RecurrentError(
        .machine,
        naming:
          "there are \(processes.size) processes, and a batch is split into \(most) parts at most, so that some would have nothing to do: start "
          + "\(most) or fewer, or begin a training with \(Setting("shards")) \(processes.size)")
    }
    let own = [Release.version, machine.instructionSet.description, digest ?? "", network.digest.digits, "\(options)"]
    // A line of its own for each: neither a version nor a digest has several.
    let all = try processes.exchange(Array(own.joined(separator: "\n").utf8)).map {
      String(decoding: $0, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }
    func other(_ field: Int) -> Int? {
      all.indices.first { $0 != 0 && (all[$0].count != all[0].count || all[$0][field] != all[0][field]) }
    }
    let first = processes.name(of: 0)
    if let place = other(0) {
      throw RecurrentError(
        .machine,
        "\(processes.name(of: place)) is of version \(all[place][0]), and \(first) of \(all[0][0]): install the same version on all hosts"
      )
    }
    if let place = other(2) {
      throw RecurrentError(
        .data, "\(processes.name(of: place)) has read other data than \(first): give all processes the same files")
    }
    if let place = other(3) ?? other(4) {
      throw RecurrentError(
        .machine,
        "\(processes.name(of: place)) begins with another network or other settings than \(first): start all with the same command, in the "
          + "same folder")
    }
    guard let place = other(1) else { return false }
    if mayMixMachines { return true }
    throw RecurrentError(
      .machine,
      naming:
        "\(processes.name(of: place)) computes with \(all[place][1]) and \(first) with \(all[0][1]), whose numbers differ in their last bits: set "
        + "RECURRENT_CPU to a level that all have, or allow it with \(Setting("mixed-machines"))")
  }
}
