#pragma once

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "codec/manifest_list.h"
#include "codec/manifest_writer.h"
#include "codec/table_metadata_json.h"
#include "table/counting_store.h"

namespace evodb::table_tests {

/// A table whose history of appends, overwrites, deletes and compactions is written here manifest by manifest, beside what
/// each snapshot should have. Version 3, partitioned by region, with deletion vectors.
struct made_history : counted_table {
  struct file {
    data_file what;
    std::string region;
    /// How tests name it: a deletion vector by its offset, too.
    std::string name() const {
      return what.content_offset ? what.file_path + '@' + std::to_string(*what.content_offset) : what.file_path;
    }
  };
  struct entry {
    file of;
    entry_status status;
    std::int64_t snapshot_id;
    std::int64_t sequence_number;
  };
  struct manifest {
    manifest_file listed;
    std::vector<entry> entries;
  };
  struct made_snapshot {
    std::vector<manifest> manifests;
    std::map<std::string, file> live;
    std::vector<file> added, removed;
    std::string operation;
    std::optional<std::int64_t> parent;
  };

  explicit made_history(std::optional<std::int64_t> cache_bytes = std::nullopt) : counted_table(cache_bytes) {
    sample_table beside(*this);
    beside.tables = others;
    base = std::make_unique<table>(beside.commit(beside.create("t", 3)));
    metadata = *base->metadata();
  }

  file data(const std::string &name, const std::string &region) const {
    file one;
    one.region = region;
    one.what.file_path = base->metadata()->location + "/data/" + name + ".parquet";
    one.what.record_count = 10 + static_cast<std::int64_t>(name.size());
    one.what.file_size = 1000 + one.what.record_count;
    return one;
  }
  /// In one Puffin file with all others.
  file vector_of(const file &data, std::int64_t offset) const {
    file one;
    one.region = data.region;
    one.what.file_path = base->metadata()->location + "/data/vectors.puffin";
    one.what.content = file_content::position_deletes;
    one.what.format = file_format::puffin;
    one.what.record_count = 1;
    one.what.file_size = 5000;
    one.what.referenced_data_file = data.what.file_path;
    one.what.content_offset = offset;
    one.what.content_size = 40;
    return one;
  }

  /// A snapshot on top of the parent, not necessarily the current one. `compacts`: also puts all manifests into one.
  std::int64_t add(const std::string &operation, std::optional<std::int64_t> parent, const std::vector<file> &added,
                   const std::set<std::string> &removed = {}, bool compacts = false) {
    const std::int64_t id = next_id++, sequence = ++metadata.last_sequence_number;
    made_snapshot made;
    if (parent) made = snapshots.at(*parent);
    made.added = added;
    made.removed.clear();
    made.operation = operation;
    made.parent = parent;
    for (const std::string &name : removed) {
      made.removed.push_back(made.live.at(name));
      made.live.erase(name);
    }
    for (const file &one : added) made.live.emplace(one.name(), one);
    std::vector<manifest> kept;
    for (const manifest_content content : {manifest_content::data, manifest_content::deletes}) {
      std::vector<entry> together;
      for (const manifest &one : made.manifests) {
        if (one.listed.content != content) continue;
        std::vector<entry> rewritten;
        bool is_touched = compacts;
        for (entry each : one.entries) {
          if (each.status == entry_status::deleted) {
            if (keeps_deleted) rewritten.push_back(each);
            continue;
          }
          const bool goes = removed.contains(each.of.name());
          each.status = goes ? entry_status::deleted : entry_status::existing;
          if (goes) each.snapshot_id = id;
          is_touched = is_touched || goes;
          rewritten.push_back(std::move(each));
        }
        if (!is_touched) {
          kept.push_back(one);
        } else if (compacts) {
          together.insert(together.end(), rewritten.begin(), rewritten.end());
        } else {
          kept.push_back(write(content, std::move(rewritten), id, sequence));
        }
      }
      for (const file &one : added) {
        if ((one.what.content == file_content::data) == (content == manifest_content::data))
          together.push_back({one, entry_status::added, id, -1});
      }
      if (!together.empty()) kept.push_back(write(content, std::move(together), id, sequence));
    }
    made.manifests = std::move(kept);
    list(made, id, parent, sequence);
    snapshots.emplace(id, std::move(made));
    return id;
  }

  /// What the metadata leaves out from now on.
  void expire(std::int64_t id) {
    metadata.snapshots.erase_if([&](const auto &one) { return one->snapshot_id == id; });
    std::erase_if(metadata.snapshot_log, [&](const auto &one) { return one.snapshot_id == id; });
  }

  /// The table of that history, through the store that counts.
  table made_current(std::int64_t current) {
    metadata.current_snapshot_id = current;
    metadata.refs["main"].snapshot_id = current;
    put(base->base().metadata_location, write_table_metadata(metadata));
    return open();
  }

  std::set<std::string> live_names(std::optional<std::int64_t> id) const {
    std::set<std::string> names;
    if (!id) return names;
    for (const auto &[name, one] : snapshots.at(*id).live) names.insert(name);
    return names;
  }

