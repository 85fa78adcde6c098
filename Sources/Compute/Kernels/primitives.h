// The one place that lists the primitives' kernels: name and value of a vector of elements a (and b, and c).
// Numbers, names and loops over rows are all made from this list.
#ifndef RECURRENT_KERNELS_PRIMITIVES_H
#define RECURRENT_KERNELS_PRIMITIVES_H

// A minimum or maximum is NaN if either argument is, so that a NaN never hides. Division of two infinities in softsign
// is avoided by clamping to the finite numbers: there the quotient is 1 already.
#define RK_PRIMITIVES(UNARY, BINARY, TERNARY, ROW, ROWS, MAP)    \
  BINARY(add, a + b)                                             \
  BINARY(subtract, a - b)                                        \
  BINARY(multiply, a *b)                                         \
  BINARY(divide, a / b)                                          \
  UNARY(negate, -a)                                              \
  UNARY(sigmoid, v_sigmoid(a))                                   \
  UNARY(tanh, v_tanh(a))                                         \
  UNARY(exp, v_exp(a))                                           \
  UNARY(log, v_log(a))                                           \
  UNARY(softplus, v_softplus(a))                                 \
  UNARY(softsign, v_softsign(a))                                 \
  UNARY(sqrt, __builtin_elementwise_sqrt(a))                     \
  UNARY(sin, v_sin(a))                                           \
  UNARY(cos, v_cos(a))                                           \
  UNARY(erf, v_erf(a))                                           \
  UNARY(relu, v_max(a, (vf)0))                                   \
  UNARY(abs, __builtin_elementwise_abs(a))                       \
  UNARY(sign, v_select(a > 0, (vf)1, v_select(a < 0, (vf)-1, a))) \
  UNARY(step, v_select(a > 0, (vf)1, v_select(a == a, (vf)0, a))) \
  UNARY(floor, v_floor(a))                                       \
  UNARY(identity, a)                                             \
  BINARY(max, v_max(a, b))                                       \
  BINARY(min, v_min(a, b))                                       \
  TERNARY(clip, v_min(v_max(a, b), c))                           \
  TERNARY(multiply_add, v_multiply_add(a, b, c))                 \
  TERNARY(subtract_product, v_multiply_add(-a, b, c))            \
  ROW(mean, row_mean)                                            \
  ROW(sum, row_sum)                                              \
  ROW(spread, row_spread)                                        \
  ROW(softmax, row_softmax)                                      \
  ROW(cumsum, row_cumsum)                                        \
  ROW(reverse_cumsum, row_reverse_cumsum)                        \
  ROW(layer_norm, row_layer_norm)                                \
  ROWS(layer_norm_gradient, row_layer_norm_gradient)             \
  UNARY(as_rows, a)                                              \
  ROW(as_columns, row_spread)                                    \
  ROW(as_matrix, row_spread)                                     \
  MAP(sum_of_rows, map_sum_of_rows)                              \
  MAP(sum_of_columns, map_sum_of_columns)                        \
  MAP(sum_of_all, map_sum_of_all)

#endif
