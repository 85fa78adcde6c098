extension Plan {
  /// The compiler, from the equations to what one step does: the passes in their order.
  package enum Pass: String, Sendable, CaseIterable {
    case lowerEquations = "lower-equations"
    case differentiate
    case findInvariants = "find-invariants"
    case arrangeSlots = "arrange-slots"
    case stackProducts = "stack-products"
    case placeGates = "place-gates"
    case chooseKept = "choose-kept"
    case fuseProducts = "fuse-products"
    case scheduleSteps = "schedule-steps"
    case placeGradients = "place-gradients"

    func run(on plan: inout Plan) {
      switch self {
      case .lowerEquations: plan.lowerEquations()
      case .differentiate: plan.differentiate()
      case .findInvariants: plan.findInvariants()
      case .arrangeSlots: plan.arrangeSlots()
      case .stackProducts: plan.stackProducts()
      case .placeGates: plan.placeGates()
      case .chooseKept: plan.chooseKept()
      case .fuseProducts: plan.fuseProducts()
      case .scheduleSteps: plan.scheduleSteps()
      case .placeGradients: plan.placeGradients()
      }
    }

    /// What holds from this pass on, whatever the cell.
    package var promises: [Promise] {
      switch self {
      case .lowerEquations: [.order, .arguments, .leaves, .terms, .forward, .states]
      case .differentiate: [.gradients, .backpropagation]
      case .findInvariants: [.invariants]
      case .arrangeSlots: [.slots]
      case .stackProducts: [.products]
      case .placeGates: [.gates]
      case .chooseKept: [.kept]
      case .fuseProducts: []
      case .scheduleSteps: [.room, .vectors, .forwardSteps, .backwardSteps, .fusing]
      case .placeGradients: [.overwriting]
      }
    }
  }
}

extension Plan.Pass: Comparable {
  /// Earlier passes come first.
  package static func < (left: Self, right: Self) -> Bool { left.place < right.place }

  private var place: Int { Self.allCases.prefix { $0 != self }.count }
}
