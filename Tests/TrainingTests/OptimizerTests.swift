import Foundation
import Support
import Testing
import Training

@Suite struct OptimizerTests {
  @Test(
    arguments: [
      (.sgd(), []), (.sgd(momentum: 0.9), ["velocity"]), (.rmsprop(), ["mean_square"]),
      (.adam(), ["mean", "mean_square"]), (.adamw(), ["mean", "mean_square"]),
    ] as [(Optimizer, [String])])
  func keepsItsMoments(optimizer: Optimizer, moments: [String]) throws {
    #expect(optimizer.moments == moments)
    try optimizer.check()
    #expect(try JSONDecoder().decode(Optimizer.self, from: JSONEncoder().encode(optimizer)) == optimizer)
  }

  @Test(
    arguments: [
      (.sgd(momentum: 1), "momentum is 1.0; it must be at least 0 and below 1"),
      (.rmsprop(decay: -0.1), "decay is -0.1; it must be at least 0 and below 1"),
      (.rmsprop(epsilon: 0), "epsilon is 0.0; it must be above 0"),
      (.adam(beta1: .nan), "beta1 is nan; it must be at least 0 and below 1"),
      (.adam(beta2: 1), "beta2 is 1.0; it must be at least 0 and below 1"),
      (.adamw(epsilon: .infinity), "epsilon is inf; it must be above 0"),
      (.adamw(weightDecay: -1), "the weight decay is -1.0; it must be at least 0"),
    ] as [(Optimizer, String)])
  func refusesWhatMakesNoSense(optimizer: Optimizer, message: String) {
    let error = #expect(throws: RecurrentError.self) { try optimizer.check() }
    #expect(error?.description == message)
  }
}
