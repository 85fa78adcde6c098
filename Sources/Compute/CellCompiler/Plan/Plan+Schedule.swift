package import CellLanguage
import Support

extension Plan {
  /// What one step does, in order.
  package struct Schedule: Sendable {
    package var phases: [Phase] = []
    /// Floats of a row that live only within a step.
    package var scratch = 0
    /// Where each value stands that is in memory.
    package var homes: [Graph.Value: Place] = [:]

    /// Where the vector of a product stands.
    package func home(of product: Product) -> Place {
      found(homes[product.source], orFail: "value \(product.source), which a product reads, is not in memory")
    }
  }

  package enum Phase: Sendable {
    /// Into the slots from the product's vector.
    case product(Int)
    /// The transpose, from the gradients of the slots into the gradient of the product's vector.
    case backpropagate(Int, into: Place, accumulates: Bool)
    case program(Program)
  }

  /// Point-by-point instructions over rows of one width: the vectors of the batch, or all rows of a matrix that each sequence has.
  package struct Program: Sendable {
    package var instructions: [Instruction]
    package var width: Int
    package var registers: Int
    /// How many rows each sequence's matrices have; nil if the program goes over vectors.
    package var rows: Int?
    /// How many matrices stand side by side.
    package var heads = 1
    /// Whether there is so much of each vector or matrix for each row of a memory.
    package var followsMemory = false

    /// Elements of a vector or of all matrices that stand side by side.
    package var elements: Int { width * (rows ?? 1) * heads }

    /// Elements of what an instruction writes.
    package func destinationWidth(of instruction: Instruction) -> Int {
      guard let map = instruction.primitive.matrixMap, !map.spreads, let rows else { return elements * instruction.span }
      return map.length(rows: rows, columns: width) * heads
    }

    /// Elements of each thing that an instruction reads.
    package func sourceWidth(of instruction: Instruction) -> Int {
      if instruction.primitive == .spread { return 1 }
      guard let map = instruction.primitive.matrixMap, map.spreads, let rows else { return elements * instruction.span }
      return map.length(rows: rows, columns: width) * heads
    }
  }

  /// `destination = primitive(sources)`.
  package struct Instruction: Sendable {
    package var primitive: Primitive
    package var destination: Place
    package var sources: [Place]
    /// How many times the program's width it covers: more than 1 for gates side by side.
    package var span = 1
  }

  /// Where a vector of a row stands.
  package enum Place: Sendable, Hashable {
    /// A tile register: lives within a program.
    case register(Int)
    /// The same registers in a program over the rows of matrices, for what is the same in all rows: only one is computed.
    case rowRegister(Int)
    /// The rows of the input.
    case input
    case previous(state: Int)
    case next(state: Int)
    case parameter(Int)
    case constant(Double)
    case invariant(Graph.Value)
    /// The rows of a memory, or what they are multiplied by a parameter: those of each sequence, the same at all steps.
    case memory(Graph.Value)
    /// What has an element or a row for each row of a memory, and is kept for every step.
    case keptOfMemory(Graph.Value)
    /// What has an element or a row for each row of a memory, and lives within a step.
    case scratchOfMemory(Graph.Value)
    /// Backward: what the steps add up for a memory, for each sequence.
    case memoryGradient(Graph.Value)
    /// A state's mask, a row for each sequence.
    case mask(state: Int)
    /// What a state's units keep, a row for each sequence and step.
    case zoneout(state: Int)
    /// A column of the pre-activations.
    case slot(Int)
    /// A column of what is kept for every step.
    case kept(Int)
    /// A column of what lives within a step.
    case scratch(Int)
    /// Backward: a column of the pre-activations' gradients.
    case slotGradient(Int)
    case outputGradient
    case inputGradient
    /// The gradient of a state, as it comes in from the step after and as it goes out to the step before.
    case incomingGradient(state: Int)
    case outgoingGradient(state: Int)
    /// The sum over rows and steps for a vector or scalar parameter.
    case parameterGradient(Int)
    /// Some elements of what stands elsewhere, from that one on.
    indirect case part(of: Place, from: Int)

    /// Where the elements from `column` on stand.
    func part(from column: Int) -> Place {
      switch self {
      case .slot(let first): .slot(first + column)
      case .kept(let first): .kept(first + column)
      case .scratch(let first): .scratch(first + column)
      case .slotGradient(let first): .slotGradient(first + column)
      case .part(let place, let first): .part(of: place, from: first + column)
      case .constant: self
      case .register, .rowRegister, .input, .previous, .next, .parameter, .invariant, .memory, .keptOfMemory, .scratchOfMemory,
        .memoryGradient, .mask, .zoneout,
        .outputGradient, .inputGradient,
        .incomingGradient, .outgoingGradient, .parameterGradient:
        .part(of: self, from: column)
      }
    }
  }
}
