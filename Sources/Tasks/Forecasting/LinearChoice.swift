import Support
import Tables

/// Chooses for each series the linear autoregression that forecasts best what it was not fitted to: which earlier values it reads, how much
/// its weights are shrunk, whether it is drawn to the mean, or whether a value is best repeated.
struct LinearChoice {
  let part: LinearPart

  /// The values of a target of a series, after their transformation.
  struct Values {
    let values: [Double]
    /// How many of them are trained on; the others are held out.
    let end: Int
  }

  /// A way to get an autoregression.
  private struct Candidate {
    let lags: [Int]
    let base: Int
    let ridge: Double
    let isPulled: Bool
    /// Whether it is fitted to all series together.
    let isCommon: Bool
  }

  /// - Parameters:
  ///   - series: for each the values of its targets.
  ///   - seasons: the steps after which values may be like before.
  init(_ names: [String], _ series: [[Values]], seasons: [Int], horizon: Int) {
    let width = series.first?.count ?? 0
    let ends = series.compactMap { $0.first?.end }.filter { $0 > 0 }.sorted()
    let longest = max(1, (ends.isEmpty ? 0 : ends[ends.count / 2]) / 3)
    let seasons = seasons.filter { $0 > 1 && $0 <= longest }
    let sets = Self.lagSets(seasons, longest: longest)
    let lags = Set(sets.joined()).union(seasons.map { 7 * $0 }.filter { $0 <= longest }).sorted()
    let base = seasons.first ?? 1
    var candidates: [Candidate] = []
    for set in sets {
      for (ridge, isPulled) in [(0.001, true), (0.001, false), (0.03, true)] {
        candidates.append(Candidate(lags: set, base: base, ridge: ridge, isPulled: isPulled, isCommon: false))
      }
      if series.count > 1 { candidates.append(Candidate(lags: set, base: base, ridge: 0.0001, isPulled: true, isCommon: true)) }
    }
    let repeated = ([1] + lags.filter { lag in seasons.contains(lag) || seasons.contains { 7 * $0 == lag } }).map { lag in
      LinearForecast(weights: lags.map { $0 == lag ? 1 : 0 }, pull: 0)
    }
    var (chosen, common): ([[LinearForecast]], [LinearForecast]) = (series.map { _ in [] }, [])
    var spread: [Double] = []
    for target in 0..<width {
      let own = series.map { $0[target] }
      let shared = candidates.map { candidate in
        candidate.isCommon ? Self.sharedFit(candidate, own).solution(ridge: candidate.ridge, lags: lags) : nil
      }
      // What is compared is fitted to three quarters, so that there is enough to compare on.
      let early = own.map { Values(values: $0.values, end: $0.end * 3 / 4) }
      func choices(_ values: Values) -> [LinearForecast?] {
        let fitted = zip(candidates, shared).map { candidate, shared in
          candidate.isCommon ? shared : Self.fit(candidate, to: values, lags)
        }
        let alone = zip(candidates, fitted).compactMap { candidate, own in candidate.isCommon ? nil : own }
        return repeated.map { Optional($0) } + fitted + [Self.mean(alone)]
      }
      let origins = max(20, 400 / series.count)
      let errors = early.map { values in
        Self.errors(of: choices(values), values, lags, base: base, horizon: horizon, origins: origins)
      }
      let final = own.map(choices)
      // What does worse than the best repeated value in what is held out is no choice for a single series, if that is long enough
      // to tell: a single season may be out of the ordinary.
      let isTold = series.count == 1 && own[0].values.count - own[0].end >= 3 * max(horizon, base)
      let heldOut =
        isTold ? Self.errors(of: final[0], own[0], lags, base: base, horizon: horizon, origins: origins) : []
      let bound = heldOut.prefix(repeated.count).compactMap(\.self).min() ?? .infinity
      let kinds = final.first?.count ?? 0
      // A kind that could not be fitted to a series counts there as the value repeated does.
      let average = (0..<kinds).map { kind -> Double in
        var sum = 0.0
        for own in errors { sum += own[kind] ?? own[0] ?? 1 }
        return sum / Double(max(1, errors.count))
      }
      for (number, (forecasts, errors)) in zip(final, errors).enumerated() {
        // Few steps are held out of each series: what does well in all counts as much.
        let scores = (0..<kinds).map { kind in (errors[kind] ?? average[kind]) + average[kind] }
        let best = (0..<kinds).filter { forecasts[$0] != nil && (heldOut.isEmpty || heldOut[$0] ?? .infinity <= bound) }.min {
          scores[$0] < scores[$1]
        }
        chosen[number].append(best.flatMap { forecasts[$0] } ?? repeated[0])
      }
      let sharedKinds = repeated.map { Optional($0) } + shared + [nil]
      let best = sharedKinds.indices.filter { sharedKinds[$0] != nil }.min { average[$0] < average[$1] }
      common.append(series.count == 1 ? chosen[0][target] : best.flatMap { sharedKinds[$0] } ?? repeated[0])
    }
    let used = lags.indices.filter { lag in (chosen.joined() + common).contains { $0.weights[lag] != 0 } }
    func kept(_ forecast: LinearForecast) -> LinearForecast {
      LinearForecast(weights: used.map { forecast.weights[$0] }, pull: forecast.pull)
    }
    let own = series.count == 1 ? [:] : Dictionary(zip(names, chosen.map { $0.map(kept) })) { first, _ in first }
    let whole = LinearPart(lags: used.map { lags[$0] }, common: common.map(kept), series: own, spread: [])
    for target in 0..<width {
      let ratios = zip(names, series).compactMap { name, own -> Double? in
        let values = Array(own[target].values.prefix(own[target].end))
        guard let all = Scaling(differing: values),
          let rest = Scaling(differing: whole.residuals(values, of: name, target: target, mean: all.mean))
        else { return nil }
        return all.deviation / rest.deviation
      }
      spread.append(ratios.isEmpty ? 1 : ratios.sorted()[ratios.count / 2])
    }
    part = LinearPart(lags: whole.lags, common: whole.common, series: whole.series, spread: spread)
  }

