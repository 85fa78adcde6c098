/// What an inspection has found, as data: what the HTML page shows and `--json` writes, with keys `like_this` and without
/// those whose value would be nil.
///
/// Layers count from 1, steps and units from 0. A bidirectional layer counts twice, once for each direction.
public struct InspectionReport: Sendable, Encodable {
  package let version = 1
  package let title: String
  /// What was left out to keep the report small, and how to get it, in a sentence; nil if it is all there.
  package let thinned: String?
  /// One model, or two on the same input.
  package let models: [Model]

  package struct Model: Sendable, Encodable {
    package let name: String
    package let summary: String
    /// Steps of the report; the input may go on.
    package let steps: Int
    package let input: Input
    package let labels: [Column]
    package let outputs: Outputs?
    package let layers: [Layer]
    /// How far back single outputs look.
    package let memory: [Reach]
    /// What each step of the source is, after which the network began; nil without a source.
    package let source: [String]?
    /// For each step the share of each step of the source in what its loss depends on there: the norms of ``Reach/source``, divided by their
    /// sum. Not finite at steps that are not in ``memory``; nil if there is no source.
    package let sourceReach: Quantity?
    /// The symbol that should come after the last step of the input; nil where that is not known.
    package let following: String?
    package let findings: [Finding]
  }

  /// Named numbers, one a step; nil where there is none.
  package struct Column: Sendable, Encodable {
    package let name: String
    package let values: [Float?]
  }

  package enum Input: Sendable {
    /// What each step reads, as text: symbols or words.
    case tokens([String])
    /// Numbers, and what their steps are called; nil to count them.
    case features([Column], names: [String]?)
  }

  /// What the network gave, row by row.
  package struct Outputs: Sendable, Encodable {
    /// What a row is of.
    package enum Kind: String, Sendable, Encodable {
      /// What follows a step.
      case next
      /// A step.
      case step
      /// The whole sequence: there is one row.
      case sequence
    }

    package let kind: Kind
    /// Nats for classes, as in training for values; nil where no target is known.
    package let loss: [Float?]
    /// The most probable classes, the first three of a step, the first twelve of a sequence; nil if the network gives values.
    package let top: [[Guess]]?
    /// The values; nil if the network gives classes.
    package let columns: [Column]?
  }

  /// A class and its probability, written `["e", 0.71]`.
  package struct Guess: Sendable {
    package let text: String
    package let probability: Float
  }

  package struct Layer: Sendable, Encodable {
    package let name: String
    package let cell: String
    package let units: Int
    package let direction: String
    package let equations: [Equation]
    package let quantities: [Quantity]
    /// The states before the first step, by the name of their next values.
    package let initial: [String: [Float]]
    package let statistics: [Statistics]
    package let memoryTime: MemoryTime?
    package let dead: [IdleUnit]
    package let correlations: [Correlation]
    /// An order of the units in which similar ones stand side by side; nil for 64 units or fewer.
    package let clusters: [Int]?
    package let weights: [Weights]
    /// What was held while the network ran; later ones win over earlier ones.
    package let held: [Hold]
  }

  /// A quantity that was held at a value, whatever its equation says.
  package struct Hold: Sendable, Encodable, Hashable {
    package let quantity: String
    package let value: Float
    /// The first and the last unit; nil for all of them, as for the steps.
    package let units: [Int]?
    package let steps: [Int]?
  }

  package struct Equation: Sendable, Encodable {
    package let target: String
    /// Whether it gives a state's next value.
    package let update: Bool
    package let text: String
    package let label: String?
    /// The right side in pieces, with quantities where their numbers can be put in.
    package let template: [Piece]
  }

  /// A piece of an equation's right side: text, or a quantity at this step or at the one before.
  package enum Piece: Sendable, Hashable {
    case text(String)
    case quantity(String, previous: Bool)
  }

  package struct Quantity: Sendable, Encodable {
    package let name: String
    package let label: String?
    package let role: String
    /// The function that gives it, as equations write it; nil for anything else.
    package let activation: String?
    package let width: Int
    /// Of a matrix, which stands row by row, how many columns it has; nil of a vector.
    package let columns: Int?
    /// How many matrices stand one after the other, or numbers, one for each head; nil of a vector.
    package let heads: Int?
    package let low: Float
    package let high: Float
    /// What the numbers of a step are called; nil to count them.
    package let rows: [String]?
    /// `[steps, width]`, see ``Steps16``.
    package let values: Steps16
  }

  /// What a quantity does over all steps, a number for each unit.
  package struct Statistics: Sendable, Encodable {
    package let quantity: String
    package let mean: [Float?]
    package let variance: [Float?]
    /// Shares of the steps at which a gate is below 0.1 and above 0.9; nil for what is no gate.
    package let closed: [Float]?
    package let open: [Float]?
    /// The fraction of steps at which the function that gives it is nearly flat; nil where nothing is squashed.
    package let saturated: [Float]?
  }

  /// How long units keep what they hold.
  package struct MemoryTime: Sendable, Encodable {
    /// What the state's previous value is multiplied by, such as `f` or `1 - z`.
    package let quantity: String
    /// The state that is kept.
    package let state: String
    /// -1 / ln(mean of the factor) in steps, the time in which 1/e is left; nil if nothing is lost.
    package let steps: [Float?]
  }

  /// A unit that does nothing.
  package struct IdleUnit: Sendable, Encodable, Hashable {
    package let quantity: String
    package let unit: Int
    package let reason: String
  }

  /// How each unit of a quantity goes along with a column of labels, -1 to 1.
  package struct Correlation: Sendable, Encodable {
    package let label: String
    package let quantity: String
    package let values: [Float]
  }

  /// A block of a parameter that meets one kind of vector.
  package struct Weights: Sendable, Encodable {
    package let name: String
    /// The equation that reads it.
    package let equation: String
    /// `recurrent`, `input`, `bias`, `peephole` or `scale`.
    package let part: String
    package let rows: Int
    package let columns: Int
    package let low: Float
    package let high: Float
    /// How many weights fall into each of 40 equal parts from `low` to `high`.
    package let counts: [Int]
    package let mean: Float
    package let deviation: Float
    /// The largest magnitude of an eigenvalue; nil unless it is a square recurrent matrix.
    package let spectralRadius: Float?
  }

  /// How much each earlier input matters to one output.
  package struct Reach: Sendable, Encodable {
    package let step: Int
    /// ‖∂ loss at that step / ∂ input at step t‖ for t = 0 … step.
    package let norms: [Float]
    /// ‖∂ loss at that step / ∂ what the encoder reads at step s of the source‖ for each s; nil if there is no source.
    package let source: [Float]?
    /// How many steps back it falls below 1 % of its largest for good; nil if it never does.
    package let reach: Int?
  }

  package struct Finding: Sendable, Encodable, Hashable {
    package enum Level: String, Sendable, Encodable { case problem, advice, note }

    package let level: Level
    package let text: String
    /// The place that it speaks of.
    package let layer: Int?
    package let quantity: String?
    package let unit: Int?
    package let step: Int?
  }
}
