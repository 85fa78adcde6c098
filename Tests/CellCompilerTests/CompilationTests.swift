import CellCompiler
import CellLanguage
import Testing

/// Every promise of every pass, for every cell of the library, whatever is drawn and whatever a step computes.
@Suite struct CompilationTests {
  @Test(arguments: Cell.library.map(\.name))
  func everyPassKeepsItsPromises(name: String) throws {
    let cell = try Cell.named(name)
    for cell in [cell, cell.zoned] {
      for drawing in Plan.Drawing.allCases {
        for computesAll in [false, true] {
          let what = "with \(drawing), \(computesAll ? "all vectors" : "the vectors that something reads") computed"
          for plan in Compilation(
            of: cell, dimensions: try cell.smallDimensions, drawing: drawing, computesAll: computesAll)
          {
            #expect(plan.faults == [], "\(what), after \(plan.pass?.rawValue ?? "no pass")")
          }
        }
      }
    }
  }

  @Test(arguments: Cell.library.map(\.name))
  func whatIsWatchedStandsWhereItIsSaidToStand(name: String) throws {
    let cell = try Cell.named(name)
    for cell in [cell, cell.zoned] {
      for drawing in Plan.Drawing.allCases {
        let plan = Plan(compiling: cell, dimensions: try cell.smallDimensions, drawing: drawing).recompiledComputingAll()
        #expect(plan.drawing == drawing)
        let names = cell.equations.flatMap { [$0.name] + $0.preactivations.map(\.name) }
        let values = names.compactMap { plan.value(named: $0) }
        #expect(values.count == names.count)
        let watching = plan.watching(Set(values))
        #expect(Set(watching.places.keys) == Set(values))
        #expect(plan.faults(of: watching) == [], "with \(drawing)")
      }
    }
  }

  @Test func passesAreRunInTheirOrderOnceEach() throws {
    let cell = try Cell.named("gru")
    let passes = Compilation(of: cell, dimensions: try cell.smallDimensions).map(\.pass)
    #expect(passes == Plan.Pass.allCases)
    #expect(Plan.Pass.allCases.sorted() == Plan.Pass.allCases)
  }

  @Test(arguments: Plan.Pass.allCases)
  func aPlanStopsAfterThePassThatIsAskedFor(pass: Plan.Pass) throws {
    let cell = try Cell.named("gru")
    let plan = Plan(compiling: cell, dimensions: try cell.smallDimensions, through: pass)
    #expect(plan.pass == pass)
    #expect(plan.slots.isEmpty == (pass < .arrangeSlots))
    #expect(plan.products.isEmpty == (pass < .stackProducts))
    #expect(plan.training.phases.isEmpty == (pass < .scheduleSteps))
  }

  /// No promise is forgotten, and none is made twice.
  @Test func everyPromiseIsMadeByOnePass() {
    let promises = Plan.Pass.allCases.flatMap(\.promises)
    #expect(Set(promises) == Set(Plan.Promise.allCases))
    #expect(promises.count == Plan.Promise.allCases.count)
  }
}
