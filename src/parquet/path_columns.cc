#include "parquet/path_columns.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "base/error.h"
#include "base/text_cursor.h"
#include "base/utf8.h"
#include "model/value.h"
#include "parquet/hive_path.h"
#include "parquet/portable_names.h"

namespace evodb {
namespace {

bool is_date(const std::string &text) {
  constexpr std::size_t length = 10;  // YYYY-MM-DD
  try {
    value_from_text(type_kind::date, text);
    return text.size() == length;
  } catch (const error &) {
    return false;
  }
}

type type_shown_by(const std::string &text) {
  std::int64_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed == std::errc() && end == text.data() + text.size() && is_canonical_integer(text))
    return number == static_cast<std::int32_t>(number) ? type_kind::int32 : type_kind::int64;
  return is_date(text) ? type_kind::date : type_kind::string;
}

}  // namespace

std::vector<field> with_columns_of_path(std::vector<field> columns, std::string_view file) {
  const auto refuse = [&](const std::string &problem) {
    fail(status::INVALID_ARGUMENT, fmt::format("{}: {}", file, problem), std::string(file));
  };
  const std::vector<std::string> names = hive_columns(file);
  if (names.empty()) refuse("no folder NAME=VALUE is above the file, that columns could be taken from");
  const bool has_ids = !columns.empty() && columns.front().id != 0;
  std::int32_t next_id = has_ids ? schema(0, columns).highest_id() + 1 : 0;
  for (auto name = names.rbegin(); name != names.rend(); ++name) {
    const auto has_name = [&](const field &f) { return equal_ignoring_case(f.name, *name); };
    if (std::any_of(columns.begin(), columns.end(), has_name)) continue;
    const std::optional<hive_folder> folder = find_hive_folder(file, *name);
    if (!folder->value)
      refuse(fmt::format("{} shows no type: name a file whose path has a value of {}", folder->text, *name));
    if (!is_utf8(*name) || !is_utf8(*folder->value)) refuse("a folder NAME=VALUE above the file is not UTF-8");
    const std::string_view problem = problem_of_name(*name, true);
    if (!problem.empty()) refuse(fmt::format("column {} of its path: {}", folder->text, problem));
    field added;
    added.id = has_ids ? next_id++ : 0;
    added.name = *name;
    added.type = type_shown_by(*folder->value);
    columns.push_back(std::move(added));
  }
  return columns;
}

partition_spec partition_of_path(const schema &columns, std::string_view file) {
  const std::vector<std::string> names = hive_columns(file);
  partition_spec spec;
  std::set<std::int32_t> sources;
  for (auto name = names.rbegin(); name != names.rend(); ++name) {
    const auto source = std::find_if(columns.fields().begin(), columns.fields().end(),
                                     [&](const field &f) { return equal_ignoring_case(f.name, *name); });
    if (source == columns.fields().end() || !sources.insert(source->id).second) continue;
    partition_field added;
    added.transform = transform::parse("identity");
    added.name = default_partition_name(added.transform, source->name);
    added.source_ids = {source->id};
    added.field_id = partition_spec::first_field_id + static_cast<std::int32_t>(spec.fields.size());
    spec.fields.push_back(std::move(added));
  }
  if (spec.fields.empty())
    fail(status::INVALID_ARGUMENT, fmt::format("{}: no folder NAME=VALUE above the file is named by a column", file),
         std::string(file));
  check_partition_spec(spec, columns);
  return spec;
}

}  // namespace evodb
