#include "live_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>

namespace tool {
namespace {

constexpr std::size_t buffer_bytes = 1 << 16;

bool have_same_content(const std::string &a, const std::string &b) {
  std::ifstream one(a, std::ios::binary), other(b, std::ios::binary);
  if (!one || !other) return false;
  std::vector<char> left(buffer_bytes), right(buffer_bytes);
  while (one && other) {
    one.read(left.data(), buffer_bytes);
    other.read(right.data(), buffer_bytes);
    if (one.gcount() != other.gcount() || !std::equal(left.begin(), left.begin() + one.gcount(), right.begin()))
      return false;
  }
  return one.eof() && other.eof();
}

}  // namespace

void refuse_live_content(const session &library, const table_handle &table, const std::vector<candidate> &candidates) {
  std::multimap<std::int64_t, const candidate *> by_size;
  for (const candidate &file : candidates) {
    if (!file.is_copied) continue;
    std::error_code unknown;
    by_size.emplace(static_cast<std::int64_t>(std::filesystem::file_size(file.path, unknown)), &file);
  }
  if (by_size.empty()) return;

  const plan_handle plan = library.plan(table, "", {}, -1);
  const auto cursor =
      make<file_cursor_handle>([&](auto **out, auto **error) { return evodb_plan_files(plan.get(), out, error); });
  for (std::int32_t has_file = 0;;) {
    check([&](auto **error) { return evodb_file_cursor_next(cursor.get(), &has_file, error); });
    if (has_file == 0) return;
    const std::string live = text_of(evodb_file_cursor_path, cursor.get());
    const auto [first, last] = by_size.equal_range(evodb_file_cursor_size_in_bytes(cursor.get()));
    for (auto file = first; file != last; ++file) {
      if (!have_same_content(file->second->path, local_path(live))) continue;
      const std::string &given = file->second->given;
      throw failure(EVODB_ALREADY_EXISTS, fmt::format("the file is in the table already: {} is {}", given, live),
                    given);
    }
  }
}

}  // namespace tool
