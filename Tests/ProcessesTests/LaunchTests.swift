import Processes
import Support
import Testing

/// What a process finds out of how it was started.
struct LaunchTests {
  @Test(
    arguments: [
      ([:], 1, 0, ""),
      (["OMPI_COMM_WORLD_SIZE": "4", "OMPI_COMM_WORLD_RANK": "2"], 4, 2, "mpirun"),
      (["PMI_SIZE": "3", "PMI_RANK": "1"], 3, 1, "mpirun"),
      (["SLURM_STEP_NUM_TASKS": "8", "SLURM_PROCID": "5"], 8, 5, "srun"),
      // A job of many tasks whose script runs the command itself.
      (["SLURM_NTASKS": "8", "SLURM_PROCID": "0"], 1, 0, ""),
      // torchrun with a single process, and variables that other things are called by.
      (["WORLD_SIZE": "1", "RANK": "0", "MASTER_ADDR": "here"], 1, 0, ""),
      (["WORLD_SIZE": "4"], 1, 0, ""),
      (["OMPI_COMM_WORLD_SIZE": "2", "WORLD_SIZE": "2", "RANK": "0", "MASTER_ADDR": "here"], 2, 0, "mpirun"),
    ] as [([String: String], Int, Int, String)])
  func theLauncherIsKnownByItsVariables(environment: [String: String], processes: Int, rank: Int, launcher: String) throws {
    let launch = try Launch { environment[$0] }
    #expect(launch.processes == processes && launch.rank == rank && launch.launcher == launcher)
  }

  @Test func torchrunIsRefused() {
    let environment = ["WORLD_SIZE": "4", "RANK": "0", "MASTER_ADDR": "127.0.0.1"]
    let error = #expect(throws: RecurrentError.self) { try Launch { environment[$0] } }
    #expect(
      error?.description
        == "torchrun has started 4 processes, and starts no MPI by which they could work together, so that each would do all of the work: "
        + "start them by mpirun -n 4, or by srun")
  }
}
