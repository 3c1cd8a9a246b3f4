#include "simulation/writer.h"

#include <fmt/format.h>

#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "base/error.h"
#include "simulation/bucket.h"
#include "simulation/file_operations.h"
#include "table/commit/commit.h"
#include "table/commit/resolve.h"
#include "table/open_table.h"
#include "table/operations/create_table.h"
#include "table/operations/evolve_schema.h"
#include "table/operations/roll_back.h"
#include "table/operations/set_properties.h"

namespace evodb::simulation {
namespace {

using namespace std::chrono_literals;

constexpr int most_tries_after_unknown = 6;

/// Opens the table; it may be that the store does not answer now.
task<std::optional<table>> open(process &self) {
  const std::shared_ptr<table_context> context = self.tables->find(table_name);
  try {
    co_return co_await open_table(context);
  } catch (const error &) {
    co_return std::nullopt;
  }
}

table with_file(const table &of, const std::string &label, const std::string &file) {
  file_step step;
  step.adds = {fmt::format("s3://{}/{}/data/{}.parquet", bucket_name, table_name, file)};
  step.partition = static_cast<int>(std::hash<std::string>()(label) % partitions);
  return with_step(of, std::move(step), label);
}

/// The value with main at one of its committed ancestors, by chance: that leaves no trace but in what is made on it.
table with_roll_back(const table &of, world &in) {
  const table_metadata &base = *of.base().metadata;
  std::vector<std::int64_t> line;
  for (auto at = base.current_snapshot(); at;
       at = at->parent_snapshot_id ? base.find_snapshot(*at->parent_snapshot_id) : nullptr)
    line.push_back(at->snapshot_id);
  return line.empty() ? of
                      : roll_back(of, line[static_cast<std::size_t>(in.below(static_cast<std::int64_t>(line.size())))]);
}

/// Nothing where the store does not answer now.
task<held_files> try_to_read(table of) {
  try {
    co_return co_await read_held_files(std::move(of));
  } catch (const error &) {
    co_return held_files();
  }
}

struct outcome {
  ledger::told heard = ledger::told::unknown;
  std::optional<table> committed;
  std::string token;  ///< with unknown
};

task<outcome> commit_once(process &self, table value, std::string name, std::optional<idempotency_key> key) {
  world &in = self.environment->in();
  outcome came;
  std::optional<error> failure;
  try {
    came.committed = co_await commit(std::move(value), std::move(key));
  } catch (const error &thrown) {
    failure = thrown;
  }
  if (!failure) {
    came.heard = ledger::told::committed;
    in.tell(self.id, [&] { return fmt::format("{} committed, as of {}", name, came.committed->base().version); });
    co_return came;
  }
  in.tell(self.id, [&] { return fmt::format("{}: {}", name, failure->message()); });
  if (failure->code() == status::COMMIT_STATE_UNKNOWN) {
    came.token = failure->commit_token;
  } else {
    came.heard = ledger::told::not_committed;
  }
  co_return came;
}

/// What the token resolves to in a process that has nothing else.
task<ledger::told> resolve_anew(process &self, std::string token) {
  const std::shared_ptr<open_tables> tables = self.new_tables();
  resolution found;
  try {
    commit_token parsed = commit_token::parse(token);
    found = co_await resolve(tables->find(table_name), std::move(parsed));
  } catch (const error &) {
    co_return ledger::told::unknown;  // the store does not answer now
  }
  self.environment->in().tell(self.id, [&] { return fmt::format("resolved as {}", static_cast<int>(found.what)); });
  co_return found.what == resolution::kind::committed ? ledger::told::committed
  : found.what == resolution::kind::lost              ? ledger::told::not_committed
                                                      : ledger::told::unknown;
}

/// Commits a value until its fate is known or patience ends, and tells the ledger of its changes.
task<std::optional<table>> commit_and_tell(process &self, ledger &told, table value, std::vector<std::string> labels) {
  world &in = self.environment->in();
  const std::string name = fmt::format("{}", fmt::join(labels, ", "));
  for (int tries = 0; tries < most_tries_after_unknown; ++tries) {
    table same = value;
    outcome came = co_await commit_once(self, std::move(same), name, std::nullopt);
    for (const std::string &label : labels) told.tell(label, came.heard);
    if (came.heard != ledger::told::unknown) co_return std::move(came.committed);
    if (in.chance(0.2)) break;  // this caller gives up
    const auto pause = in.between(1s, 1h);
    co_await self.environment->sleep(pause);
    if (in.chance(0.3)) {
      const ledger::told heard = co_await resolve_anew(self, came.token);
      for (const std::string &label : labels) told.tell(label, heard);
      if (heard != ledger::told::unknown) break;
    }
  }
  co_return std::nullopt;
}

}  // namespace

std::string property_of(const std::string &label) {
  constexpr std::int64_t properties = 200;
  return fmt::format("property-{}", std::stoll(label.substr(label.rfind('-') + 1)) % properties);
}

table new_table(process &of, int max_snapshots) {
  field id, p;
  id.id = 1;
  id.name = "id";
  id.type = type_kind::int64;
  p.id = 2;
  p.name = "p";
  p.type = type_kind::int32;
  const schema columns(0, {id, p});
  return create_table(of.tables->find(table_name), columns, parse_partition_spec("p", columns), 2,
                      {{"evodb.commit.max-snapshots", std::to_string(max_snapshots)}});
}

table with_change(const table &of, const std::string &label) {
  if (label.starts_with(property_kind)) return set_properties(of, {{property_of(label), label}}, {});
  if (label.starts_with(column_kind)) {
    schema_change::add column;
    column.name = label;
    column.type = type_kind::int64;
    return evolve_schema(of, {column});
  }
  return with_file(of, label, label);
}

task<> write(std::shared_ptr<process> self, ledger &told, int commits, change_shares shares,
             std::chrono::nanoseconds longest_pause) {
  world &in = self->environment->in();
  std::optional<table> known;
  for (int done = 0; done < commits;) {
    const auto pause = in.between(1ms, longest_pause);
    co_await self->environment->sleep(pause);
    if (!known || in.chance(0.1)) known = co_await open(*self);
    if (!known) continue;
    // Sometimes two changes in one version, and sometimes a value that shares a change with another one.
    const int changes = in.chance(0.2) ? 2 : 1;
    std::vector<std::string> labels;
    table value = *known;
    for (int i = 0; i < changes; ++i) {
      const double chosen = static_cast<double>(in.below(1000)) / 1000;
      const char *kind = chosen < shares.property                                 ? property_kind
                         : chosen < shares.property + shares.column               ? column_kind
                         : chosen < shares.property + shares.column + shares.step ? step_kind
                                                                                  : append_kind;
      labels.push_back(told.begin(kind));
      if (kind == step_kind) {
        const held_files held = co_await try_to_read(*known);
        const char *branch = in.chance(0.1) ? other_branch : table_metadata::main_branch;
        value = with_step(value, choose_step(in, held, labels.back()), labels.back(), branch);
      } else {
        value = with_change(value, labels.back());
      }
    }
    if (shares.step > 0 && in.chance(0.03)) value = with_roll_back(value, in);
    std::optional<table> committed = co_await commit_and_tell(*self, told, value, labels);
    if (committed && in.chance(0.1)) {
      labels.push_back(told.begin(append_kind));
      table longer = with_change(value, labels.back());
      committed = co_await commit_and_tell(*self, told, std::move(longer), labels);
    }
    done += static_cast<int>(labels.size());
    if (committed && in.chance(0.9)) known = std::move(committed);
  }
}

task<> write_with_keys(std::shared_ptr<process> self, ledger &told, std::string application, int commits,
                       std::chrono::nanoseconds longest_pause) {
  world &in = self->environment->in();
  std::int64_t sequence = told.acknowledged(application) + 1;
  std::optional<table> value;
  for (int tries = 0; sequence <= commits && tries < 10 * commits; ++tries) {
    const auto pause = in.between(1ms, longest_pause);
    co_await self->environment->sleep(pause);
    const std::string label = fmt::format("{}-{}-{}", append_kind, application, sequence);
    told.begin_keyed(label);
    if (!value || in.chance(0.5)) {
      const std::optional<table> known = co_await open(*self);
      if (!known) continue;
      value = with_file(*known, label, fmt::format("{}-of-{}-{}", label, self->id, tries));
    }
    table same = *value;
    const outcome came = co_await commit_once(*self, std::move(same), label, idempotency_key(application, sequence));
    // What failed may be there all the same, by an earlier try of this process or of another one.
    const bool is_committed = came.heard == ledger::told::committed;
    told.tell(label, is_committed ? ledger::told::committed : ledger::told::unknown);
    if (!is_committed && told.acknowledged(application) < sequence) continue;
    told.acknowledge(application, sequence);
    ++sequence;
    value.reset();
  }
}

}  // namespace evodb::simulation
