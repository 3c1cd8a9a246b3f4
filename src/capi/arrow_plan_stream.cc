#include <fmt/format.h>

#include <cerrno>
#include <memory>
#include <span>
#include <string>
#include <string_view>
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

/// How many of the files from `first` on make a batch.
std::size_t batch_length(planned_files &files, std::size_t first) {
  const std::size_t text_columns = 2;  // of the partition
  const data_files &columns = files.columns();
  std::size_t bytes = 0, i = first;
  for (; i < files.rows.size() && bytes < most_batch_bytes; ++i) {
    bytes += static_cast<std::size_t>(columns.file_paths[files.rows[i]].length) + files.residual(i).size() +
             text_columns * files.partition_json(i).size() + 64;
  }
  return i - first;
}

/// Files of one manifest, in the order of the columns.
void append_files(export_batch &to, planned_files &files, std::size_t first, std::size_t count) {
  const data_files &columns = files.columns();
  const auto at = [&](std::size_t i) { return files.rows[first + i]; };
  const std::int32_t spec_id = files.pruning->spec().spec_id;
  std::size_t column = 0;
  to.append_texts(column++, count, [&](std::size_t i) { return columns.path(at(i)); });
  to.append_texts(column++, count, [&](std::size_t i) { return name_of(columns.file_formats[at(i)]); });
  to.append_numbers<std::int64_t>(column++, count, [&](std::size_t i) { return columns.record_counts[at(i)]; });
  to.append_numbers<std::int64_t>(column++, count, [&](std::size_t i) { return columns.file_sizes[at(i)]; });
  to.append_numbers<std::int32_t>(column++, count, [&](std::size_t) { return spec_id; });
  to.append_texts(column++, count, [&](std::size_t i) { return std::string_view(files.partition_json(first + i)); });
  to.append_texts(column++, count, [&](std::size_t i) { return std::string_view(files.partition_path(first + i)); });
  to.append_numbers<std::int64_t>(column++, count, [&](std::size_t i) { return files.entries.sequence_number(at(i)); });
  for (std::size_t i = 0; i < count; ++i) {
    const std::span<const std::int64_t> offsets = split_offsets_of(columns, at(i));
    if (offsets.empty()) {
      to.append_null(column);
    } else {
      to.append_list(column, offsets);
    }
  }
  ++column;
  to.append_texts(column++, count, [&](std::size_t i) { return std::string_view(files.residual(first + i)); });
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
      planned_files &files = walk_->files();
      const std::size_t count = batch_length(files, walk_->next_row());
      append_files(batch, files, walk_->next_row(), count);
      walk_->skip(count);
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
