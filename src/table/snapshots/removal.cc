#include "table/snapshots/removal.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>
#include <map>
#include <numeric>
#include <set>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "codec/manifest_writer.h"
#include "model/joined_entries.h"
#include "model/partition_key.h"
#include "runtime/run_on.h"
#include "runtime/when_all.h"
#include "table/snapshots/file_matcher.h"
#include "table/snapshots/position_deletes.h"

namespace evodb {
namespace {

constexpr std::size_t most_files_in_message = 20;
/// Rewritten manifests are encoded so many at a time.
constexpr std::size_t rewrites_at_once = 8;

/// An added delete file that refers to one data file.
struct reference {
  const data_files *batch;
  std::size_t row;
};

/// What a manifest has of the files that are looked for, by its rows.
struct found_rows {
  std::vector<std::uint8_t> removed;
  std::vector<std::string> partly;
  std::vector<named_file> named;
  std::set<std::string> replaced_vectors;             ///< by data file
  std::map<std::string, std::string> hidden_deletes;  ///< of position delete files, by data file
  bool any = false;
};

class remover {
 public:
  remover(const file_changes &changes, std::int64_t snapshot_id, bool is_newer, const manifest_files &present,
          const table_metadata &base, version_files &files)
      : changes_(changes),
        snapshot_id_(snapshot_id),
        is_newer_(is_newer),
        present_(present),
        base_(base),
        files_(files),
        everything_(file_matcher::with_rows_of(nullptr, base)) {
    if (changes.removed.filter) matcher_.emplace(file_matcher::with_rows_of(changes.removed.filter, base));
    if (changes.removed.partitions_of_added && changes.added)
      matcher_.emplace(file_matcher::in_partitions_of(*changes.added, base));
    for (const std::string &path : changes.removed.paths) removed_paths_.insert(path);
    if (changes.added) {
      for (const auto &batch : changes.added->batches) {
        for (std::size_t row = 0; row < batch->size(); ++row) added_paths_.insert(batch->path(row));
      }
    }
    if (!changes.deletes) return;
    for (const auto &batch : changes.deletes->batches) {
      for (std::size_t row = 0; row < batch->size(); ++row) {
        const std::string_view of = only_data_file(*batch, row);
        if (!of.empty()) references_.emplace(of, reference{batch.get(), row});
      }
    }
  }

  task<removed_files> run() {
    left_ = std::make_shared<manifest_files>(present_);
    co_await remove_from(manifest_content::data);
    refuse_missing();
    refuse_partly();
    for (const named_file &one : result_.named) named_.emplace(one.path, &one);
    co_await remove_from(manifest_content::deletes);
    refuse_hidden_deletes();
    result_.left = std::move(left_);
    co_return std::move(result_);
  }

 private:
  bool may_hold_some(const manifest_file &listed) {
    if (!everything_.may_be_in(listed)) return false;  // which also makes what is needed of its spec
    if (matcher_ && matcher_->may_be_in(listed)) return true;
    if (listed.content == manifest_content::data) return !removed_paths_.empty() || !references_.empty();
    return !removed_data_.empty() || !references_.empty();
  }

  manifest_columns_wanted wanted(manifest_content content) const {
    if (content == manifest_content::deletes || matcher_) {
      manifest_columns_wanted more = matcher_ ? matcher_->wanted() : manifest_columns_wanted();
      more.details = true;
      if (content == manifest_content::deletes) more.bounds_and_counts_of.push_back(delete_file_path_id);
      return more;
    }
    return {};
  }

  task<> remove_from(manifest_content content) {
    std::vector<std::size_t> candidates;
    for (std::size_t i = 0; i < present_.size(); ++i) {
      if (present_[i].content == content && may_hold_some(present_[i])) candidates.push_back(i);
    }
    std::vector<std::size_t> hit;
    std::function<task<>(std::size_t)> look = [&](std::size_t i) -> task<> {
      const manifest_file &listed = present_[candidates[i]];
      const manifest_columns_wanted columns = wanted(content);
      const spec_pruning &as = *everything_.pruning(listed.partition_spec_id);
      const inherited_entries entries = co_await files_.read_manifest(listed, as, columns);
      auto find = [&] { return find_rows(entries, content); };
      found_rows found = co_await run_on(files_.context().runtime().cpu(), find);
      if (found.any) hit.push_back(candidates[i]);
      std::move(found.partly.begin(), found.partly.end(), std::back_inserter(partly_));
      std::move(found.named.begin(), found.named.end(), std::back_inserter(result_.named));
      replaced_vectors_.insert(found.replaced_vectors.begin(), found.replaced_vectors.end());
      hidden_deletes_.merge(found.hidden_deletes);
    };
    co_await for_each_concurrently(candidates.size(), concurrent_manifest_reads, std::move(look));
    if (!partly_.empty()) co_return;
    std::sort(hit.begin(), hit.end());
    std::function<task<>(std::size_t)> rewrite = [&](std::size_t i) -> task<> {
      const std::size_t at = hit[i];
      co_await rewrite_manifest(at);
    };
    co_await for_each_concurrently(hit.size(), rewrites_at_once, std::move(rewrite));
  }

