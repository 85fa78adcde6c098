// A forecast of a table in memory, with the range that 80 of 100 values should lie in.
import Recurrent

let days = (1...28).map { $0 < 10 ? "2024-02-0\($0)" : "2024-02-\($0)" }
let visits = (1...28).map { 40 + 9 * ($0 % 7) + $0 % 3 }
let table = DataTable(columns: ["day": days, "visits": visits])
let forecaster = try Forecaster.train(on: table, target: "visits", horizon: 7, configure: { $0.training.iterations = 60 })
for step in try forecaster.forecast(table)[0].steps {
  print(step.number, step.median.rounded(), step.interval(0.8))
}
