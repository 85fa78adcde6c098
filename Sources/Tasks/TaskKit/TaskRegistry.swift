package import Networks
import Storage
import Support
package import Training

/// The tasks that a program knows. It is a value that is passed on, so that a program or a test may have others.
package struct TaskRegistry: Sendable {
  package let tasks: [any TrainableTask.Type]

  package init(_ tasks: [any TrainableTask.Type]) {
    precondition(Set(tasks.map { $0.kind }).count == tasks.count, "two tasks have the same kind")
    self.tasks = tasks
  }

  /// The task of that kind; nil if there is none.
  package subscript(kind: String) -> (any TrainableTask.Type)? { tasks.first { $0.kind == kind } }

  /// The task of a run.
  ///
  /// - Throws: ``RecurrentError`` if the folder is not a run's, or the run is of a task that is not known.
  package func task(of folder: RunFolder) throws -> any TrainableTask.Type {
    let header = try RunHeader(of: folder)
    if let kind = header.kind {
      if let task = self[kind] { return task }
      throw RecurrentError(
        cannotRead: folder.configuration, "it is the run of a task “\(kind)”, which this program does not know: use a newer one")
    }
    guard let first = header.task else { throw RecurrentError(cannotRead: folder.configuration, "it names no task") }
    for task in tasks where try task.isKind(ofFirstGeneration: first) { return task }
    throw RecurrentError(
      cannotRead: folder.configuration, "it is the run of a task “\(first.kind)”, which this program does not know")
  }

  /// The task that a network was trained for; nil if it is not one of these.
  package func owner(of network: Network) -> (any TrainableTask.Type)? { tasks.first { $0.owns(network) } }
}

extension TrainableTask {
  fileprivate static func isKind(ofFirstGeneration task: FirstGenerationTask) throws -> Bool {
    try recipe(firstGeneration: task) != nil
  }
}
