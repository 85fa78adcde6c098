import CellCompiler
import CellLanguage
import Testing

/// A plan as it is printed after each pass.
@Suite struct PrintingTests {
  private static let equations = "f = σ(W_f x + U_f h + b)\nh' = f * h + (1 - f) * exp(p)"

  private static let forward = """
    a step, value by value
      %2 = W_f x + U_f h + b   4
      f = sigmoid(%2)   4
      %4 = multiply(f, h)   4
      %6 = subtract(1.0, f)   4
      %8 = exp(p)   4
      %9 = multiply(%6, %8)   4
      h' = add(%4, %9)   4
    """

  private static let backward = """
    a step back, value by value
      %13 = add(gradient of h', gradient of the output)   4
      %14 = multiply(%13, %8)   4
      %15 = multiply(%13, %6)   4
      %16 = multiply(%15, %8)   4
      %17 = negate(%14)   4
      %18 = multiply(%13, h)   4
      %19 = multiply(%13, f)   4
      %20 = add(%17, %18)   4
      %21 = multiply(f, f)   4
      %22 = subtract(f, %21)   4
      %23 = multiply(%20, %22)   4

    gradients
      of %2: %23
      of p, summed up: %16
      of h: %19
    """

  @Test(arguments: Plan.Pass.allCases.filter { $0 < .scheduleSteps })
  func whatThePassesHaveMadeIsPrinted(pass: Plan.Pass) throws {
    let parts: [(Plan.Pass, String)] = [
      (.lowerEquations, Self.forward), (.differentiate, Self.backward),
      (.findInvariants, "once for each change of the parameters\n  exp(p)"),
      (.arrangeSlots, "pre-activations, 4 floats a row\n  [0..<4]  W_f x + U_f h + b"),
      (
        .stackProducts,
        """
        products
          z[0..<4] = biases + [W_f] · x   4 × 3   all steps at once
          z[0..<4] += [U_f] · h   4 × 4   before program 1
        """
      ), (.placeGates, "in the place of pre-activations\n  [0..<4]  f"),
      (.chooseKept, "kept for the backward run, 0 floats a row"),
      (.fuseProducts, "multiplied as they are added\n  %4"),
    ]
    let expected = ["plan of small after \(pass.rawValue): inputs 3, units 4"] + parts.filter { $0.0 <= pass }.map(\.1)
    #expect(try plan(of: Self.equations, through: pass).description == expected.joined(separator: "\n\n"))
  }

  /// Each input by its name, and the products of all of them at once.
  @Test func severalInputsArePrinted() throws {
    let cell = try Cell(parsing: "cell several\ninput x, dt(1), m(2)\nstate h\nh' = dt * tanh(W x + V m + U h)\n")
    let plan = Plan(compiling: cell, dimensions: try cell.dimensions(inputs: 3, units: 4))
    #expect(plan.faults == [])
    let lines = plan.description.split(separator: "\n").map { $0.trimmingPrefix { $0 == " " } }
    for line in [
      "[0..<4]  W x + V m + U h", "z[0..<4] = [W] · x   4 × 3", "z[0..<4] += [V] · m   4 × 2", "r0 = spread(dt)",
      "gradient of x += [W]ᵀ · gradients[0..<4]", "gradient of m += [V]ᵀ · gradients[0..<4]",
    ] {
      #expect(lines.contains { $0 == line }, "\(line)")
    }
    #expect(plan.products.map(\.stage) == [nil, nil, 0])
  }

  @Test func aScheduleIsPrintedAsAMachineRunsIt() throws {
    let steps = """
      plan of small: inputs 3, units 4

      pre-activations, 4 floats a row
        [0..<4]  W_f x + U_f h + b

      once for each change of the parameters
        exp(p)

      all steps at once
        z[0..<4] = biases + [W_f] · x   4 × 3

      each step
        z[0..<4] += [U_f] · h   4 × 4
        program, rows of 4, 1 registers
          z[0...] = sigmoid(z[0...])
          r0 = subtract(1.0, z[0...])
          r0 = multiply(r0, exp(p))
          h' = multiply_add(z[0...], h, r0)

      kept for the backward run, 0 floats a row
      """
    let whole = try plan(of: Self.equations).description
    #expect(whole.hasPrefix(steps), "\(whole)")
    #expect(whole.contains("\n\neach step back, gradients in the place of z\n"))
    let scheduled = try plan(of: Self.equations, through: .scheduleSteps).description
    #expect(scheduled.hasPrefix("plan of small after schedule-steps: inputs 3, units 4\n\npre-activations"), "\(scheduled)")
    #expect(scheduled.contains("\n\neach step back\n"))
  }

  @Test func otherNamesOfNextStatesAreNoted() throws {
    let values = try plan(of: "h' = tanh(W x)\nc' = h", states: "h, c", through: .lowerEquations).forwardValues
    #expect(values == ["%3 = W x", "h' = tanh(%3)", "c' = h"])
  }
}
