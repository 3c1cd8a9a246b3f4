#include "capi/arrow_stream.h"

#include <fmt/format.h>

#include <cerrno>
#include <string>
#include <utility>

using namespace evodb;
using namespace evodb::capi;

namespace {

/// The stream interface reports errno values only. Arrow's own importers distinguish EINVAL, ENOMEM and ENOSYS.
int errno_of(status code) noexcept {
  switch (code) {
    case status::INVALID_ARGUMENT:
    case status::INVALID_FILTER:
    case status::INCOMPATIBLE_SCHEMA:
    case status::FORKED:
      return EINVAL;
    case status::UNSUPPORTED:
      return ENOSYS;
    case status::WOULD_DEADLOCK:
      return EDEADLK;
    case status::NOT_FOUND:
      return ENOENT;
    case status::ACCESS_DENIED:
      return EACCES;
    case status::CANCELLED:
      return ECANCELED;
    case status::DEADLINE_EXCEEDED:
      return ETIMEDOUT;
    case status::RESOURCE_EXHAUSTED:
      return ENOMEM;
    default:
      return EIO;
  }
}

/// The private data of a stream. One thread at a time.
class arrow_stream {
 public:
  explicit arrow_stream(std::shared_ptr<stream_content> content) : content_(std::move(content)) {}

  /// Runs a callback's body and turns what it throws into its errno value and the last error's text.
  template <typename Body>
  int call(Body body) noexcept {
    last_error_.clear();
    evodb_error *failure = nullptr;
    const evodb_status code = guarded(&failure, [&] { body(*content_); });
    if (code == EVODB_OK) return 0;
    const std::unique_ptr<evodb_error> kept(failure);
    if (kept) remember(kept->value);
    return errno_of(static_cast<status>(code));
  }
  /// Null if the last call did not fail.
  const char *last_error() const noexcept { return last_error_.empty() ? nullptr : last_error_.c_str(); }
  std::weak_ptr<stream_content> content() const noexcept { return content_; }

 private:
  void remember(const error &what) noexcept {
    try {
      last_error_ = fmt::format("{}: {}", name_of(what.code()), what.message());
      if (!what.subject().empty()) last_error_ += fmt::format(" ({})", what.subject());
    } catch (...) {
      last_error_.clear();  // out of memory: the errno value has to do
    }
  }

  const std::shared_ptr<stream_content> content_;
  std::string last_error_;
};

arrow_stream &behind(const ArrowArrayStream *stream) noexcept {
  return *static_cast<arrow_stream *>(stream->private_data);
}

int get_schema(ArrowArrayStream *stream, ArrowSchema *out) {
  return behind(stream).call([&](stream_content &content) { export_schema(content.columns(), *out); });
}

int get_next(ArrowArrayStream *stream, ArrowArray *out) {
  return behind(stream).call([&](stream_content &content) { content.next(*out); });
}

const char *get_last_error(ArrowArrayStream *stream) {
  return behind(stream).last_error();
}

void release(ArrowArrayStream *stream) {
  delete static_cast<arrow_stream *>(stream->private_data);
  stream->private_data = nullptr;
  stream->release = nullptr;
}

}  // namespace

ArrowArrayStream evodb::capi::make_stream(std::shared_ptr<stream_content> content) {
  auto stream = std::make_unique<arrow_stream>(std::move(content));
  return ArrowArrayStream{get_schema, get_next, get_last_error, release, stream.release()};
}

/// Keeps nothing alive: a stream that was released has nothing left to cancel.
struct evodb_cancellation {
  std::weak_ptr<stream_content> of;
};

evodb_status evodb_plan_stream_cancellation(const struct ArrowArrayStream *stream,
                                            evodb_cancellation **out_cancellation, evodb_error **error) {
  return guarded(error, [&] {
    require(stream, "stream");
    require(out_cancellation, "out_cancellation");
    if (stream->release != release) {
      fail(status::INVALID_ARGUMENT, "stream is not one of this library, or it was released or moved");
    }
    *out_cancellation = new evodb_cancellation{behind(stream).content()};
  });
}

void evodb_cancellation_cancel(const evodb_cancellation *cancellation) {
  if (cancellation == nullptr) return;
  if (const std::shared_ptr<stream_content> content = cancellation->of.lock()) content->cancel();
}

void evodb_cancellation_free(evodb_cancellation *cancellation) {
  delete cancellation;
}
