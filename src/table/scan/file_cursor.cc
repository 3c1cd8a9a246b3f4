#include "table/scan/file_cursor.h"

namespace evodb {

bool file_cursor::advance() {
  if (has_row()) return true;
  files_.reset();
  next_row_ = 0;
  if (!walk_.advance()) return false;
  files_ = std::make_shared<planned_files>(walk_.state().take_files());
  return true;
}

std::int64_t file_cursor::ready_count() const {
  if (walk_.is_broken()) return 0;
  const auto in_hand = has_row() ? static_cast<std::int64_t>(files_->rows.size() - next_row_) : 0;
  return in_hand + walk_.ready_count();
}

}  // namespace evodb
