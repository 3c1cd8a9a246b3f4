#include "table/scan/scan_stream.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <unordered_map>
#include <utility>

#include "expression/metrics_evaluator.h"
#include "expression/partition_evaluator.h"
#include "runtime/run_on.h"
#include "runtime/when_all.h"
#include "table/manifests/manifest_reader.h"

namespace evodb {
namespace {

/// Manifests under way at once for each computing thread: one is decoded while others are fetched.
constexpr std::size_t manifests_a_thread = 4;

/// A key for a row's partition, so that what depends on the partition alone is computed once for each.
void partition_key(const data_files &files, std::size_t row, std::string &key) {
  key.clear();
  for (const value_column &column : files.partitions) {
    if (column.valid[row] == 0) {
      key += column.is_unknown(row) ? 'u' : 'n';
      continue;
    }
    switch (value_column::storage_of(column.type)) {
      case value_column::storage::integers:
        append_le(key, column.integers[row]);
        break;
      case value_column::storage::doubles:
        append_le(key, column.doubles[row]);
        break;
      case value_column::storage::spans: {
        const std::string_view text = files.text(column.spans[row]);
        append_le(key, static_cast<std::uint32_t>(text.size()));
        key += text;
        break;
      }
      case value_column::storage::none:
        break;
    }
    key += 'v';
  }
}

void find_residuals(planned_files &files) {
  const spec_pruning &pruning = *files.pruning;
  files.residual_of.resize(files.rows.size());
  if (pruning.spec().fields.empty() || pruning.filter()->kind == predicate_kind::always_true) {
    files.residuals.push_back(to_text(*pruning.filter()));
    return;
  }
  std::unordered_map<std::string, std::uint32_t> known;
  std::string key;
  for (std::size_t i = 0; i < files.rows.size(); ++i) {
    const data_files &columns = files.entries->files;
    partition_key(columns, files.rows[i], key);
    const auto [found, is_new] = known.emplace(key, static_cast<std::uint32_t>(files.residuals.size()));
    if (is_new) {
      const bound_ptr left = pruning.residuals().residual_for(columns.partition(files.rows[i]));
      files.residuals.push_back(to_text(*left));
    }
    files.residual_of[i] = found->second;
  }
}

}  // namespace

scan_stream::scan_stream(std::shared_ptr<const plan> over, bool explains)
    : plan_(std::move(over)), explains_(explains) {}

std::vector<explanation> scan_stream::take_explanations() {
  return std::exchange(explanations_, {});
}

std::int64_t scan_stream::ready_count() const noexcept {
  std::size_t count = 0;
  for (const planned_files &files : ready_) count += files.rows.size();
  return static_cast<std::int64_t>(count);
}

planned_files scan_stream::take_files() {
  planned_files first = std::move(ready_.front());
  ready_.pop_front();
  return first;
}

bool scan_stream::has_read_all() const noexcept {
  if (next_source_ == plan_->sources().size()) return true;
  return plan_->limit() >= 0 && counts_.files_kept >= plan_->limit();
}

task<bool> scan_stream::advance() {
  while (!is_ready() && !has_read_all()) co_await read_ahead();
  co_return is_ready();
}

/// Reads the next few manifests that are not skipped, at once.
task<> scan_stream::read_ahead() {
  const auto most = manifests_a_thread * static_cast<std::size_t>(plan_->context()->runtime().cpu_threads());
  std::vector<const plan::source *> wanted;
  while (next_source_ < plan_->sources().size() && wanted.size() < most) {
    const plan::source &source = plan_->sources()[next_source_++];
    if (!source.uncommitted) ++counts_.manifests;
    if (source.is_skipped) ++counts_.manifests_skipped_by_summary;
    if (explains_ && !source.uncommitted) {
      explanation why;
      why.is_manifest = true;
      why.path = source.manifest.manifest_path;
      why.is_kept = !source.is_skipped;
      why.reason =
          source.is_skipped ? source.pruning->summaries().reason(source.manifest) : "its partition summaries may match";
      explanations_.push_back(std::move(why));
    }
    if (!source.is_skipped) wanted.push_back(&source);
  }
  std::vector<pruned> results(wanted.size());
  auto read_one = [&](std::size_t i) -> task<> { results[i] = co_await read(*wanted[i]); };
  std::function<task<>(std::size_t)> body = read_one;
  co_await for_each_concurrently(wanted.size(), most, std::move(body));
  for (pruned &result : results) {
    const std::int64_t room = plan_->limit() < 0 ? -1 : plan_->limit() - counts_.files_kept;
    if (room >= 0 && static_cast<std::int64_t>(result.files.rows.size()) > room) {
      result.files.rows.resize(static_cast<std::size_t>(room));
      result.counts.files_kept = room;
    }
    add(result.counts);
    std::move(result.explanations.begin(), result.explanations.end(), std::back_inserter(explanations_));
    if (!explains_ && !result.files.rows.empty()) ready_.push_back(std::move(result.files));
  }
}

task<scan_stream::pruned> scan_stream::read(const plan::source &from) const {
  runtime &environment = plan_->context()->runtime();
  inherited_entries entries;
  std::optional<pruned> result;
  auto select = [&](const inherited_entries &read) { result = prune(from, read); };
  if (from.uncommitted) {
    entries = inherited_entries(from.uncommitted, manifest_inheritance(from.manifest));
  } else {
    manifest_columns_wanted wanted;
    wanted.bounds_and_counts_of = referenced_fields(*plan_->filter());
    wanted.details = true;
    entries = co_await read_manifest_of(*plan_->context(), from.manifest, from.pruning->spec(),
                                        from.pruning->partition_types(), wanted, select);
  }
  if (!result) {
    auto select_kept = [&] { select(entries); };
    co_await run_on(environment.cpu(), select_kept);
  }
  co_return std::move(*result);
}

scan_stream::pruned scan_stream::prune(const plan::source &from, const inherited_entries &entries) const {
  const spec_pruning &pruning = *from.pruning;
  const data_files &files = entries->files;
  std::vector<std::uint8_t> is_live(entries->size());
  for (std::size_t row = 0; row < entries->size(); ++row) is_live[row] = entries->is_live(row) ? 1 : 0;

  const partition_evaluator by_partition(pruning.projected(), pruning.spec());
  const metrics_evaluator by_bounds(pruning.filter());
  std::vector<std::uint8_t> in_partition = is_live;
  by_partition.evaluate(files, in_partition);
  std::vector<std::uint8_t> kept = in_partition;
  by_bounds.evaluate(files, kept);

  pruned result;
  for (std::size_t row = 0; row < entries->size(); ++row) {
    if (!is_live[row]) continue;
    ++result.counts.files;
    if (kept[row]) {
      result.files.rows.push_back(static_cast<std::uint32_t>(row));
      ++result.counts.files_kept;
    } else if (in_partition[row]) {
      ++result.counts.files_skipped_by_bounds;
    } else {
      ++result.counts.files_skipped_by_partition;
    }
    if (explains_) {
      explanation why;
      why.path = files.path(row);
      why.is_kept = kept[row] != 0;
      why.reason = kept[row] ? "its partition and its bounds may match"
                             : (in_partition[row] ? by_bounds.reason(files, row) : by_partition.reason(files, row));
      result.explanations.push_back(std::move(why));
    }
  }
  result.files.entries = entries;
  result.files.pruning = from.pruning;
  find_residuals(result.files);
  return result;
}

void scan_stream::add(const plan_counts &of_source) {
  counts_.files += of_source.files;
  counts_.files_skipped_by_partition += of_source.files_skipped_by_partition;
  counts_.files_skipped_by_bounds += of_source.files_skipped_by_bounds;
  counts_.files_kept += of_source.files_kept;
}

}  // namespace evodb
