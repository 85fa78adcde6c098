// The fast code: everything that runs once a step or once a weight, compiled once for each instruction set (a "level").
//
// Letters: B batch rows, T steps, K length of a product's source vector, N length of its result.
// No function here allocates; the caller owns every buffer and all state. Only those of the barrier and the work queue wait.
// Names start with rk_ (recurrent kernels).
#ifndef RECURRENT_KERNELS_H
#define RECURRENT_KERNELS_H

#include <stdint.h>

// What runs in a stream's step says so, and compilers that know the word hold it to that.
#if defined(__has_attribute)
#if __has_attribute(nonblocking)
#define RK_NONBLOCKING __attribute__((nonblocking))
#define RK_HAS_NONBLOCKING 1
#endif
#endif
#ifndef RK_NONBLOCKING
#define RK_NONBLOCKING
#define RK_HAS_NONBLOCKING 0
#endif

#ifdef __cplusplus
extern "C" {
#endif

/// How the row of batch entry b at step t is found in a buffer; the address is base + row * row_stride + column.
enum {
  /// row = b: one row per batch entry, rewritten each step. With row_stride 0: one vector for all rows (a parameter).
  RK_ROW = 0,
  /// row = step_offset[t] + b: one row per batch entry and step.
  RK_STEP = 1,
  /// row = previous_offset[t] + b: where RK_STEP of the step before put it; at step 0 the initial rows.
  RK_PREVIOUS = 2,
  /// row = (t & 1) * B + b, and its counterpart row = (1 - (t & 1)) * B + b: two rows per entry, in turn.
  RK_ALTERNATE = 3,
  RK_ALTERNATE_OTHER = 4,
  /// row = (t - ring_start) * ring_rows + b - ring_first, and the row one step later: a few steps of a few entries.
  RK_RING = 5,
  RK_RING_NEXT = 6,
  /// Anywhere: base holds an address for each batch entry, a float ** that is read as such.
  RK_ELSEWHERE = 7,
};

/// Memory that a schedule reads or writes.
typedef struct {
  float *base;
  int64_t row_stride;  // floats
  int32_t addressing;  // RK_ROW ...
} rk_buffer;

/// A vector of a row: `buffer` >= 0 is an index into the schedule's buffers, starting at `column`;
/// `buffer` < 0 is the tile register -1 - buffer (column is then 0).
typedef struct {
  int32_t buffer;
  int32_t column;
} rk_operand;

/// What of an operand meets a row of a matrix, in a program that goes over the rows of matrices.
enum {
  /// The row of the same number of a matrix that stands there row by row.
  RK_MATRIX = 0,
  /// A vector as long as a row: the same for all rows. What is written so is the sum over all rows.
  RK_MATRIX_ROW = 1,
  /// One number of a vector that has one for each row.
  RK_MATRIX_COLUMN = 2,
  /// The same number for all rows. What is written so is the sum over all elements.
  RK_MATRIX_NUMBER = 3,
  /// Of a destination in a register: one row, which is the same for all.
  RK_MATRIX_SINGLE_ROW = 4,
};

/// In the place of a program's matrix_rows: as many as the memory of the batch entry has.
enum { RK_ROWS_OF_MEMORY = -1 };

/// destination = operation(sources), `span` times the program's width elements of each row. Unused sources repeat the
/// first. A span is 1 unless all operands are in buffers and the program's rows are not cut. An operation of whole rows takes each
/// of `parts` equal parts of a row for one; others have one part.
typedef struct {
  int32_t operation;  // rk_operation(name)
  int32_t span;
  int32_t parts;
  rk_operand destination;
  rk_operand sources[3];
  int32_t destination_part, source_parts[3];  // RK_MATRIX ..., in a program over the rows of matrices
} rk_instruction;

/// What an operation does with the tile of a matrix that stands in the processor's registers, and a term: a matrix, a row that is
/// the same for all rows, a column that is the same for all columns, or the product of two of these.
enum {
  /// tile = term
  RK_MATRIX_SET = 0,
  /// tile = tile * factor
  RK_MATRIX_MULTIPLY = 1,
  /// tile = tile + term, rounded once where the level can
  RK_MATRIX_ADD = 2,
  RK_MATRIX_SUBTRACT = 3,
  /// matrix = tile
  RK_MATRIX_STORE = 4,
  /// What the tile, times a factor if there is one, adds up to: one number for each row, for each column, or one.
  RK_MATRIX_SUM_OF_COLUMNS = 5,
  RK_MATRIX_SUM_OF_ROWS = 6,
  RK_MATRIX_SUM_OF_ALL = 7,
};

enum {
  RK_FACTOR_NONE = 0,
  RK_FACTOR_MATRIX = 1,
  RK_FACTOR_ROW = 2,
  RK_FACTOR_COLUMN = 3,
  RK_FACTORS_COLUMN_ROW = 4,
  RK_FACTORS_COLUMN_MATRIX = 5,
  RK_FACTORS_ROW_MATRIX = 6,
  RK_FACTORS_MATRICES = 7,
  RK_FACTORS_COUNT = 8,
  /// The most operations of one program, and the most of them that are sums.
  RK_MATRIX_OPERATIONS = 32,
  RK_MATRIX_SUMS = 8,
};

/// One operation on a tile. A matrix with a negative buffer is a tile of scratch memory, -1 the first.
typedef struct {
  int32_t action;   // RK_MATRIX_SET ...
  int32_t factors;  // RK_FACTOR_NONE ...
  int32_t sum;      // of a sum, its number among the program's
  int32_t column_is_number;
  rk_operand matrices[2], row, column, out;
} rk_matrix_operation;

/// A pointwise program: instructions that run one after the other over a tile of rows.
typedef struct {
  const rk_instruction *instructions;
  int32_t count;
  int32_t width;      // elements of each row
  int32_t registers;  // tile registers in use
  int32_t whole_row;  // an instruction needs all `width` elements of a row at once: the row can't be cut
  int32_t matrix_rows;  // rows of the matrix of `width` columns that each row of the batch has; 0 if the program goes over vectors
  int32_t matrices;     // how many of these stand one after the other, each with its own rows, columns and number of every vector
  const rk_matrix_operation *operations;  // what the instructions do with matrices, with all values in registers
  int32_t operation_count;                // 0: the instructions run one by one
  int32_t of_memory;    // each of the `width` elements of a vector is there for each row of the batch entry's memory
} rk_program;

/// The kinds of numbers that a packed matrix holds. Sums are floats for all of them.
enum {
  RK_FLOAT32 = 0,
  /// IEEE 754's half precision, of which every number is a float.
  RK_FLOAT16 = 1,
  /// The upper half of a float.
  RK_BFLOAT16 = 2,
  /// Whole numbers from -128 to 127, times a scale for each result: a row of W as it is stored.
  RK_INT8 = 3,
  /// The same, times a scale for each source: where W is the transpose of what is stored.
  RK_INT8_BY_SOURCE = 4,
  /// As RK_INT8, for sources that are whole numbers, too, times a scale for each row: what rk_kernels.quantize leaves of floats.
  RK_INT8_BY_INT8 = 5,
  RK_WEIGHTS_COUNT = 6,
};

/// W, a matrix of n results and k sources, packed by rk_kernels.pack.
typedef struct {
  const float *panels;  // packed_size(weights, n, k) floats
  const float *scales;  // RK_INT8, RK_INT8_BY_INT8: [n]; RK_INT8_BY_SOURCE: [k]; else NULL
  int32_t weights;      // RK_FLOAT32 ...
  int32_t k, n;
} rk_matrix;

/// destination[N] (+)= source[K] · W. Every element sums in the order of k, so that a row's result does not depend on how many
/// rows run beside it. Numbers of 16 bits give the bits that the same numbers as floats give; the sum of bytes starts at 0, and
/// is multiplied with its scale before the start is added.
typedef struct {
  rk_matrix matrix;
  const float *bias;    // [N] where the sum starts, or NULL for 0; ignored if accumulate
  rk_operand source;
  rk_operand destination;
  int32_t accumulate;   // add to what the destination holds
  float *quantized;     // RK_INT8_BY_INT8: room for the source's rows, rk_quantized_size(k) floats each; else NULL
} rk_product;

/// What one step does, in order: `index` into the programs or the products.
typedef struct {
  int32_t is_program;
  int32_t index;
} rk_phase;

typedef struct {
  const rk_phase *phases;
  int32_t phase_count;
  const rk_product *products;
  const rk_program *programs;
  const rk_buffer *buffers;
  int32_t buffer_count;
  int32_t batch;                   // B, for the alternating buffers
  const int64_t *step_offset;      // [T]
  const int64_t *previous_offset;  // [T]
  const int32_t *live;             // [T] rows that take part in the step, longest sequences first
  int32_t ring_start, ring_rows, ring_first;  // for the buffers of a few steps
  const int32_t *memory_rows;      // [B] how many rows the memory of each batch entry has; NULL if no program asks
} rk_schedule;

/// Rows that are multiplied by each other: left[row, n] · right[row, k].
typedef struct {
  const float *left;
  int64_t left_stride;
  const float *right;
  int64_t right_stride;
} rk_outer_source;

/// A matrix's gradient: out[n, k] = Σ left[row, n] · right[row, k], from the gradients of its results (left) and the vectors
/// that it met (right), or the other way about for its transpose; a matrix that serves several times has a source for each.
///
/// The rows belong to shards. A shard's rows are summed up for each source in the order in which they are listed, from zero.
/// Its sources' sums are added in a balanced binary tree over their numbers, and the shards' sums in one over theirs,
/// ((0 + 1) + (2 + 3)) + ((4 + 5) + (6 + 7)), in which a shard without rows has no part. So the result depends on nothing else,
/// not even on what part of the matrix a call makes.
typedef struct {
  float *out;
  int64_t out_stride;
  const rk_outer_source *sources;
  int32_t source_count;
  int32_t shards;
  const int32_t *rows;  // numbers of rows, those of shard 0 first
  const int32_t *ends;  // [shards] where each shard's rows end in that list
  int32_t accumulate;   // with one shard and one source only: its sum goes on from what out holds
  int64_t n, k;
} rk_outer_sum;

/// A queue of work in parts: each part is taken by one of several threads, from a counter. Zero at first.
typedef struct {
  int32_t taken, finished;
} rk_queue;

/// A part that is the caller's now, or -1 if none is left.
int32_t rk_queue_take(rk_queue *queue, int32_t parts);
/// Says that a taken part is done.
void rk_queue_finish(rk_queue *queue);
/// Waits until all parts are done. What any thread wrote in them is seen then.
void rk_queue_wait(rk_queue *queue, int32_t parts);

/// A barrier for the threads that share the steps of a schedule. Zero at first; it serves one run.
typedef struct {
  int32_t joined, arrived, generation;
} rk_barrier;

enum {
  /// The other threads did not come in time: this one runs the steps alone.
  RK_ALONE = -1,
  /// Another thread has begun alone: there is nothing to do.
  RK_GONE = -2,
};

/// Joins the barrier and waits for `count` threads to do so, for about a tenth of a millisecond. Returns the thread's number
/// among them, RK_ALONE or RK_GONE.
int32_t rk_barrier_join(rk_barrier *barrier, int32_t count);

/// The functions compiled for one instruction set.
typedef struct {
  const char *name;  // "baseline", "avx2", "avx512"; "baseline" on arm64 is NEON

  /// Runs steps first, first + direction, ... (`steps` of them) for the batch rows [row_begin, row_end) that are live.
  /// scratch: rk_scratch_size floats, aligned to 64 bytes, one for each thread.
  void (*run)(const rk_schedule *schedule, int32_t first, int32_t steps, int32_t direction, int32_t row_begin, int32_t row_end,
              float *scratch);

  /// Runs steps as `run` does for all live rows of the batch, by `count` threads that have joined: each has a schedule of its own
  /// with its part of every phase, and begins a phase when all are through the one before.
  void (*run_together)(const rk_schedule *schedule, int32_t first, int32_t steps, int32_t direction, float *scratch,
                       rk_barrier *barrier, int32_t count);

  /// Resolves step t for the batch rows [0, rows) into a list of calls with their addresses, for a stream that runs the same
  /// step again and again. The list is valid as long as the buffers, panels and scratch are; the schedule may go.
  /// Returns the list's bytes; memory, aligned to 8 bytes, may be NULL to find out how many.
  int64_t (*bind_step)(const rk_schedule *schedule, int32_t t, int32_t rows, float *scratch, void *memory);
  /// Makes the calls of a bound step, and does nothing else: the compiler proves that it neither allocates nor locks.
  void (*run_bound)(const void *memory) RK_NONBLOCKING;

  /// Floats that `pack` writes for a matrix of n results and k sources.
  int64_t (*packed_size)(int32_t weights, int64_t n, int64_t k);
  /// Packs W, element (result i, source j) at matrix[i * row_stride + j * column_stride], into panels, aligned to 64 bytes. The
  /// elements are floats, halves, bfloats (uint16_t) or bytes (int8_t), as `weights` says.
  void (*pack)(int32_t weights, float *panels, const void *matrix, int64_t row_stride, int64_t column_stride, int64_t n, int64_t k);
  /// out[B, N] (+)= x[B, K] · W alone, as in a schedule; bias as in rk_product. For RK_INT8_BY_INT8 x is what `quantize` has left.
  void (*product)(const rk_matrix *matrix, const float *bias, const float *x, int64_t x_stride, float *out, int64_t out_stride,
                  int64_t rows, int32_t accumulate);

  /// Rounds rows x[rows, k] to whole numbers from -127 to 127 times a scale for each row: out[rows, rk_quantized_size(k)].
  void (*quantize)(float *out, const float *x, int64_t x_stride, int64_t rows, int64_t k);

  /// scratch: rk_outer_scratch_size floats, aligned to 64 bytes, one for each thread.
  void (*sum_outer_products)(const rk_outer_sum *sum, float *scratch);

  /// One primitive over rows: what an instruction does, alone. Strides in floats.
  void (*apply)(int32_t operation, float *out, int64_t out_stride, const float *a, int64_t a_stride, const float *b, int64_t b_stride,
                const float *c, int64_t c_stride, int64_t rows, int64_t width);

  /// sums[n] += the column sums of matrix[rows, n], over the `count` rows of a list in its order.
  void (*add_column_sums)(float *sums, const float *matrix, int64_t row_stride, const int32_t *rows, int64_t count, int64_t n);
  /// Sum of squares in double.
  double (*sum_of_squares)(const float *values, int64_t count);
  /// values *= factor
  void (*scale)(float *values, float factor, int64_t count);

  /// Softmax cross-entropy of rows: logits[rows, n] become (softmax - onehot(target)) * scale; returns the sum of -log p in nats.
  /// A negative target counts nothing and gives a gradient of 0.
  double (*softmax_cross_entropy)(float *logits, int64_t row_stride, const int32_t *targets, int64_t rows, int64_t n, float scale);
  /// logits[rows, n] become probabilities.
  void (*softmax)(float *logits, int64_t row_stride, int64_t rows, int64_t n);

  /// Optimisers over `count` weights; the formulas stand at the bodies.
  void (*sgd)(float *weights, const float *gradient, float *velocity, int64_t count, float rate, float momentum);
  void (*rmsprop)(float *weights, const float *gradient, float *mean_square, int64_t count, float rate, float decay, float epsilon);
  /// step counts from 1
  void (*adam)(float *weights, const float *gradient, float *mean, float *mean_square, int64_t count, int64_t step, float rate,
               float beta1, float beta2, float epsilon);
} rk_kernels;

/// How many instruction sets this build has, the slowest first.
int32_t rk_level_count(void);
// Processors that the process may use, at least 1.
int32_t rk_processor_count(void);
/// The kernels of an instruction set, or NULL if this processor can't run them.
const rk_kernels *rk_level(int32_t level);
/// The name of an instruction set, whether or not this processor can run it.
const char *rk_level_name(int32_t level);

/// The number of a primitive's kernel, or -1 if there is none of that name.
int32_t rk_operation(const char *name);
/// How many kernels of primitives there are; their numbers are below it.
int32_t rk_operation_count(void);
/// Floats of a row of k numbers that are whole ones times a scale.
int64_t rk_quantized_size(int32_t k);
/// Floats of scratch that one thread needs to run a program of that width with that many registers.
int64_t rk_scratch_size(int32_t width, int32_t registers);
/// Floats of scratch that one thread needs for so many tiles of matrices.
int64_t rk_matrix_scratch_size(int32_t tiles);
/// Floats of scratch that one thread needs to sum up outer products into a matrix [n, k] or a part of it.
int64_t rk_outer_scratch_size(int32_t shards, int32_t source_count, int64_t n, int64_t k);

#ifdef __cplusplus
}
#endif
#endif
