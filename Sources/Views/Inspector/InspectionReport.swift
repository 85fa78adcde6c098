/// What an inspection has found, as data: what the HTML page shows and `--json` writes, with keys `like_this` and without
/// those whose value would be nil.
///
/// Layers count from 1, steps and units from 0. A bidirectional layer counts twice, once for each direction.
public struct InspectionReport: Sendable, Encodable {
  public let version = 1
  public let title: String
  /// What was left out to keep the report small, and how to get it, in a sentence; nil if it is all there.
  public let thinned: String?
  /// One model, or two on the same input.
  public let models: [Model]

  public struct Model: Sendable, Encodable {
    public let name: String
    public let summary: String
    /// Steps of the report; the input may go on.
    public let steps: Int
    public let input: Input
    public let labels: [Column]
    public let outputs: Outputs?
    public let layers: [Layer]
    /// How far back single outputs look.
    public let memory: [Reach]
    public let findings: [Finding]
  }

  /// Named numbers, one a step; nil where there is none.
  public struct Column: Sendable, Encodable {
    public let name: String
    public let values: [Float?]
  }

  public enum Input: Sendable {
    /// What each step reads, as text: symbols or words.
    case tokens([String])
    /// Numbers, and what their steps are called; nil to count them.
    case features([Column], names: [String]?)
  }

  /// What the network gave, row by row.
  public struct Outputs: Sendable, Encodable {
    /// What a row is of.
    public enum Kind: String, Sendable, Encodable {
      /// What follows a step.
      case next
      /// A step.
      case step
      /// The whole sequence: there is one row.
      case sequence
    }

    public let kind: Kind
    /// Nats for classes, as in training for values; nil where no target is known.
    public let loss: [Float?]
    /// The most probable classes, the first three of a step, the first twelve of a sequence; nil if the network gives values.
    public let top: [[Guess]]?
    /// The values; nil if the network gives classes.
    public let columns: [Column]?
  }

  /// A class and its probability, written `["e", 0.71]`.
  public struct Guess: Sendable {
    public let text: String
    public let probability: Float
  }

  public struct Layer: Sendable, Encodable {
    public let name: String
    public let cell: String
    public let units: Int
    public let direction: String
    public let equations: [Equation]
    public let quantities: [Quantity]
    /// The states before the first step, by the name of their next values.
    public let initial: [String: [Float]]
    public let statistics: [Statistics]
    public let memoryTime: MemoryTime?
    public let dead: [IdleUnit]
    public let correlations: [Correlation]
    /// An order of the units in which similar ones stand side by side; nil for 64 units or fewer.
    public let clusters: [Int]?
    public let weights: [Weights]
    /// What was held while the network ran; later ones win over earlier ones.
    public let held: [Hold]
  }

  /// A quantity that was held at a value, whatever its equation says.
  public struct Hold: Sendable, Encodable, Hashable {
    public let quantity: String
    public let value: Float
    /// The first and the last unit; nil for all of them, as for the steps.
    public let units: [Int]?
    public let steps: [Int]?
  }

  public struct Equation: Sendable, Encodable {
    public let target: String
    /// Whether it gives a state's next value.
    public let update: Bool
    public let text: String
    public let label: String?
    /// The right side in pieces, with quantities where their numbers can be put in.
    public let template: [Piece]
  }

  /// A piece of an equation's right side: text, or a quantity at this step or at the one before.
  public enum Piece: Sendable, Hashable {
    case text(String)
    case quantity(String, previous: Bool)
  }

  public struct Quantity: Sendable, Encodable {
    public let name: String
    public let label: String?
    public let role: String
    /// The function that gives it, as equations write it; nil for anything else.
    public let activation: String?
    public let width: Int
    public let low: Float
    public let high: Float
    /// `[steps, width]`, see ``Steps16``.
    public let values: Steps16
  }

  /// What a quantity does over all steps, a number for each unit.
  public struct Statistics: Sendable, Encodable {
    public let quantity: String
    public let mean: [Float?]
    public let variance: [Float?]
    /// Shares of the steps at which a gate is below 0.1 and above 0.9; nil for what is no gate.
    public let closed: [Float]?
    public let open: [Float]?
    /// The fraction of steps at which the function that gives it is nearly flat; nil where nothing is squashed.
    public let saturated: [Float]?
  }

  /// How long units keep what they hold.
  public struct MemoryTime: Sendable, Encodable {
    /// What the state's previous value is multiplied by, such as `f` or `1 - z`.
    public let quantity: String
    /// The state that is kept.
    public let state: String
    /// -1 / ln(mean of the factor) in steps, the time in which 1/e is left; nil if nothing is lost.
    public let steps: [Float?]
  }

  /// A unit that does nothing.
  public struct IdleUnit: Sendable, Encodable, Hashable {
    public let quantity: String
    public let unit: Int
    public let reason: String
  }

  /// How each unit of a quantity goes along with a column of labels, -1 to 1.
  public struct Correlation: Sendable, Encodable {
    public let label: String
    public let quantity: String
    public let values: [Float]
  }

  /// A block of a parameter that meets one kind of vector.
  public struct Weights: Sendable, Encodable {
    public let name: String
    /// The equation that reads it.
    public let equation: String
    /// `recurrent`, `input`, `bias`, `peephole` or `scale`.
    public let part: String
    public let rows: Int
    public let columns: Int
    public let low: Float
    public let high: Float
    /// How many weights fall into each of 40 equal parts from `low` to `high`.
    public let counts: [Int]
    public let mean: Float
    public let deviation: Float
    /// The largest magnitude of an eigenvalue; nil unless it is a square recurrent matrix.
    public let spectralRadius: Float?
  }

  /// How much each earlier input matters to one output.
  public struct Reach: Sendable, Encodable {
    public let step: Int
    /// ‖∂ loss at that step / ∂ input at step t‖ for t = 0 … step.
    public let norms: [Float]
    /// How many steps back it falls below 1 % of its largest for good; nil if it never does.
    public let reach: Int?
  }

  public struct Finding: Sendable, Encodable, Hashable {
    public enum Level: String, Sendable, Encodable { case problem, advice, note }

    public let level: Level
    public let text: String
    /// The place that it speaks of.
    public let layer: Int?
    public let quantity: String?
    public let unit: Int?
    public let step: Int?
  }
}
