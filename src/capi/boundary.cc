#include "capi/boundary.h"

#include <fmt/format.h>

#include <cstring>

#include "base/utf8.h"

namespace evodb::capi {
namespace {

std::size_t checked_length(const void *data, std::int64_t length, std::int64_t lowest, const char *parameter) {
  if (length < lowest)
    fail(status::INVALID_ARGUMENT, fmt::format("{}: length {} is below {}", parameter, length, lowest));
  if (data == nullptr && length > 0)
    fail(status::INVALID_ARGUMENT, fmt::format("{}: NULL with length {}", parameter, length));
  return static_cast<std::size_t>(length);
}

}  // namespace

std::string_view text_in(const char *data, std::int64_t length, const char *parameter) {
  std::string_view text;
  if (length == -1) {
    if (data != nullptr) text = std::string_view(data, std::strlen(data));
  } else {
    text = std::string_view(data, checked_length(data, length, -1, parameter));
  }
  if (!is_utf8(text)) fail(status::INVALID_ARGUMENT, fmt::format("{}: not UTF-8", parameter));
  return text;
}

std::string nonempty_text_in(const char *data, std::int64_t length, const char *parameter) {
  const std::string_view text = text_in(data, length, parameter);
  if (text.empty()) fail(status::INVALID_ARGUMENT, fmt::format("{} is empty", parameter));
  return std::string(text);
}

std::string_view octets_in(const std::uint8_t *data, std::int64_t length, const char *parameter) {
  return {reinterpret_cast<const char *>(data), checked_length(data, length, 0, parameter)};
}

std::vector<std::string> texts_in(const char *const *texts, const std::int64_t *lengths, std::int64_t count,
                                  const char *parameter) {
  if (count < 0) fail(status::INVALID_ARGUMENT, fmt::format("the count of {} is negative", parameter));
  if (count > 0) require(texts, parameter);
  std::vector<std::string> list;
  for (std::int64_t i = 0; i < count; ++i)
    list.emplace_back(text_in(texts[i], lengths == nullptr ? -1 : lengths[i], parameter));
  return list;
}

const char *text_out(std::string_view text, std::int64_t *out_length) noexcept {
  if (out_length != nullptr) *out_length = static_cast<std::int64_t>(text.size());
  return text.data() == nullptr ? "" : text.data();
}

void text_out(std::string_view text, const char **out, std::int64_t *out_length) noexcept {
  const char *const data = text_out(text, out_length);
  if (out != nullptr) *out = data;
}

void require(const void *pointer, const char *parameter) {
  if (pointer == nullptr) fail(status::INVALID_ARGUMENT, fmt::format("{} is NULL", parameter));
}

void check_process(const runtime &of) {
  if (of.forked()) {
    fail(status::FORKED, "this handle was made before the process was forked; a child opens its own runtime");
  }
}

evodb_status report(std::exception_ptr failure, evodb_error **out) noexcept {
  try {
    error what = error_of(failure);
    const auto code = static_cast<evodb_status>(what.code());
    if (out != nullptr) *out = new evodb_error{std::move(what)};
    return code;
  } catch (...) {
    return EVODB_RESOURCE_EXHAUSTED;  // no memory for the error
  }
}

}  // namespace evodb::capi
