#include "table/verify.h"

#include <fmt/format.h>

#include <functional>
#include <map>
#include <set>
#include <utility>

#include "codec/manifest_list.h"
#include "codec/manifest_reader.h"
#include "runtime/run_on.h"
#include "runtime/when_all.h"
#include "table/stored_manifest.h"

namespace evodb {
namespace {

constexpr std::size_t concurrent_size_requests = 16;
constexpr std::int64_t largest_file_bytes = std::int64_t{1} << 30;

/// What snapshots need to know of a manifest that was read.
struct read_manifest_facts {
  bool is_readable = false;
  std::vector<std::string> live_paths;
  std::vector<std::int64_t> live_sizes;
  std::int64_t live_records = 0;
};

class verifying {
 public:
  verifying(table of, bool data)
      : table_(std::move(of)),
        metadata_(*table_.metadata()),
        context_(*table_.context()),
        store_(context_.where()->store()),
        with_data_(data) {}

  task<std::vector<finding>> run() {
    for (const auto &snapshot : metadata_.snapshots) {
      auto checked = snapshot;
      co_await check_snapshot(std::move(checked));
    }
    if (with_data_) co_await check_data_files();
    co_return std::move(findings_);
  }

 private:
  void find(std::string path, std::string message) { findings_.push_back({true, std::move(path), std::move(message)}); }

  task<> check_snapshot(std::shared_ptr<const snapshot> of) {
    if (of->manifest_list.empty()) co_return;  // a version 1 snapshot, which lists its manifests in the metadata
    std::vector<manifest_file> listed;
    std::string broken;
    try {
      const std::string key = context_.where()->key_of(of->manifest_list);
      const object file = co_await get_whole(store_, key, largest_file_bytes);
      listed = read_manifest_list(file.body, of->manifest_list, context_.environment().memory());
    } catch (const error &wrong) {
      broken = wrong.message();
    }
    if (!broken.empty()) {
      find(of->manifest_list, fmt::format("snapshot {} cannot be read: {}", of->snapshot_id, broken));
      co_return;
    }
    std::vector<const manifest_file *> unread;
    for (const manifest_file &one : listed) {
      if (!manifests_.contains(one.manifest_path)) unread.push_back(&one);
    }
    auto read_one = [&](std::size_t i) -> task<> { co_await check_manifest(*unread[i]); };
    std::function<task<>(std::size_t)> body = read_one;
    co_await for_each_concurrently(unread.size(), concurrent_manifest_reads, std::move(body));
    check_totals(*of, listed);
  }

  task<> check_manifest(const manifest_file &listed) {
    const std::string &path = listed.manifest_path;
    read_manifest_facts &facts = manifests_[path];
    std::shared_ptr<const manifest_entries> entries;
    std::string broken;
    try {
      const partition_spec *spec = metadata_.find_spec(listed.partition_spec_id);
      if (spec == nullptr)
        fail(status::CORRUPT, fmt::format("its partition spec {} is none", listed.partition_spec_id));
      const object file = co_await get_whole(store_, context_.where()->key_of(path), largest_file_bytes);
      if (file.meta.size != listed.manifest_length) {
        find(path, fmt::format("the manifest has {} bytes, the list says {}", file.meta.size, listed.manifest_length));
      }
      auto decode = [&] {
        manifest_columns_wanted wanted;
        wanted.live_only = false;
        return std::make_shared<const manifest_entries>(read_manifest(file.body, listed, *spec,
                                                                      result_types(*spec, *metadata_.current_schema()),
                                                                      wanted, context_.environment().memory()));
      };
      entries = co_await run_on(context_.environment().cpu(), decode);
    } catch (const error &wrong) {
      broken = wrong.message();
    }
    if (!broken.empty()) {
      find(path, "the manifest cannot be read: " + broken);
      co_return;
    }
    check_entries(*entries, listed, facts);
  }

