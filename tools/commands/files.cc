#include <fmt/format.h>

#include "commands/commands.h"
#include "output.h"

namespace json = boost::json;

namespace tool {
namespace {

json::value known_number(std::int64_t number) {
  return number < 0 ? json::value() : json::value(number);
}

json::value known_text(std::string text) {
  return text.empty() ? json::value() : json::value(std::move(text));
}

json::object delete_row(const evodb_file_cursor *at, std::int64_t i) {
  const auto text = [&](auto get) {
    std::int64_t length = 0;
    const char *text = get(at, i, &length);
    return std::string(text, static_cast<std::size_t>(length));
  };
  json::object row;
  row["file_path"] = text(evodb_file_cursor_delete_file_path);
  row["content"] = text(evodb_file_cursor_delete_file_content);
  row["file_format"] = text(evodb_file_cursor_delete_file_format);
  row["record_count"] = evodb_file_cursor_delete_file_record_count(at, i);
  row["file_size_in_bytes"] = evodb_file_cursor_delete_file_size_in_bytes(at, i);
  row["content_offset"] = known_number(evodb_file_cursor_delete_file_content_offset(at, i));
  row["content_size_in_bytes"] = known_number(evodb_file_cursor_delete_file_content_size_in_bytes(at, i));
  row["referenced_data_file"] = known_text(text(evodb_file_cursor_delete_file_referenced_data_file));
  row["data_sequence_number"] = evodb_file_cursor_delete_file_data_sequence_number(at, i);
  row["spec_id"] = evodb_file_cursor_delete_file_spec_id(at, i);
  const std::int32_t *ids = nullptr;
  std::int64_t id_count = 0;
  evodb_file_cursor_delete_file_equality_ids(at, i, &ids, &id_count);
  row["equality_ids"] = id_count == 0 ? json::value() : json::value(json::array(ids, ids + id_count));
  return row;
}

json::array delete_rows(const evodb_file_cursor *at) {
  json::array rows;
  const std::int64_t count = evodb_file_cursor_delete_file_count(at);
  for (std::int64_t i = 0; i < count; ++i) rows.push_back(delete_row(at, i));
  return rows;
}

json::object file_row(const evodb_file_cursor *at, bool with_deletes) {
  json::object row;
  row["file_path"] = text_of(evodb_file_cursor_path, at);
  row["file_format"] = text_of(evodb_file_cursor_format, at);
  row["record_count"] = evodb_file_cursor_record_count(at);
  row["file_size_in_bytes"] = evodb_file_cursor_size_in_bytes(at);
  row["spec_id"] = evodb_file_cursor_spec_id(at);
  row["partition"] = json::parse(text_of(evodb_file_cursor_partition, at));
  row["partition_path"] = text_of(evodb_file_cursor_partition_path, at);
  row["data_sequence_number"] = evodb_file_cursor_data_sequence_number(at);
  const std::int64_t *offsets = nullptr;
  std::int64_t offset_count = 0;
  evodb_file_cursor_split_offsets(at, &offsets, &offset_count);
  row["split_offsets"] = offset_count == 0 ? json::value() : json::value(json::array(offsets, offsets + offset_count));
  row["residual"] = text_of(evodb_file_cursor_residual, at);
  if (with_deletes) row["delete_files"] = delete_rows(at);
  return row;
}

}  // namespace

command add_files(CLI::App &program) {
  auto arguments = std::make_shared<common_arguments>();
  auto at = std::make_shared<point_in_time>();
  auto filter = std::make_shared<std::string>();
  auto limit = std::make_shared<std::optional<std::int64_t>>();
  auto with_deletes = std::make_shared<bool>(false);
  CLI::App *app = add_table_command(
      program, "files", "List the data files to read for a filter",
      "files ./flights --filter \"time_hour >= '2013-07-01' AND time_hour < '2013-08-01'\"", arguments);
  add_filter(*app, filter);
  app->add_option("--limit", *limit, "Maximum number of files")->check(whole_number());
  app->add_flag("--with-deletes", *with_deletes, "Also the delete files that apply to each data file");
  add_point_in_time(*app, at);
  auto run = [=] {
    check_point_in_time(*at);
    parse_filter(*filter);
    if (*limit && **limit < 0)
      throw usage_failure(EVODB_INVALID_ARGUMENT, fmt::format("--limit: {} is negative", **limit));
    const session library(*arguments);
    const table_handle table = library.open();
    const plan_handle plan = library.plan(table, *filter, *at, limit->value_or(-1), *with_deletes);
    file_iterator cursor = library.files(plan);
    std::vector<text_table::column> columns{
        {"rows", text_table::align::right}, {"size", text_table::align::right}, {"partition"}, {"file"}, {"residual"}};
    if (*with_deletes) columns.push_back({"delete files", text_table::align::right});
    text_table listed(columns);
    std::int64_t files = 0, records = 0, bytes = 0;
    while (cursor.next()) {
      const json::object row = file_row(cursor.get(), *with_deletes);
      if (arguments->as_json) {
        print_json(row);
        continue;
      }
      ++files;
      records += row.at("record_count").as_int64();
      bytes += row.at("file_size_in_bytes").as_int64();
      auto text = [&](const char *key) { return std::string(row.at(key).as_string()); };
      std::vector<std::string> shown{count_text(row.at("record_count").as_int64()),
                                     size_text(row.at("file_size_in_bytes").as_int64()), text("partition_path"),
                                     text("file_path"), text("residual")};
      if (*with_deletes)
        shown.push_back(count_text(static_cast<std::int64_t>(row.at("delete_files").as_array().size())));
      listed.add(std::move(shown));
    }
    if (arguments->as_json) return;
    listed.print();
    auto counted = [&](std::int32_t counter) { return count_text(evodb_file_cursor_count(cursor.get(), counter)); };
    print_line("");
    print_line(count_text(files) + " files, " + count_text(records) + " rows, " + size_text(bytes));
    print_line("manifests: " + counted(EVODB_PLAN_MANIFESTS) +
               ", skipped by their summaries: " + counted(EVODB_PLAN_MANIFESTS_SKIPPED_BY_SUMMARY) +
               "; files in the others: " + counted(EVODB_PLAN_FILES) +
               ", skipped by partition: " + counted(EVODB_PLAN_FILES_SKIPPED_BY_PARTITION) +
               ", by bounds: " + counted(EVODB_PLAN_FILES_SKIPPED_BY_BOUNDS));
  };
  return {app, arguments, run};
}

}  // namespace tool
