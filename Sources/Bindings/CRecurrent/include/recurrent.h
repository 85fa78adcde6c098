/*
 * Recurrent: networks with memory, described by equations, from C.
 *
 * Conventions
 *
 * - Handles are opaque. What opens one is called ..._open, what closes it ..._close, which takes NULL, too. A handle doesn't need
 *   the one that it was opened from after that: a stream goes on when its model has been closed.
 * - Each call that can fail returns a status, and takes a place for an error, which may be NULL: a sentence that says what is
 *   wrong, where, what was expected and what to do. Results are written if the status is RECURRENT_OK; otherwise they are left
 *   alone, except that a handle to be opened is NULL.
 * - Nothing is global, nothing is printed, and nothing ends the process for what it was given, apart from pointers to memory
 *   that is not the caller's.
 * - Arrays lie row by row: [steps, numbers] has the numbers of the first step first. Numbers are 32-bit floats.
 * - Text is UTF-8 that ends with a zero byte. Text and arrays that a handle gives are its own, and go with it.
 * - Models, cells and layers may be used by any number of threads at the same time. Streams, runners and tapes belong to one
 *   thread at a time, and to any one: a tape may be run back by another thread than that which made it.
 *
 * In an audio callback: recurrent_stream_process, recurrent_stream_read and recurrent_stream_reset allocate nothing, take no lock
 * and make no call to the system. All others may.
 */
#ifndef RECURRENT_H
#define RECURRENT_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What came of a call. */
typedef enum recurrent_status {
  RECURRENT_OK = 0,
  /* A pointer is NULL that must not be, or a number is out of its range. */
  RECURRENT_ERROR_ARGUMENT = 1,
  /* A file can't be read, or is no model. */
  RECURRENT_ERROR_FILE = 2,
  /* The text of a cell is wrong, no cell has that name, or a cell can't have the sizes asked for. */
  RECURRENT_ERROR_CELL = 3,
  /* Arrays or sequences of a size that does not fit. */
  RECURRENT_ERROR_SHAPE = 4,
  /* Something that can't be done with this model or layer, such as to stream one that reads in reverse. */
  RECURRENT_ERROR_UNSUITABLE = 5,
  /* Threads, kernels or memory that this machine does not have. */
  RECURRENT_ERROR_MACHINE = 6
} recurrent_status;

/* What is wrong, as one sentence; that of a cell's text shows the place in further lines. Longer ones are cut to fit. */
typedef struct recurrent_error {
  char message[2048];
} recurrent_error;

/* The version of the library, such as "0.2.0". */
const char *recurrent_version(void);

/* ---- Models ------------------------------------------------------------------------------------------------------------ */

/* A trained network. */
typedef struct recurrent_model recurrent_model;

/* Opens a model file, or the folder of a run, which stands for the best model in it. */
recurrent_status recurrent_model_open(const char *path, recurrent_model **model, recurrent_error *error);

/* Opens a model whose file has been read, or is part of the program: `count` bytes, which are not needed any more afterwards. */
recurrent_status recurrent_model_open_bytes(const void *bytes, int64_t count, recurrent_model **model, recurrent_error *error);

void recurrent_model_close(recurrent_model *model);

/* What a model reads and gives. */
typedef struct recurrent_model_info {
  /* The numbers that a step reads. */
  int64_t inputs;
  /* The symbols of the vocabulary of which a step reads one beside these, counted from 0; 0 if it reads none. */
  int64_t symbols;
  /* The numbers that it gives: for classes, their probabilities. */
  int64_t outputs;
  /* Ways through the sequence: one for each layer, two for a bidirectional one. */
  int64_t passes;
  /* The numbers of its weights. */
  int64_t weights;
  /* Whether it gives something at each step; otherwise once for each sequence. */
  int32_t gives_steps;
  /* Whether it gives probabilities of classes. */
  int32_t gives_classes;
  /* Whether it can be run step by step. */
  int32_t streams;
  /* What it reads, in words, such as "2 features at each step". */
  const char *reads;
  /* The network, its cells' equations included, as JSON. */
  const char *network;
  /* What its numbers stand for, such as columns, labels and their scaling, as JSON; NULL if the file does not say. */
  const char *meaning;
} recurrent_model_info;

recurrent_status recurrent_model_describe(const recurrent_model *model, recurrent_model_info *info, recurrent_error *error);

/* The name of a symbol that the model reads, such as a character. */
recurrent_status recurrent_model_symbol(const recurrent_model *model, int64_t symbol, const char **name, recurrent_error *error);

