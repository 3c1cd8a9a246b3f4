#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <exception>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "evodb_lakehouse.h"
#include "runtime/runtime.h"

struct evodb_error {
  evodb::error value;
};

/// What all functions of the C boundary use: strings in and out, and the guard that stops exceptions.
namespace evodb::capi {

/// A string with a length (-1: NUL-terminated; NULL with 0 or -1: empty). Throws INVALID_ARGUMENT naming the
/// parameter.
std::string_view text_in(const char *data, std::int64_t length, const char *parameter);
/// The same, copied. Throws INVALID_ARGUMENT naming the parameter where it is empty, too.
std::string nonempty_text_in(const char *data, std::int64_t length, const char *parameter);
/// The same for octets, which need not be UTF-8 and have no terminator.
std::string_view octets_in(const std::uint8_t *data, std::int64_t length, const char *parameter);
/// An array of strings; NULL lengths: all are NUL-terminated.
std::vector<std::string> texts_in(const char *const *texts, const std::int64_t *lengths, std::int64_t count,
                                  const char *parameter);
/// A string out: `text` must be NUL-terminated. Never NULL.
const char *text_out(std::string_view text, std::int64_t *out_length) noexcept;
void text_out(std::string_view text, const char **out, std::int64_t *out_length) noexcept;

/// Throws INVALID_ARGUMENT naming the parameter if it is NULL.
void require(const void *pointer, const char *parameter);
/// Throws FORKED in a child of the process that made the runtime.
void check_process(const runtime &of);

/// The element, or INVALID_ARGUMENT naming the index and the count.
template <typename List>
const auto &checked_at(const List &list, std::int64_t index) {
  if (index < 0 || index >= static_cast<std::int64_t>(list.size())) {
    fail(status::INVALID_ARGUMENT, fmt::format("index {} is out of range: there are {}", index, list.size()));
  }
  return *std::next(list.begin(), index);
}

/// Turns an exception into a status, and into an error where the caller wants one.
evodb_status report(std::exception_ptr failure, evodb_error **error) noexcept;

/// Runs a function's body and reports what it throws.
template <typename Body>
evodb_status guarded(evodb_error **error, Body body) noexcept {
  try {
    body();
    return EVODB_OK;
  } catch (...) {
    return report(std::current_exception(), error);
  }
}

}  // namespace evodb::capi
