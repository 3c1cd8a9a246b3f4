#include <fmt/format.h>

#include <cerrno>
#include <memory>
#include <string>
#include <utility>

#include "arrow/export_batch.h"
#include "capi/boundary.h"
#include "capi/plan.h"
#include "table/scan/file_cursor.h"

using namespace evodb;
using namespace evodb::capi;

namespace {

/// A batch ends early at this size: the residual of a long filter is repeated for each file.
constexpr std::size_t most_batch_bytes = 64u << 20;

const std::vector<export_column> &columns() {
  using kind = export_column::kind;
  static const std::vector<export_column> all{
      {"file_path", kind::utf8, false},          {"file_format", kind::utf8, false},
      {"record_count", kind::int64, false},      {"file_size_in_bytes", kind::int64, false},
      {"spec_id", kind::int32, false},           {"partition", kind::utf8, false},
      {"partition_path", kind::utf8, false},     {"data_sequence_number", kind::int64, false},
      {"split_offsets", kind::int64_list, true}, {"residual", kind::utf8, false}};
  return all;
}

/// In the order of the columns.
void append_row(export_batch &to, const file_row &row) {
  std::size_t column = 0;
  to.append_text(column++, row.file_path);
  to.append_text(column++, row.file_format);
  to.append_int64(column++, row.record_count);
  to.append_int64(column++, row.file_size_in_bytes);
  to.append_int32(column++, row.spec_id);
  to.append_text(column++, row.partition_json);
  to.append_text(column++, row.partition_path);
  to.append_int64(column++, row.data_sequence_number);
  if (row.split_offsets.empty()) {
    to.append_null(column++);
  } else {
    to.append_list(column++, row.split_offsets);
  }
  to.append_text(column++, row.residual);
}

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
class plan_stream {
 public:
  explicit plan_stream(std::shared_ptr<const plan> over) : walk_(std::make_shared<file_cursor>(std::move(over))) {}

  void next(ArrowArray &out) {
    check_process(*walk_->runtime());
    walk_->step([&] {
      if (!walk_->advance()) {
        out = ArrowArray{};  // the end of the stream, by the interface
        return;
      }
      export_batch batch(columns());
      while (walk_->has_row() && batch.size_in_bytes() < most_batch_bytes) {
        walk_->read(row_);
        append_row(batch, row_);
      }
      std::move(batch).finish(out);
    });
  }
  std::weak_ptr<file_cursor> walk() const noexcept { return walk_; }

  /// Runs a callback's body and turns what it throws into its errno value and the last error's text.
  template <typename Body>
  int call(Body body) noexcept {
    last_error_.clear();
    evodb_error *failure = nullptr;
    const evodb_status code = guarded(&failure, body);
    if (code == EVODB_OK) return 0;
    const std::unique_ptr<evodb_error> kept(failure);
    if (kept) remember(kept->value);
    return errno_of(static_cast<status>(code));
  }
  /// Null if the last call did not fail.
  const char *last_error() const noexcept { return last_error_.empty() ? nullptr : last_error_.c_str(); }

 private:
  void remember(const error &what) noexcept {
    try {
      last_error_ = fmt::format("{}: {}", name_of(what.code()), what.message());
      if (!what.subject().empty()) last_error_ += fmt::format(" ({})", what.subject());
    } catch (...) {
      last_error_.clear();  // out of memory: the errno value has to do
    }
  }

  const std::shared_ptr<file_cursor> walk_;
  file_row row_;
  std::string last_error_;
};

plan_stream &behind(const ArrowArrayStream *stream) noexcept {
  return *static_cast<plan_stream *>(stream->private_data);
}

int get_schema(ArrowArrayStream *stream, ArrowSchema *out) {
  return behind(stream).call([&] { export_schema(columns(), *out); });
}

int get_next(ArrowArrayStream *stream, ArrowArray *out) {
  return behind(stream).call([&] { behind(stream).next(*out); });
}

const char *get_last_error(ArrowArrayStream *stream) {
  return behind(stream).last_error();
}

void release(ArrowArrayStream *stream) {
  delete static_cast<plan_stream *>(stream->private_data);
  stream->private_data = nullptr;
  stream->release = nullptr;
}

}  // namespace

/// Keeps nothing alive: a stream that was released has nothing left to cancel.
struct evodb_cancellation {
  std::weak_ptr<file_cursor> of;
};

evodb_status evodb_plan_stream(const evodb_plan *plan, struct ArrowArrayStream *out_stream, evodb_error **error) {
  return guarded(error, [&] {
    require(plan, "plan");
    require(out_stream, "out_stream");
    check_process(plan->value->context()->runtime());
    auto stream = std::make_unique<plan_stream>(plan->value);
    *out_stream = ArrowArrayStream{get_schema, get_next, get_last_error, release, stream.release()};
  });
}

evodb_status evodb_plan_stream_cancellation(const struct ArrowArrayStream *stream,
                                            evodb_cancellation **out_cancellation, evodb_error **error) {
  return guarded(error, [&] {
    require(stream, "stream");
    require(out_cancellation, "out_cancellation");
    if (stream->release != release) {
      fail(status::INVALID_ARGUMENT, "stream is not one of evodb_plan_stream, or it was released or moved");
    }
    *out_cancellation = new evodb_cancellation{behind(stream).walk()};
  });
}

void evodb_cancellation_cancel(const evodb_cancellation *cancellation) {
  if (cancellation == nullptr) return;
  if (const std::shared_ptr<file_cursor> walk = cancellation->of.lock()) walk->cancel();
}

void evodb_cancellation_free(evodb_cancellation *cancellation) {
  delete cancellation;
}