/* A layer's way through the sequence in one direction. */
typedef struct recurrent_pass_info {
  /* "layer 1", "layer 1, forward", "layer 1, reverse". */
  const char *name;
  /* The cell's name, and its equations. */
  const char *cell;
  const char *text;
  int64_t states;
} recurrent_pass_info;

/* pass: counted from 0, the first layer first. */
recurrent_status recurrent_model_pass(const recurrent_model *model, int64_t pass, recurrent_pass_info *info, recurrent_error *error);

/* A named array of numbers. */
typedef struct recurrent_tensor_info {
  const char *name;
  /* 1 or 2. */
  int64_t rank;
  /* [numbers, 1], or [rows, columns]. */
  int64_t shape[2];
  /* The product of the shape. */
  int64_t count;
  /* Whether it is a parameter that training is to leave as it starts, from a line `fixed W` of the cell. */
  int32_t fixed;
} recurrent_tensor_info;

/* A state of a pass, counted from 0 in the order of the equations: of an LSTM 0 is the output h and 1 the memory c. */
recurrent_status recurrent_model_state(
    const recurrent_model *model, int64_t pass, int64_t state, recurrent_tensor_info *info, recurrent_error *error);

/* ---- Streams ----------------------------------------------------------------------------------------------------------- */

/* A model that is run step by step and keeps its states from call to call. */
typedef struct recurrent_stream recurrent_stream;

/* Opens a stream at its initial states. All streams of a model share its weights. */
recurrent_status recurrent_stream_open(const recurrent_model *model, recurrent_stream **stream, recurrent_error *error);

void recurrent_stream_close(recurrent_stream *stream);

/*
 * Runs a block of steps.
 *
 * input: [steps, inputs], those of the model; NULL if it reads none.
 * output: receives [steps, outputs]; NULL to go on without. It may be the memory of the input if a step gives no more than it
 * reads.
 */
recurrent_status recurrent_stream_process(recurrent_stream *stream, const float *input, float *output, int64_t steps);

/*
 * Runs a block of steps of a model that reads symbols.
 *
 * symbols: [steps], each below the model's number of symbols: if one is not, nothing is run.
 * input, output: as above.
 */
recurrent_status recurrent_stream_read(
    recurrent_stream *stream, const int32_t *symbols, const float *input, float *output, int64_t steps);

/* What the last step gave, [outputs]; zeros before the first one. */
recurrent_status recurrent_stream_outputs(recurrent_stream *stream, float *outputs);

/* Sets all states to what they are before the first step. */
recurrent_status recurrent_stream_reset(recurrent_stream *stream);

/* Opens a stream that goes on from where another one is. */
recurrent_status recurrent_stream_clone(const recurrent_stream *stream, recurrent_stream **clone, recurrent_error *error);

/* A state as it is between steps. values: as many as recurrent_model_state says. */
recurrent_status recurrent_stream_get_state(
    const recurrent_stream *stream, int64_t pass, int64_t state, float *values, recurrent_error *error);
recurrent_status recurrent_stream_set_state(
    recurrent_stream *stream, int64_t pass, int64_t state, const float *values, recurrent_error *error);

/* ---- Batches ----------------------------------------------------------------------------------------------------------- */

/* What runs a model over whole sequences. It keeps its memory from run to run. */
typedef struct recurrent_runner recurrent_runner;

/* threads: 0 for one a processor. */
recurrent_status recurrent_runner_open(
    const recurrent_model *model, int64_t threads, recurrent_runner **runner, recurrent_error *error);

void recurrent_runner_close(recurrent_runner *runner);

/* Sequences of any lengths, in any order. */
typedef struct recurrent_batch {
  int64_t sequences;
  /* Those for which the arrays have room: the longest sequence has no more. */
  int64_t steps;
  /* [sequences]; NULL if all have `steps` steps. What stands after a sequence's last step is not read. */
  const int64_t *lengths;
  /* [sequences, steps, inputs]; NULL if the model reads no numbers. */
  const float *input;
  /* [sequences, steps]; NULL if the model reads no symbols. */
  const int32_t *symbols;
} recurrent_batch;

/*
 * Runs a batch.
 *
 * output: receives [sequences, steps, outputs], zeros after a sequence's last step; of a model that gives something once for each
 * sequence [sequences, outputs].
 */
recurrent_status recurrent_runner_run(
    recurrent_runner *runner, const recurrent_batch *batch, float *output, recurrent_error *error);

/* Named quantities of all passes at all steps, such as gates. */
typedef struct recurrent_trace recurrent_trace;