  /// The steps back that may be read together: some just before, a season before, some seasons before, and seven, which are a week
  /// where a season is a day.
  private static func lagSets(_ seasons: [Int], longest: Int) -> [[Int]] {
    func around(_ season: Int) -> [Int] { [season - 1, season, season + 1] }
    let near = Set(1...min(longest, seasons.first.map { min($0 + 1, 26) } ?? 14))
    let first = near.union(seasons.flatMap(around))
    let sets = [
      Set(1...3).union(seasons), first, first.union(seasons.flatMap { around(2 * $0) }),
      first.union(seasons.flatMap { around(7 * $0) }), first.union(seasons.flatMap { season in (2...6).map { $0 * season } }),
      first.union(seasons.flatMap { season in (2...7).map { $0 * season } + [14 * season] + around(7 * season) }),
    ].map { $0.filter { $0 >= 1 && $0 <= longest }.sorted() }
    return sets.enumerated().filter { place, set in !set.isEmpty && !sets[..<place].contains(set) }.map(\.element)
  }

  private static func mean(of values: ArraySlice<Double>) -> Double { Scaling(of: values).mean }

  private static func fit(_ candidate: Candidate, to own: Values, _ lags: [Int]) -> LinearForecast? {
    var fit = LinearFit(candidate.lags, base: candidate.base, isPulled: candidate.isPulled)
    let known = own.values[..<own.end]
    fit.add(known, mean: mean(of: known))
    return fit.rows >= 2 * candidate.lags.count + 5 ? fit.solution(ridge: candidate.ridge, lags: lags) : nil
  }

  private static func sharedFit(_ candidate: Candidate, _ series: [Values]) -> LinearFit {
    var fit = LinearFit(candidate.lags, base: candidate.base, isPulled: candidate.isPulled)
    let most = max(200, 200_000 / series.count)
    for own in series {
      let known = own.values[..<own.end]
      let changes = zip(known.dropFirst(candidate.base), known).map { $0 - $1 }
      guard let scaling = Scaling(differing: changes) else { continue }
      fit.add(known, mean: mean(of: known), weight: 1 / (scaling.deviation * scaling.deviation), most: most)
    }
    return fit
  }

  /// The mean of forecasts, which is one of them.
  private static func mean(_ forecasts: [LinearForecast]) -> LinearForecast? {
    guard let first = forecasts.first else { return nil }
    let count = Float(forecasts.count)
    return LinearForecast(
      weights: first.weights.indices.map { place in forecasts.reduce(0) { $0 + $1.weights[place] } / count },
      pull: forecasts.reduce(0) { $0 + $1.pull } / count)
  }

  /// The mean absolute error of each forecast of what follows the part that it was fitted to: in mean changes from a season before; nil
  /// where there is nothing to compare.
  private static func errors(
    of forecasts: [LinearForecast?], _ own: Values, _ lags: [Int], base: Int, horizon: Int, origins: Int
  ) -> [Double?] {
    let none = [Double?](repeating: nil, count: forecasts.count)
    let reach = lags.last ?? 1
    let (first, last) = (max(reach, own.end), own.values.count)
    guard own.end > 0, first < last else { return none }
    let changes = zip(own.values[..<own.end].dropFirst(base), own.values).map { abs($0 - $1) }.filter(\.isFinite)
    let scale = changes.reduce(0, +) / Double(max(1, changes.count))
    let whole = filled(own.values)
    let average = mean(of: own.values[..<own.end])
    guard scale > 0, average.isFinite else { return none }
    let stride = max(1, (last - first) / origins)
    return forecasts.map { forecast in
      guard let forecast else { return nil }
      var (sum, count) = (0.0, 0)
      for origin in Swift.stride(from: first, to: last, by: stride) {
        var past = Array(whole[origin - reach..<origin])
        for step in origin..<min(origin + horizon, last) {
          let next = forecast.expected(lags, mean: average) { past[past.count - $0] }
          past.append(next)
          guard own.values[step].isFinite else { continue }
          sum += abs(own.values[step] - next)
          count += 1
        }
      }
      return count == 0 || !sum.isFinite ? nil : sum / Double(count) / scale
    }
  }

  /// Values with the last one before in place of each that is missing.
  private static func filled(_ values: [Double]) -> [Double] {
    var last = values.first { !$0.isNaN } ?? 0
    return values.map { value in
      if !value.isNaN { last = value }
      return last
    }
  }
}