  /// Some snapshots with everything that can happen to files, each on top of one of those before.
  std::vector<std::int64_t> add_at_random(std::uint32_t seed, int count) {
    std::mt19937 random(seed);
    const auto below = [&](std::size_t bound) { return static_cast<std::size_t>(random() % bound); };
    std::vector<std::int64_t> ids;
    for (int step = 0; step < count; ++step) {
      std::optional<std::int64_t> parent;
      if (!ids.empty()) parent = below(5) == 0 ? ids[below(ids.size())] : ids.back();
      std::vector<file> added;
      std::set<std::string> removed;
      const char *operation = "append";
      const std::size_t kind = parent ? below(6) : 0;
      if (kind != 1) {
        for (std::size_t i = 0; i < 1 + below(4); ++i) {
          const std::string name = std::to_string(seed) + '-' + std::to_string(step) + '-' + std::to_string(i);
          added.push_back(data(name, below(2) == 0 ? "eu" : "us"));
        }
      }
      if (kind == 4 && !snapshots.at(*parent).live.empty()) {  // vectors for some of the data files
        operation = "overwrite";
        added.clear();
        for (const auto &[name, one] : snapshots.at(*parent).live) {
          if (one.what.content == file_content::data && below(2) == 0)
            added.push_back(vector_of(one, next_offset += 40));
        }
      } else if (kind == 1 || kind == 2 || kind == 3) {
        operation = kind == 1 ? "delete" : kind == 2 ? "overwrite" : "replace";
        for (const auto &[name, one] : snapshots.at(*parent).live) {
          if (below(3) == 0) removed.insert(name);
        }
      }
      ids.push_back(add(operation, parent, added, removed, below(4) == 0));
    }
    return ids;
  }

  bool keeps_deleted = false;  ///< manifests that are written again still say what earlier snapshots deleted
  std::unique_ptr<table> base;
  table_metadata metadata;
  std::map<std::int64_t, made_snapshot> snapshots;

 private:
  void put(const std::string &location, bytes content) const {
    const auto where = others->storage();
    const auto body = std::make_shared<const bytes>(std::move(content));
    run_to_end(environment, [where, location, body]() -> task<> {
      put_options options;
      std::string key = where->key_of(location);
      co_await where->store().put(std::move(key), body, std::move(options));
    });
  }

  manifest write(manifest_content content, std::vector<entry> entries, std::int64_t id, std::int64_t sequence) {
    data_files_builder builder(0, {type_kind::string}, {partition_spec::first_field_id});
    manifest_entries stored;
    for (entry &one : entries) {
      data_file what = one.of.what;
      what.partition = {value(bytes(one.of.region))};
      builder.add(what);
      stored.statuses.push_back(one.status);
      stored.snapshot_ids.push_back(one.snapshot_id);
      stored.sequence_numbers.push_back(one.sequence_number);
      stored.file_sequence_numbers.push_back(one.sequence_number);
      if (one.status == entry_status::added) one.sequence_number = sequence;
    }
    stored.files = std::move(builder).finish();
    std::vector<std::size_t> rows(entries.size());
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = i;
    manifest_target target;
    target.format_version = 3;
    target.table_schema = metadata.current_schema().get();
    target.spec = &metadata.default_spec();
    target.content = content;
    target.snapshot_id = id;
    written_manifest written = write_manifest(stored, rows, target);
    written.row.manifest_path = metadata.location + "/metadata/made-m" + std::to_string(next_manifest++) + ".avro";
    if (content == manifest_content::data) written.row.first_row_id = 0;
    put(written.row.manifest_path, *written.file);
    written.row.sequence_number = sequence;
    if (written.row.min_sequence_number < 0) written.row.min_sequence_number = sequence;
    return {written.row, std::move(entries)};
  }

  void list(const made_snapshot &made, std::int64_t id, std::optional<std::int64_t> parent, std::int64_t sequence) {
    manifest_list_target target;
    target.format_version = 3;
    target.snapshot_id = id;
    target.parent_snapshot_id = parent;
    target.sequence_number = sequence;
    target.first_row_id = 0;
    std::vector<manifest_file> rows;
    for (const manifest &one : made.manifests) rows.push_back(one.listed);
    snapshot stored;
    stored.snapshot_id = id;
    stored.parent_snapshot_id = parent;
    stored.sequence_number = sequence;
    stored.timestamp_ms = metadata.last_updated_ms += 1;
    stored.manifest_list = metadata.location + "/metadata/snap-" + std::to_string(id) + "-1-made.avro";
    stored.summary = {{"operation", made.operation}};
    stored.schema_id = metadata.current_schema_id;
    stored.first_row_id = 0;
    stored.added_rows = 0;
    put(stored.manifest_list, write_manifest_list(rows, target));
    metadata.snapshots.push_back(std::make_shared<const snapshot>(stored));
    metadata.snapshot_log.push_back({stored.timestamp_ms, id});
  }

  std::int64_t next_id = 1001, next_manifest = 0, next_offset = 4;
};

}  // namespace evodb::table_tests
