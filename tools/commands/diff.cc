#include <fmt/format.h>

#include <algorithm>

#include "commands/commands.h"
#include "output.h"
#include "row_output.h"
#include "snapshot_argument.h"
#include "timestamp_argument.h"

namespace json = boost::json;

namespace tool {
namespace {

using as = shown_column::as;

const std::vector<shown_column> changed_file_columns{{"change", "change"},
                                                     {"content", "content"},
                                                     {"record_count", "rows", as::count},
                                                     {"file_size_in_bytes", "size", as::size},
                                                     {"partition_path", "partition"},
                                                     {"file_path", "file"}};

/// What was added and removed in all; delete files apart, whose rows are deleted ones.
struct change_totals {
  struct totals {
    std::int64_t files = 0, records = 0, delete_files = 0, deletes = 0, bytes = 0;
  };
  totals added, removed;

  void count(const json::object &row) {
    totals &of = row.at("change").as_string() == "added" ? added : removed;
    const std::int64_t records = std::max<std::int64_t>(0, row.at("record_count").as_int64());
    const bool is_data = row.at("content").as_string() == "data";
    ++(is_data ? of.files : of.delete_files);
    (is_data ? of.records : of.deletes) += records;
    of.bytes += std::max<std::int64_t>(0, row.at("file_size_in_bytes").as_int64());
  }
  void print() const {
    print_line("");
    const auto counted = [](std::int64_t count, const char *one) {
      return fmt::format("{} {}{}", count_text(count), one, count == 1 ? "" : "s");
    };
    const auto print_one = [&](const char *title, const totals &of) {
      std::string line = fmt::format("{} {}, {}", title, counted(of.files, "data file"), counted(of.records, "row"));
      if (of.delete_files > 0)
        line += fmt::format("; {}, {}", counted(of.delete_files, "delete file"), counted(of.deletes, "deleted row"));
      print_line(fmt::format("{}; {}", line, size_text(of.bytes)));
    };
    print_one("added:  ", added);
    print_one("removed:", removed);
  }
};

void print_changed_files(row_iterator rows, bool as_json, const std::vector<shown_column> &columns) {
  change_totals totals;
  print_rows(std::move(rows), as_json, columns, [&](const json::object &row) { totals.count(row); });
  if (!as_json) totals.print();
}

/// An id or a time. A number that is neither the table's snapshot nor a time in the past is the id of a snapshot that has
/// expired, of which the library says more.
std::int64_t changes_end(const table_handle &table, const std::string &text) {
  const std::int64_t number = parse_timestamp(text);
  const bool may_be_id = text.find_first_not_of("0123456789") == std::string::npos;
  return may_be_id && number > now_ms() ? number : find_snapshot(table, text);
}

}  // namespace

command add_diff(CLI::App &program) {
  auto arguments = std::make_shared<common_arguments>();
  auto from = std::make_shared<std::string>();
  auto to = std::make_shared<std::string>();
  CLI::App *app = add_table_command(program, "diff", "List the files by which two snapshots differ",
                                    "diff ./flights 2026-07-01 main", arguments);
  const char *meaning =
      "Snapshot id, time, branch or tag. Digits alone are an id if the table has it, otherwise epoch "
      "milliseconds";
  app->add_option("FROM", *from, meaning)->required();
  app->add_option("TO", *to, meaning)->required();
  auto run = [=] {
    const session library(*arguments);
    const table_handle table = library.open();
    const std::int64_t before = find_snapshot(table, *from), after = find_snapshot(table, *to);
    row_iterator rows = library.rows(evodb_table_diff(table.get(), before, after, nullptr));
    print_changed_files(std::move(rows), arguments->as_json, changed_file_columns);
  };
  return {app, arguments, run};
}

command add_changes(CLI::App &program) {
  auto arguments = std::make_shared<common_arguments>();
  auto from = std::make_shared<std::string>();
  auto to = std::make_shared<std::string>();
  auto appends_only = std::make_shared<bool>(false);
  auto with_replace = std::make_shared<bool>(false);
  CLI::App *app = add_table_command(program, "changes", "List the files that each snapshot added and removed",
                                    "changes ./flights --from 5212344857498043649", arguments);
  app->add_option("--from", *from,
                  "Snapshot id or time: the changes that came after it; default: from the first snapshot on");
  app->add_option("--to", *to, "Snapshot id or time: the last one whose changes are listed; default: the current one");
  CLI::Option *only =
      app->add_flag("--appends-only", *appends_only, "Only data files that snapshots of operation append added");
  app->add_flag("--with-replace", *with_replace,
                "Also snapshots of operation replace (compaction), which move rows to other files")
      ->excludes(only);
  auto run = [=] {
    for (const auto &end : {from, to}) {
      if (!end->empty()) parse_timestamp(*end);
    }
    const session library(*arguments);
    const table_handle table = library.open();
    const options_handle options = new_options();
    set_option(options, "changes.appends-only", *appends_only);
    set_option(options, "changes.with-replace", *with_replace);
    const std::int64_t after = from->empty() ? -1 : changes_end(table, *from);
    const std::int64_t last = to->empty() ? -1 : changes_end(table, *to);
    std::vector<shown_column> columns{{"sequence_number", "sequence", as::number},
                                      {"snapshot_id", "snapshot", as::number},
                                      {"operation", "operation"}};
    columns.insert(columns.end(), changed_file_columns.begin(), changed_file_columns.end());
    row_iterator rows = library.rows(evodb_table_changes(table.get(), after, last, options.get()));
    print_changed_files(std::move(rows), arguments->as_json, columns);
  };
  return {app, arguments, run};
}

}  // namespace tool
