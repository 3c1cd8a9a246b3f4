#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "codec/manifest_list.h"
#include "codec/manifest_writer.h"
#include "table/manifests/snapshot_manifests.h"
#include "table/sample_table.h"

namespace evodb::table_tests {

/// A sample table with delete files by another writer.
struct table_with_deletes : sample_table {
  void store(const table &of, const std::string &path, std::shared_ptr<const bytes> body) const {
    run_to_end(environment, [=]() -> task<bool> {
      std::string key = of.context()->storage()->key_of(path);
      put_options options;
      co_await of.context()->storage()->store().put(std::move(key), body, options);
      co_return true;
    });
  }

  static data_file deletes(const std::string &name, const std::string &region,
                           file_content content = file_content::equality_deletes) {
    data_file one;
    one.file_path = name;
    one.content = content;
    if (content == file_content::equality_deletes) one.equality_ids = {1};
    one.partition = {region};
    one.record_count = 1;
    return one;
  }

  /// Stores a manifest of these, and gives its row of a manifest list.
  manifest_file write(const table &of, const std::string &name, const std::vector<data_file> &deletes,
                      std::int64_t sequence_number, const partition_spec &spec) const {
    std::vector<std::int32_t> ids;
    for (const partition_field &field : spec.fields) ids.push_back(field.field_id);
    data_files_builder builder(spec.spec_id, result_types(spec, *of.metadata()->current_schema()), std::move(ids));
    for (const data_file &one : deletes) builder.add(one);
    const data_files files = std::move(builder).finish();
    manifest_target target;
    target.table_schema = of.metadata()->current_schema().get();
    target.spec = &spec;
    target.content = manifest_content::deletes;
    written_manifest written = write_added_manifest(files, 0, files.size(), target);
    written.row.manifest_path = of.context()->metadata_file(name + ".avro");
    written.row.sequence_number = written.row.min_sequence_number = sequence_number;
    store(of, written.row.manifest_path, written.file);
    return std::move(written.row);
  }
  manifest_file write(const table &of, const std::string &name, const std::vector<data_file> &deletes,
                      std::int64_t sequence_number) const {
    return write(of, name, deletes, sequence_number, of.metadata()->default_spec());
  }

  /// The table with one more snapshot, which has these manifests of delete files besides those of the current one.
  table with_manifests(const table &of, const std::vector<manifest_file> &deletes) const {
    const std::shared_ptr<const snapshot> current = of.metadata()->current_snapshot();
    std::vector<manifest_file> all = *run_to_end(environment, [&] { return manifests_of(*of.context(), current); });
    all.insert(all.end(), deletes.begin(), deletes.end());
    auto made = std::make_shared<snapshot>(*current);
    made->parent_snapshot_id = current->snapshot_id;
    made->snapshot_id = current->snapshot_id + 1;
    made->sequence_number = of.metadata()->last_sequence_number + 1;
    made->manifest_list = of.context()->metadata_file("snap-" + std::to_string(made->snapshot_id) + ".avro");
    manifest_list_target target;
    target.snapshot_id = made->snapshot_id;
    target.sequence_number = made->sequence_number;
    store(of, made->manifest_list, std::make_shared<const bytes>(write_manifest_list(all, target)));
    auto metadata = std::make_shared<table_metadata>(*of.metadata());
    metadata->last_sequence_number = made->sequence_number;
    metadata->current_snapshot_id = made->snapshot_id;
    metadata->refs["main"].snapshot_id = made->snapshot_id;
    metadata->snapshots.push_back(std::move(made));
    table_version version = of.base();
    version.metadata = std::move(metadata);
    return table(of.context(), version);
  }

  /// "<data file> <- <delete file>" of a plan with deletes, sorted; a data file without any is there by itself.
  std::vector<std::string> attached(const table &of, scan_request request = {}) const {
    request.with_deletes = true;
    return run_to_end(environment, [of, request]() -> task<std::vector<std::string>> {
      const auto name = [](std::string_view path) { return std::string(path.substr(path.rfind('/') + 1)); };
      const auto planned = co_await plan_scan(of, request);
      scan_stream over(planned, false);
      std::vector<std::string> found;
      while (co_await over.advance()) {
        const planned_files files = over.take_files();
        for (std::size_t i = 0; i < files.rows.size(); ++i) {
          const std::string path = name(files.columns().path(files.rows[i]));
          std::vector<delete_file> applying;
          files.find_deletes(i, applying);
          if (applying.empty()) found.push_back(path);
          for (const delete_file &one : applying) found.push_back(path + " <- " + name(one.path()));
        }
      }
      std::sort(found.begin(), found.end());
      co_return found;
    });
  }
};

}  // namespace evodb::table_tests
