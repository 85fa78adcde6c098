extension Slip {
  /// Slips of parts of vectors.
  static let slices: [Slip] = [
    Slip(
      "part without an end",
      """
      cell mine
      input x
      state h
      z = W x
      h' = σ(z[0..])
      """,
      """
      mine.cell:5:13: this is no part of `z`
          h' = σ(z[0..])
                      ^
      write two sums of sizes and whole numbers, as in `z[0..units]` or `z[units..2 * units]`: the first place, counted from 0, and the one after the last
      """),
    Slip(
      "part without a beginning",
      """
      cell mine
      input x
      state h
      z = W x
      h' = σ(z[..units])
      """,
      """
      mine.cell:5:10: this is no part of `z`
          h' = σ(z[..units])
                   ^^
      write two sums of sizes and whole numbers, as in `z[0..units]` or `z[units..2 * units]`: the first place, counted from 0, and the one after the last
      """),
    Slip(
      "part with a fraction",
      """
      cell mine
      input x
      state h
      z = W x
      h' = σ(z[0.5..units])
      """,
      """
      mine.cell:5:10: this is no part of `z`
          h' = σ(z[0.5..units])
                   ^^^
      write two sums of sizes and whole numbers, as in `z[0..units]` or `z[units..2 * units]`: the first place, counted from 0, and the one after the last
      """),
    Slip(
      "part up to a vector's product",
      """
      cell mine
      input x
      state h
      z = W x
      h' = σ(z[0..units * units])
      """,
      """
      mine.cell:5:21: this is no part of `z`
          h' = σ(z[0..units * units])
                              ^^^^^
      write two sums of sizes and whole numbers, as in `z[0..units]` or `z[units..2 * units]`: the first place, counted from 0, and the one after the last
      """),
    Slip(
      "points between no brackets",
      """
      cell mine
      input x
      state h
      z = W x
      h' = σ(z + 0..units)
      """,
      """
      mine.cell:5:13: `..` stands between no brackets
          h' = σ(z + 0..units)
                      ^^
      write a part of a vector as `z[0..units]`
      """),
    Slip(
      "part of a parameter",
      """
      cell mine
      input x
      state h
      h' = σ(W x + b[0..units])
      """,
      """
      mine.cell:4:14: `b` is a parameter, and only inputs, states and local vectors have parts
          h' = σ(W x + b[0..units])
                       ^
      write `b` alone, or use another name
      """),
    Slip(
      "part of a constant",
      """
      cell mine
      input x
      state h
      constant k = 2
      h' = σ(W x + k[0..units])
      """,
      """
      mine.cell:5:14: `k` is a constant, and only inputs, states and local vectors have parts
          h' = σ(W x + k[0..units])
                       ^
      write `k` alone, or use another name
      """),
    Slip(
      "empty part",
      """
      cell mine
      input x
      state h
      z = W x
      h' = σ(z[units..units])
      """,
      """
      mine.cell:5:8: `z[units..units]` has no elements: it begins at units and ends before units
          h' = σ(z[units..units])
                 ^^^^^^^^^^^^^^^
      let it end at least one place after it begins
      """),
    Slip(
      "part that ends before it begins",
      """
      cell mine
      input x
      state h
      z = W x
      h' = σ(z[2 * units..units])
      """,
      """
      mine.cell:5:8: `z[2 * units..units]` has no elements: it begins at 2 * units and ends before units
          h' = σ(z[2 * units..units])
                 ^^^^^^^^^^^^^^^^^^^
      let it end at least one place after it begins
      """),
    Slip(
      "part beyond the end",
      """
      cell mine
      input x
      state h
      h' = σ(W x + h[units..2 * units])
      """,
      """
      mine.cell:4:14: `h[units..2 * units]` ends beyond `h`, which has the size units
          h' = σ(W x + h[units..2 * units])
                       ^^^^^^^^^^^^^^^^^^^
      places are counted from 0, and the last one is units - 1
      """),
    Slip(
      "parts that end anywhere",
      """
      cell mine
      input x
      state h
      size d = 4
      z = W x
      h' = σ(U z[0..units] + V z[0..d])
      """,
      """
      mine.cell:6:10: nothing says how long `z` is: its parts end at units and at d
          h' = σ(U z[0..units] + V z[0..d])
                   ^^^^^^^^^^^
      let one part end where the others end or after it, whatever the sizes are
      """),
    Slip(
      "part up to an unknown size",
      """
      cell mine
      input x
      state h
      z = W x
      h' = σ(z[0..unit])
      """,
      """
      mine.cell:5:13: no size is called `unit`
          h' = σ(z[0..unit])
                      ^^^^
      did you mean `units`?
      """),
    Slip(
      "part of another size",
      """
      cell mine
      input x
      state h
      z = W x
      h' = σ(z[0..2 * units]) + h
      """,
      """
      mine.cell:5:6: `σ(z[0..2 * units])` and `h` have different sizes: 2 * units and units
          h' = σ(z[0..2 * units]) + h
               ^^^^^^^^^^^^^^^^^^^^^^
      put a matrix before one of them, as in `W h`
      """),
  ]
}
