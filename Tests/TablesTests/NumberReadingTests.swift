import Tables
import Testing

struct NumberReadingTests {
  typealias Decimal = TableDialect.DecimalMark
  typealias Thousands = TableDialect.ThousandsMark

  private func amount(_ text: String, _ decimal: Decimal, _ thousands: Thousands) -> (number: Double, unit: NumberUnit?)? {
    NumberReading(decimal: decimal, thousands: thousands).amount(Array(text.utf8)[...])
  }

  @Test(arguments: [
    ("1234.5", Decimal.point, Thousands.none, 1234.5), ("1234,5", .comma, .none, 1234.5), ("1,234.5", .point, .comma, 1234.5),
    ("1.234,5", .comma, .point, 1234.5), ("1.234.567", .comma, .point, 1_234_567), ("1 234,5", .comma, .space, 1234.5),
    ("1\u{A0}234\u{A0}567,25", .comma, .space, 1_234_567.25), ("12\u{202F}345", .comma, .space, 12_345),
    ("1\u{2009}234", .point, .space, 1234), ("1'234.50", .point, .apostrophe, 1234.5),
    ("1’234’567", .point, .apostrophe, 1_234_567),
    ("-1.234,5", .comma, .point, -1234.5), ("+1,234", .point, .comma, 1234), ("\u{2212}1 234", .point, .space, -1234),
    // Groups need not be written.
    ("1234567,5", .comma, .point, 1_234_567.5), ("1,5e3", .comma, .none, 1500), ("1.5E-3", .point, .comma, 0.0015),
    (",5", .comma, .none, 0.5), ("5,", .comma, .none, 5), (".5", .point, .comma, 0.5),
    ("0,125", .comma, .point, 0.125), ("123456789012345678,5", .comma, .none, 123_456_789_012_345_678.5),
  ])
  func aNumberIsReadAsItIsWritten(text: String, decimal: Decimal, thousands: Thousands, number: Double) {
    #expect(amount(text, decimal, thousands)?.number == number)
    #expect(amount(text, decimal, thousands)?.unit == nil)
  }

  @Test(arguments: [
    ("1,5", Decimal.point, Thousands.none), ("1.5", .comma, .none), ("1.5", .comma, .point), ("1.234e+2", .comma, .point),
    ("1,23", .point, .comma),
    ("1,2345", .point, .comma), ("1234,567", .point, .comma), ("12,34,567", .point, .comma), ("0.123", .comma, .point),
    ("01.234", .comma, .point), ("1.234.56", .comma, .point), ("1.234,5.6", .comma, .point), ("1 23", .comma, .space),
    ("1  234", .comma, .space), ("1 234", .comma, .none), ("31.12.2024", .comma, .point), ("1,5e", .comma, .none),
    (",", .comma, .none),
    ("-", .point, .none), ("1.2.3", .point, .none), ("12 kg", .point, .none), ("--5", .point, .none), ("5-", .point, .none),
    ("$", .point, .none), ("%", .point, .none), ("$5%", .point, .none), ("1e999", .point, .none), ("\u{20AC}", .point, .none),
    ("\u{E2}", .point, .none), ("", .point, .none),
  ])
  func otherTextsAreNoNumbers(text: String, decimal: Decimal, thousands: Thousands) {
    #expect(amount(text, decimal, thousands) == nil)
  }

  @Test(arguments: [
    ("$1.50", 1.5, "$"), ("-$1.50", -1.5, "$"), ("$-1.50", -1.5, "$"), ("$ 1.50", 1.5, "$"), ("12 %", 12, "%"), ("12%", 12, "%"),
    ("3\u{A0}€", 3, "€"), ("£5", 5, "£"), ("7 ¥", 7, "¥"), ("1.5 ‰", 1.5, "‰"), ("₹10", 10, "₹"),
  ])
  func aUnitStandsBesideANumber(text: String, number: Double, unit: String) {
    let found = amount(text, .point, .none)
    #expect(found?.number == number && found?.unit?.symbol == unit)
    #expect(TableValue(Array(text.utf8)[...]) == .amount(number, NumberUnit(symbol: unit)))
  }

  @Test func truthsAreValues() {
    for (text, truth) in [("true", true), ("False", false), ("TRUE", true)] {
      #expect(TableValue(Array(text.utf8)[...]) == .truth(truth))
    }
    #expect(TableValue(Array("truth".utf8)[...]) == .text)
  }

  @Test(arguments: [
    "", "NA", "#N/A", "#NA", "<NA>", ".", "..", "-", "--", "NaT", "NaN", "-nan", "n.a.", "NULL", "none", "?", "#DIV/0!",
    "#VALUE!",
    "#REF!", "#NUM!", "#NAME?", "#NULL!",
  ])
  func missingValuesHaveManyNames(text: String) { #expect(TableValue(Array(text.utf8)[...]) == .missing) }
}
