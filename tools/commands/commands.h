#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <memory>

#include "session.h"

/// Each command adds its options to the program and gives the function to run; that throws failure.
namespace tool {

/// Thrown by a command whose result is also an exit status, after the output.
struct exit_with {
  int status;
};

using run_command = std::function<void()>;

struct command {
  CLI::App *app;
  std::shared_ptr<common_arguments> arguments;
  run_command run;
};

command add_append(CLI::App &program);
command add_branch_command(CLI::App &program);
command add_changes(CLI::App &program);
command add_cherry_pick(CLI::App &program);
command add_create(CLI::App &program);
command add_delete(CLI::App &program);
command add_delete_rows(CLI::App &program);
command add_diff(CLI::App &program);
command add_doctor(CLI::App &program);
command add_evolve(CLI::App &program);
command add_explain(CLI::App &program);
command add_files(CLI::App &program);
command add_history(CLI::App &program);
command add_manifests(CLI::App &program);
command add_overwrite(CLI::App &program);
command add_partitions(CLI::App &program);
command add_probe(CLI::App &program);
command add_refs(CLI::App &program);
command add_resolve(CLI::App &program);
command add_rewrite_manifests(CLI::App &program);
command add_rollback(CLI::App &program);
command add_schema(CLI::App &program);
command add_set(CLI::App &program);
command add_show(CLI::App &program);
command add_tag_command(CLI::App &program);
command add_upgrade(CLI::App &program);
command add_verify(CLI::App &program);

/// A subcommand with the common arguments: TABLE, --json, --set, --timeout; and an example in its help.
CLI::App *add_table_command(CLI::App &program, const char *name, const char *description, const char *example,
                            const std::shared_ptr<common_arguments> &arguments, const char *argument = "TABLE",
                            const char *meaning = "Folder or URI of the table, or one of its metadata files");
/// Iceberg's types, for the help of commands that take them.
inline constexpr const char *types_text =
    "Types: boolean, int, long, float, double, decimal(P, S), date, time, timestamp (no zone), timestamptz, string, "
    "uuid, "
    "binary,\nfixed[N], list<T>, map<K, V>, struct<NAME: T, …>; of version 3 timestamp_ns, timestamptz_ns, variant, "
    "unknown, geometry, geography.";
/// Each option takes one value, so that it can come before TABLE, and none that is empty, as that of a variable that is not
/// set, unless that means something.
void take_one_value_each(CLI::App &app);
/// Refuses what is not a number of 64 bits; CLI11 would clamp it.
CLI::Validator whole_number();
/// --filter, which must not be empty: that would select every row.
void add_filter(CLI::App &app, const std::shared_ptr<std::string> &filter);
/// --idempotency-key, of every command that commits.
void add_idempotency_key(CLI::App &app, const std::shared_ptr<common_arguments> &arguments);
/// --property, of commands that make a snapshot.
void add_summary_property(CLI::App &app, std::vector<std::string> &pairs);
/// Sets options "summary.KEY" from KEY=VALUE. Throws failure naming --property.
void set_summary(const options_handle &options, const std::vector<std::string> &pairs);
/// --branch, of commands that make a snapshot; empty: main.
void add_branch(CLI::App &app, std::string &branch);
void add_point_in_time(CLI::App &app, const std::shared_ptr<point_in_time> &at);

}  // namespace tool
