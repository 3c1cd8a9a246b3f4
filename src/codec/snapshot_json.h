#pragma once

#include <map>
#include <string>

#include "codec/json.h"
#include "codec/json_writer.h"
#include "model/snapshot.h"

namespace evodb {

/// One element of "snapshots" (spec, "Snapshots"). `format_version` of the table says what may be missing.
snapshot read_snapshot(const json_node &from, int format_version);
void write_snapshot(json_writer &to, const snapshot &s, int format_version);

/// A branch or a tag, without its retention.
snapshot_ref read_ref(const json_node &from);
/// Retention as Java accepts it: positive, and of snapshots for branches alone.
void read_retention(const json_node &from, snapshot_ref &ref);
void write_refs(json_writer &to, const std::map<std::string, snapshot_ref, std::less<>> &refs);

string_pairs read_string_pairs(const json_node &from);
void write_string_pairs(json_writer &to, const string_pairs &pairs);

}  // namespace evodb
