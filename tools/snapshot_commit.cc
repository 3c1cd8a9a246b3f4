#include "snapshot_commit.h"

#include "output.h"
#include "rows.h"

namespace tool {

void add_summary(CLI::App &app, std::vector<std::string> &summary) {
  app.add_option("--property", summary, "KEY=VALUE for the snapshot's summary (repeatable)")->expected(1)->take_all();
}

void set_summary(const options_handle &options, const std::vector<std::string> &summary) {
  for (const std::string &pair : summary) {
    const auto [key, value] = split_pair(pair, "--property");
    before_io([&, &k = key, &v = value] { set_option(options, "summary." + k, v); });
  }
}

void add_snapshot_arguments(CLI::App &app, snapshot_arguments &given, bool has_isolation) {
  add_summary(app, given.summary);
  app.add_option("--branch", given.branch, "The branch that is written to (default: main)")
      ->check([](const std::string &name) { return name.empty() ? "the branch has no name" : std::string(); });
  if (!has_isolation) return;
  app.add_option("--isolation", given.isolation,
                 "serializable (default): files that others add meanwhile, and that may match, are a CONFLICT; "
                 "snapshot: they are not")
      ->check(CLI::IsMember({"serializable", "snapshot"}));
}

options_handle snapshot_options(const snapshot_arguments &given) {
  options_handle options = new_options();
  set_summary(options, given.summary);
  if (!given.branch.empty()) set_option(options, "snapshot.branch", given.branch);
  if (!given.isolation.empty()) set_option(options, "snapshot.isolation", given.isolation);
  return options;
}

/// Prints the snapshot with the key, if it has not expired.
void print_as_committed_before(const session &library, const table_handle &table, bool as_json) {
  const std::string key = "evodb.app." + library.key()->application;
  const std::string sequence = std::to_string(library.key()->sequence);
  boost::json::object found = empty_history_row();
  for (std::int64_t i = evodb_table_snapshot_count(table.get()); i-- > 0;) {
    const auto snapshot = make<snapshot_handle>(
        [&](auto **out, auto **error) { return evodb_table_snapshot_at(table.get(), i, out, error); });
    boost::json::object row = history_row(table, snapshot);
    const boost::json::value *carried = row.at("summary").as_object().if_contains(key);
    if (carried == nullptr || carried->as_string() != sequence) continue;
    found = std::move(row);
    break;
  }
  print_history({with_committed(false, found)}, as_json);
}


void commit_and_print(const session &library, const table_handle &value, added_files *added, bool as_json) {
  const auto snapshot = make<snapshot_handle>([&](auto **out, auto **error) {
    return evodb_table_snapshot_at(value.get(), evodb_table_snapshot_count(value.get()) - 1, out, error);
  });
  table_handle committed;
  try {
    committed = library.commit(value);
  } catch (const failure &why) {
    if (added != nullptr && why.code == EVODB_COMMIT_STATE_UNKNOWN) added->keep();
    throw;
  }
  if (evodb_table_was_committed_before(committed.get()) != 0)
    return print_as_committed_before(library, committed, as_json);
  if (added != nullptr) added->keep();
  const auto made = make<snapshot_handle>([&](auto **out, auto **error) {
    return evodb_table_snapshot_by_id(committed.get(), evodb_snapshot_id(snapshot.get()), out, error);
  });
  print_history({with_committed(committed, history_row(committed, made))}, as_json);
}

}  // namespace tool