  /// On any thread: only reads.
  found_rows find_rows(const inherited_entries &entries, manifest_content content) {
    const data_files &files = entries->files;
    found_rows found;
    found.removed.assign(entries->size(), 0);
    std::vector<std::uint8_t> covered(entries->size(), 0);
    if (matcher_) {
      for (std::size_t row = 0; row < entries->size(); ++row) covered[row] = entries->is_live(row) ? 1 : 0;
      std::vector<std::uint8_t> possible = covered;
      matcher_->keep_possible(files, possible);
      covered = possible;
      matcher_->keep_covered(files, covered);
      if (content == manifest_content::data) {
        for (std::size_t row = 0; row < entries->size(); ++row) {
          const bool is_partly = possible[row] != 0 && covered[row] == 0;
          if (is_partly && !removed_paths_.contains(files.path(row))) found.partly.emplace_back(files.path(row));
        }
      }
    }
    for (std::size_t row = 0; row < entries->size(); ++row) {
      if (!entries->is_live(row)) continue;
      const std::int64_t number = entries.sequence_number(row);
      const bool is_data = content == manifest_content::data;
      const bool is_asked_for =
          is_data ? is_named(files, row, number, found) : is_vector_of_removed(files, row, number, found);
      const bool is_removed = is_asked_for || covered[row] != 0;
      if (!is_removed && is_data && added_paths_.contains(files.path(row)))
        fail(status::ALREADY_EXISTS, "the file is in the table already", std::string(files.path(row)));
      found.removed[row] = is_removed ? 1 : 0;
      found.any |= is_removed;
    }
    return found;
  }

  /// Whether a data file is removed by its name.
  bool is_named(const data_files &files, std::size_t row, std::int64_t sequence_number, found_rows &found) const {
    const std::string_view path = files.path(row);
    const bool is_removed = removed_paths_.contains(path);
    const auto [first, last] = references_.equal_range(path);
    if (!is_removed && first == last) return false;
    found.named.push_back({std::string(path), spec_partition_key(files, row), sequence_number});
    for (auto one = first; one != last; ++one) {
      if (spec_partition_key(*one->second.batch, one->second.row) == found.named.back().partition) continue;
      fail(status::INVALID_ARGUMENT,
           fmt::format(
               "the delete file {} is of another partition or partition spec than the data file that it refers to",
               one->second.batch->path(one->second.row)),
           std::string(path));
    }
    return is_removed;
  }

  /// Whether it is a vector of a removed data file, or one that an added vector replaces.
  bool is_vector_of_removed(const data_files &files, std::size_t row, std::int64_t sequence_number,
                            found_rows &found) const {
    if (!files.is_deletion_vector(row)) {
      note_hidden_deletes(files, row, sequence_number, found);
      return false;
    }
    const std::string_view of = files.referenced_data_file(row);
    if (removed_data_.contains(of)) return true;
    const reference *by = added_vector(of);
    if (by == nullptr) return false;
    if (sequence_number < named_.at(of)->sequence_number)
      return true;  // of an earlier file of this name: it is not applied
    found.replaced_vectors.insert(std::string(of));
    if (by->batch->record_counts[by->row] >= files.record_counts[row]) return true;
    fail(status::INVALID_ARGUMENT,
         fmt::format(
             "the deletion vector in {} has {} positions, and the one that it replaces {}: a vector holds all deleted "
             "rows of its data file, the earlier ones too",
             by->batch->path(by->row), by->batch->record_counts[by->row], files.record_counts[row]),
         std::string(of));
  }

  /// Null where none is added for that data file.
  const reference *added_vector(std::string_view data_file) const {
    const auto [first, last] = references_.equal_range(data_file);
    const auto found =
        std::find_if(first, last, [](const auto &one) { return one.second.batch->is_deletion_vector(one.second.row); });
    return found == last ? nullptr : &found->second;
  }

  /// Once a data file has a vector, position delete files do not apply to it.
  void note_hidden_deletes(const data_files &files, std::size_t row, std::int64_t sequence_number,
                           found_rows &found) const {
    if (files.contents[row] != file_content::position_deletes) return;
    for (const auto &[path, by] : references_) {
      if (added_vector(path) == nullptr || sequence_number < named_.at(path)->sequence_number) continue;
      if (position_deletes_may_be_of(files, row, path, named_.at(path)->partition))
        found.hidden_deletes.emplace(path, files.path(row));
    }
  }

