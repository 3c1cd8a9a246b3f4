#include "table/scan/file_row.h"

namespace evodb {

std::span<const std::int64_t> split_offsets_of(const data_files &files, std::size_t row) {
  const auto &[offsets, values] = files.split_offsets;
  if (offsets.size() <= row + 1) return {};
  return std::span(values).subspan(offsets[row], offsets[row + 1] - offsets[row]);
}

void file_row::move_to(const std::shared_ptr<planned_files> &files, std::size_t i) {
  std::vector<delete_file> deletes;
  files->find_deletes(i, deletes);
  deletes_ = std::move(deletes);
  if (files_ != files) files_ = files;
  i_ = i;
  at_ = files->rows[i];
  path_.clear();
  delete_paths_.clear();
  referenced_.clear();
}

std::string_view file_row::file_path() const {
  if (files_ && path_.empty()) path_ = files_->columns().path(at_);
  return path_;
}

std::string_view file_row::file_format() const {
  return files_ ? name_of(files_->columns().file_formats[at_]) : std::string_view();
}

std::string_view file_row::delete_path(std::size_t i) const {
  if (i >= deletes_.size()) return {};
  return delete_paths_.try_emplace(i, deletes_[i].path()).first->second;
}

std::string_view file_row::delete_referenced_data_file(std::size_t i) const {
  if (i >= deletes_.size()) return {};
  return referenced_.try_emplace(i, deletes_[i].referenced_data_file().value_or("")).first->second;
}

std::span<const std::int64_t> file_row::split_offsets() const {
  return files_ ? split_offsets_of(files_->columns(), at_) : std::span<const std::int64_t>();
}

}  // namespace evodb
