/// The cells of a collection of variants as pages of equations.
///
/// The collection keeps the matrices of several gates as one. A parameter's name says which block of rows of which tensor it is: `W_b` is the
/// second one of `weight_ih`, `U` of `weight_hh`, `M` of `weight_mh`, `p` of `weight_ph`, `b`, `d` and `m` of the biases `bias_ih`,
/// `bias_hh` and `bias_mh`, and `e_ba` is the sum of `b_b` and `d_a`. Other names are those of whole tensors.
enum VariantPages {
  /// What two of them begin with.
  private static let peepholes = """
    state h, c
    i  = σ(W_a x + U_a h + p_a * c + e_aa)
    f  = σ(W_b x + U_b h + p_b * c + e_bb)
    g  = tanh(W_c x + U_c h + e_cc)
    c' = f * c + i * g
    o  = σ(W_d x + U_d h + p_c * c' + e_dd)
    """

  static let all: [(cell: String, equations: String)] = [
    (
      "ATRCell",
      """
      state h
      q  = W_a x + b_a
      r  = U_a h + d_a
      h' = σ(q + r) * q + σ(q - r) * h
      """
    ),
    (
      "BRCell",
      """
      state h
      a  = 1 + tanh(W_a x + U_a * h + e_aa)
      c  = σ(W_b x + U_b * h + e_bb)
      h' = c * h + (1 - c) * tanh(W_c x + b_c + a * h)
      """
    ),
    (
      "NBRCell",
      """
      state h
      a  = 1 + tanh(W_a x + U_a h + e_aa)
      c  = σ(W_b x + U_b h + e_bb)
      h' = c * h + (1 - c) * tanh(W_c x + b_c + a * h)
      """
    ),
    (
      "DSGUCell",
      """
      state h
      y  = W_a x + b_a
      g  = tanh(U_a (y * h) + d_a)
      o  = σ(weight_ho (g * h))
      z  = hard_sigmoid(W_b x + U_b h + e_bb)
      h' = (1 - z) * h + z * o
      """
    ),
    (
      "FastRNNCell",
      """
      state h
      scalar alpha, beta
      h' = σ(alpha) * tanh(W_a x + U_a h + e_aa) + σ(beta) * h
      """
    ),
    ("IndRNNCell", "state h\nh' = tanh(W_a x + vector_u * h + e_aa)"),
    (
      "JANETCell",
      """
      state h, c
      scalar beta
      s  = W_a x + U_a h + e_aa
      g  = tanh(W_b x + U_b h + e_bb)
      c' = σ(s) * c + (1 - σ(s - beta)) * g
      h' = c'
      """
    ),
    (
      "LiGRUCell",
      """
      state h
      z  = σ(W_a x + U_a h + e_aa)
      n  = relu(W_b x + U_b h + e_bb)
      h' = z * h + (1 - z) * n
      """
    ),
    (
      "MCLSTMCell",
      """
      state h, c, v
      f  = σ(W_a x + U_a v + e_aa)
      i  = σ(W_b x + U_b v + e_bb)
      o  = σ(W_c x + U_c v + e_cc)
      g  = σ(W_d x + U_d v + e_dd)
      n  = tanh(W_e x + U_e v + e_ee)
      c' = f * c + i * n
      h' = o * tanh(c')
      v' = g * tanh(c')
      """
    ),
    (
      "MUT1Cell",
      """
      state h
      z  = σ(W_a x + b_a)
      r  = σ(W_b x + U_a h + e_ba)
      n  = tanh(U_b (r * h) + tanh(W_c x + b_c) + d_b)
      h' = z * n + (1 - z) * h
      """
    ),
    (
      "MUT3Cell",
      """
      state h
      z  = σ(W_a x + U_a tanh(h) + e_aa)
      r  = σ(W_b x + U_b h + e_bb)
      n  = tanh(U_c (r * h) + W_c x + e_cc)
      h' = z * n + (1 - z) * h
      """
    ),
    ("MiRU2Cell", "state h\nh' = 0.5 * h + 0.5 * tanh(W_a x + U_a (0.5 * h) + e_aa)"),
    (
      "MultiplicativeLSTMCell",
      """
      state h, c
      q  = (W_a x + b_a) * (U_a h + d_a)
      i  = σ(W_b x + M_a q + b_b + m_a)
      f  = σ(W_c x + M_b q + b_c + m_b)
      g  = tanh(W_d x + M_c q + b_d + m_c)
      o  = σ(W_e x + M_d q + b_e + m_d)
      c' = f * c + i * g
      h' = o * tanh(c')
      """
    ),
    ("PeepholeLSTMCell", "\(peepholes)\nh' = o * tanh(c')"),
    ("ResLSTMCell", "\(peepholes)\nh' = o * (weight_proj tanh(c') + weight_res x)"),
    (
      "SGRNCell",
      """
      state h
      q  = W_a x + b_a
      f  = σ(q + U_a h + d_a)
      h' = tanh((1 - f) * q + f * h)
      """
    ),
    (
      "STARCell",
      """
      state h
      z  = tanh(W_a x + b_a)
      k  = σ(W_b x + U_a h + e_ba)
      h' = tanh((1 - k) * h + k * z)
      """
    ),
    (
      "TLSTMCell",
      """
      state h, c, y(inputs)
      z  = W_a x + U_a y + e_aa
      f  = σ(W_b x + U_b y + e_bb)
      o  = tanh(W_c x + U_c y + e_cc)
      c' = f * c + (1 - f) * z
      h' = c' * o
      y' = x
      """
    ),
    // The state of some steps ago, which this cell may be given, is zero in the collection's run.
    (
      "tauGRUCell",
      """
      state h
      u  = tanh(W_a x + U_a h + e_aa)
      z  = tanh(W_b x + e_bb)
      g  = σ(W_c x + U_c h + e_cc)
      a  = σ(W_d x + U_d h + e_dd)
      h' = (1 - g) * h + g * (u + a * z)
      """
    ),
    (
      "UGRNNCell",
      """
      state h
      n  = tanh(W_a x + U_a h + e_aa)
      g  = σ(W_b x + U_b h + e_bb)
      h' = g * h + (1 - g) * n
      """
    ),
    (
      "WMCLSTMCell",
      """
      state h, c
      i  = σ(W_a x + U_a h + e_aa + tanh(M_a c + m_a))
      f  = σ(W_b x + U_b h + e_bb + tanh(M_b c + m_b))
      g  = tanh(W_c x + U_c h + e_cc)
      c' = f * c + i * g
      o  = σ(W_d x + U_d h + e_dd + tanh(M_c c' + m_c))
      h' = o * tanh(c')
      """
    ),
  ]
}
