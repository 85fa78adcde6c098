package import Support

/// The task as what can be trained.
///
/// - Throws: ``RecurrentError`` if nothing says how it is trained.
package func trainable<Task: LearningTask>(_: Task.Type) throws(RecurrentError) -> any TrainableTask.Type {
  guard let task = Task.self as? any TrainableTask.Type else {
    throw RecurrentError(.unsuitable, "nothing says how to train for the task \(Task.self)")
  }
  return task
}

/// The same value where its type is known under another name: a `Recipe<Task>` as a `Recipe<Known>` where `Known` is
/// ``trainable(_:)`` of `Task`.
package func same<Value, Other>(_ value: Value) -> Other {
  guard let other = value as? Other else { preconditionFailure("\(Value.self) is not \(Other.self)") }
  return other
}
