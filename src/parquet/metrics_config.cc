#include "parquet/metrics_config.h"

#include <charconv>

#include "base/text_cursor.h"

namespace evodb {
namespace {

constexpr std::string_view default_property = "write.metadata.metrics.default";
constexpr std::string_view column_prefix = "write.metadata.metrics.column.";
constexpr std::string_view inferred_columns_property = "write.metadata.metrics.max-inferred-column-defaults";

/// Null unless the whole text is a number that is not negative.
std::optional<std::int32_t> parse_count(std::string_view text) {
  std::int32_t count = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (problem != std::errc() || end != text.data() + text.size() || count < 0) return std::nullopt;
  return count;
}

void infer(const std::vector<field> &fields, std::size_t limit, std::map<std::int32_t, metrics_mode> &columns) {
  for (const field &f : fields) {
    if (!f.type.is_nested() && columns.size() < limit) columns.emplace(f.id, metrics_mode{});
  }
  for (const field &f : fields) infer(f.type.fields(), limit, columns);
}

}  // namespace

std::optional<metrics_mode> metrics_mode::parse(std::string_view text) {
  constexpr std::string_view truncate = "truncate(";
  if (equal_ignoring_case(text, "none")) return metrics_mode{kind::none, 0};
  if (equal_ignoring_case(text, "counts")) return metrics_mode{kind::counts, 0};
  if (equal_ignoring_case(text, "full")) return metrics_mode{kind::full, 0};
  if (!equal_ignoring_case(text.substr(0, truncate.size()), truncate) || text.back() != ')') return std::nullopt;
  text.remove_prefix(truncate.size());
  text.remove_suffix(1);
  const std::optional<std::int32_t> length = parse_count(text);
  if (!length || *length == 0) return std::nullopt;
  return metrics_mode{kind::truncate, *length};
}

metrics_mode metrics_config::mode_of(std::int32_t field_id) const {
  const auto found = columns.find(field_id);
  return found == columns.end() ? default_mode : found->second;
}

metrics_config metrics_config_from(const std::map<std::string, std::string, std::less<>> &properties, const schema &s) {
  metrics_config config;
  const auto find = [&](std::string_view key) {
    const auto found = properties.find(key);
    return found == properties.end() ? nullptr : &found->second;
  };
  if (const std::string *chosen = find(default_property)) {
    config.default_mode = metrics_mode::parse(*chosen).value_or(metrics_mode{});
  } else {
    constexpr std::int32_t default_limit = 100;
    const std::string *limit = find(inferred_columns_property);
    infer(s.fields(), static_cast<std::size_t>((limit ? parse_count(*limit) : std::nullopt).value_or(default_limit)),
          config.columns);
    config.default_mode = {metrics_mode::kind::none, 0};
  }
  for (auto at = properties.lower_bound(column_prefix); at != properties.end() && at->first.starts_with(column_prefix);
       ++at) {
    const field *f = s.find(std::string_view(at->first).substr(column_prefix.size()));
    const std::optional<metrics_mode> mode = metrics_mode::parse(at->second);
    if (f && mode) config.columns.insert_or_assign(f->id, *mode);
  }
  return config;
}

}  // namespace evodb
