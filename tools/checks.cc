#include "checks.h"

#include <boost/json.hpp>
#include <string>

#include "commands/commands.h"
#include "output.h"
#include "timestamp_argument.h"

namespace tool {
namespace {

/// Sizes, counts and strings as text.
std::string value_text(const std::string &name, const boost::json::value &value) {
  if (value.is_null()) return "";
  if (value.is_string()) return boost::json::serialize(value);  // any text: quoted and escaped
  const std::int64_t number = value.to_number<std::int64_t>();
  if (name == "metadata-size") return size_text(number);
  if (name == "last-updated") return timestamp_text(number);
  return name == "clock" || name == "latency" ? count_text(number) + " ms" : count_text(number);
}

/// Some checks only report that they were not made.
bool is_tried(const std::string &name) {
  return name != "racing-writers";
}

}  // namespace

void print_checks(const checks_handle &checks, bool as_json) {
  text_table table({{"check"}, {"ok"}, {"value", text_table::align::right}, {"message"}});
  bool has_failed = false;
  for (std::int64_t i = 0; i < evodb_checks_count(checks.get()); ++i) {
    evodb_bool is_ok = 0;
    const char *name = nullptr, *value_json = nullptr, *message = nullptr;
    check([&](auto **error) {
      return evodb_checks_get(checks.get(), i, &name, nullptr, &is_ok, &value_json, nullptr, &message, nullptr, error);
    });
    has_failed |= is_ok == 0;
    const boost::json::value value = boost::json::parse(value_json);
    if (as_json) {
      boost::json::object row;
      row["name"] = name;
      row["ok"] = is_ok != 0;
      row["value"] = value;
      row["message"] = message;
      print_json(row);
    } else {
      const char *answer = is_ok == 0 ? "NO" : is_tried(name) ? "yes" : "-";
      table.add({name, answer, value_text(name, value), message});
    }
  }
  if (!as_json) table.print();
  if (has_failed) throw exit_with{1};
}

}  // namespace tool
