/// A day of the Gregorian calendar, which is taken to hold for all times.
struct CalendarDay: Hashable {
  /// Days since the beginning of 1970.
  let number: Int

  init(number: Int) { self.number = number }

  /// Years begin in March here, so that the leap day comes last, and 400 of them have 146,097 days.
  ///
  /// - Parameters:
  ///   - month: from 1.
  ///   - day: from 1. One after the end of the month counts on from there.
  init(_ year: Int, _ month: Int, _ day: Int) {
    let shifted = month <= 2 ? year - 1 : year
    let (era, yearOfEra) = shifted.dividedDown(by: 400)
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    number = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  /// Seconds from the beginning of 1970 to that of the day.
  var seconds: Double { Double(number) * 86_400 }

  /// Month and day count from 1.
  var date: (year: Int, month: Int, day: Int) {
    let (era, dayOfEra) = (number + 719_468).dividedDown(by: 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let index = (5 * dayOfYear + 2) / 153
    let month = index < 10 ? index + 3 : index - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * index + 2) / 5 + 1)
  }

  /// From 0 for Monday.
  var weekday: Int { (number + 3).dividedDown(by: 7).remainder }

  /// The week by ISO 8601: the first one of a year is that with its first Thursday, and a day may belong to a week of another year.
  var week: (year: Int, week: Int) {
    let thursday = CalendarDay(number: number - weekday + 3)
    let year = thursday.date.year
    return (year, (thursday.number - CalendarDay(year, 1, 1).number) / 7 + 1)
  }

  /// The Monday of a week by ISO 8601; nil if the year has no such week.
  init?(year: Int, week: Int) {
    let fourth = CalendarDay(year, 1, 4)
    let monday = CalendarDay(number: fourth.number - fourth.weekday + (week - 1) * 7)
    guard monday.week == (year, week) else { return nil }
    self = monday
  }

  static func count(inMonth month: Int, of year: Int) -> Int {
    CalendarDay(month == 12 ? year + 1 : year, month == 12 ? 1 : month + 1, 1).number - CalendarDay(year, month, 1).number
  }
}
