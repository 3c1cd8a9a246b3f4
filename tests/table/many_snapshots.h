#pragma once

#include <cstdint>
#include <memory>
#include <utility>

#include "codec/table_metadata_json.h"
#include "runtime/run_to_end.h"
#include "table/open_table.h"
#include "table/open_tables.h"
#include "table/table.h"

namespace evodb {

/// The table of that name, which has one snapshot, as after as many small appends, but for the manifests: all snapshots share one
/// list. Takes the place of its newest version.
inline table with_many_snapshots(const std::shared_ptr<runtime> &environment, const table &one, const char *name,
                                 std::int64_t count) {
  table_metadata many = *one.metadata();
  const snapshot first = *many.snapshots.front();
  for (std::int64_t i = 1; i < count; ++i) {
    snapshot next = first;
    next.snapshot_id = first.snapshot_id + i;
    next.parent_snapshot_id = next.snapshot_id - 1;
    next.sequence_number = first.sequence_number + i;
    next.timestamp_ms = first.timestamp_ms + i;
    many.snapshots.push_back(std::make_shared<const snapshot>(std::move(next)));
    many.snapshot_log.push_back({first.timestamp_ms + i, first.snapshot_id + i});
  }
  many.last_sequence_number += count - 1;
  many.last_updated_ms += count - 1;
  many.current_snapshot_id = many.snapshots.back()->snapshot_id;
  many.refs.find("main")->second.snapshot_id = *many.current_snapshot_id;
  many.properties["evodb.commit.max-snapshots"] = "0";
  const auto body = std::make_shared<const bytes>(write_table_metadata(many));
  const auto where = one.context()->storage();
  const std::string location = one.base().metadata_location;
  run_to_end(environment, [where, location, body]() -> task<> {
    put_options options;
    std::string key = where->key_of(location);
    co_await where->store().put(std::move(key), body, std::move(options));
  });
  // Opened as another process would: this one remembers what it has replaced.
  const auto tables = std::make_shared<open_tables>(where);
  const auto context = tables->find(name);
  return run_to_end(environment, [context]() -> task<table> { co_return co_await open_table(context); });
}

}  // namespace evodb
