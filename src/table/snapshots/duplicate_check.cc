#include "table/snapshots/duplicate_check.h"

#include <fmt/format.h>

#include <functional>
#include <string_view>
#include <utility>

#include "runtime/run_on.h"
#include "runtime/when_all.h"
#include "table/manifests/manifest_reader.h"

namespace evodb {
namespace {

/// What lies outside of the storage is none of its files.
task<bool> is_same_file(const storage &where, std::string_view live, std::string_view appended) {
  std::string key;
  try {
    key = where.key_of(live);
  } catch (const error &) {
    co_return false;
  }
  co_return co_await where.store().is_same(std::move(key), where.key_of(appended));
}

}  // namespace

/// On a thread for CPU work, once: what the files' paths are does not depend on the base.
std::shared_ptr<const duplicate_check::paths> duplicate_check::added_paths() const {
  const std::lock_guard<std::mutex> held(state_);
  if (paths_) return paths_;
  auto all = std::make_shared<paths>();
  all->reserve(static_cast<std::size_t>(added_->count()));
  for (const auto &batch : added_->batches) {
    for (std::size_t row = 0; row < batch->size(); ++row) all->insert(batch->path(row));
  }
  return paths_ = std::move(all);
}

task<duplicate_check::linked_files> duplicate_check::find_linked(const storage &where) const {
  linked_files linked;
  if (!where.store().may_have_other_names()) co_return linked;
  for (const auto &batch : added_->batches) {
    for (std::size_t row = 0; row < batch->size(); ++row) {
      std::string key = where.key_of(batch->path(row));
      const bool has_others = co_await where.store().has_other_names(std::move(key));
      if (has_others) linked.emplace(batch->file_sizes[row], batch->path(row));
    }
  }
  co_return linked;
}

task<> duplicate_check::refuse(table_context &context, std::shared_ptr<const manifest_files> manifests,
                               const table_metadata &base) const {
  const executor cpu = context.runtime().cpu();
  auto collect = [this] { return added_paths(); };
  const std::shared_ptr<const paths> appended = co_await run_on(cpu, collect);
  const linked_files with_other_names = co_await find_linked(*context.storage());
  std::set<std::string> without;
  {
    const std::lock_guard<std::mutex> held(state_);
    without = without_;
  }
  std::vector<const manifest_file *> unread;
  for (const manifest_file &one : *manifests) {
    if (one.content == manifest_content::data && !without.contains(one.manifest_path)) unread.push_back(&one);
  }
  auto read_one = [&](std::size_t i) -> task<> {
    const manifest_file &listed = *unread[i];
    const partition_spec *spec = base.find_spec(listed.partition_spec_id);
    if (spec == nullptr) {
      fail(status::CORRUPT, fmt::format("its partition spec {} is none of the table's", listed.partition_spec_id),
           listed.manifest_path);
    }
    const std::vector<type> types = result_types(*spec, *base.current_schema());
    const manifest_columns_wanted paths_alone;
    const auto entries = co_await read_manifest_of(context, listed, *spec, types, paths_alone);
    std::vector<std::pair<std::string_view, std::string_view>> perhaps_the_same;  // a live path, and an appended one
    auto look = [&] {
      for (std::size_t row = 0; row < entries->size(); ++row) {
        if (!entries->is_live(row)) continue;
        const std::string_view path = entries->files.path(row);
        if (appended->contains(path))
          fail(status::ALREADY_EXISTS, "the file is in the table already", std::string(path));
        const auto [first, last] = with_other_names.equal_range(entries->files.file_sizes[row]);
        for (auto other = first; other != last; ++other) perhaps_the_same.emplace_back(path, other->second);
      }
    };
    co_await run_on(cpu, look);
    for (const auto &[live, added] : perhaps_the_same) {
      const bool is_same = co_await is_same_file(*context.storage(), live, added);
      if (is_same)
        fail(status::ALREADY_EXISTS, fmt::format("the file is in the table already, as {}", live), std::string(added));
    }
  };
  std::function<task<>(std::size_t)> body = read_one;
  co_await for_each_concurrently(unread.size(), concurrent_manifest_reads, std::move(body));
  for (const manifest_file *one : unread) without.insert(one->manifest_path);
  const std::lock_guard<std::mutex> held(state_);
  without_ = std::move(without);
}

}  // namespace evodb