/* Runs a batch and keeps all that the cells' equations name. */
recurrent_status recurrent_trace_open(
    recurrent_runner *runner, const recurrent_batch *batch, recurrent_trace **trace, recurrent_error *error);

void recurrent_trace_close(recurrent_trace *trace);

/* How many quantities there are. */
recurrent_status recurrent_trace_count(const recurrent_trace *trace, int64_t *count);

typedef struct recurrent_quantity_info {
  /* The pass whose quantity it is, counted from 0. */
  int64_t pass;
  /* As the equations name it: "f", or "c'" for a state after the step. */
  const char *name;
  /* The comment after its equation; NULL if there is none. */
  const char *label;
  /* "state", "gate", "candidate" or whatever else the equations show it to be. */
  const char *role;
  /* Numbers at a step. */
  int64_t width;
} recurrent_quantity_info;

recurrent_status recurrent_trace_describe(
    const recurrent_trace *trace, int64_t quantity, recurrent_quantity_info *info, recurrent_error *error);

/* values: receives [sequences, steps, width], zeros after a sequence's last step. */
recurrent_status recurrent_trace_copy(
    const recurrent_trace *trace, int64_t quantity, float *values, recurrent_error *error);

/* ---- Cells ------------------------------------------------------------------------------------------------------------- */

/* The equations of one time step, checked. */
typedef struct recurrent_cell recurrent_cell;

/* Reads a cell's text. name: what messages call the text, such as its file; NULL for "cell". */
recurrent_status recurrent_cell_open(const char *text, const char *name, recurrent_cell **cell, recurrent_error *error);

/* A cell of the library, such as "lstm". */
recurrent_status recurrent_cell_open_named(const char *name, recurrent_cell **cell, recurrent_error *error);

void recurrent_cell_close(recurrent_cell *cell);

typedef struct recurrent_cell_info {
  const char *name;
  /* Its equations, printed from what they were understood to be. */
  const char *text;
  /* What is allowed but probably a mistake, a line each; "" if nothing is. */
  const char *warnings;
  int64_t states;
  int64_t parameters;
  /* Sizes of its own beside inputs and units. */
  int64_t sizes;
} recurrent_cell_info;

recurrent_status recurrent_cell_describe(const recurrent_cell *cell, recurrent_cell_info *info, recurrent_error *error);

/* The names of its parts, each counted from 0. */
recurrent_status recurrent_cell_state(const recurrent_cell *cell, int64_t index, const char **name, recurrent_error *error);
recurrent_status recurrent_cell_parameter(const recurrent_cell *cell, int64_t index, const char **name, recurrent_error *error);
recurrent_status recurrent_cell_size(const recurrent_cell *cell, int64_t index, const char **name, recurrent_error *error);

/* How many cells the library has, and their names. */
int64_t recurrent_library_count(void);
recurrent_status recurrent_library_cell(int64_t index, recurrent_cell **cell, recurrent_error *error);

/* ---- Layers ------------------------------------------------------------------------------------------------------------ */

/* A cell with sizes, ready to run. Its parameters stay the caller's. */
typedef struct recurrent_layer recurrent_layer;

/*
 * inputs: the length of the vectors that it reads. units: the length of states that don't say otherwise.
 * size_names, sizes: values for `size_count` of the cell's own sizes; those left out take what the cell's text says.
 * threads: 0 for one a processor. In a process that was forked from the one that opened the layer, it runs on one.
 */
recurrent_status recurrent_layer_open(
    const recurrent_cell *cell, int64_t inputs, int64_t units, const char *const *size_names, const int64_t *sizes,
    int64_t size_count, int64_t threads, recurrent_layer **layer, recurrent_error *error);

void recurrent_layer_close(recurrent_layer *layer);

typedef struct recurrent_layer_info {
  int64_t inputs;
  int64_t units;
  /* The width of state 0, which is the output. */
  int64_t outputs;
  int64_t states;
  int64_t parameters;
  /* The numbers of all parameters. */
  int64_t weights;
} recurrent_layer_info;

recurrent_status recurrent_layer_describe(const recurrent_layer *layer, recurrent_layer_info *info, recurrent_error *error);
recurrent_status recurrent_layer_parameter(
    const recurrent_layer *layer, int64_t index, recurrent_tensor_info *info, recurrent_error *error);
recurrent_status recurrent_layer_state(
    const recurrent_layer *layer, int64_t index, recurrent_tensor_info *info, recurrent_error *error);

