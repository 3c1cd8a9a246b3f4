#include "catalog/filesystem/attempt_text.h"

#include <fmt/format.h>

#include <charconv>

#include "base/error.h"
#include "base/uuid.h"

namespace evodb {
namespace {

[[noreturn]] void refuse() {
  fail(status::INVALID_ARGUMENT, "not a commit token");
}

std::int64_t parse_count(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc() || end != text.data() + text.size() || number < 0) refuse();
  return number;
}

}  // namespace

std::string attempt_text::to_text() const {
  return fmt::format("{}.{}.{}", version, id, first_signed_ms);
}

attempt_text attempt_text::parse(std::string_view text) {
  const std::size_t first = text.find('.'), last = text.rfind('.');
  if (first == text.npos || first == last) refuse();
  attempt_text parsed;
  parsed.version = parse_count(text.substr(0, first));
  parsed.first_signed_ms = parse_count(text.substr(last + 1));
  try {
    parsed.id = uuid::parse(text.substr(first + 1, last - first - 1)).to_text();
  } catch (const error &) {
    refuse();
  }
  if (parsed.version == 0) refuse();
  return parsed;
}

}  // namespace evodb
