#include "codec/snapshot_json.h"

namespace evodb {
namespace {

template <typename Number>
Number positive(const json_node &from, Number number) {
  if (number <= 0) from.refuse("expected a positive number");
  return number;
}

}  // namespace

string_pairs read_string_pairs(const json_node &from) {
  string_pairs pairs;
  pairs.reserve(from.member_count());
  from.for_each_member([&](std::string_view key, const json_node &text) { pairs.emplace_back(key, text.text()); });
  return pairs;
}

void write_string_pairs(json_writer &to, const string_pairs &pairs) {
  to.begin_object();
  for (const auto &[key, text] : pairs) {
    to.key(key);
    to.text(text);
  }
  to.end_object();
}

snapshot read_snapshot(const json_node &from, int format_version) {
  snapshot s;
  s.snapshot_id = from.member("snapshot-id").int64();
  if (const auto parent = from.find("parent-snapshot-id")) s.parent_snapshot_id = parent->int64();
  // An upgraded table keeps version 1's snapshots, which have no sequence number and may lack more.
  if (const auto sequence = from.find("sequence-number"); sequence && format_version >= 2) {
    s.sequence_number = sequence->int64();
  }
  s.timestamp_ms = from.member("timestamp-ms").int64();
  if (const auto list = from.find("manifest-list")) {
    s.manifest_list = list->text();
  } else if (const auto manifests = from.find("manifests")) {
    for (std::size_t i = 0; i < manifests->size(); ++i) s.manifests.emplace_back((*manifests)[i].text());
  } else {
    from.refuse("lacks manifest-list");
  }
  if (const auto summary = from.find("summary")) s.summary = read_string_pairs(*summary);
  if (const auto schema_id = from.find("schema-id")) s.schema_id = schema_id->int32();
  if (const auto first = from.find("first-row-id")) s.first_row_id = first->int64();
  if (const auto added = from.find("added-rows")) s.added_rows = added->int64();
  if (const auto key = from.find("key-id")) s.key_id = key->text();
  return s;
}

void write_snapshot(json_writer &to, const snapshot &s, int format_version) {
  auto integer = [&](const char *key, std::int64_t number) {
    to.key(key);
    to.integer(number);
  };
  to.begin_object();
  if (format_version >= 2) integer("sequence-number", s.sequence_number);
  integer("snapshot-id", s.snapshot_id);
  if (s.parent_snapshot_id) integer("parent-snapshot-id", *s.parent_snapshot_id);
  integer("timestamp-ms", s.timestamp_ms);
  if (!s.summary.empty()) {
    to.key("summary");
    write_string_pairs(to, s.summary);
  }
  if (!s.manifest_list.empty()) {
    to.key("manifest-list");
    to.text(s.manifest_list);
  } else {
    to.key("manifests");
    to.begin_array();
    for (const std::string &manifest : s.manifests) to.text(manifest);
    to.end_array();
  }
  if (s.schema_id) integer("schema-id", *s.schema_id);
  if (s.first_row_id) integer("first-row-id", *s.first_row_id);
  if (s.added_rows) integer("added-rows", *s.added_rows);
  if (s.key_id) {
    to.key("key-id");
    to.text(*s.key_id);
  }
  to.end_object();
}

snapshot_ref read_ref(const json_node &from) {
  snapshot_ref ref;
  ref.snapshot_id = from.member("snapshot-id").int64();
  const json_node kind = from.member("type");
  if (kind.text() != "branch" && kind.text() != "tag") kind.refuse("expected branch or tag");
  ref.is_branch = kind.text() == "branch";
  return ref;
}

void read_retention(const json_node &from, snapshot_ref &ref) {
  if (const auto keep = from.find("min-snapshots-to-keep")) ref.min_snapshots_to_keep = positive(*keep, keep->int32());
  if (const auto age = from.find("max-snapshot-age-ms")) ref.max_snapshot_age_ms = positive(*age, age->int64());
  if (const auto age = from.find("max-ref-age-ms")) ref.max_ref_age_ms = positive(*age, age->int64());
  if (!ref.is_branch && (ref.min_snapshots_to_keep || ref.max_snapshot_age_ms)) {
    ref.min_snapshots_to_keep.reset();
    ref.max_snapshot_age_ms.reset();
    from.refuse("a tag has no retention of snapshots");
  }
}

void write_refs(json_writer &to, const std::map<std::string, snapshot_ref, std::less<>> &refs) {
  auto optional_integer = [&](const char *key, const auto &number) {
    if (!number) return;
    to.key(key);
    to.integer(*number);
  };
  to.begin_object();
  for (const auto &[name, ref] : refs) {
    to.key(name);
    to.begin_object();
    to.key("snapshot-id");
    to.integer(ref.snapshot_id);
    to.key("type");
    to.text(ref.is_branch ? "branch" : "tag");
    optional_integer("min-snapshots-to-keep", ref.min_snapshots_to_keep);
    optional_integer("max-snapshot-age-ms", ref.max_snapshot_age_ms);
    optional_integer("max-ref-age-ms", ref.max_ref_age_ms);
    to.end_object();
  }
  to.end_object();
}

}  // namespace evodb