  void refuse_hidden_deletes() const {
    if (changes_.include_position_deletes) return;
    for (const auto &[data_file, deletes] : hidden_deletes_) {
      if (replaced_vectors_.contains(data_file)) continue;
      fail(status::UNSUPPORTED,
           fmt::format(
               "{} may have deleted rows of the file, which its first deletion vector has to include: read them and "
               "give their positions as well",
               deletes),
           data_file);
    }
  }

  task<> rewrite_manifest(std::size_t at) {
    const manifest_file &listed = present_[at];
    const spec_pruning &as = *everything_.pruning(listed.partition_spec_id);
    const manifest_columns_wanted all = manifest_columns_wanted::all();
    const inherited_entries entries = co_await files_.read_manifest(listed, as, all);
    std::vector<std::string> gone;
    file_totals removed;
    auto make = [&] {
      const found_rows found = find_rows(entries, listed.content);
      joined_entries joined(listed.partition_spec_id);
      joined.add(entries);
      manifest_entries rewritten = std::move(joined).finish();
      std::size_t i = 0;
      for (std::size_t row = 0; row < entries->size(); ++row) {
        if (!entries->is_live(row)) continue;
        if (found.removed[row] != 0) {
          rewritten.statuses[i] = entry_status::deleted;
          rewritten.snapshot_ids[i] = snapshot_id_;
          removed.add(entries->files, row);
          if (listed.content == manifest_content::data) gone.emplace_back(entries->files.path(row));
        }
        ++i;
      }
      std::vector<std::size_t> rows(rewritten.size());
      std::iota(rows.begin(), rows.end(), std::size_t{0});
      manifest_target target;
      target.format_version = base_.format_version;
      target.table_schema = base_.current_schema().get();
      target.spec = &as.spec();
      target.content = listed.content;
      target.snapshot_id = snapshot_id_;
      return write_manifest(rewritten, rows, target);
    };
    written_manifest written = co_await run_on(files_.context().runtime().cpu(), make);
    written.row.manifest_path = files_.add_manifest(std::move(written.file));
    (*left_)[at] = std::move(written.row);
    result_.totals += removed;
    for (std::string &path : gone) removed_data_.insert(std::move(path));
  }

  void refuse_missing() const {
    std::unordered_set<std::string_view> found;
    for (const named_file &one : result_.named) found.insert(one.path);
    const auto refuse = [&](std::string_view path) {
      if (found.contains(path)) return;
      fail(is_newer_ ? status::CONFLICT : status::NOT_FOUND,
           is_newer_ ? "the file is not in the table any more" : "no such data file is in the table",
           std::string(path));
    };
    for (const std::string &path : changes_.removed.paths) refuse(path);
    for (const auto &[path, by] : references_) refuse(path);
  }

  void refuse_partly() {
    if (partly_.empty()) return;
    std::sort(partly_.begin(), partly_.end());
    const std::size_t count = partly_.size();
    const std::string first = partly_.front();
    partly_.resize(std::min(count, most_files_in_message));
    fail(status::PARTIAL_MATCH,
         fmt::format(
             "the filter may match only some of the rows of {} file{}, which have to be rewritten, or their rows "
             "deleted: {}{}",
             count, count == 1 ? "" : "s", fmt::join(partly_, ", "), count > partly_.size() ? ", ..." : ""),
         first);
  }

  const file_changes &changes_;
  const std::int64_t snapshot_id_;
  const bool is_newer_;
  const manifest_files &present_;
  const table_metadata &base_;
  version_files &files_;
  file_matcher everything_;
  std::optional<file_matcher> matcher_;
  std::unordered_set<std::string_view> removed_paths_;
  std::unordered_multimap<std::string_view, reference> references_;  ///< by data file
  std::unordered_set<std::string_view> added_paths_;

  std::shared_ptr<manifest_files> left_;
  std::vector<std::string> partly_;
  std::set<std::string, std::less<>> removed_data_;
  std::map<std::string_view, const named_file *> named_;  ///< by path, once all are found
  std::set<std::string> replaced_vectors_;                ///< by data file
  std::map<std::string, std::string> hidden_deletes_;     ///< position delete files, by data file
  removed_files result_;
};

}  // namespace

task<removed_files> remove_files(const file_changes &changes, std::int64_t snapshot_id, bool is_newer,
                                 std::shared_ptr<const manifest_files> present, const table_metadata &base,
                                 version_files &files) {
  remover run(changes, snapshot_id, is_newer, *present, base, files);
  co_return co_await run.run();
}

}  // namespace evodb
