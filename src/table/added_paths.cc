#include "table/added_paths.h"

#include <algorithm>
#include <functional>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/error.h"

namespace evodb {

void added_paths::add(const table_files &files) {
  std::unordered_set<std::string_view> own;
  std::vector<growing_index<std::string_view>::entry> entries;
  for (const auto &batch : files.batches) {
    for (std::size_t row = 0; row < batch->size(); ++row) {
      const std::string_view path = batch->path(row);
      const std::uint64_t hash = std::hash<std::string_view>()(path);
      const bool is_there = by_hash_.find(hash, [&](std::string_view known) { return known == path; }) != nullptr;
      if (is_there || !own.insert(path).second)
        fail(status::ALREADY_EXISTS, "this file is appended twice", std::string(path));
      entries.push_back({hash, path});
    }
  }
  by_hash_.add(std::move(entries));
}

}  // namespace evodb
