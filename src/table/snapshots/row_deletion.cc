#include "table/snapshots/row_deletion.h"

#include <fmt/format.h>

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "runtime/run_on.h"
#include "runtime/when_all.h"
#include "table/deletes/deletion_vector_reader.h"
#include "table/deletes/row_deletes.h"
#include "table/snapshots/file_matcher.h"

namespace evodb {
namespace {

/// The data file, and the deletes of its rows that are there.
struct deletion_target {
  std::int32_t spec_id = 0;
  std::int64_t sequence_number = 0;
  row_deletes facts;
  std::optional<stored_vector> vector;
};

class target_search {
 public:
  target_search(const std::string &path, const manifest_files &present, const table_metadata &base,
                version_files &files)
      : path_(path), present_(present), files_(files), everything_(file_matcher::with_rows_of(nullptr, base)) {}

  /// Of a spec of one of the manifests.
  const std::vector<type> &partition_types(std::int32_t spec_id) {
    return everything_.pruning(spec_id)->partition_types();
  }
  task<std::optional<deletion_target>> run(bool with_deletes) {
    co_await walk(manifest_content::data, [this](const inherited_entries &entries) { find_data_file(entries); });
    if (target_ && with_deletes)
      co_await walk(manifest_content::deletes, [this](const inherited_entries &entries) { find_deletes(entries); });
    co_return std::move(target_);
  }

 private:
  /// `see` is called for one manifest at a time.
  task<> walk(manifest_content content, std::function<void(const inherited_entries &)> see) {
    std::vector<const manifest_file *> candidates;
    for (const manifest_file &one : present_) {
      if (one.content == content && everything_.may_be_in(one)) candidates.push_back(&one);
    }
    manifest_columns_wanted wanted;
    wanted.details = content == manifest_content::deletes;
    std::function<task<>(std::size_t)> read = [&](std::size_t i) -> task<> {
      const spec_pruning &as = *everything_.pruning(candidates[i]->partition_spec_id);
      const inherited_entries entries = co_await files_.read_manifest(*candidates[i], as, wanted);
      see(entries);
    };
    co_await for_each_concurrently(candidates.size(), concurrent_manifest_reads, std::move(read));
  }

  void find_data_file(const inherited_entries &entries) {
    const data_files &files = entries->files;
    for (std::size_t row = 0; row < entries->size(); ++row) {
      if (!entries->is_live(row) || files.path(row) != path_) continue;
      target_.emplace();
      target_->spec_id = files.spec_id;
      target_->sequence_number = entries.sequence_number(row);
      target_->facts.data_file = path_;
      target_->facts.record_count = files.record_counts[row];
      for (const std::optional<value> &one : files.partition(row)) {
        if (!one) fail(status::UNSUPPORTED, "the data file's partition is not known", path_);
        target_->facts.partition.push_back(*one);
      }
    }
  }

  void find_deletes(const inherited_entries &entries) {
    const data_files &files = entries->files;
    for (std::size_t row = 0; row < entries->size(); ++row) {
      if (!entries->is_live(row) || files.contents[row] != file_content::position_deletes) continue;
      const bool applies = files.is_deletion_vector(row) && files.referenced_data_file(row) == path_ &&
                           entries.sequence_number(row) >= target_->sequence_number;
      if (!applies) continue;
      if (files.content_offsets.empty() || files.content_sizes.empty())
        fail(status::CORRUPT, "a deletion vector does not say where it is in its file", std::string(files.path(row)));
      stored_vector found;
      found.path = std::string(files.path(row));
      found.offset = files.content_offsets[row];
      found.size = files.content_sizes[row];
      found.cardinality = files.record_counts[row];
      target_->vector = std::move(found);
    }
  }

  const std::string &path_;
  const manifest_files &present_;
  version_files &files_;
  file_matcher everything_;
  std::optional<deletion_target> target_;
};

/// Also one that an operation before in the same version has made.
task<deleted_positions> read_vector(stored_vector vector, version_files &files) {
  const bytes *pending = files.pending().find(vector.path);
  if (pending == nullptr) co_return co_await read_deletion_vector(files.context().storage(), std::move(vector));
  const byte_view blob =
      byte_view(*pending).substr(static_cast<std::size_t>(vector.offset), static_cast<std::size_t>(vector.size));
  co_return decode_deletion_vector(blob, vector.path, files.context().runtime().memory());
}

}  // namespace

task<std::shared_ptr<const table_files>> write_delete_file(const deleted_rows &rows, bool is_newer,
                                                           std::shared_ptr<const manifest_files> present,
                                                           const table_metadata &base, version_files &files) {
  const bool is_vector = base.format_version >= 3;
  target_search search(rows.path, *present, base, files);
  std::optional<deletion_target> target = co_await search.run(is_vector);
  if (!target) {
    fail(is_newer ? status::CONFLICT : status::NOT_FOUND,
         is_newer ? "the file is not in the table any more" : "no such data file is in the table", rows.path);
  }
  table_context &context = files.context();
  target->facts.positions = rows.positions;
  if (target->vector) {
    stored_vector earlier = *target->vector;
    target->facts.earlier = co_await read_vector(std::move(earlier), files);
  }
  const std::string name =
      fmt::format("{}-deletes.{}", context.runtime().random_uuid().to_text(), is_vector ? "puffin" : "parquet");
  const std::string location = context.location().child("data").child(name).to_text();
  std::vector<row_deletes> deletes;
  deletes.push_back(std::move(target->facts));
  auto write = [&] {
    return is_vector ? write_deletion_vectors(location, deletes) : write_position_deletes(location, deletes.front());
  };
  new_delete_file made = co_await run_on(context.runtime().cpu(), write);
  const partition_spec &spec = *base.find_spec(target->spec_id);
  std::vector<std::int32_t> field_ids;
  for (const partition_field &field : spec.fields) field_ids.push_back(field.field_id);
  const std::vector<type> types = search.partition_types(target->spec_id);
  data_files_builder builder(spec.spec_id, types, field_ids);
  for (const data_file &entry : made.entries) builder.add(entry);
  auto described = std::make_shared<table_files>(base);
  described->spec = spec;
  described->batches.push_back(std::make_shared<const data_files>(std::move(builder).finish()));
  files.add_own(location, std::make_shared<const bytes>(std::move(made.content)));
  co_return described;
}

}  // namespace evodb
