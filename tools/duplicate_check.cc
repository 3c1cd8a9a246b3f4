#include "duplicate_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>

#include "refs.h"

namespace tool {
namespace {

constexpr std::int64_t chunk_bytes = std::int64_t{8} << 20;

/// Both files have `size` bytes.
bool have_same_content(const session &library, const std::string &local, const std::string &live, std::int64_t size) {
  std::ifstream file(local, std::ios::binary);
  std::string chunk;
  for (std::int64_t offset = 0; offset < size; offset += chunk_bytes) {
    chunk.resize(static_cast<std::size_t>(std::min(chunk_bytes, size - offset)));
    if (!file.read(chunk.data(), static_cast<std::streamsize>(chunk.size()))) return false;
    const object_handle other = library.read(live, offset, size_of(chunk));
    std::int64_t length = 0;
    const char *const data = reinterpret_cast<const char *>(evodb_object_data(other.get(), &length));
    if (std::string_view(data, static_cast<std::size_t>(length)) != chunk) return false;
  }
  return true;
}

}  // namespace

void refuse_duplicate_content(const session &library, const table_handle &table, const std::string &branch,
                              const std::vector<candidate> &candidates) {
  std::multimap<std::int64_t, const candidate *> by_size;
  for (const candidate &file : candidates) {
    if (!file.is_copied) continue;
    std::error_code unknown;
    by_size.emplace(static_cast<std::int64_t>(std::filesystem::file_size(file.path, unknown)), &file);
  }
  if (by_size.empty()) return;

  point_in_time at;
  if (find_ref(table, branch)) at.ref = branch;
  const plan_handle plan = library.plan(table, "", at, -1, true);
  file_iterator cursor = library.files(plan);
  while (cursor.next()) {
    const std::string live = text_of(evodb_file_cursor_path, cursor.get());
    const std::int64_t size = evodb_file_cursor_size_in_bytes(cursor.get());
    const auto [first, last] = by_size.equal_range(size);
    for (auto file = first; file != last; ++file) {
      if (!have_same_content(library, local_path(file->second->path), live, size)) continue;
      const std::string &given = file->second->given;
      throw failure(EVODB_ALREADY_EXISTS, fmt::format("the file is in the table already: {} is {}", given, live),
                    given);
    }
  }
}

}  // namespace tool
