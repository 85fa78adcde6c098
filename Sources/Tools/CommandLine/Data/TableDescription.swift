import CommandKit
import Console
import Sequences
import Support
import Tables

/// A table, its series and what is wrong with them, as `recurrent describe` prints it.
struct TableDescription {
  let summary: TableSummary
  /// The file, with what was said of how it is written.
  let asked: TableFile
  let time: String?
  let group: String?
  /// How times are read; nil if there are none, or it isn't clear.
  let times: TimeReading?
  let series: SeriesSummary

  /// Describes a table, which is read once more if it has times or groups.
  init(_ summary: TableSummary, asked: TableFile, time: ColumnChoice?, group: ColumnChoice?) throws {
    (self.summary, self.asked) = (summary, asked)
    for name in [time, group].compactMap({ $0?.name }) where summary[name] == nil {
      throw RecurrentError(
        .unsuitable, "\(summary.source) has no column “\(name)”\(suggestion(name, summary.columns.map(\.name)))")
    }
    self.time = time.map(\.name) ?? summary.time?.name
    self.group = group.map(\.name) ?? summary.group?.name
    let column = self.time.flatMap { summary[$0] }
    if case .undecided(let undecided)? = column?.times { self.undecided = undecided } else { undecided = nil }
    times = undecided == nil ? try summary.reading(ofTime: self.time) : nil
    series = try SeriesSummary(of: summary, time: undecided == nil ? self.time : nil, group: self.group, times: times)
  }

  /// What the column of times shows, if it can be read in two ways.
  private let undecided: TimeFinding.Undecided?

  private var step: TimeStep? { time == nil ? nil : series.timeline.step }

  private func text(_ time: TimeValue) -> String { times?.text(time) ?? "\(time)" }

  /// What may spoil a training, each with its place.
  var warnings: [String] {
    var warnings: [String] = []
    if time == nil, let unread = summary.unreadTime { warnings.append(unread.inCommand) }
    if let undecided, let time {
      warnings.append("line \(undecided.example.line), \(title(ofColumn: time)): \(undecided.sentence.inCommand)")
    }
    for column in summary.columns {
      if let odd = column.unreadNumber {
        let remedy =
          summary.remedy(for: odd, of: column).map { $0.inCommand } ?? "write numbers like 1234.5, with nothing around them"
        warnings.append(
          "line \(odd.line), \(title(ofColumn: column.name)): \(quotedValue(odd.text)) is not read as a number; \(remedy)")
      }
      if let odd = column.odd {
        let count = column.oddCount == 1 ? "" : ", and \(column.oddCount - 1) more"
        warnings.append(
          "line \(odd.line), \(title(ofColumn: column.name)): \(quotedValue(odd.text)) stands where \(column.expected) is expected\(count)"
        )
      }
      if column.isConstant { warnings.append("\(title(ofColumn: column.name)): it is the same in every row") }
      if column.kind == .empty { warnings.append("\(title(ofColumn: column.name)): it has no values") }
      if let line = column.firstGap {
        warnings.append(
          "\(title(ofColumn: column.name)): \(column.gaps.grouped) \(column.gaps == 1 ? "number is" : "numbers are") missing in arrays, the first in line \(line)"
        )
      }
      if let line = column.firstMissing, column.kind != .empty {
        warnings.append(
          "\(title(ofColumn: column.name)): \(column.missing.grouped) \(column.missing == 1 ? "value is" : "values are") missing, the first in line \(line)"
        )
      }
    }
    let name = { (place: Timeline.Place) in place.series.isEmpty ? "" : " in the series \(place.series)" }
    let change = { (place: Timeline.Place) in
      series.timeline.clockChange(place).map { "; \($0.remedy(isOfModel: false).inCommand)" } ?? ""
    }
    if let back = series.timeline.back {
      warnings.append(
        (back.before == back.after
          ? "line \(back.line): \(text(back.after)) stands there twice\(name(back))"
          : "line \(back.line): \(text(back.after)) comes after \(text(back.before))\(name(back)), which goes back in time")
          + change(back))
    }
    if let step {
      if let gap = series.timeline.missing(step) {
        warnings.append(
          "\(gap.steps.grouped) \(gap.steps == 1 ? "row is" : "rows are") missing between others; the first before line \(gap.first.line): "
            + "\(text(gap.first.after)) comes after \(text(gap.first.before))\(name(gap.first))\(change(gap.first))")
      }
      if let odd = series.timeline.irregular(step) {
        warnings.append(
          "line \(odd.line): \(text(odd.after)) comes after \(text(odd.before))\(name(odd)), which is no whole number of steps\(change(odd))"
        )
      }
    }
    return warnings
  }

