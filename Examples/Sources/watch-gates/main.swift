// What an LSTM's gates did at each step, as a page, and what becomes of its output when it may forget nothing.
import Recurrent

let network = try Network(input: .features(1), layers: [.init(.lstm, units: 6)], output: .values(1), seed: 1)
let signal = (0..<40).map { [Float($0 % 10 == 0 ? 1 : 0)] }
let report = try network.inspection(of: signal, title: "a pulse every ten steps")
print("a page of \(report.html.count) bytes, and the same as JSON, of \(report.json.count)")
let keeping = try network.clamping([Clamp(quantity: "f", value: 1)])
print("as it is:", try network.outputs(for: signal)[39], "nothing forgotten:", try keeping.outputs(for: signal)[39])
