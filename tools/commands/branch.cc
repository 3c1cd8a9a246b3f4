#include <fmt/format.h>

#include "commands/commands.h"
#include "refs.h"
#include "snapshot_argument.h"

namespace tool {
namespace {

struct ref_arguments {
  bool is_branch = true;
  std::string name, at, fast_forward;
  bool replace = false, drop = false;
  std::optional<std::int64_t> max_ref_age_ms, min_snapshots_to_keep, max_snapshot_age_ms;

  bool has_retention() const { return max_ref_age_ms || min_snapshots_to_keep || max_snapshot_age_ms; }
};

const char *kind_of(bool is_branch) {
  return is_branch ? "branch" : "tag";
}

void check_given(const ref_arguments &given) {
  const bool is_set = !given.at.empty() || given.replace || given.has_retention();
  if (given.drop + !given.fast_forward.empty() + is_set > 1) {
    throw usage_failure(EVODB_INVALID_ARGUMENT,
                        given.is_branch ? "--drop, --fast-forward, and what sets the branch exclude one another"
                                        : "--drop and what sets the tag exclude one another");
  }
  if (given.replace && given.at.empty() && !given.has_retention())
    throw usage_failure(EVODB_INVALID_ARGUMENT, "--replace: give --at, or what is to be kept");
}

table_handle drop(const table_handle &table, const ref_arguments &given) {
  const std::optional<table_ref> there = find_ref(table, given.name);
  if (there && there->is_branch != given.is_branch) {
    const char *kind = kind_of(there->is_branch);
    throw failure(EVODB_INVALID_ARGUMENT, fmt::format("{} is a {}: the command {} drops it", given.name, kind, kind),
                  given.name);
  }
  return make<table_handle>([&](auto **out, auto **error) {
    return evodb_table_remove_ref(table.get(), given.name.data(), size_of(given.name), out, error);
  });
}

/// The current snapshot, unless it says otherwise; one that only gets other retention stays where it is.
std::int64_t target_of(const table_handle &table, const ref_arguments &given) {
  if (!given.at.empty()) return find_snapshot(table, given.at);
  const std::optional<table_ref> there = given.replace ? find_ref(table, given.name) : std::nullopt;
  if (there) return there->snapshot_id;
  const snapshot_handle current = snapshot_at(table, {});
  if (!current)
    throw failure(EVODB_NOT_FOUND, "the table has no current snapshot: give --at (history lists the snapshots)");
  return evodb_snapshot_id(current.get());
}

table_handle set(const table_handle &table, const ref_arguments &given) {
  const options_handle options = new_options();
  set_option(options, "ref.replace", given.replace);
  const std::pair<const char *, const std::optional<std::int64_t> &> retention[] = {
      {"ref.max-ref-age-ms", given.max_ref_age_ms},
      {"ref.min-snapshots-to-keep", given.min_snapshots_to_keep},
      {"ref.max-snapshot-age-ms", given.max_snapshot_age_ms}};
  for (const auto &[key, number] : retention) {
    if (number) set_option(options, key, *number);
  }
  const std::int64_t snapshot_id = target_of(table, given);
  const auto set_it = given.is_branch ? evodb_table_set_branch : evodb_table_set_tag;
  return make<table_handle>([&](auto **out, auto **error) {
    return set_it(table.get(), given.name.data(), size_of(given.name), snapshot_id, options.get(), out, error);
  });
}

table_handle changed(const table_handle &table, const ref_arguments &given) {
  if (given.drop) return drop(table, given);
  if (given.fast_forward.empty()) return set(table, given);
  return make<table_handle>([&](auto **out, auto **error) {
    return evodb_table_fast_forward(table.get(), given.name.data(), size_of(given.name), given.fast_forward.data(),
                                    size_of(given.fast_forward), out, error);
  });
}

CLI::Validator not_empty(const char *what) {
  return CLI::Validator(
      [what](const std::string &text) { return text.empty() ? fmt::format("{} is empty", what) : std::string(); }, "");
}

CLI::Validator positive_number(std::int64_t highest) {
  return CLI::Validator(
      [highest](const std::string &text) {
        const bool is_number = whole_number()(text).empty();
        const std::int64_t number = is_number ? std::stoll(text) : 0;
        return number >= 1 && number <= highest ? std::string()
                                                : fmt::format("not a number from 1 to {}: {}", highest, text);
      },
      "");
}

void add_number(CLI::App &app, const char *name, std::optional<std::int64_t> &number, const char *description,
                std::int64_t highest = INT64_MAX) {
  app.add_option(name, number, description)->check(positive_number(highest));
}

command add_ref_command(CLI::App &program, bool is_branch, const char *description, const char *example) {
  auto arguments = std::make_shared<common_arguments>();
  auto given = std::make_shared<ref_arguments>();
  given->is_branch = is_branch;
  CLI::App *app = add_table_command(program, kind_of(is_branch), description, example, arguments);
  add_idempotency_key(*app, arguments);
  app->add_option("NAME", given->name, fmt::format("Name of the {}", kind_of(is_branch)))
      ->required()
      ->check(not_empty("the name"));
  app->add_option("--at", given->at,
                  "Where it is: a snapshot id (see history), a branch or tag (see refs), or a time, for what was "
                  "current then; by default the current snapshot")
      ->check(not_empty("the snapshot"));
  app->add_flag("--replace", given->replace,
                "Move one that exists; without --at it stays where it is, and only what is kept changes");
  app->add_flag("--drop", given->drop, "Remove it; its snapshots stay until they expire");
  add_number(*app, "--max-ref-age-ms", given->max_ref_age_ms, "Expiry may remove it when its snapshot is that old");
  if (is_branch) {
    app->add_option("--fast-forward", given->fast_forward,
                    "Move it forward to where this branch or tag is, which must be ahead of it; a new one begins there")
        ->check(not_empty("the name of the ref"));
    add_number(*app, "--min-snapshots-to-keep", given->min_snapshots_to_keep,
               "Expiry keeps so many of its snapshots, the newest ones", INT32_MAX);
    add_number(*app, "--max-snapshot-age-ms", given->max_snapshot_age_ms, "Expiry keeps its snapshots up to this age");
  }
  auto run = [=] {
    check_given(*given);
    const session library(*arguments);
    const table_handle table = library.open();
    if (library.has_key(table)) return print_refs(library.commit(table), false, arguments->as_json);
    const table_handle committed = library.commit(changed(table, *given));
    print_refs(committed, evodb_table_was_committed_before(committed.get()) == 0, arguments->as_json);
  };
  return {app, arguments, run};
}

}  // namespace

command add_branch_command(CLI::App &program) {
  return add_ref_command(program, true, "Make, move or drop a branch",
                         "branch ./flights audit --at 5212344857498043649 --min-snapshots-to-keep 10");
}

command add_tag_command(CLI::App &program) {
  return add_ref_command(program, false, "Make, move or drop a tag, a name for one snapshot",
                         "tag ./flights end-of-2013 --at '2014-01-01 00:00' --max-ref-age-ms 31536000000");
}

}  // namespace tool
