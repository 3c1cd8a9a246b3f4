#include "table/manifests/complete_manifests.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "base/error.h"
#include "runtime/when_all.h"
#include "table/manifests/manifest_reader.h"

namespace evodb {
namespace {

constexpr std::size_t concurrent_reads = 8;

bool is_complete(const manifest_file &m) noexcept {
  return m.manifest_length != manifest_file::unknown_length && m.added_files_count && m.existing_files_count &&
         m.deleted_files_count && m.added_rows_count && m.existing_rows_count && m.deleted_rows_count;
}

void count(const manifest_entries &entries, manifest_file &row) {
  std::int32_t files[3] = {0, 0, 0};
  std::int64_t rows[3] = {0, 0, 0};
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const auto of = static_cast<std::size_t>(entries.statuses[i]);
    if (entries.files.record_counts[i] == data_files::no_value) {
      fail(status::UNSUPPORTED, "a manifest whose files do not say how many rows they have is not appended to",
           row.manifest_path);
    }
    ++files[of];
    rows[of] += entries.files.record_counts[i];
  }
  const auto existing = static_cast<std::size_t>(entry_status::existing);
  const auto added = static_cast<std::size_t>(entry_status::added);
  const auto deleted = static_cast<std::size_t>(entry_status::deleted);
  row.existing_files_count = files[existing];
  row.added_files_count = files[added];
  row.deleted_files_count = files[deleted];
  row.existing_rows_count = rows[existing];
  row.added_rows_count = rows[added];
  row.deleted_rows_count = rows[deleted];
}

}  // namespace

task<std::shared_ptr<const manifest_files>> complete_manifests(table_context &context,
                                                               std::shared_ptr<const manifest_files> listed) {
  if (std::all_of(listed->begin(), listed->end(), is_complete)) co_return listed;
  auto completed = std::make_shared<manifest_files>(*listed);
  std::vector<manifest_file *> incomplete;
  for (manifest_file &row : *completed) {
    if (!is_complete(row)) incomplete.push_back(&row);
  }
  auto complete_one = [&](std::size_t i) -> task<> {
    manifest_file &row = *incomplete[i];
    const partition_spec without_values;
    const std::vector<type> no_types;
    const manifest_columns_wanted no_more;
    const stored_manifest read = co_await read_stored_manifest(context, row, without_values, no_types, no_more);
    count(*read.entries, row);
    row.manifest_length = read.bytes;
  };
  std::function<task<>(std::size_t)> body = complete_one;
  co_await for_each_concurrently(incomplete.size(), concurrent_reads, std::move(body));
  co_return completed;
}

}  // namespace evodb
