import Platform
package import Support

/// How this process was started: by itself, or as one of several by a launcher of MPI's.
package struct Launch: Sendable, Hashable {
  /// How many processes were started together.
  package let processes: Int
  /// The number of this one, as far as the launcher says it.
  package let rank: Int
  /// What started them, as a person writes it: `mpirun`.
  package let launcher: String

  /// - Parameter environment: the value of a variable that the launcher sets; nil if it is not set.
  /// - Throws: ``RecurrentError`` if the launcher is one that starts no MPI, so that each process would do all of the work.
  package init(_ environment: (String) -> String? = System.environment) throws(RecurrentError) {
    func number(_ name: String) -> Int? { environment(name).flatMap { Int($0) } }
    let launchers = [
      ("mpirun", "OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_RANK"), ("mpirun", "PMI_SIZE", "PMI_RANK"),
      ("srun", "SLURM_STEP_NUM_TASKS", "SLURM_PROCID"),
    ]
    for (launcher, size, rank) in launchers {
      if let count = number(size) {
        (processes, self.rank, self.launcher) = (count, number(rank) ?? 0, launcher)
        return
      }
    }
    if let count = number("WORLD_SIZE"), count > 1, environment("RANK") != nil, environment("MASTER_ADDR") != nil {
      throw RecurrentError(
        .usage,
        "torchrun has started \(count) processes, and starts no MPI by which they could work together, so that each would do all of the work: "
          + "start them by mpirun -n \(count), or by srun")
    }
    (processes, rank, launcher) = (1, 0, "")
  }
}
