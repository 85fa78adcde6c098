/// A value that tests begin with; the tests end with a sentence if it can't be made.
func fixture<Value>(_ make: () throws -> Value) -> Value {
  do { return try make() } catch { fatalError("what tests begin with can't be made: \(error)") }
}
