#include "diagnosis/verify.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <mutex>
#include <unordered_map>
#include <utility>

#include "codec/manifest_list.h"
#include "diagnosis/live_path_count.h"
#include "runtime/run_on.h"
#include "runtime/when_all.h"
#include "table/manifests/manifest_reader.h"
#include "table/manifests/manifests_in_metadata.h"

namespace evodb {
namespace {

constexpr std::size_t concurrent_size_requests = 16;
constexpr std::int64_t largest_file_bytes = std::int64_t{1} << 30;

/// The snapshots, each behind its parent and the whole line that it begins before the next line: from one to the next
/// the manifests change the least.
std::vector<std::shared_ptr<const snapshot>> by_descent(const snapshot_list &all) {
  constexpr std::size_t none = static_cast<std::size_t>(-1);
  std::vector<std::size_t> first_child(all.size(), none), next_sibling(all.size(), none), begun;
  for (std::size_t i = all.size(); i-- > 0;) {
    const auto &parent_id = all[i]->parent_snapshot_id;
    const std::optional<std::size_t> parent = parent_id ? all.position_of(*parent_id) : std::nullopt;
    if (!parent) {
      begun.push_back(i);
      continue;
    }
    next_sibling[i] = std::exchange(first_child[*parent], i);
  }
  std::vector<std::shared_ptr<const snapshot>> ordered;
  std::vector<bool> is_in(all.size());
  const auto walk = [&] {
    while (!begun.empty()) {
      const std::size_t at = begun.back();
      begun.pop_back();
      if (is_in[at]) continue;
      is_in[at] = true;
      ordered.push_back(all[at]);
      if (next_sibling[at] != none) begun.push_back(next_sibling[at]);
      if (first_child[at] != none) begun.push_back(first_child[at]);
    }
  };
  walk();
  for (std::size_t i = 0; i < all.size(); ++i) {  // those whose parents go in a circle
    if (!is_in[i]) begun.push_back(i), walk();
  }
  return ordered;
}

/// What the checks of snapshots need of a manifest.
struct manifest_facts {
  bool is_readable = false;
  std::int64_t live_records = 0;
};

/// Each manifest list and each manifest is read once; what follows from them costs as much as their rows.
class verifying {
 public:
  verifying(table of, bool data)
      : table_(std::move(of)),
        metadata_(*table_.metadata()),
        context_(*table_.context()),
        store_(context_.storage()->store()),
        with_data_(data) {}

  task<std::vector<finding>> run() {
    for (const error &one : table_.warnings()) {
      const bool is_wrong_hint = one.code() == status::CORRUPT;
      const std::string &path = is_wrong_hint ? one.subject() : table_.base().metadata_location;
      findings_.emplace_back(0, finding{is_wrong_hint, path, one.message()});
    }
    const std::vector<std::shared_ptr<const snapshot>> ordered = by_descent(metadata_.snapshots);
    for (std::size_t first = 0; first < ordered.size(); first += concurrent_manifest_reads) {
      co_await check_snapshots(&ordered[first], std::min(concurrent_manifest_reads, ordered.size() - first));
    }
    std::stable_sort(findings_.begin(), findings_.end(),
                     [](const auto &a, const auto &b) { return a.first < b.first; });
    std::vector<finding> all;
    for (auto &[position, found] : findings_) all.push_back(std::move(found));
    findings_.clear();
    if (with_data_) {
      co_await check_data_files();
      for (auto &[position, found] : findings_) all.push_back(std::move(found));
    }
    co_return all;
  }

 private:
  /// A snapshot's manifests, as far as they were read.
  struct listed_manifests {
    std::vector<manifest_file> rows;
    bool is_readable = false;
  };
  /// A manifest that was not read before, and the place of the snapshot that lists it first.
  struct unread_manifest {
    const manifest_file *row;
    std::size_t position;
    std::size_t number;
  };

  void find(std::size_t position, std::string path, std::string message) {
    const std::lock_guard<std::mutex> held(state_);
    findings_.emplace_back(position, finding{true, std::move(path), std::move(message)});
  }

  std::size_t position_of(const snapshot &one) const { return *metadata_.snapshots.position_of(one.snapshot_id); }

