#include "table/snapshots/added_manifests.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "codec/manifest_writer.h"
#include "runtime/run_on.h"
#include "runtime/when_all.h"
#include "table/manifests/manifest_reader.h"
#include "table/manifests/manifest_reuse.h"
#include "table/manifests/version_files.h"

namespace evodb {
namespace {

/// Iceberg's default target for a manifest (commit.manifest.target-size-bytes).
constexpr std::size_t target_manifest_bytes = 8u << 20;
constexpr std::size_t manifests_at_once = 8;
/// Manifests of more files are not kept in memory once they are written.
constexpr std::size_t most_kept_files = 1000;

struct chunk {
  const data_files *files;
  std::size_t first, last;
};

/// About how many bytes of a manifest one row makes, from what it holds in memory; deflate halves it at least.
std::size_t estimated_row_bytes(const data_files &files) {
  constexpr std::size_t fixed_bytes = 40;
  constexpr std::size_t bytes_a_statistic = 12;
  const std::size_t text = files.arena.size() / std::max<std::size_t>(1, files.size());
  return (fixed_bytes + text + files.metrics.size() * 4 * bytes_a_statistic) / 2;
}

std::vector<chunk> split_into_manifests(const table_files &files) {
  std::vector<chunk> chunks;
  for (const auto &batch : files.batches) {
    const std::size_t most = std::max<std::size_t>(1, target_manifest_bytes / estimated_row_bytes(*batch));
    const std::size_t manifests = (batch->size() + most - 1) / most;
    for (std::size_t i = 0; i < manifests; ++i) {
      chunks.push_back({batch.get(), batch->size() * i / manifests, batch->size() * (i + 1) / manifests});
    }
  }
  return chunks;
}

/// Entries that say their data sequence number themselves.
written_manifest write_numbered(const chunk &of, std::int64_t data_sequence_number, const manifest_target &target) {
  manifest_entries entries = *added_entries(*of.files);
  entries.sequence_numbers.assign(entries.size(), data_sequence_number);
  entries.snapshot_ids.assign(entries.size(), target.snapshot_id);
  entries.file_sequence_numbers.assign(entries.size(), unassigned_sequence_number);
  std::vector<std::size_t> rows(of.last - of.first);
  std::iota(rows.begin(), rows.end(), of.first);
  return write_manifest(entries, rows, target);
}

}  // namespace

std::shared_ptr<const manifest_files> added_manifests::reusable(std::int64_t now_ms) const {
  const std::lock_guard<std::mutex> held(written_->state);
  return written_->rows && is_reusable(written_->at_ms, now_ms) ? written_->rows : nullptr;
}

task<std::shared_ptr<const manifest_files>> added_manifests::make(const table_metadata &base,
                                                                  version_files &files) const {
  table_context &context = files.context();
  if (!of_) co_return std::make_shared<const manifest_files>();
  if (std::shared_ptr<const manifest_files> before = reusable(context.storage()->now_ms())) co_return before;
  const std::vector<chunk> chunks = split_into_manifests(*of_);
  auto made = std::make_shared<manifest_files>(chunks.size());
  pending_files of_many(context.storage());
  pending_files &pending = chunks.size() > manifests_at_once ? of_many : files.pending();
  const std::string unique = context.runtime().random_uuid().to_text();
  auto make_one = [&](std::size_t i) -> task<> {
    auto encode = [&, i] {
      manifest_target target;
      target.format_version = base.format_version;
      target.table_schema = of_->checked_against.get();
      target.spec = base.find_spec(chunks[i].files->spec_id);
      target.content = content_;
      target.snapshot_id = snapshot_id_;
      if (data_sequence_number_) return write_numbered(chunks[i], *data_sequence_number_, target);
      return write_added_manifest(*chunks[i].files, chunks[i].first, chunks[i].last, target);
    };
    written_manifest manifest = co_await run_on(context.runtime().cpu(), encode);
    manifest.row.manifest_path = context.metadata_file(fmt::format("{}-m{}.avro", unique, i));
    pending.add(manifest.row.manifest_path, std::move(manifest.file));
    (*made)[i] = std::move(manifest.row);
  };
  for (std::size_t first = 0; first < chunks.size(); first += manifests_at_once) {
    std::function<task<>(std::size_t)> body = [&, first](std::size_t i) { return make_one(first + i); };
    const std::size_t count = std::min(manifests_at_once, chunks.size() - first);
    co_await for_each_concurrently(count, count, std::move(body));
    co_await of_many.write();
  }
  files.when_written([written = written_, made](std::int64_t at_ms) {
    const std::lock_guard<std::mutex> held(written->state);
    written->rows = made;
    written->at_ms = at_ms;
  });
  for (std::size_t i = 0; i < chunks.size(); ++i) {
    const data_files &batch = *chunks[i].files;
    const bool is_whole = chunks[i].last - chunks[i].first == batch.size();
    if (!is_whole || batch.size() > most_kept_files || data_sequence_number_) continue;
    const partition_spec &spec = *base.find_spec(batch.spec_id);
    files.when_written(
        [&context, of = of_, &batch, spec, types = result_types(spec, *base.current_schema()),
         row = (*made)[i]](std::int64_t) { keep_manifest(context, row, spec, types, added_entries(batch)); });
  }
  co_return made;
}

}  // namespace evodb
