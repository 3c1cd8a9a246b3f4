#include "table/scan/file_row.h"

namespace evodb {

std::span<const std::int64_t> split_offsets_of(const data_files &files, std::size_t row) {
  const auto &[offsets, values] = files.split_offsets;
  if (offsets.size() <= row + 1) return {};
  return std::span(values).subspan(offsets[row], offsets[row + 1] - offsets[row]);
}

void file_row::move_to(const std::shared_ptr<planned_files> &files, std::size_t i) {
  if (files_ != files) files_ = files;
  i_ = i;
  at_ = files->rows[i];
  path_.clear();
}

std::string_view file_row::file_path() const {
  if (files_ && path_.empty()) path_ = files_->columns().path(at_);
  return path_;
}

std::string_view file_row::file_format() const {
  return files_ ? name_of(files_->columns().file_formats[at_]) : std::string_view();
}

std::span<const std::int64_t> file_row::split_offsets() const {
  return files_ ? split_offsets_of(files_->columns(), at_) : std::span<const std::int64_t>();
}

}  // namespace evodb