  task<> check_snapshots(const std::shared_ptr<const snapshot> *snapshots, std::size_t count) {
    std::vector<listed_manifests> lists(count);
    std::function<task<>(std::size_t)> read_list = [&](std::size_t i) -> task<> {
      lists[i] = co_await read_manifests_of(*snapshots[i]);
    };
    co_await for_each_concurrently(count, concurrent_manifest_reads, std::move(read_list));
    std::vector<unread_manifest> unread;
    auto number = [&] {
      for (std::size_t i = 0; i < count; ++i) {
        for (const manifest_file &row : lists[i].rows) {
          const auto [at, is_new] = numbers_.try_emplace(row.manifest_path, facts_.size());
          if (!is_new) continue;
          facts_.emplace_back();
          unread.push_back({&row, position_of(*snapshots[i]), at->second});
        }
      }
      live_.make_room_for(facts_.size());
    };
    co_await run_on(context_.runtime().cpu(), number);
    std::function<task<>(std::size_t)> read_one = [&](std::size_t i) { return check_manifest(unread[i]); };
    co_await for_each_concurrently(unread.size(), concurrent_manifest_reads, std::move(read_one));
    auto compare = [&] {
      for (std::size_t i = 0; i < count; ++i) {
        if (lists[i].is_readable) check_totals(*snapshots[i], lists[i].rows);
      }
    };
    co_await run_on(context_.runtime().cpu(), compare);
  }

  task<listed_manifests> read_manifests_of(const snapshot &of) {
    listed_manifests listed;
    if (of.manifest_list.empty()) {
      listed.rows = manifests_in_metadata(of);
      listed.is_readable = true;
      co_return listed;
    }
    std::string broken;
    try {
      const std::string key = context_.storage()->key_of(of.manifest_list);
      const object file = co_await get_whole(store_, key, largest_file_bytes);
      auto decode = [&] { return read_manifest_list(file.body, of.manifest_list, context_.runtime().memory()); };
      listed.rows = co_await run_on(context_.runtime().cpu(), decode);
      listed.is_readable = true;
    } catch (const error &wrong) {
      broken = wrong.message();
    }
    if (!broken.empty()) {
      find(position_of(of), of.manifest_list, fmt::format("snapshot {} cannot be read: {}", of.snapshot_id, broken));
    }
    co_return listed;
  }

  task<> check_manifest(const unread_manifest &of) {
    const manifest_file &listed = *of.row;
    const std::string &path = listed.manifest_path;
    std::string broken;
    try {
      const partition_spec *spec = metadata_.find_spec(listed.partition_spec_id);
      if (spec == nullptr)
        fail(status::CORRUPT, fmt::format("its partition spec {} is none", listed.partition_spec_id));
      const std::vector<type> types = result_types(*spec, *metadata_.current_schema());
      const manifest_columns_wanted no_more;
      fetched_manifest check_size = [&](std::int64_t bytes) {
        if (listed.manifest_length == manifest_file::unknown_length || bytes == listed.manifest_length) return;
        find(of.position, path,
             fmt::format("the manifest has {} bytes, the list says {}", bytes, listed.manifest_length));
      };
      decoded_manifest check = [&](const inherited_entries &entries) {
        check_entries(entries, of);
        check_partitions(*entries, *spec, of);
      };
      co_await read_stored_manifest(context_, listed, *spec, types, no_more, std::move(check_size), std::move(check));
    } catch (const error &wrong) {
      broken = wrong.message();
    }
    if (!broken.empty()) find(of.position, path, "the manifest cannot be read: " + broken);
  }

  void check_entries(const inherited_entries &read, const unread_manifest &of) {
    const manifest_file &listed = *of.row;
    const manifest_entries &entries = *read;
    std::int32_t files[3] = {0, 0, 0};
    std::int64_t rows[3] = {0, 0, 0};
    std::vector<live_path_count::file> live;
    manifest_facts facts;
    facts.is_readable = true;
    for (std::size_t row = 0; row < entries.size(); ++row) {
      const auto status = static_cast<std::size_t>(entries.statuses[row]);
      ++files[status];
      rows[status] += entries.files.record_counts[row];
      if (read.sequence_number(row) > listed.sequence_number) {
        find(of.position, listed.manifest_path,
             fmt::format("sequence number {} of {} is above the manifest's, {}", read.sequence_number(row),
                         entries.files.path(row), listed.sequence_number));
      }
      if (!entries.is_live(row) || entries.files.contents[row] != file_content::data) continue;
      live.push_back({entries.files.path(row), entries.files.file_sizes[row]});
      facts.live_records += entries.files.record_counts[row];
    }
    const auto existing = static_cast<std::size_t>(entry_status::existing);
    const auto added = static_cast<std::size_t>(entry_status::added);
    const auto deleted = static_cast<std::size_t>(entry_status::deleted);
    auto compare_count = [&](const char *what, std::optional<std::int64_t> said, std::int64_t counted) {
      if (said && *said != counted)
        find(of.position, listed.manifest_path,
             fmt::format("the list says {} {}, the manifest has {}", *said, what, counted));
    };
    compare_count("added files", listed.added_files_count, files[added]);
    compare_count("existing files", listed.existing_files_count, files[existing]);
    compare_count("deleted files", listed.deleted_files_count, files[deleted]);
    compare_count("added rows", listed.added_rows_count, rows[added]);
    compare_count("existing rows", listed.existing_rows_count, rows[existing]);
    compare_count("deleted rows", listed.deleted_rows_count, rows[deleted]);
    const std::lock_guard<std::mutex> held(state_);
    facts_[of.number] = facts;
    live_.note(of.number, live);
  }

