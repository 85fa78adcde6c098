import CommandKit
import Forecasting
import Tables

/// The options that say how a table is read.
struct TableKeys: Sendable {
  let time: Key<String?>
  let group: Key<String?>
  let missing: Key<MissingPolicy?>
  private let header: Key<Answer?>

  init(_ declare: inout Declaration) {
    time = declare.text("--time", "COLUMN", "the column that says when a row is; none to take the rows as steps")
    group = declare.text("--group", "COLUMN", "the column that says which series a row belongs to; none for a single series")
    header = Self.header(&declare)
    missing = Self.missing(&declare, standard: "error")
  }

  static func header(_ declare: inout Declaration) -> Key<Answer?> {
    declare.choice("--header", of: Answer.self, "whether the first line names the columns; seen from the file if not given")
  }

  static func missing(_ declare: inout Declaration, standard: String) -> Key<MissingPolicy?> {
    declare.choice("--missing", of: MissingPolicy.self, "what to do about missing values and rows (default: \(standard))")
  }

  func hasHeader(_ invocation: Invocation) -> Bool? { invocation[header]?.isYes }
}

/// The options that say what a forecast is like; what is not given is chosen from the data.
struct ForecastKeys: Sendable {
  private let horizon: Key<Int?>
  private let context: Key<Int?>
  private let season: Key<Int?>
  private let likelihood: Key<ForecastRequest.Likelihood?>
  private let transform: Key<ForecastRequest.Transform?>
  private let difference: Key<ForecastRequest.Difference?>
  private let noCalendar: Key<Bool>
  private let embedding: Key<Int?>

  init(_ declare: inout Declaration) {
    horizon = declare.integer("--horizon", in: 1...100_000, "steps that a forecast reaches (default: a season)")
    context = declare.integer("--context", in: 1...1_000_000, "steps of the past that training shows (default: two seasons)")
    season = declare.integer("--season", in: 0...1_000_000, "steps after which values are like before; 0 for none")
    likelihood = declare.choice(
      "--likelihood", of: ForecastRequest.Likelihood.self, "how values are spread about what is expected")
    transform = declare.choice("--transform", of: ForecastRequest.Transform.self, "what is done to values before they are learnt")
    difference = declare.choice("--difference", of: ForecastRequest.Difference.self, "what a value is learnt as a change from")
    noCalendar = declare.flag("--no-calendar", "leave out the features made from dates: hour, weekday, month")
    embedding = declare.integer(
      "--series-embedding", in: 1...4096,
      "learned numbers that tell the network which series it reads, so that each can have ways of its own")
  }

  func request(_ invocation: Invocation) -> ForecastRequest {
    var request = ForecastRequest()
    request.horizon = invocation[horizon]
    request.context = invocation[context]
    request.season = invocation[season]
    request.likelihood = invocation[likelihood]
    request.transform = invocation[transform]
    request.difference = invocation[difference]
    request.hasCalendar = !invocation[noCalendar]
    request.seriesEmbedding = invocation[embedding]
    return request
  }
}
