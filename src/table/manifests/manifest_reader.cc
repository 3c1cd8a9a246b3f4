#include "table/manifests/manifest_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "runtime/run_on.h"
#include "runtime/weighed_cache.h"

namespace evodb {
namespace {

/// Decoding less than this takes no longer than to change threads twice.
constexpr std::int64_t small_manifest_bytes = 16 * 1024;

/// Under which manifests are kept: what was decoded, and how, but for the columns.
std::string manifest_key(const table_context &context, const manifest_file &listed, const partition_spec &spec,
                         const std::vector<type> &partition_types) {
  std::string key = "manifest";
  const auto add = [&](std::string_view text) {  // with its length: no text passes for two
    fmt::format_to(std::back_inserter(key), " {}:{}", text.size(), text);
  };
  add(context.storage()->store().identity());
  add(listed.manifest_path);
  fmt::format_to(std::back_inserter(key), " {} {} {} {}", listed.manifest_length, static_cast<int>(listed.content),
                 spec.spec_id, spec.fields.size());
  for (std::size_t i = 0; i < spec.fields.size(); ++i) {
    fmt::format_to(std::back_inserter(key), " {}", spec.fields[i].field_id);
    add(spec.fields[i].name);
    add(spec.fields[i].transform.to_text());
    add(partition_types[i].to_text());
  }
  return key;
}

/// Which columns are kept under a key that ends so.
std::string columns_key(const manifest_columns_wanted &wanted) {
  std::string key = wanted.details ? "\nwith details" : "\n";
  if (wanted.all_metrics) return key + (wanted.column_sizes ? " all with sizes" : " all");
  std::vector<std::int32_t> ids = wanted.bounds_and_counts_of;
  std::sort(ids.begin(), ids.end());
  for (const std::int32_t id : ids) fmt::format_to(std::back_inserter(key), " {}", id);
  return key;
}

std::shared_ptr<const manifest_entries> entries_of(std::shared_ptr<const void> kept) {
  return std::static_pointer_cast<const manifest_entries>(std::move(kept));
}

/// Columns that hold all that is wanted and more.
std::shared_ptr<const manifest_entries> find_wider(weighed_cache &cache, const std::string &key,
                                                   manifest_columns_wanted wanted) {
  for (bool manifest_columns_wanted::*more : {&manifest_columns_wanted::details, &manifest_columns_wanted::all_metrics,
                                              &manifest_columns_wanted::column_sizes}) {
    if (std::exchange(wanted.*more, true)) continue;
    if (auto kept = entries_of(cache.find(key + columns_key(wanted)))) return kept;
  }
  return nullptr;
}

/// No more than was reserved is read at once, whatever the list says of the length: a longer manifest is asked for again,
/// with memory for all of it.
task<object> get_manifest(table_context &context, const std::string &path, std::int64_t expected,
                          memory_budget::reservation &held) {
  object_store &store = context.storage()->store();
  const byte_range one_more(0, expected + 1);
  std::string key = context.storage()->key_of(path);
  std::optional<object> found = co_await store.get_content(std::move(key), one_more);
  const std::int64_t size =
      found ? std::max(found->meta.size, static_cast<std::int64_t>(found->body.size())) : std::int64_t{0};
  const bool is_whole = found && size <= expected && size == static_cast<std::int64_t>(found->body.size());
  if (is_whole) co_return *std::move(found);
  found.reset();
  const std::int64_t most = std::clamp(size, expected, largest_manifest_bytes);
  held = context.runtime().memory().reserve(most);
  key = context.storage()->key_of(path);
  co_return co_await get_whole_content(store, std::move(key), most);
}

task<std::shared_ptr<const manifest_entries>> fetch_and_decode(table_context &context, const manifest_file &listed,
                                                               const partition_spec &spec,
                                                               const std::vector<type> &partition_types,
                                                               const manifest_columns_wanted &wanted,
                                                               const fetched_manifest &when_fetched,
                                                               const decoded_manifest &when_decoded) {
  const std::string &path = listed.manifest_path;
  memory_budget &budget = context.runtime().memory();
  // What the list says of its length may be absent or wrong.
  const bool is_plausible = listed.manifest_length >= 0 && listed.manifest_length <= largest_manifest_bytes;
  const std::int64_t expected = is_plausible ? listed.manifest_length : 0;
  memory_budget::reservation held = budget.reserve(expected);
  object file = co_await get_manifest(context, path, expected, held);
  const auto size = static_cast<std::int64_t>(file.body.size());
  if (when_fetched) when_fetched(size);
  auto decode = [&] {
    auto entries = std::make_shared<const manifest_entries>(
        decode_manifest(file.body, path, listed.content, spec, partition_types, wanted, budget));
    if (when_decoded) when_decoded({entries, manifest_inheritance::of(listed, *entries)});
    return entries;
  };
  if (size < small_manifest_bytes) co_return decode();
  co_return co_await run_on(context.runtime().cpu(), decode);
}

}  // namespace

task<inherited_entries> read_manifest_of(table_context &context, const manifest_file &listed,
                                         const partition_spec &spec, const std::vector<type> &partition_types,
                                         const manifest_columns_wanted &wanted, decoded_manifest when_decoded) {
  weighed_cache &cache = context.runtime().memory().cache();
  const std::string key = manifest_key(context, listed, spec, partition_types);
  std::shared_ptr<const manifest_entries> entries;
  if (cache.limit() > 0) entries = find_wider(cache, key, wanted);
  if (!entries) {
    weighed_cache::loader load = [&]() -> task<weighed_cache::weighed> {
      weighed_cache::weighed decoded;
      std::shared_ptr<const manifest_entries> read =
          co_await fetch_and_decode(context, listed, spec, partition_types, wanted, nullptr, when_decoded);
      decoded.bytes = read->size_in_bytes();
      decoded.value = std::move(read);
      co_return decoded;
    };
    std::string own_key = key + columns_key(wanted);
    entries = entries_of(co_await cache.get(std::move(own_key), std::move(load)));
  }
  const manifest_inheritance inheritance = manifest_inheritance::of(listed, *entries);
  co_return inherited_entries(std::move(entries), inheritance);
}

task<stored_manifest> read_stored_manifest(table_context &context, const manifest_file &listed,
                                           const partition_spec &spec, const std::vector<type> &partition_types,
                                           const manifest_columns_wanted &wanted, fetched_manifest when_fetched,
                                           decoded_manifest when_decoded) {
  manifest_columns_wanted all_entries = wanted;
  all_entries.live_only = false;
  stored_manifest read;
  const fetched_manifest note_size = [&](std::int64_t bytes) {
    read.bytes = bytes;
    if (when_fetched) when_fetched(bytes);
  };
  auto entries =
      co_await fetch_and_decode(context, listed, spec, partition_types, all_entries, note_size, when_decoded);
  const manifest_inheritance inheritance = manifest_inheritance::of(listed, *entries);
  read.entries = inherited_entries(std::move(entries), inheritance);
  co_return read;
}

void keep_manifest(table_context &context, const manifest_file &written, const partition_spec &spec,
                   const std::vector<type> &partition_types, std::shared_ptr<const manifest_entries> entries) {
  const std::int64_t bytes = entries->size_in_bytes();
  weighed_cache::weighed kept;
  kept.value = std::move(entries);
  kept.bytes = bytes;
  context.runtime().memory().cache().put(
      manifest_key(context, written, spec, partition_types) + columns_key(manifest_columns_wanted::all()),
      std::move(kept));
}

}  // namespace evodb