  /// Other readers fail on such a manifest, or take the value for null.
  void check_partitions(const manifest_entries &entries, const partition_spec &spec, const unread_manifest &of) {
    for (std::size_t i = 0; i < spec.fields.size(); ++i) {
      const std::vector<std::uint8_t> &unknown = entries.files.partitions[i].unknown;
      const auto count = std::count(unknown.begin(), unknown.end(), std::uint8_t{1});
      if (count == 0) continue;
      find(of.position, of.row->manifest_path,
           fmt::format("the values of partition field {} are absent or cannot be read as {}: of {} of {} files",
                       spec.fields[i].name, entries.files.partitions[i].type.to_text(), count, entries.size()));
    }
  }

  void check_totals(const snapshot &of, const std::vector<manifest_file> &listed) {
    const std::size_t position = position_of(of);
    std::vector<std::size_t> manifests;
    manifests.reserve(listed.size());
    std::int64_t files = 0, records = 0;
    bool are_all_readable = true;
    for (const manifest_file &one : listed) {
      const std::size_t number = numbers_.find(one.manifest_path)->second;
      manifests.push_back(number);
      are_all_readable &= facts_[number].is_readable;
      files += live_.count_of(number);
      records += facts_[number].live_records;
      if (one.sequence_number > of.sequence_number) {
        find(position, one.manifest_path,
             fmt::format("sequence number {} is above that of snapshot {}, {}", one.sequence_number, of.snapshot_id,
                         of.sequence_number));
      }
    }
    live_.move_to(manifests, [&](const std::string &path) {
      find(position, path, fmt::format("snapshot {} has the file twice", of.snapshot_id));
    });
    if (!are_all_readable) return;  // that was found already
    auto compare_total = [&](const char *key, std::int64_t counted) {
      const std::string *said = find_value(of.summary, key);
      if (said != nullptr && *said != std::to_string(counted)) {
        find(position, of.manifest_list,
             fmt::format("the summary of snapshot {} says {} {}, its manifests have {}", of.snapshot_id, key, *said,
                         counted));
      }
    };
    compare_total("total-data-files", files);
    compare_total("total-records", records);
  }

  task<> check_data_files() {
    auto check_one = [&](std::size_t i) -> task<> {
      const auto &[path, size] = live_.files()[i];
      std::optional<object_meta> there;
      std::string problem = "the data file is not there";
      try {
        there = co_await store_.head(context_.storage()->key_of(*path));
      } catch (const error &wrong) {
        problem = wrong.message();
      }
      if (!there) {
        find(0, *path, std::move(problem));
      } else if (there->size != size) {
        find(0, *path, fmt::format("the data file has {} bytes, its manifest says {}", there->size, size));
      }
    };
    std::function<task<>(std::size_t)> body = check_one;
    co_await for_each_concurrently(live_.files().size(), concurrent_size_requests, std::move(body));
  }

  const table table_;
  const table_metadata &metadata_;
  table_context &context_;
  object_store &store_;
  const bool with_data_;
  std::unordered_map<std::string, std::size_t> numbers_;  ///< of manifests, by their paths
  std::vector<manifest_facts> facts_;                     ///< by those numbers
  std::mutex state_;                                      ///< manifests are checked by several threads
  live_path_count live_;
  std::vector<std::pair<std::size_t, finding>> findings_;  ///< with the place of the snapshot
};

}  // namespace

task<std::vector<finding>> verify(table of, bool data) {
  verifying one(std::move(of), data);
  co_return co_await one.run();
}

}  // namespace evodb
