package import Tables

/// How long ago each number was there that a stream has read.
package final class AgesSoFar {
  package var ages = StepAges()

  package init() {}
}
