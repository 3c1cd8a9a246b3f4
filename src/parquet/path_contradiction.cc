#include "parquet/path_contradiction.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/text_cursor.h"
#include "base/utf8.h"
#include "model/partition_check.h"
#include "parquet/hive_path.h"

namespace evodb {
namespace {

bool is_integer(const type &t) {
  return t.is(type_kind::int32) || t.is(type_kind::int64);
}

bool has_one_text(const type &t) {
  return is_integer(t) || t.is(type_kind::boolean) || t.is(type_kind::date) || t.is(type_kind::decimal) ||
         t.is(type_kind::string);
}

/// Null where the path may be right.
std::optional<std::string> contradiction(const matched_column &m, const column_facts &facts,
                                         const hive_folder &folder) {
  const type &t = m.table_field->type;
  const bool is_text = t.is(type_kind::string);
  const transform identity = transform::parse("identity");
  const auto against = [&](const value &given) {
    return partition_contradiction(identity, t, m.column->name, facts, given);
  };
  if (!folder.value) return is_text ? std::nullopt : against(null_value{});  // writers take empty text for null
  const std::string &text = *folder.value;
  if (!is_utf8(text) || (is_text && text.find('+') != std::string::npos)) return std::nullopt;
  if (facts.is_all_null() && equal_ignoring_case(text, "null")) return std::nullopt;
  try {
    return against(value_from_text(t, text));
  } catch (const error &) {
    if (is_integer(t)) return fmt::format("column {} is {}", m.column->name, t.to_text());
    return std::nullopt;
  }
}

}  // namespace

std::vector<std::string> path_contradictions(const std::vector<matched_column> &matched,
                                             const summaries_by_id &summaries, std::string_view file) {
  std::vector<std::string> found;
  for (const std::string &name : hive_columns(file)) {
    const auto m = std::find_if(matched.begin(), matched.end(), [&](const matched_column &one) {
      return one.column->full_name == one.column->name && equal_ignoring_case(one.column->name, name);
    });
    if (m == matched.end() || !has_one_text(m->table_field->type)) continue;
    const auto summary = summaries.find(m->table_field->id);
    const std::optional<hive_folder> folder = find_hive_folder(file, name);
    if (summary == summaries.end() || !folder) continue;
    const std::optional<std::string> problem = contradiction(*m, summary->second, *folder);
    if (problem) found.push_back(fmt::format("{}, but {}", folder->text, *problem));
  }
  return found;
}

}  // namespace evodb