  /// The options that say how the file is written, as they were given.
  private var askedOptions: [String] {
    let dialect = asked.dialect
    let marks = [
      (TableDialect.Settings.delimiter, dialect.delimiter?.rawValue), (TableDialect.Settings.decimal, dialect.decimal?.rawValue),
      (TableDialect.Settings.thousands, dialect.thousands?.rawValue),
      (TableDialect.Settings.comments, dialect.hasComments.map { $0 ? "yes" : "no" }),
      (TableDialect.Settings.skip, dialect.skippedLines.map(String.init)),
      (Setting("header"), asked.hasHeader.map { $0 ? "yes" : "no" }),
    ]
    return marks.flatMap { setting, value in value.map { [setting.inCommand, $0] } ?? [] }
  }

  /// The command that finds labels, if the table looks as if it had some.
  var classifyCommand: String? {
    guard let form = summary.likelySequenceForm, (try? summary.stepsDoubt(of: form)) ?? nil == nil else { return nil }
    return command(
      to: "classify",
      hasGaps: form.inputs.contains { summary[$0].map { $0.gaps > 0 || $0.missing > 0 && form.isInRows } ?? false })
  }

  /// The command that labels steps, if the table looks as if each of its rows had a label.
  var labelCommand: String? {
    if classifyCommand != nil { return nil }
    return summary.likelyStepForm.map { form in
      command(to: "label", hasGaps: form.columns.contains { summary[$0].map { $0.missing > 0 } ?? false })
    }
  }

  private func command(to task: String, hasGaps: Bool) -> String {
    (["recurrent", "train", task, shellWord(summary.source)] + askedOptions).joined(separator: " ")
      + (hasGaps ? " --missing interpolate" : "")
  }

  /// All commands that may train on the table.
  var commands: [String] { [command, classifyCommand, labelCommand].compactMap(\.self) }

  /// The command that trains on the table, if it is clear what it could be.
  var command: String? {
    // Rows that each hold a sequence are not steps of one.
    if summary.columns.contains(where: { $0.kind == .array }) { return nil }
    guard undecided == nil, !summary.candidates.isEmpty, summary.candidates.allSatisfy({ $0.odd == nil }),
      series.timeline.back == nil
    else {
      return nil
    }
    let candidates = summary.candidates.filter { $0.name != time && $0.name != group }
    // Rows of many numbers without times may be anything.
    guard let target = candidates.first, time != nil || candidates.count == 1 else { return nil }
    var words = ["recurrent", "train", "forecast", shellWord(summary.source)] + askedOptions
    // Rows that are not equally far apart are not steps in time.
    let steps = step.flatMap { series.timeline.irregular($0) } == nil ? time : nil
    if steps != summary.time?.name { words += ["--time", shellWord(steps ?? "none")] }
    if let format = summary.request.format { words += ["--dates", shellWord(format.description)] }
    if let zone = summary.request.zone { words += ["--time-zone", shellWord(zone)] }
    if group != summary.group?.name { words += ["--group", shellWord(group ?? "none")] }
    // Numbers that are not times could be forecast themselves.
    let isAmongOthers = steps == nil && time.flatMap { summary[$0]?.kind } == .number
    if candidates.count > 1 || isAmongOthers { words += ["--target", shellWord(target.name)] }
    let hasGaps = steps != nil && step.map { series.timeline.missing($0) != nil } ?? false
    if hasGaps || (candidates.count == 1 && target.missing > 0) { words += ["--missing", "interpolate"] }
    return words.joined(separator: " ")
  }

