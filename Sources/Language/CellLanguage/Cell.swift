/// A recurrent cell: the equations of one time step, checked.
///
/// A value of this type is always sound: every name is defined, every size agrees, nothing depends on itself.
/// The text that it came from can be printed again with ``description``.
public struct Cell: Sendable, Hashable {
  /// The name after `cell`.
  public internal(set) var name: String
  /// The comment lines above `cell`, without `#`: what the cell is and where it was published.
  public let summary: [String]
  /// The vectors that each step reads, in the order of the text: one or more. In memory they stand one after the other, as one row.
  public let inputs: [Input]
  /// The memory that each step may read; nil if the cell has none.
  public let memory: Memory?
  /// The states in the order of the text; the first one is the output.
  public internal(set) var states: [State]
  /// Sizes that the text names, other than `units` and `inputs`.
  package let sizes: [NamedSize]
  /// Whether a `heads` line splits all vectors into equal parts, as many as its size `heads` says. Lengths are those of all parts
  /// together.
  package let hasHeads: Bool
  /// Numbers that the text names, in its order.
  public internal(set) var constants: [Constant]
  /// The equations in the order of the text.
  package internal(set) var equations: [Equation]
  /// Equations that a step goes through several times.
  package let repeats: [Repeat]
  /// Indices into ``equations`` such that each equation follows those that it reads, and those of a ``Repeat`` stand together.
  package let evaluationOrder: [Int]
  /// The parameters in the order of their first use.
  public internal(set) var parameters: [Parameter]
  /// What the equations require of a layer's sizes, such as `inputs = units` where `x + h` stands. Usually empty.
  package let constraints: [Constraint]

  package init(
    name: String, summary: [String], inputs: [Input], memory: Memory? = nil, states: [State], sizes: [NamedSize], hasHeads: Bool,
    constants: [Constant] = [], equations: [Equation], repeats: [Repeat], evaluationOrder: [Int], parameters: [Parameter],
    constraints: [Constraint]
  ) {
    self.name = name
    self.summary = summary
    self.inputs = inputs
    self.memory = memory
    self.states = states
    self.sizes = sizes
    self.hasHeads = hasHeads
    self.constants = constants
    self.equations = equations
    self.repeats = repeats
    self.evaluationOrder = evaluationOrder
    self.parameters = parameters
    self.constraints = constraints
  }
}

extension Cell {
  /// The name of the first input, which is `inputs` long and which a layer reads from what is below it.
  public var input: String { inputs[0].name }

  /// A vector that each step reads.
  public struct Input: Sendable, Hashable {
    /// The name in equations.
    public let name: String
    /// `inputs` for the first one, for others what the text says: `input x, dt(1)`.
    package let size: Size

    package init(name: String, size: Size = .inputs) { (self.name, self.size) = (name, size) }

    /// Whether it is one number at each step, whatever the layer, as `dt(1)` is: such an input fits a vector of any length.
    package var isNumber: Bool { size == Size(constant: 1) }
  }

  /// A whole sequence that another network gave, which a cell may read at every step: a matrix with a row for each step of that
  /// sequence. Sequences of a batch have memories of different lengths, and rows past the end of one don't exist.
  public struct Memory: Sendable, Hashable {
    /// The name in equations.
    public let name: String
    /// How long each row is, from a line such as `memory M(K)`.
    package let size: Size

    package init(name: String, size: Size) { (self.name, self.size) = (name, size) }

    /// As many rows as the memory has, which each sequence decides, and as many columns as a row is long.
    package var shape: Shape { Shape(.rows(of: name), columns: size) }
  }

  /// A vector that a step receives from the step before it.
  public struct State: Sendable, Hashable {
    /// The name of its old value in equations; that of its next value is the same with a prime.
    public let name: String
    /// `units` unless the text says otherwise: `state h(P), c`; of a matrix its rows and columns, `state C(units, P)`.
    package let size: Shape
    /// Whether a line `scalar m` says that it is a single number, which fits a vector of any length.
    package let isNumber: Bool
    /// The fraction of its units that keep their value at a step of training, drawn again at each, from a line `zoneout c = 0.5`
    /// (Krueger et al. 2017); outside training each unit keeps that fraction of its value. Usually 0.
    package let zoneout: Double

    package init(name: String, size: Shape, isNumber: Bool = false, zoneout: Double = 0) {
      self.name = name
      self.size = size
      self.isNumber = isNumber
      self.zoneout = zoneout
    }
  }

  /// A size with a name of its own, such as the length of a projection.
  package struct NamedSize: Sendable, Hashable {
    package let name: String
    /// The default size, from a line such as `size P = units / 2` or `size D = heads * 16`.
    package let defaultValue: Default?

    /// The product of some sizes and a number, divided by another one and rounded down, at least 1.
    package struct Default: Sendable, Hashable {
      /// Sizes by name: `units`, `inputs` and the cell's own.
      package let names: [String]
      package let multiplier: Int
      package let divisor: Int

      package init(names: [String] = [], multiplier: Int = 1, divisor: Int = 1) {
        (self.names, self.multiplier, self.divisor) = (names, multiplier, divisor)
      }

      /// How long a row of a memory is where nothing gives it: as long as the layer has units.
      static let ofMemory = Default(names: ["units"])
    }

    package init(name: String, defaultValue: Default?) {
      self.name = name
      self.defaultValue = defaultValue
    }
  }

