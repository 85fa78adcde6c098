import Labelling
import Networks
import Support
import Tables
import TaskKit
import Testing

struct LabellerTests {
  private func trained(
    _ change: (inout Recipe<LabelTask>) -> Void = { _ in }, sequences: Int = 12, iterations: Int = 250
  ) throws -> Labeller {
    let data = (0..<sequences).map { pulses(60, seed: UInt64($0)) }
    return try Labeller.train(
      on: data.map(\.numbers), labels: data.map(\.labels),
      configure: { recipe in
        (recipe.network.units, recipe.training.batch, recipe.training.iterations) = (12, 6, iterations)
        (recipe.training.learningRate, recipe.task.window) = (0.02, 8)
        change(&recipe)
      })
  }

  /// What labels depend on is often longer ago than a window is long.
  @Test func aLabellerLearnsWhatIsFurtherBackThanAWindow() throws {
    let labeller = try trained()
    #expect(labeller.labels == ["down", "none", "up"])
    let (numbers, labels) = pulses(200, seed: 99)
    let found = try labeller.labels(of: numbers)
    let right = zip(found, labels).count { $0.label == $1 }
    #expect(found.count == 200 && right > 185, "\(right) of 200 are right")
    #expect(found.allSatisfy { $0.probability >= 1.0 / 3 && $0.probability <= 1 })
  }

  @Test func aStreamGivesWhatTheWholeSequenceGives() throws {
    let labeller = try trained(iterations: 20)
    let numbers = pulses(50, seed: 5).numbers
    let stream = try labeller.stream()
    for (step, whole) in zip(numbers, try labeller.labels(of: numbers)) {
      let own = try stream.step(step)
      #expect(own.label == whole.label && abs(own.probability - whole.probability) < 1e-5)
    }
    stream.reset()
    let own = try stream.step(numbers[0]).probability
    let whole = try labeller.labels(of: numbers)[0].probability
    #expect(abs(own - whole) < 1e-5)
    #expect(throws: RecurrentError.self) { try stream.step([1]) }
    #expect(throws: RecurrentError.self) { try stream.step([1, .nan]) }
  }

  @Test func networksThatReadBothWaysLabelWholeSequences() throws {
    let labeller = try trained({ $0.network.isBidirectional = true }, iterations: 150)
    let (numbers, labels) = pulses(100, seed: 7)
    let right = zip(try labeller.labels(of: numbers), labels).count { $0.label == $1 }
    #expect(right > 80, "\(right) of 100 are right")
    #expect(throws: RecurrentError.self) { try labeller.stream() }
  }

  @Test func missingNumbersAreMaskedIfAskedFor() throws {
    var (numbers, labels) = pulses(80, seed: 3)
    numbers[5][1] = .nan
    #expect(throws: RecurrentError.self) { try Labeller.train(on: [numbers], labels: [labels]) }
    let labeller = try Labeller.train(on: [numbers], labels: [labels]) { _ in
    } configure: {
      ($0.task.missing, $0.network.units, $0.training.iterations) = (.mask, 4, 3)
    }
    #expect(labeller.network.architecture.features == 4)
    #expect(try labeller.labels(of: numbers).count == 80)
    labels[0] = ""
    _ = try labeller.stream().step([1, .nan])
  }

  @Test(arguments: [
    ([["a", "a"]], "the data: “a” is the label of all steps, so there is nothing to tell apart"),
    ([["", ""]], "the data: no step has a label, so there is nothing to tell apart"),
    ([["a"]], "sequence 1 has 2 steps and labels of 1: give one for each step"),
    ([["a", "b"], ["a", "b"]], "there are 1 sequences and labels of 2: give those of each step of each sequence"),
  ])
  func dataThatMakesNoSenseIsRefused(labels: [[String]], message: String) {
    let error = #expect(throws: RecurrentError.self) { try Labeller.train(on: [[[1], [2]]], labels: labels) }
    #expect(error?.description == message)
  }

  @Test func aLabellerIsTrainedFurtherAndKeepsWhatItKnows() throws {
    let first = try trained(iterations: 10)
    let (numbers, labels) = pulses(60, seed: 4)
    let second = try Labeller.train(on: [numbers], labels: [labels], from: first) { _ in
    } configure: {
      $0.training.iterations = 1
    }
    #expect(second.network.architecture == first.network.architecture)
    #expect(second.description.scaling == first.description.scaling)
    #expect(second.network.parameters != first.network.parameters)
  }
}
