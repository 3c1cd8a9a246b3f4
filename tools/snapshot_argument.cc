#include "snapshot_argument.h"

#include <fmt/format.h>

#include <charconv>

#include "refs.h"
#include "session.h"
#include "timestamp_argument.h"

namespace tool {
namespace {

/// Null for what is no number of 64 bits from 0 up.
std::optional<std::int64_t> parse_id(const std::string &text) {
  std::int64_t id = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), id);
  const bool is_id = failed == std::errc() && end == text.data() + text.size() && id >= 0;
  return is_id ? std::optional(id) : std::nullopt;
}

bool is_time(const std::string &text) {
  try {
    parse_timestamp(text);
    return true;
  } catch (const failure &) {
    return false;
  }
}

}  // namespace

std::optional<std::int64_t> find_snapshot_id(const table_handle &table, const std::string &text) {
  const std::optional<std::int64_t> id = parse_id(text);
  evodb_snapshot *found = nullptr;
  if (!id || evodb_table_snapshot_by_id(table.get(), *id, &found, nullptr) != EVODB_OK) return std::nullopt;
  evodb_snapshot_free(found);
  return id;
}

std::string why_no_id(const std::string &text) {
  return parse_id(text)
             ? fmt::format("the table has no snapshot {} (history lists them); as epoch milliseconds, ", text)
             : std::string();
}

std::int64_t past_time(const std::string &text) {
  const std::int64_t time_ms = parse_timestamp(text);
  if (time_ms > now_ms())
    throw failure(EVODB_NOT_FOUND, fmt::format("{}the time is in the future: {}", why_no_id(text), text));
  return time_ms;
}

std::int64_t find_snapshot(const table_handle &table, const std::string &text) {
  if (const auto id = find_snapshot_id(table, text)) return *id;
  if (const auto ref = find_ref(table, text)) return ref->snapshot_id;
  if (!is_time(text)) {
    throw failure(EVODB_NOT_FOUND,
                  fmt::format("the table has no snapshot, branch or tag '{}' (history and refs list them)", text),
                  text);
  }
  point_in_time at;
  at.as_of = text;
  return find_by_time(text, [&](std::int64_t) { return evodb_snapshot_id(snapshot_at(table, at).get()); });
}

}  // namespace tool
