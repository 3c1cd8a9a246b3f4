#include "capi/option_reader.h"

#include <fmt/format.h>

#include <charconv>

#include "base/error.h"
#include "capi/options.h"

namespace evodb::capi {
namespace {

[[noreturn]] void refuse(std::string_view key, std::string_view expected) {
  fail(status::INVALID_ARGUMENT, fmt::format("option {}: expected {}", key, expected), std::string(key));
}

}  // namespace

std::optional<std::int64_t> option_reader::integer(std::string_view key, std::int64_t lowest, std::int64_t highest) {
  read_.emplace(key);
  if (options_ == nullptr) return std::nullopt;
  const auto found = options_->values.find(key);
  if (found == options_->values.end()) return std::nullopt;
  const std::string expected = fmt::format("an integer from {} to {}", lowest, highest);
  std::int64_t value = 0;
  if (const auto *number = std::get_if<std::int64_t>(&found->second)) {
    value = *number;
  } else if (const auto *text = std::get_if<std::string>(&found->second)) {
    const auto [end, failed] = std::from_chars(text->data(), text->data() + text->size(), value);
    if (failed != std::errc() || end != text->data() + text->size()) refuse(key, expected);
  } else {
    refuse(key, expected);
  }
  if (value < lowest || value > highest) refuse(key, expected);
  return value;
}

std::optional<bool> option_reader::boolean(std::string_view key) {
  read_.emplace(key);
  if (options_ == nullptr) return std::nullopt;
  const auto found = options_->values.find(key);
  if (found == options_->values.end()) return std::nullopt;
  if (const auto *flag = std::get_if<bool>(&found->second)) return *flag;
  if (const auto *text = std::get_if<std::string>(&found->second)) {
    if (*text == "true") return true;
    if (*text == "false") return false;
  }
  refuse(key, "true or false");
}

std::optional<std::string> option_reader::text(std::string_view key) {
  read_.emplace(key);
  if (options_ == nullptr) return std::nullopt;
  const auto found = options_->values.find(key);
  if (found == options_->values.end()) return std::nullopt;
  if (const auto *text = std::get_if<std::string>(&found->second)) return *text;
  refuse(key, "a string");
}

string_pairs option_reader::texts_below(std::string_view prefix) {
  string_pairs pairs;
  if (options_ == nullptr) return pairs;
  for (auto at = options_->values.lower_bound(prefix); at != options_->values.end() && at->first.starts_with(prefix);
       ++at) {
    pairs.emplace_back(at->first.substr(prefix.size()), *text(at->first));
  }
  return pairs;
}

void option_reader::finish() const {
  if (options_ == nullptr) return;
  for (const auto &[key, value] : options_->values) {
    if (!read_.contains(key)) fail(status::INVALID_ARGUMENT, fmt::format("unknown option: {}", key), key);
  }
}

}  // namespace evodb::capi
