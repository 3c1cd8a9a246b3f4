#include "table/manifests/manifest_merge.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/algorithm/string/predicate.hpp>
#include <charconv>
#include <functional>
#include <map>
#include <numeric>
#include <optional>
#include <utility>

#include "base/error.h"
#include "codec/manifest_writer.h"
#include "model/joined_entries.h"
#include "runtime/run_on.h"
#include "runtime/when_all.h"
#include "table/manifests/known_partition_types.h"
#include "table/manifests/manifest_reader.h"
#include "table/manifests/manifest_reuse.h"

namespace evodb {
namespace {

constexpr const char *enabled_property = "commit.manifest-merge.enabled";
constexpr const char *least_property = "commit.manifest.min-count-to-merge";
constexpr const char *target_property = "commit.manifest.target-size-bytes";

/// So many are merged at once, however many there are, so that no commit takes too long.
constexpr std::size_t most_inputs = 200;
/// All of them are in memory at once.
constexpr std::int64_t largest_target_bytes = std::int64_t{256} << 20;

std::int64_t number_in(const std::string *text, std::int64_t otherwise) {
  std::int64_t number = 0;
  if (text == nullptr) return otherwise;
  const auto [end, failed] = std::from_chars(text->data(), text->data() + text->size(), number);
  return failed == std::errc() && end == text->data() + text->size() && number > 0 ? number : otherwise;
}

/// What is not known of a manifest, or inherited in a way of its own, is not merged.
bool is_mergeable(const manifest_file &one, const table_metadata &of) {
  return one.content == manifest_content::data && one.has_live_files() && one.manifest_length >= 0 &&
         !one.key_metadata && (of.format_version < 3 || one.first_row_id);
}

/// Whether a manifest that is refused so will be refused again.
bool is_for_good(const error &why) {
  return why.code() == status::CORRUPT || why.code() == status::UNSUPPORTED || why.code() == status::INVALID_ARGUMENT;
}

}  // namespace

std::optional<std::string> merge_settings::why_ignored(const std::string &property, const std::string &value) {
  const merge_settings defaults{table_metadata()};
  const bool is_word = boost::algorithm::iequals(value, "true") || boost::algorithm::iequals(value, "false");
  if (property == enabled_property && !is_word) return "it is neither true nor false, and true counts";
  const bool is_number = number_in(&value, -1) > 0;
  if (property == least_property && !is_number)
    return fmt::format("it is no number from 1 up, and {} counts", defaults.least_manifests);
  if (property == target_property && !is_number)
    return fmt::format("it is no number of bytes from 1 up, and {} counts", defaults.target_bytes);
  return std::nullopt;
}

merge_settings::merge_settings(const table_metadata &of) {
  const std::string *enabled = of.property(enabled_property);
  is_enabled = enabled == nullptr || !boost::algorithm::iequals(*enabled, "false");
  least_manifests =
      static_cast<std::size_t>(number_in(of.property(least_property), static_cast<std::int64_t>(least_manifests)));
  target_bytes = std::min(largest_target_bytes, number_in(of.property(target_property), target_bytes));
}

std::vector<const manifest_file *> choose_for_merge(const manifest_files &listed, const table_metadata &of,
                                                    const std::function<bool(const manifest_file &)> &is_left_out) {
  const merge_settings settings(of);
  if (!settings.is_enabled) return {};
  std::map<std::int32_t, std::vector<const manifest_file *>> by_spec;
  for (const manifest_file &one : listed) {
    if (is_mergeable(one, of) && one.manifest_length < settings.target_bytes && !is_left_out(one))
      by_spec[one.partition_spec_id].push_back(&one);
  }
  for (auto &[spec_id, candidates] : by_spec) {
    if (candidates.size() < std::max<std::size_t>(settings.least_manifests, 2)) continue;
    std::stable_sort(candidates.begin(), candidates.end(), [](const manifest_file *a, const manifest_file *b) {
      return a->manifest_length < b->manifest_length;
    });
    std::size_t count = 0;
    std::int64_t size = 0;
    const std::size_t most = std::max(most_inputs, settings.least_manifests);
    while (count < std::min(candidates.size(), most) &&
           size + candidates[count]->manifest_length <= settings.target_bytes) {
      size += candidates[count++]->manifest_length;
    }
    if (count < 2) continue;
    candidates.resize(count);
    std::sort(candidates.begin(), candidates.end());  // they lie in the list in its order
    return candidates;
  }
  return {};
}

/// An upgrade of the table gives entries row ids by the list, which the merged ones would not have.
bool manifest_merge::is_usable(const manifest_files &listed, const table_metadata &base, std::int64_t now_ms) const {
  if (!file_ && !is_reusable(written_at_ms_, now_ms)) return false;
  const auto found = std::count_if(listed.begin(), listed.end(), [&](const manifest_file &one) {
    const auto input = inputs_.find(one.manifest_path);
    return input != inputs_.end() && input->second == one;
  });
  return !inputs_.empty() && static_cast<std::size_t>(found) == inputs_.size() &&
         base.format_version == format_version_;
}

task<std::shared_ptr<const manifest_files>> manifest_merge::apply(std::shared_ptr<const manifest_files> listed,
                                                                  const table_metadata &base, table_context &context,
                                                                  pending_files &files) {
  if (std::exchange(may_begin_, false)) co_await begin(*listed, base, context);
  if (!is_usable(*listed, base, context.storage()->now_ms())) co_return listed;
  if (file_ && files.find(merged_.manifest_path) == nullptr) files.add(merged_.manifest_path, file_);
  auto merged = std::make_shared<manifest_files>();
  bool is_placed = false;
  for (const manifest_file &one : *listed) {
    if (!inputs_.contains(one.manifest_path)) {
      merged->push_back(one);
    } else if (!std::exchange(is_placed, true)) {
      merged->push_back(merged_);
    }
  }
  co_return merged;
}

void manifest_merge::note_written(table_context &context, std::int64_t at_ms) {
  if (!std::exchange(file_, nullptr)) return;
  written_ = merged_.manifest_path;
  written_at_ms_ = at_ms;
  keep_manifest(context, merged_, spec_, partition_types_, std::exchange(entries_, nullptr));
}

/// What cannot be read or joined is left as it is: a commit does not fail because of what it does beside its work.
task<> manifest_merge::begin(const manifest_files &listed, const table_metadata &base, table_context &context) {
  const auto is_left_out = [&](const manifest_file &one) { return context.is_unmergeable(one); };
  const std::vector<const manifest_file *> chosen = choose_for_merge(listed, base, is_left_out);
  if (chosen.empty()) co_return;
  const partition_spec *spec = base.find_spec(chosen.front()->partition_spec_id);
  std::optional<std::vector<type>> types = spec ? known_partition_types(*spec, *base.current_schema()) : std::nullopt;
  if (!types) co_return;
  const manifest_columns_wanted everything = manifest_columns_wanted::all();
  std::vector<inherited_entries> inputs(chosen.size());
  std::vector<char> is_refused(chosen.size());  // a byte each: they are read side by side
  std::function<task<>(std::size_t)> read = [&](std::size_t i) -> task<> {
    try {
      inputs[i] = co_await read_manifest_of(context, *chosen[i], *spec, *types, everything);
    } catch (const error &why) {
      is_refused[i] = is_for_good(why);
      throw;
    }
  };
  std::optional<written_manifest> written;
  auto join = [&] {
    joined_entries joined(spec->spec_id);
    for (const inherited_entries &one : inputs) joined.add(one);
    entries_ = std::make_shared<const manifest_entries>(std::move(joined).finish());
    std::vector<std::size_t> rows(entries_->size());
    std::iota(rows.begin(), rows.end(), std::size_t{0});
    manifest_target target;
    target.format_version = base.format_version;
    target.table_schema = base.current_schema().get();
    target.spec = spec;
    written = write_manifest(*entries_, rows, target);
  };
  bool is_done = false;
  try {
    co_await for_each_concurrently(inputs.size(), concurrent_manifest_reads, std::move(read));
    co_await run_on(context.runtime().cpu(), join);
    is_done = true;
  } catch (const error &why) {
    if (why.code() == status::CANCELLED || why.code() == status::DEADLINE_EXCEEDED) throw;
    const bool is_known_which = std::find(is_refused.begin(), is_refused.end(), 1) != is_refused.end();
    if (!is_known_which && is_for_good(why)) is_refused.assign(chosen.size(), 1);
  }
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    if (is_refused[i]) context.note_unmergeable(*chosen[i]);
  }
  if (!is_done) co_return;
  const std::string unique = context.runtime().random_uuid().to_text();
  merged_ = std::move(written->row);
  merged_.manifest_path = context.metadata_file(fmt::format("{}-m0.avro", unique));
  file_ = std::move(written->file);
  format_version_ = base.format_version;
  spec_ = *spec;
  partition_types_ = *std::move(types);
  for (const manifest_file *one : chosen) inputs_.emplace(one->manifest_path, *one);
}

}  // namespace evodb
