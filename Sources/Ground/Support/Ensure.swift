/// Ends the program with a sentence unless a caller has kept a promise, such as that an array is as long as it has to be.
///
/// It is for what is called too often, or where too little may happen, for an error to be thrown. Unlike that of `precondition`,
/// the sentence is printed by release builds, too.
///
/// - Parameter sentence: one that says what was given and what is expected; made only if it is needed.
@inlinable
package func ensure(
  _ holds: Bool, _ sentence: @autoclosure () -> String, file: StaticString = #fileID, line: UInt = #line
) {
  if !holds { fatalError(sentence(), file: file, line: line) }
}

/// What a look-up found; ends the program with a sentence if it found nothing.
///
/// It is for what must be there because something that came before has put it there: to go on with a default value would hide
/// that it has not.
///
/// - Parameter sentence: one that says what is missing, and where; made only if it is needed.
@inlinable
package func found<Value>(
  _ value: Value?, orFail sentence: @autoclosure () -> String, file: StaticString = #fileID, line: UInt = #line
) -> Value {
  guard let value else { fatalError(sentence(), file: file, line: line) }
  return value
}
