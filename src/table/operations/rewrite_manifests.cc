#include "table/operations/rewrite_manifests.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <numeric>
#include <utility>
#include <vector>

#include "codec/manifest_writer.h"
#include "model/joined_entries.h"
#include "runtime/run_on.h"
#include "runtime/when_all.h"
#include "table/manifests/manifest_merge.h"
#include "table/manifests/version_files.h"
#include "table/snapshots/snapshot_operation.h"

namespace evodb {
namespace {

/// All entries that are clustered are in memory at once: more than this is left as it is.
constexpr std::int64_t most_manifest_bytes = std::int64_t{256} << 20;

/// By their values, null before all others.
bool is_before(const value_column &values, byte_view arena, std::size_t a, std::size_t b, bool &is_equal) {
  const value x = values.at(a, arena), y = values.at(b, arena);
  is_equal = false;
  if (is_null(x) || is_null(y)) {
    is_equal = is_null(x) && is_null(y);
    return is_null(x) && !is_null(y);
  }
  const std::strong_ordering order = compare(values.type, x, y);
  is_equal = order == std::strong_ordering::equal;
  return order == std::strong_ordering::less;
}

std::vector<std::size_t> rows_by_partition(const data_files &files) {
  std::vector<std::size_t> rows(files.size());
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  std::stable_sort(rows.begin(), rows.end(), [&](std::size_t a, std::size_t b) {
    for (const value_column &values : files.partitions) {
      if (value_column::storage_of(values.type) == value_column::storage::none) continue;
      bool is_equal = false;
      const bool less = is_before(values, files.arena, a, b, is_equal);
      if (!is_equal) return less;
    }
    return false;
  });
  return rows;
}

class rewrite_manifests_operation : public snapshot_operation {
 public:
  using snapshot_operation::snapshot_operation;

 protected:
  task<std::shared_ptr<const manifest_files>> manifests_to_keep(std::shared_ptr<const snapshot> head,
                                                                const table_metadata &base,
                                                                version_files &files) const override {
    const std::shared_ptr<const manifest_files> present = co_await files.manifests_of(std::move(head));
    auto kept = std::make_shared<manifest_files>();
    std::map<std::int32_t, std::vector<const manifest_file *>> by_spec;
    std::int64_t bytes = 0;
    for (const manifest_file &one : *present) {
      bytes += one.manifest_length;
      const bool is_taken = one.content == manifest_content::data && one.has_live_files() && !one.key_metadata &&
                            bytes <= most_manifest_bytes;
      if (is_taken) {
        by_spec[one.partition_spec_id].push_back(&one);
      } else {
        kept->push_back(one);
      }
    }
    for (const auto &[spec_id, of_spec] : by_spec) {
      manifest_files made = co_await cluster(of_spec, base, files);
      kept->insert(kept->begin(), std::make_move_iterator(made.begin()), std::make_move_iterator(made.end()));
    }
    co_return kept;
  }

 private:
  static task<manifest_files> cluster(const std::vector<const manifest_file *> &of, const table_metadata &base,
                                      version_files &files) {
    spec_prunings by_spec(base, bound_true());
    const spec_pruning &as = *by_spec.of(of.front()->partition_spec_id);
    const manifest_columns_wanted all = manifest_columns_wanted::all();
    std::vector<inherited_entries> inputs(of.size());
    std::function<task<>(std::size_t)> read = [&](std::size_t i) -> task<> {
      inputs[i] = co_await files.read_manifest(*of[i], as, all);
    };
    co_await for_each_concurrently(of.size(), concurrent_manifest_reads, std::move(read));
    std::vector<written_manifest> written;
    auto write = [&] {
      joined_entries joined(as.spec().spec_id);
      std::int64_t bytes = 0;
      for (std::size_t i = 0; i < of.size(); ++i) {
        joined.add(inputs[i]);
        bytes += of[i]->manifest_length;
        inputs[i] = inherited_entries();
      }
      const manifest_entries entries = std::move(joined).finish();
      const std::vector<std::size_t> rows = rows_by_partition(entries.files);
      manifest_target target;
      target.format_version = base.format_version;
      target.table_schema = base.current_schema().get();
      target.spec = &as.spec();
      const std::int64_t target_bytes = merge_settings(base).target_bytes;
      const auto count = static_cast<std::size_t>(std::max<std::int64_t>(1, (bytes + target_bytes - 1) / target_bytes));
      for (std::size_t i = 0; i < count; ++i) {
        const auto at = [&](std::size_t part) {
          return rows.begin() + static_cast<std::ptrdiff_t>(rows.size() * part / count);
        };
        const std::vector<std::size_t> some(at(i), at(i + 1));
        if (!some.empty()) written.push_back(write_manifest(entries, some, target));
      }
    };
    co_await run_on(files.context().runtime().cpu(), write);
    manifest_files made;
    for (written_manifest &one : written) {
      one.row.manifest_path = files.add_manifest(std::move(one.file));
      made.push_back(std::move(one.row));
    }
    co_return made;
  }
};

}  // namespace

table rewrite_manifests(const table &of, const file_operation_options &options) {
  return of.with(
      std::make_shared<rewrite_manifests_operation>(of, file_changes(), plan_snapshot(of, "replace", options)));
}

}  // namespace evodb