  /// A number with a name, from a line `constant ε = 1e-5`: what a run may set without writing another cell.
  public struct Constant: Sendable, Hashable {
    /// The name in equations.
    public let name: String
    /// What the name stands for.
    public let value: Double

    package init(name: String, value: Double) { (self.name, self.value) = (name, value) }
  }

  /// Two sizes that must be the same number in a layer.
  package struct Constraint: Sendable, Hashable {
    package let left: Size
    package let right: Size

    package init(left: Size, right: Size) {
      self.left = left
      self.right = right
    }
  }

  /// One line `name = …` or `name' = …`.
  package struct Equation: Sendable, Hashable {
    /// The local value or the state that the line defines.
    package let target: String
    /// Whether the line gives a state's next value, `c' = …`.
    package let isUpdate: Bool
    package let expression: Expression
    /// The length of the vector, or the rows and columns of the matrix.
    package let size: Shape
    /// Whether a line `scalar i` says of a local value that it is a single number, which fits a vector of any length.
    package let isNumber: Bool
    /// Whether a line `local z(P)` says how long the vector is.
    package let hasDeclaredSize: Bool
    /// The comment after the equation, without `#`.
    package let label: String?

    package init(
      target: String, isUpdate: Bool, expression: Expression, size: Shape, isNumber: Bool = false, hasDeclaredSize: Bool = false,
      label: String?
    ) {
      self.target = target
      self.isUpdate = isUpdate
      self.expression = expression
      self.size = size
      self.isNumber = isNumber
      self.hasDeclaredSize = hasDeclaredSize
      self.label = label
    }

    /// The same line with another right-hand side.
    package func replacing(_ expression: Expression) -> Equation {
      Equation(
        target: target, isUpdate: isUpdate, expression: expression, size: size, isNumber: isNumber,
        hasDeclaredSize: hasDeclaredSize, label: label)
    }
  }

  /// Equations that a step goes through several times, from a line `repeat 6`. Each time states stand for what the time before has
  /// left of them; what other equations read of these is what the last time leaves.
  package struct Repeat: Sendable, Hashable {
    /// How many times.
    package let count: Size
    /// Which of the cell's equations.
    package let equations: Range<Int>

    package init(count: Size, equations: Range<Int>) { (self.count, self.equations) = (count, equations) }
  }

  /// What training learns: a name that no line defines.
  public struct Parameter: Sendable, Hashable {
    /// The name in equations.
    public let name: String
    package let kind: Kind
    /// How the parameter is initialized, from a line `init b_f = 1`; nil for the default of its kind.
    package internal(set) var initializer: Initializer?
    /// Whether training leaves it as it starts, from a line `fixed W`.
    public let isFixed: Bool

    /// What the parameter is, as its use shows.
    package enum Kind: Sendable, Hashable {
      /// `W v`: `rows` long results of vectors that are the sum of `columns` long, one entry for each vector of a
      /// concatenation. Stored row by row, `[rows, columns]`.
      case matrix(rows: Size, columns: [Size])
      /// `R v` with a block on its diagonal for each head: `rows` and `columns` are those of the whole matrix, of which only the blocks
      /// are stored, `[rows, columns / heads]`: the rows of the first block, then those of the next one.
      case blockDiagonal(rows: Size, columns: [Size])
      /// A vector that multiplies, such as a diagonal peephole.
      case vector(Size)
      /// A vector that is only added.
      case bias(Size)
      /// A single number, declared by `scalar`.
      case scalar
    }

    package init(name: String, kind: Kind, initializer: Initializer?, isFixed: Bool = false) {
      self.name = name
      self.kind = kind
      self.initializer = initializer
      self.isFixed = isFixed
    }
  }

  /// How a parameter starts, from an `init` line.
  package enum Initializer: Sendable, Hashable {
    /// `init b_f = 1`: the same number everywhere.
    case constant(Double)
    /// `init U = identity` or `init U = identity(0.5)`: the number on the diagonal, 0 elsewhere.
    case identity(Double)
    /// `init U = orthogonal` or `init U = orthogonal(0.9)`: the number times an orthogonal matrix.
    case orthogonal(Double)
    /// `init W = glorot`: uniform within ±√(6 / (rows + columns)) (Glorot & Bengio 2010).
    case glorot
    /// `init u = uniform(0, 1)`
    case uniform(Double, Double)
    /// `init u = normal(0.1)`: the standard deviation.
    case normal(Double)
    /// `init E = groups`: 1 where a row belongs to a column, as each column has equally many rows, one after the other; 0 elsewhere.
    case groups
    /// `init A, B = legendre(64)`: the matrix and the vector of a memory of so many steps (Voelker, Kajić & Eliasmith 2019).
    case legendre(Double)
  }
}
