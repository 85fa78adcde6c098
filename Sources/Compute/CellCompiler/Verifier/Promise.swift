extension Plan {
  /// What a plan promises whatever the cell: the grammar of the intermediate form.
  ///
  /// Each pass says which promises hold from it on (``Pass/promises``). Debug builds check them after every pass, and tests do so
  /// in release builds, for every cell of the library.
  package enum Promise: String, Sendable, CaseIterable {
    // Of the graph
    case order = "every value is defined before it is used"
    case arguments = "every primitive has its arguments, as long as its value"
    case leaves = "what a step finds when it begins is as long as the cell says"
    case terms = "the terms of a pre-activation are blocks of matrices, and its biases are as long as it is"
    case forward = "nothing of the forward step comes from after it"
    case states = "every state has a next value of its own length"
    case gradients = "every pre-activation has a gradient, and every gradient is as long as what it is of"
    case backpropagation = "what comes back through products comes from all pre-activations that the vector enters"
    case invariants = "what is taken out of the step depends on parameters and numbers alone"

    // Of what stands side by side
    case slots = "every pre-activation has one slot, and slots lie side by side"
    case products = "every slot is filled by the terms of its pre-activation, once each, after its biases"
    case gates = "a gate stands in the place of a pre-activation that nothing else reads"
    case kept = "what the step back multiplies is kept, side by side, unless it is in memory anyhow"

    // Of what a step does
    case room = "instructions have their sources and keep to their memory"
    case vectors = "what products multiply is in memory for all steps"
    case forwardSteps = "a step computes the next states and what is kept, as the graph defines them"
    case backwardSteps = "a step back computes the gradients, as the graph defines them"
    case fusing = "what is multiplied as it is added is so in every run of the forward step, and nothing else is"
    case overwriting = "a gradient overwrites no pre-activation that is still read"

    /// Sentences that say where the plan breaks the promise; none if it keeps it, and with it those that come before.
    package func faults(in plan: Plan) -> [String] {
      switch self {
      case .order: plan.orderFaults
      case .arguments: plan.argumentFaults
      case .leaves: plan.leafFaults
      case .terms: plan.termFaults
      case .forward: plan.forwardFaults
      case .states: plan.stateFaults
      case .gradients: plan.gradientFaults
      case .backpropagation: plan.backpropagationFaults
      case .invariants: plan.invariantFaults
      case .slots: plan.slotFaults
      case .products: plan.productFaults
      case .gates: plan.gateFaults
      case .kept: plan.keptFaults
      case .room: plan.roomFaults
      case .vectors: plan.vectorFaults
      case .forwardSteps: plan.forwardStepFaults
      case .backwardSteps: plan.backwardStepFaults(overwriting: false)
      case .fusing: plan.fusingFaults
      case .overwriting: plan.overwritingFaults
      }
    }
  }

  /// The promises of the passes that the plan has gone through.
  package var promises: [Promise] {
    guard let pass else { return [] }
    return Pass.allCases.filter { $0 <= pass }.flatMap(\.promises)
  }

  /// Sentences that name what is wrong; none if the plan is sound. They are about the first promise that is broken: those that
  /// come after it build on it.
  package var faults: [String] { promises.lazy.map { $0.faults(in: self) }.first { !$0.isEmpty } ?? [] }
}
