#include "table/diff/file_keys.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "base/hash.h"
#include "base/little_endian.h"

namespace evodb {

/// A cryptographic digest: paths are what another writer chose, and two that collide would hide a difference.
file_key file_key_of(const data_files &files, std::size_t row) {
  file_key key;
  const auto digest_of = [&](std::string_view text) {
    const bytes digest = sha256(text);
    std::memcpy(key.digest.data(), digest.data(), sizeof key.digest);
  };
  const bool is_vector = !files.content_offsets.empty() && files.content_offsets[row] != data_files::no_value;
  if (!is_vector) {
    digest_of(files.path(row));
    return key;
  }
  std::string text;
  append_le(text, files.content_offsets[row]);
  append_le(text, static_cast<std::uint32_t>(files.path(row).size()));
  text += files.path(row);
  if (!files.referenced_data_files.empty()) text += files.text(files.referenced_data_files[row]);
  digest_of(text);
  return key;
}

void file_keys::reserve(std::size_t more) {
  held_.push_back(budget_->reserve(static_cast<std::int64_t>(more * (sizeof(file_key) + 1))));
}

void file_keys::close() {
  std::sort(keys_.begin(), keys_.end());
  marks_.resize(keys_.size());
}

std::size_t file_keys::position_of(const file_key &one) const {
  const auto found = std::lower_bound(keys_.begin(), keys_.end(), one);
  const bool is_there = found != keys_.end() && *found == one;
  return is_there ? static_cast<std::size_t>(found - keys_.begin()) : keys_.size();
}

bool file_keys::mark(const file_key &one) {
  const std::size_t position = position_of(one);
  if (position == keys_.size()) return false;
  marks_[position] = true;
  return true;
}

bool file_keys::is_marked(const file_key &one) const {
  const std::size_t position = position_of(one);
  return position < keys_.size() && marks_[position];
}

}  // namespace evodb
