#include "table/live_files.h"

#include <fmt/format.h>

#include <functional>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "runtime/run_on.h"
#include "runtime/when_all.h"
#include "table/stored_manifest.h"

namespace evodb {
namespace {}  // namespace

task<> refuse_live_files(table_context &context, std::shared_ptr<change> appending,
                         std::shared_ptr<const manifest_files> manifests, const table_metadata &base) {
  const executor cpu = context.environment().cpu();
  std::unordered_set<std::string_view> appended;
  auto collect = [&] {
    for (const auto &batch : std::get<table_change::append>(appending->body()).files->batches) {
      for (std::size_t row = 0; row < batch->size(); ++row) appended.insert(batch->path(row));
    }
  };
  co_await run_on(cpu, collect);
  std::set<std::string> without = appending->manifests_without_it();
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
    const auto entries = co_await read_stored_manifest(context, listed, *spec, types, paths_alone);
    auto look = [&] {
      for (std::size_t row = 0; row < entries->size(); ++row) {
        const std::string_view path = entries->files.path(row);
        if (entries->is_live(row) && appended.contains(path)) {
          fail(status::ALREADY_EXISTS, "the file is in the table already", std::string(path));
        }
      }
    };
    co_await run_on(cpu, look);
  };
  std::function<task<>(std::size_t)> body = read_one;
  co_await for_each_concurrently(unread.size(), concurrent_manifest_reads, std::move(body));
  for (const manifest_file *one : unread) without.insert(one->manifest_path);
  appending->set_manifests_without_it(std::move(without));
}

}  // namespace evodb
