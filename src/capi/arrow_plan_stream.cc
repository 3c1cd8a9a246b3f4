#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "capi/arrow_stream.h"
#include "capi/plan.h"
#include "table/scan/file_cursor.h"

using namespace evodb;
using namespace evodb::capi;

namespace {

/// A batch ends early at this size: the residual of a long filter is repeated for each file.
constexpr std::size_t most_batch_bytes = 64u << 20;

/// A struct of delete_files, and the brackets around its list, without its texts.
constexpr std::size_t delete_file_bytes = 64;

const std::vector<export_column> &plan_columns(bool with_deletes) {
  using kind = export_column::kind;
  static const std::vector<export_column> all{
      {"file_path", kind::utf8, false},          {"file_format", kind::utf8, false},
      {"record_count", kind::int64, false},      {"file_size_in_bytes", kind::int64, false},
      {"spec_id", kind::int32, false},           {"partition", kind::utf8, false},
      {"partition_path", kind::utf8, false},     {"data_sequence_number", kind::int64, false},
      {"split_offsets", kind::int64_list, true}, {"residual", kind::utf8, false}};
  static const std::vector<export_column> of_delete_files{{"file_path", kind::utf8, false},
                                                          {"content", kind::utf8, false},
                                                          {"file_format", kind::utf8, false},
                                                          {"record_count", kind::int64, false},
                                                          {"file_size_in_bytes", kind::int64, false},
                                                          {"content_offset", kind::int64, true},
                                                          {"content_size_in_bytes", kind::int64, true},
                                                          {"referenced_data_file", kind::utf8, true},
                                                          {"data_sequence_number", kind::int64, false},
                                                          {"spec_id", kind::int32, false},
                                                          {"equality_ids", kind::int32_list, true}};
  static const std::vector<export_column> and_deletes = [] {
    std::vector<export_column> more = all;
    more.push_back({"delete_files", kind::struct_list, false});
    more.back().fields = of_delete_files;
    return more;
  }();
  return with_deletes ? and_deletes : all;
}

/// Files that make a batch, from one of a manifest's on, and the delete files of each.
struct batch_of_files {
  std::size_t first = 0;
  std::size_t count = 0;
  std::vector<delete_file> deletes;
  std::vector<std::size_t> delete_ends;
};

batch_of_files next_batch(planned_files &files, std::size_t first, bool with_deletes) {
  const std::size_t text_columns = 2;  // of the partition
  const data_files &columns = files.columns();
  batch_of_files batch;
  batch.first = first;
  for (std::size_t bytes = 0; first + batch.count < files.rows.size() && bytes < most_batch_bytes; ++batch.count) {
    const std::size_t i = first + batch.count;
    bytes += static_cast<std::size_t>(columns.file_paths[files.rows[i]].length) + files.residual(i).size() +
             text_columns * files.partition_json(i).size() + 64;
    if (!with_deletes) continue;
    std::size_t known = batch.deletes.size();
    files.find_deletes(i, batch.deletes);
    for (; known < batch.deletes.size(); ++known) {
      const delete_file &file = batch.deletes[known];
      bytes += file.path().size() + file.referenced_data_file().value_or("").size() + delete_file_bytes;
    }
    batch.delete_ends.push_back(batch.deletes.size());
  }
  return batch;
}

void append_optional(export_batch &to, std::size_t column, std::optional<std::int64_t> number) {
  if (number) {
    to.append_int64(column, *number);
  } else {
    to.append_null(column);
  }
}

void append_delete(export_batch &to, const delete_file &file) {
  const data_files &columns = file.columns();
  std::size_t column = 0;
  to.append_text(column++, file.path());
  to.append_text(column++, name_of(file.content()));
  to.append_text(column++, name_of(columns.file_formats[file.row]));
  to.append_int64(column++, columns.record_counts[file.row]);
  to.append_int64(column++, columns.file_sizes[file.row]);
  append_optional(to, column++, file.content_offset());
  append_optional(to, column++, file.content_size());
  if (const auto referenced = file.referenced_data_file()) {
    to.append_text(column++, *referenced);
  } else {
    to.append_null(column++);
  }
  to.append_int64(column++, file.sequence_number());
  to.append_int32(column++, file.spec_id());
  if (const auto ids = file.equality_ids(); ids.empty()) {
    to.append_null(column++);
  } else {
    to.append_list(column++, ids);
  }
}

void append_deletes(export_batch &to, std::size_t column, const batch_of_files &batch) {
  std::size_t next = 0;
  for (const std::size_t end : batch.delete_ends) {
    for (; next < end; ++next) append_delete(to.structs(column), batch.deletes[next]);
    to.end_list(column);
  }
}

/// Files of one manifest, in the order of the columns.
void append_files(export_batch &to, planned_files &files, const batch_of_files &batch, bool with_deletes) {
  const data_files &columns = files.columns();
  const std::size_t first = batch.first, count = batch.count;
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
  if (with_deletes) append_deletes(to, column++, batch);
}

class plan_stream final : public stream_content {
 public:
  explicit plan_stream(std::shared_ptr<const plan> over)
      : with_deletes_(over->with_deletes()), walk_(std::move(over)) {}

  const std::vector<export_column> &columns() const override { return plan_columns(with_deletes_); }

  void next(ArrowArray &out) override {
    check_process(*walk_.runtime());
    walk_.step([&] {
      if (!walk_.advance()) {
        out = ArrowArray{};  // the end of the stream, by the interface
        return;
      }
      export_batch batch(columns());
      planned_files &files = walk_.files();
      const batch_of_files next = next_batch(files, walk_.next_row(), with_deletes_);
      append_files(batch, files, next, with_deletes_);
      walk_.skip(next.count);
      std::move(batch).finish(out);
    });
  }

  void cancel() override { walk_.cancel(); }

 private:
  const bool with_deletes_;
  file_cursor walk_;
};

}  // namespace

evodb_status evodb_plan_stream(const evodb_plan *plan, struct ArrowArrayStream *out_stream, evodb_error **error) {
  return guarded(error, [&] {
    require(plan, "plan");
    require(out_stream, "out_stream");
    check_process(plan->value->context()->runtime());
    *out_stream = make_stream(std::make_shared<plan_stream>(plan->value));
  });
}
