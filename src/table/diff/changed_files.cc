#include "table/diff/changed_files.h"

#include "runtime/run_on.h"

namespace evodb {
namespace {

/// Writing fewer takes no longer than to change threads twice.
constexpr std::size_t few_files = 50;

}  // namespace

std::string_view content_name(const data_files &files, std::size_t row) noexcept {
  switch (files.contents[row]) {
    case file_content::data:
      return "data";
    case file_content::position_deletes:
      return files.file_formats[row] == file_format::puffin ? "deletion_vector" : "position_deletes";
    case file_content::equality_deletes:
      return "equality_deletes";
  }
  return "";
}

std::vector<export_column> changed_file_columns(bool with_snapshots) {
  using kind = export_column::kind;
  std::vector<export_column> columns{{"change", kind::utf8, false},
                                     {"content", kind::utf8, false},
                                     {"file_path", kind::utf8, false},
                                     {"record_count", kind::int64, false},
                                     {"file_size_in_bytes", kind::int64, false},
                                     {"spec_id", kind::int32, false},
                                     json_column("partition", false),
                                     {"partition_path", kind::utf8, false}};
  if (with_snapshots) {
    columns.push_back({"snapshot_id", kind::int64, false});
    columns.push_back({"sequence_number", kind::int64, false});
    columns.push_back({"operation", kind::utf8, true});
  }
  return columns;
}

/// A batch that has rows waits for no others.
task<std::optional<export_batch>> changed_file_source::next() {
  std::optional<export_batch> batch(columns_);
  while (!is_full(*batch)) {
    if (!pieces_) {
      if (batch->row_count() > 0 && may_wait()) break;
      pieces_ = co_await find();
      next_row_ = 0;
    }
    if (!pieces_) break;
    auto write = [&] { fill(*batch); };
    if (pieces_->files.rows.size() - next_row_ <= few_files) {
      write();
    } else {
      co_await run_on(cpu_, write);
    }
  }
  if (batch->row_count() == 0) batch.reset();
  co_return batch;
}

void changed_file_source::fill(export_batch &to) {
  planned_files &files = pieces_->files;
  const data_files &columns = files.columns();
  for (; next_row_ < files.rows.size() && !is_full(to); ++next_row_) {
    const std::size_t row = files.rows[next_row_];
    std::size_t column = 0;
    to.append_text(column++, pieces_->is_added ? "added" : "removed");
    to.append_text(column++, content_name(columns, row));
    to.append_text(column++, columns.path(row));
    to.append_int64(column++, columns.record_counts[row]);
    to.append_int64(column++, columns.file_sizes[row]);
    to.append_int32(column++, files.pruning->spec().spec_id);
    to.append_text(column++, files.partition_json(next_row_));
    to.append_text(column++, files.partition_path(next_row_));
    if (!with_snapshots_) continue;
    to.append_int64(column++, pieces_->by->snapshot_id);
    to.append_int64(column++, pieces_->by->sequence_number);
    to.append_text_or_null(column++, pieces_->by->operation());
  }
  if (next_row_ == files.rows.size()) pieces_.reset();
}

}  // namespace evodb
