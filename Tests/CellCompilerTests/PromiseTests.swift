import CellCompiler
import CellLanguage
import Testing

/// The verifier: sound plans keep their promises, and plans that are broken by hand do not.
@Suite struct PromiseTests {
  @Test(arguments: Mutation.all)
  func aBrokenPlanIsRefused(mutation: Mutation) throws {
    let pass = try #require(Plan.Pass.allCases.first { $0.promises.contains(mutation.promise) })
    var plan = try mutation.base.plan(through: pass)
    #expect(plan.faults == [])
    try mutation.change(&plan)
    let faults = mutation.promise.faults(in: plan)
    #expect(faults.contains { $0.contains(mutation.words) }, "\(faults)")
    #expect(plan.faults != [])
  }

  @Test(arguments: Plan.Promise.allCases)
  func everyPromiseIsBrokenBySomething(promise: Plan.Promise) {
    #expect(Mutation.all.contains { $0.promise == promise })
  }

  /// Nothing in a schedule is there for nothing.
  @Test(arguments: [
    "rnn", "lstm", "gru-reset-before", "minimal-rnn", "scrn", "lstm-projected", "slstm", "gru-attention", "lstm-luong",
  ])
  func aScheduleWithoutOneOfItsPartsIsRefused(name: String) throws {
    let cell = try Cell.named(name).zoned
    let sound = Plan(compiling: cell, dimensions: try cell.smallDimensions, drawing: .init(masks: true, zoneout: true))
    var count = 0
    for schedule in [\Plan.inference, \Plan.training, \Plan.backward] {
      for (place, phase) in sound[keyPath: schedule].phases.enumerated() {
        var plan = sound
        plan[keyPath: schedule].phases.remove(at: place)
        #expect(plan.faults != [], "without phase \(place) of \(schedule)")
        guard case .program(let program) = phase else { continue }
        for index in program.instructions.indices {
          var shorter = program
          shorter.instructions.remove(at: index)
          plan = sound
          plan[keyPath: schedule].phases[place] = .program(shorter)
          #expect(plan.faults != [], "without instruction \(index) of phase \(place) of \(schedule)")
          count += 1
        }
      }
    }
    #expect(count > 10)
  }

  /// The faults of a plan are those of the first promise that it breaks: what comes after builds on it.
  @Test func theFirstBrokenPromiseIsNamed() throws {
    var plan = try Mutation.Base.gated.plan(through: nil)
    plan.slots.swapAt(0, 1)
    plan.next.removeLast()
    #expect(plan.faults == ["there are 1 next values for 2 states"])
  }

  @Test func aPlanPromisesWhatItsPassesDo() throws {
    #expect(
      try Mutation.Base.gated.plan(through: .differentiate).promises == Plan.Pass.lowerEquations.promises
        + Plan.Pass.differentiate.promises)
    #expect(try Mutation.Base.gated.plan(through: nil).promises == Plan.Promise.allCases)
  }

  @Test func whatIsWatchedAtAWrongPlaceIsRefused() throws {
    let sound = try Mutation.Base.gated.plan(through: nil)
    let watching = sound.watching([try sound.value("f"), try sound.value("f.pre")])
    #expect(sound.faults(of: watching) == [])
    var plan = sound
    plan.next.swapAt(0, 1)
    #expect(plan.faults(of: watching) != [])
  }
}
