#include "table/diff/diff_walk.h"

#include <algorithm>
#include <utility>

#include "runtime/run_on.h"

namespace evodb {
namespace {

/// Looking at fewer takes no longer than to change threads twice.
constexpr std::size_t few_keys = 100;

std::int64_t live_files_of(const manifest_files &manifests) {
  std::int64_t count = 0;
  for (const manifest_file &one : manifests) count += one.live_files();
  return count;
}

bool has_live_files(const manifest_files &manifests) {
  return std::any_of(manifests.begin(), manifests.end(), [](const manifest_file &one) { return one.has_live_files(); });
}

}  // namespace

diff_walk::diff_walk(std::shared_ptr<const differing_manifests> of)
    : of_(std::move(of)),
      after_is_larger_(live_files_of(*of_->after) >= live_files_of(*of_->before)),
      larger_(walk_over(after_is_larger_)),
      smaller_(walk_over(!after_is_larger_)),
      keys_(of_->of.context()->runtime().memory()),
      compares_(has_live_files(*of_->before) && has_live_files(*of_->after)) {}

manifest_walk diff_walk::walk_over(bool is_after) const {
  manifest_columns_wanted wanted;
  wanted.details = true;  // a deletion vector's offset and data file
  return manifest_walk(of_->of, is_after ? of_->after : of_->before, std::move(wanted));
}

task<> diff_walk::find_keys() {
  const executor cpu = of_->of.context()->runtime().cpu();
  manifest_walk walk = walk_over(!after_is_larger_);
  while (std::optional<manifest_walk::walked> one = co_await walk.next()) {
    auto add = [&] {
      const inherited_entries &entries = one->entries;
      keys_.reserve(entries->size());
      for (std::size_t row = 0; row < entries->size(); ++row) {
        if (entries->is_live(row)) keys_.add(file_key_of(entries->files, row));
      }
    };
    if (one->entries->size() <= few_keys) {
      add();
    } else {
      co_await run_on(cpu, add);
    }
  }
  auto close = [&] { keys_.close(); };
  co_await run_on(cpu, close);
}

planned_files diff_walk::select(const manifest_walk::walked &from) {
  planned_files selected;
  selected.entries = from.entries;
  selected.pruning = from.spec;
  const manifest_entries &entries = *from.entries;
  for (std::size_t row = 0; row < entries.size(); ++row) {
    if (!entries.is_live(row)) continue;
    if (compares_) {
      const file_key key = file_key_of(entries.files, row);
      if (in_smaller_ ? keys_.is_marked(key) : keys_.mark(key)) continue;
    }
    selected.rows.push_back(static_cast<std::uint32_t>(row));
  }
  return selected;
}

task<std::optional<changed_files>> diff_walk::next() {
  if (compares_ && !has_keys_) co_await find_keys();
  has_keys_ = true;
  while (true) {
    const std::optional<manifest_walk::walked> one = co_await current().next();
    if (!one && in_smaller_) co_return std::nullopt;
    if (!one) {
      in_smaller_ = true;
      continue;
    }
    std::optional<changed_files> found;
    auto take = [&] {
      found.emplace();
      found->files = select(*one);
    };
    if (!compares_ || one->entries->size() <= few_keys) {
      take();
    } else {
      co_await run_on(of_->of.context()->runtime().cpu(), take);
    }
    if (found->files.rows.empty()) continue;
    found->is_added = in_smaller_ != after_is_larger_;
    co_return found;
  }
}

}  // namespace evodb