/* The fraction of a state's units that keep their value at a step of training, from a line `zoneout c = 0.5` of the cell; 0 without. */
recurrent_status recurrent_layer_zoneout(
    const recurrent_layer *layer, int64_t state, double *fraction, recurrent_error *error);

/* Writes fresh parameters, as the cell's text says or as is usual. parameters: one array for each. The same seed gives the same. */
recurrent_status recurrent_layer_initialize(
    const recurrent_layer *layer, uint64_t seed, float *const *parameters, recurrent_error *error);

/*
 * Sequences for a layer, packed: the rows of all sequences' first steps come first, then those of the second steps of the
 * sequences that are still going on, and so on. With equal lengths that is [steps, sequences, ...].
 */
typedef struct recurrent_layer_call {
  int64_t sequences;
  /* Those of the longest sequence. */
  int64_t steps;
  /* [sequences], the longest first; NULL if all have `steps` steps. */
  const int64_t *lengths;
  /* Whether each sequence is read from its own last step to its first. Rows stay in the order of the steps all the same. */
  int32_t reverse;
  /* An array for each parameter. They are copied, if they have changed since the last call. */
  const float *const *parameters;
  /* [rows, inputs]. With a tape, it must stay as it is until the tape is run back or closed. */
  const float *input;
  /* An array for each state, [sequences, width], as it is before the first step; NULL, or NULL for one of them, for zeros. */
  const float *const *initial_states;
  /* Of a cell with zoneout, an array for each state, [rows, width] in the order in which rows are read: 1 where a unit keeps its
     value at a step, 0 elsewhere, as a training draws them. NULL, or NULL for one of them: each unit keeps the fraction of its
     value that the cell's text gives. Not for a state without zoneout. */
  const float *const *zoneouts;
  /* Receives [rows, outputs]. */
  float *output;
  /* An array for each state, which receives [sequences, width], the state after each sequence's last step (of one read in
     reverse, after its first); NULL, or NULL for one of them, for those that are not wanted. */
  float *const *final_states;
} recurrent_layer_call;

/* What a run of a layer leaves for the way back. */
typedef struct recurrent_tape recurrent_tape;

/*
 * Runs sequences. Any number of threads may call it at the same time.
 *
 * tape: receives what recurrent_tape_run_back takes; NULL if no gradients will be asked for.
 */
recurrent_status recurrent_layer_run(
    recurrent_layer *layer, const recurrent_layer_call *call, recurrent_tape **tape, recurrent_error *error);

typedef struct recurrent_gradients {
  /* The gradient of a loss with respect to the output, [rows, outputs]; NULL for zeros. */
  const float *output;
  /* With respect to the final states, an array for each, [sequences, width]; NULL, or NULL for one of them, for zeros. */
  const float *const *final_states;
  /* Where the input of the run stands now; NULL if it stands where it stood. */
  const float *input;
  /* Receives the gradient with respect to the input, [rows, inputs]; NULL if it is not wanted. */
  float *input_gradient;
  /* Receives those with respect to the initial states; NULL, or NULL for one of them, for those that are not wanted. */
  float *const *initial_states;
  /* Receives those with respect to the parameters; NULL, or NULL for one of them, for those that are not wanted. */
  float *const *parameters;
} recurrent_gradients;

/* Runs a layer back, which uses the tape up: it can be done once, and the tape is still to be closed. */
recurrent_status recurrent_tape_run_back(recurrent_tape *tape, const recurrent_gradients *gradients, recurrent_error *error);

/* Closes a tape, run back or not. */
void recurrent_tape_close(recurrent_tape *tape);

/* What recurrent_layer_call and recurrent_gradients are, in double precision and in one. */
typedef struct recurrent_reference_call {
  int64_t sequences, steps;
  const int64_t *lengths;
  int32_t reverse;
  const double *const *parameters, *input, *const *initial_states, *const *zoneouts;
  double *output, *const *final_states;
  /* With respect to the output and the final states. Both NULL: the gradients below are not computed. */
  const double *output_gradient, *const *final_gradients;
  /* Receive gradients; NULL, or NULL for one of them, for those that are not wanted. */
  double *input_gradient, *const *initial_gradients, *const *parameter_gradients;
} recurrent_reference_call;

/*
 * Runs sequences as recurrent_layer_run does, and back, in double precision, operation by operation from the cell's equations. It is
 * thousands of times slower, and meant for checking: what uses a layer is held to finite differences with it.
 */
recurrent_status recurrent_layer_run_reference(
    recurrent_layer *layer, const recurrent_reference_call *call, recurrent_error *error);

#ifdef __cplusplus
}
#endif

#endif
