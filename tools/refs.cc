#include "refs.h"

#include <algorithm>

#include "output.h"
#include "rows.h"

namespace tool {
namespace {

std::string count_or_nothing(std::int64_t number) {
  return number < 0 ? std::string() : count_text(number);
}

boost::json::object ref_row(const table_ref &ref) {
  boost::json::object row;
  row["name"] = ref.name;
  row["type"] = ref.is_branch ? "BRANCH" : "TAG";
  row["snapshot_id"] = ref.snapshot_id;
  row["max_reference_age_in_ms"] = number_or_null(ref.max_ref_age_ms);
  row["min_snapshots_to_keep"] = number_or_null(ref.min_snapshots_to_keep);
  row["max_snapshot_age_in_ms"] = number_or_null(ref.max_snapshot_age_ms);
  return row;
}

}  // namespace

std::vector<table_ref> refs_of(const table_handle &table) {
  std::vector<table_ref> refs;
  for (std::int64_t i = 0; i < evodb_table_ref_count(table.get()); ++i) {
    table_ref &one = refs.emplace_back();
    const char *name = nullptr;
    std::int64_t length = 0;
    evodb_bool is_branch = 0;
    check([&](auto **error) {
      return evodb_table_ref_at(table.get(), i, &name, &length, &is_branch, &one.snapshot_id,
                                &one.min_snapshots_to_keep, &one.max_snapshot_age_ms, &one.max_ref_age_ms, error);
    });
    one.name.assign(name, static_cast<std::size_t>(length));
    one.is_branch = is_branch != 0;
  }
  return refs;
}

std::optional<table_ref> find_ref(const table_handle &table, const std::string &name) {
  const std::vector<table_ref> refs = refs_of(table);
  const auto found = std::find_if(refs.begin(), refs.end(), [&](const table_ref &one) { return one.name == name; });
  return found == refs.end() ? std::nullopt : std::optional(*found);
}

void print_refs(const table_handle &table, std::optional<bool> committed, bool as_json) {
  const std::vector<table_ref> refs = refs_of(table);
  if (as_json) {
    for (const table_ref &one : refs) print_json(committed ? with_committed(*committed, ref_row(one)) : ref_row(one));
    return;
  }
  if (committed) print_committed(*committed);
  text_table text({{"name"},
                   {"type"},
                   {"snapshot", text_table::align::right},
                   {"min snapshots", text_table::align::right},
                   {"max snapshot age (ms)", text_table::align::right},
                   {"max age (ms)", text_table::align::right}});
  for (const table_ref &one : refs) {
    text.add({one.name, one.is_branch ? "branch" : "tag", std::to_string(one.snapshot_id),
              count_or_nothing(one.min_snapshots_to_keep), count_or_nothing(one.max_snapshot_age_ms),
              count_or_nothing(one.max_ref_age_ms)});
  }
  text.print();
}

}  // namespace tool