  func lines(on channel: Channel, all: Bool) -> [String] {
    let header = summary.hasHeader ? "" : ", no names in the first line"
    let count = summary.columns.count
    var lines = [
      "\(summary.source): \(summary.rows.grouped) rows, \(count.grouped) \(count == 1 ? "column" : "\(summary.format)")\(header)"
    ]
    lines += (summary.format.dialect?.peculiarities ?? []) + [""]
    var table = Table(columns: [.text("column"), .text("holds"), .numbers("missing"), .text("values")])
    let shown = all ? count : min(count, 40)
    for column in summary.columns.prefix(shown) {
      table.rows.append([column.name, column.kindText, column.missing == 0 ? "" : column.missing.grouped, column.valuesText])
    }
    lines += table.lines(width: channel.width) { channel.styled($0, .bold) }
    if shown < count { lines.append("and \((count - shown).grouped) more columns; --all lists them") }
    lines += [""] + seriesLines
    lines += warnings.map { channel.styled("! ", .red) + $0 }
    if let command { lines += ["", "to forecast: \(command)"] }
    if let classifyCommand { lines += ["", "to find labels: \(classifyCommand)"] }
    if let labelCommand { lines += ["", "to label each step: \(labelCommand)"] }
    return lines
  }

  private var seriesLines: [String] {
    var lines: [String] = []
    if let time, undecided != nil {
      lines.append("time: \(time), which can be read in two ways")
    } else if let time {
      let first = series.series.values.compactMap(\.first).min().map(text) ?? ""
      let last = series.series.values.compactMap(\.last).max().map(text) ?? ""
      lines.append("time: \(time), from \(first) to \(last)" + (step.map { ", \($0) from row to row" } ?? "") + reading)
    } else {
      lines.append("time: no column says when a row is; each row is a step")
    }
    if let group {
      let counts = series.series.values.map(\.rows)
      let (least, most) = (counts.min() ?? 0, counts.max() ?? 0)
      lines.append(
        "series: \(series.series.count.grouped) by \(group), of \(least == most ? most.grouped : "\(least.grouped) to \(most.grouped)") rows"
      )
    }
    return lines
  }

  /// How the times are read, as far as that is a choice.
  private var reading: String {
    guard let times else { return "" }
    return (times.format.isPlain ? "" : ", read as \(times.format) (--dates)")
      + (times.zone.map { ", on the clocks of \($0)" } ?? "")
  }

  var report: DataReport {
    var report = DataReport(kind: "table")
    report.rows = summary.rows
    report.columns = summary.columns.map { .init($0) }
    (report.dialect, report.header) = (summary.format.dialect, summary.hasHeader)
    report.time = time
    report.timeZone = times?.zone
    report.step = step.map { "\($0)" }
    report.group = group
    report.series = series.series.count
    report.warnings = warnings
    report.command = command ?? classifyCommand ?? labelCommand
    return report
  }
}

extension ColumnSummary {
  fileprivate var kindText: String {
    switch kind {
    case .empty: "nothing"
    case .number: (isBinary ? "zeros and ones" : isWhole ? "whole numbers" : "numbers") + (unit.map { " in \($0)" } ?? "")
    case .truth: "true and false"
    case .moment: "dates"
    case .array: "arrays"
    case .text: "texts"
    }
  }

  fileprivate var valuesText: String {
    switch kind {
    case .empty: return ""
    case .number:
      if isBinary { return "\((mean * 100).fixed(1)) % ones" }
      return "\(short(minimum)) to \(short(maximum)), mean \(mean.withFourDigits), deviation \(deviation.withFourDigits)"
    case .moment: if case .found(let times) = times { return "\(times.earliest) to \(times.latest)" } else { return "" }
    case .array:
      let steps = fewestSteps == mostSteps ? "\(mostSteps.grouped) steps" : "\(fewestSteps.grouped) to \(mostSteps.grouped) steps"
      return width.map { $0 == 1 ? steps : "\(steps) of \($0) numbers" } ?? ""
    case .text, .truth:
      let names = texts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(4).map(\.key).joined(separator: ", ")
      return "\(hasMoreTexts ? "more than " : "")\(texts.count.grouped) different: \(names)\(texts.count > 4 ? ", …" : "")"
    }
  }
}