  void check_entries(const manifest_entries &entries, const manifest_file &listed, read_manifest_facts &facts) {
    std::int32_t files[3] = {0, 0, 0};
    std::int64_t rows[3] = {0, 0, 0};
    facts.is_readable = true;
    for (std::size_t row = 0; row < entries.size(); ++row) {
      const auto status = static_cast<std::size_t>(entries.statuses[row]);
      ++files[status];
      rows[status] += entries.files.record_counts[row];
      if (entries.sequence_numbers[row] > listed.sequence_number) {
        find(listed.manifest_path,
             fmt::format("sequence number {} of {} is above the manifest's, {}", entries.sequence_numbers[row],
                         entries.files.path(row), listed.sequence_number));
      }
      if (!entries.is_live(row) || entries.files.contents[row] != file_content::data) continue;
      facts.live_paths.emplace_back(entries.files.path(row));
      facts.live_sizes.push_back(entries.files.file_sizes[row]);
      facts.live_records += entries.files.record_counts[row];
    }
    const auto existing = static_cast<std::size_t>(entry_status::existing);
    const auto added = static_cast<std::size_t>(entry_status::added);
    const auto deleted = static_cast<std::size_t>(entry_status::deleted);
    auto compare_count = [&](const char *what, std::optional<std::int64_t> said, std::int64_t counted) {
      if (said && *said != counted)
        find(listed.manifest_path, fmt::format("the list says {} {}, the manifest has {}", *said, what, counted));
    };
    compare_count("added files", listed.added_files_count, files[added]);
    compare_count("existing files", listed.existing_files_count, files[existing]);
    compare_count("deleted files", listed.deleted_files_count, files[deleted]);
    compare_count("added rows", listed.added_rows_count, rows[added]);
    compare_count("existing rows", listed.existing_rows_count, rows[existing]);
    compare_count("deleted rows", listed.deleted_rows_count, rows[deleted]);
  }

  void check_totals(const snapshot &of, const std::vector<manifest_file> &listed) {
    std::set<std::string_view> paths;
    std::int64_t files = 0, records = 0;
    for (const manifest_file &one : listed) {
      const read_manifest_facts &facts = manifests_[one.manifest_path];
      if (!facts.is_readable) return;  // that was found already
      files += static_cast<std::int64_t>(facts.live_paths.size());
      records += facts.live_records;
      for (const std::string &path : facts.live_paths) {
        const bool is_news = !paths.insert(path).second && twice_.insert(path).second;
        if (is_news) find(path, fmt::format("snapshot {} has the file twice", of.snapshot_id));
      }
      if (one.sequence_number > of.sequence_number) {
        find(one.manifest_path, fmt::format("sequence number {} is above that of snapshot {}, {}", one.sequence_number,
                                            of.snapshot_id, of.sequence_number));
      }
    }
    auto compare_total = [&](const char *key, std::int64_t counted) {
      const std::string *said = find_value(of.summary, key);
      if (said != nullptr && *said != std::to_string(counted)) {
        find(of.manifest_list, fmt::format("the summary of snapshot {} says {} {}, its manifests have {}",
                                           of.snapshot_id, key, *said, counted));
      }
    };
    compare_total("total-data-files", files);
    compare_total("total-records", records);
  }

  task<> check_data_files() {
    std::map<std::string, std::int64_t> sizes;
    for (const auto &[manifest, facts] : manifests_) {
      for (std::size_t i = 0; i < facts.live_paths.size(); ++i) sizes.emplace(facts.live_paths[i], facts.live_sizes[i]);
    }
    const std::vector<std::pair<std::string, std::int64_t>> files(sizes.begin(), sizes.end());
    auto check_one = [&](std::size_t i) -> task<> {
      const auto &[path, size] = files[i];
      std::optional<object_meta> there;
      std::string problem = "the data file is not there";
      try {
        there = co_await store_.head(context_.where()->key_of(path));
      } catch (const error &wrong) {
        problem = wrong.message();
      }
      if (!there) {
        find(path, std::move(problem));
      } else if (there->size != size) {
        find(path, fmt::format("the data file has {} bytes, its manifest says {}", there->size, size));
      }
    };
    std::function<task<>(std::size_t)> body = check_one;
    co_await for_each_concurrently(files.size(), concurrent_size_requests, std::move(body));
  }

  const table table_;
  const table_metadata &metadata_;
  table_context &context_;
  object_store &store_;
  const bool with_data_;
  std::map<std::string, read_manifest_facts> manifests_;
  std::set<std::string> twice_;  ///< files that were found more than once in a snapshot
  std::vector<finding> findings_;
};

}  // namespace

task<std::vector<finding>> verify(table of, bool data) {
  verifying one(std::move(of), data);
  co_return co_await one.run();
}

}  // namespace evodb
