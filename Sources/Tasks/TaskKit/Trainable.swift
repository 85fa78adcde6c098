package import Support

/// The task as a type that can be trained.
///
/// - Throws: ``RecurrentError`` if the task is not one of this package.
package func trainable<Task: LearningTask>(_: Task.Type) throws(RecurrentError) -> any TrainableTask.Type {
  guard let task = Task.self as? any TrainableTask.Type else {
    throw RecurrentError(.unsuitable, "nothing says how to train for the task \(Task.self)")
  }
  return task
}

/// A value whose type is known under another name: a `Recipe<Task>` as a `Recipe<Known>` where `Known` is
/// ``trainable(_:)`` of `Task`.
package func same<Value, Other>(_ value: Value) -> Other {
  guard let other = value as? Other else { preconditionFailure("\(Value.self) is not \(Other.self)") }
  return other
}
