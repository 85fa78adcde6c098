extension Slip {
  /// Slips of memories.
  static let memories: [Slip] = declaredMemories + rowsOfMemories + lengthsOfMemories

  private static let declaredMemories: [Slip] = [
    Slip(
      "memory without a size",
      """
      cell mine
      input x
      memory M
      state h
      h' = M^T softmax(M (W x))
      """,
      """
      mine.cell:3:8: nothing says how long a row of the memory `M` is
          memory M
                 ^
      write `memory M(K)`, where what gives the memory decides K, or a whole number in its place
      """),
    Slip(
      "memory with two sizes",
      """
      cell mine
      input x
      memory M(K, units)
      state h
      h' = M^T softmax(M (W x))
      """,
      """
      mine.cell:3:13: nothing says how long a row of the memory `M` is
          memory M(K, units)
                      ^^^^^
      write `memory M(K)`, where what gives the memory decides K, or a whole number in its place
      """),
    Slip(
      "second memory",
      """
      cell mine
      input x
      memory M(K)
      memory N(K)
      state h
      h' = M^T softmax(N (W x))
      """,
      """
      mine.cell:4:8: `N` would be a second memory, and a cell has one at most
          memory N(K)
                 ^
      read `M`, or let the network that gives it put both into one row
      """),
    Slip(
      "memory and heads",
      """
      cell mine
      input x
      memory M(K)
      heads 4
      state h
      h' = W (M^T softmax(M (V x)))
      """,
      """
      mine.cell:4:1: a cell with a memory has no heads
          heads 4
          ^^^^^
      remove the line `heads`, or the line `memory`
      """),
    Slip(
      "unread memory",
      """
      cell mine
      input x
      memory M(K)
      state h
      h' = tanh(W [h, x])
      """,
      """
      mine.cell:3:8: the memory `M` is never read
          memory M(K)
                 ^
      read it in an equation, as in `c = M^T softmax(M q)`
      """),
    Slip(
      "memory as a target",
      """
      cell mine
      input x
      memory M(K)
      state h
      M = outer(h, x)
      h' = M^T softmax(M x)
      """,
      """
      mine.cell:5:1: `M` is the memory and can't be defined
          M = outer(h, x)
          ^
      choose another name
      """),
  ]

  private static let rowsOfMemories: [Slip] = [
    Slip(
      "rows of a matrix that is no memory",
      """
      cell mine
      input x
      state h, C(units, P)
      C' = C + outer(V x, K x)
      h' = tanh(C U^T) (Q x)
      """,
      """
      mine.cell:5:11: `U^T` multiplies each row of `C`, which is no memory
          h' = tanh(C U^T) (Q x)
                    ^
      only the rows of what a line `memory` names are multiplied by a parameter, as in `M U^T`
      """),
    Slip(
      "rows of a transposed memory",
      """
      cell mine
      input x
      memory M(K)
      state h
      h' = (M^T U^T) (Q x)
      """,
      """
      mine.cell:5:7: `M^T` multiplies a vector, and `U^T` is a matrix
          h' = (M^T U^T) (Q x)
                ^
      write `M U^T` for U times each row, and `(M U^T)^T a` for their sum
      """),
    Slip(
      "rows times the input",
      """
      cell mine
      input x
      memory M(K)
      state h
      h' = M^T softmax(tanh(M x^T) v)
      """,
      """
      mine.cell:5:25: `x` is the input, and only a parameter multiplies each row of `M`
          h' = M^T softmax(tanh(M x^T) v)
                                  ^
      write `M x` for the dot product of each row and `x`
      """),
    Slip(
      "one parameter for rows and vectors",
      """
      cell mine
      input x
      memory M(K)
      state h
      h' = M^T softmax(tanh(M U^T + U h) v)
      """,
      """
      mine.cell:5:25: `U` multiplies the rows of `M`, and in line 5 something else
          h' = M^T softmax(tanh(M U^T + U h) v)
                                  ^
      give one of the two products a matrix of its own
      """),
    Slip(
      "a parameter beside a transposed one",
      """
      cell mine
      input x
      memory M(K)
      state h
      h' = x + M^T softmax(M (W U^T))
      """,
      """
      mine.cell:5:28: the matrix `U` multiplies nothing
          h' = x + M^T softmax(M (W U^T))
                                     ^^
      write the vector after it, as in `U^T x`
      """),
    Slip(
      "a vector of another length added to rows",
      """
      cell mine
      input x
      memory M(4)
      state h, m(3)
      m' = W [h, x]
      h' = C (M^T softmax(tanh(M + m) v))
      """,
      """
      mine.cell:6:30: `M` has 4 columns, but `m` has the size 3
          h' = C (M^T softmax(tanh(M + m) v))
                                       ^
      use a vector with an element for each of the columns
      """),
  ]

  private static let lengthsOfMemories: [Slip] = [
    Slip(
      "a state as long as a memory",
      """
      cell mine
      input x
      memory M(K)
      state h, a
      a' = softmax(M (W x))
      h' = M^T a'
      """,
      """
      mine.cell:5:6: `a'` has the size units, but the right-hand side has rows of M
          a' = softmax(M (W x))
               ^^^^^^^^^^^^^^^^
      only local vectors are as long as that: take a sum over the rows, as in `M^T a`
      """),
    Slip(
      "a parameter as long as a memory",
      """
      cell mine
      input x
      memory M(K)
      state h
      h' = M^T softmax(M (W x) + p)
      """,
      """
      mine.cell:5:28: `p` would have an element for each row of `M`, and how many rows there are every sequence says for itself
          h' = M^T softmax(M (W x) + p)
                                     ^
      only local vectors are as long as that: take a sum over the rows, as in `M^T a`
      """),
    Slip(
      "a matrix with a column for each row of a memory",
      """
      cell mine
      input x
      memory M(K)
      state h
      h' = tanh(V x + W softmax(M h))
      """,
      """
      mine.cell:5:17: `W` would have a row or a column for each row of `M`, and how many rows there are every sequence says for itself
          h' = tanh(V x + W softmax(M h))
                          ^
      only local vectors are as long as that: take a sum over the rows, as in `M^T a`
      """),
    Slip(
      "a column for each row of a memory",
      """
      cell mine
      input x
      memory M(K)
      state h
      a  = softmax(M (W x))
      h' = outer(x, a) a
      """,
      """
      mine.cell:6:6: `outer(x, a)` would have a column for each row of `M`, and how many rows there are every sequence says for itself
          h' = outer(x, a) a
               ^^^^^^^^^^^^^
      only local vectors are as long as that: take a sum over the rows, as in `M^T a`
      """),
    Slip(
      "a part of a vector as long as a memory",
      """
      cell mine
      input x
      memory M(K)
      state h
      a  = softmax(M (W x))
      h' = W_a a[0..2]
      """,
      """
      mine.cell:6:6: `a` has an element for each row of `M`, and so no parts
          h' = W_a a[0..2]
               ^^^^^^^^^^^
      take the part of what is summed over the rows, as in `c = M^T a` and `c[0..16]`
      """),
  ]
}
