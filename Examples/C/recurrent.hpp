// Recurrent from C++: handles that close themselves, and errors as exceptions. C++17 and recurrent.h are all that it needs.
//
//     recurrent::Model model("amp.safetensors");
//     auto stream = model.stream();
//     stream.process(input, output, 64);  // in an audio callback: no exception, no allocation, no lock
#ifndef RECURRENT_HPP
#define RECURRENT_HPP

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "recurrent.h"

namespace recurrent {

/// What went wrong, as the library says it.
class Error : public std::runtime_error {
 public:
  Error(recurrent_status status, const char *message) : std::runtime_error(message), status_(status) {}
  recurrent_status status() const noexcept { return status_; }

 private:
  recurrent_status status_;
};

namespace detail {

/// Makes a call that takes an error, and throws what it says.
template <class Call>
void check(Call call) {
  recurrent_error error;
  const recurrent_status status = call(&error);
  if (status != RECURRENT_OK) throw Error(status, error.message);
}

template <class T, void (*close)(T *)>
struct Closer {
  void operator()(T *handle) const noexcept { close(handle); }
};

template <class T, void (*close)(T *)>
using Handle = std::unique_ptr<T, Closer<T, close>>;

}  // namespace detail

/// A model that is run step by step. It can be moved, and copied: the copy goes on from where the original is.
class Stream {
 public:
  explicit Stream(const recurrent_model *model) {
    recurrent_stream *stream = nullptr;
    detail::check([&](recurrent_error *error) { return recurrent_stream_open(model, &stream, error); });
    handle_.reset(stream);
  }
  Stream(const Stream &other) {
    recurrent_stream *stream = nullptr;
    detail::check([&](recurrent_error *error) { return recurrent_stream_clone(other.handle_.get(), &stream, error); });
    handle_.reset(stream);
  }
  Stream &operator=(const Stream &other) {
    if (this != &other) *this = Stream(other);
    return *this;
  }
  Stream(Stream &&) noexcept = default;
  Stream &operator=(Stream &&) noexcept = default;

  /// Runs a block of steps: input is [steps, inputs], output [steps, outputs].
  recurrent_status process(const float *input, float *output, std::int64_t steps) noexcept {
    return recurrent_stream_process(handle_.get(), input, output, steps);
  }
  /// Runs a block of steps of a model that reads symbols.
  recurrent_status read(const std::int32_t *symbols, float *output, std::int64_t steps) noexcept {
    return recurrent_stream_read(handle_.get(), symbols, nullptr, output, steps);
  }
  recurrent_status reset() noexcept { return recurrent_stream_reset(handle_.get()); }

  recurrent_stream *get() const noexcept { return handle_.get(); }

 private:
  detail::Handle<recurrent_stream, recurrent_stream_close> handle_;
};

/// A trained network.
class Model {
 public:
  explicit Model(const std::string &path) {
    recurrent_model *model = nullptr;
    detail::check([&](recurrent_error *error) { return recurrent_model_open(path.c_str(), &model, error); });
    handle_.reset(model);
  }
  Model(const void *bytes, std::size_t count) {
    recurrent_model *model = nullptr;
    detail::check([&](recurrent_error *error) {
      return recurrent_model_open_bytes(bytes, static_cast<std::int64_t>(count), &model, error);
    });
    handle_.reset(model);
  }

  recurrent_model_info info() const {
    recurrent_model_info info;
    detail::check([&](recurrent_error *error) { return recurrent_model_describe(handle_.get(), &info, error); });
    return info;
  }

  Stream stream() const { return Stream(handle_.get()); }

  /// Runs one sequence, [steps, inputs], and gives [steps, outputs], or [outputs] of a model that gives once for a sequence.
  std::vector<float> run(const std::vector<float> &input) const {
    const recurrent_model_info own = info();
    if (own.inputs == 0 || input.size() % static_cast<std::size_t>(own.inputs) != 0) {
      throw Error(RECURRENT_ERROR_SHAPE, "the input has not the numbers of whole steps");
    }
    recurrent_batch batch{};
    batch.sequences = 1;
    batch.steps = static_cast<std::int64_t>(input.size()) / own.inputs;
    batch.input = input.data();
    std::vector<float> output(static_cast<std::size_t>(own.gives_steps != 0 ? batch.steps * own.outputs : own.outputs));
    recurrent_runner *runner = nullptr;
    detail::check([&](recurrent_error *error) { return recurrent_runner_open(handle_.get(), 1, &runner, error); });
    const detail::Handle<recurrent_runner, recurrent_runner_close> owner(runner);
    detail::check([&](recurrent_error *error) { return recurrent_runner_run(runner, &batch, output.data(), error); });
    return output;
  }

  recurrent_model *get() const noexcept { return handle_.get(); }

 private:
  detail::Handle<recurrent_model, recurrent_model_close> handle_;
};

}  // namespace recurrent

#endif
