#include "base/error.h"

#include <new>
#include <utility>

#include "base/utf8.h"

namespace evodb {
namespace {

struct row {
  status code;
  const char *name;
  bool retryable;
  bool may_have_committed;
  const char *description;
};

constexpr row rows[] = {
    {status::ok, "OK", false, false, "done"},
#define EVODB_STATUS(NAME, number, retryable, may_have_committed, text) \
  {status::NAME, #NAME, retryable, may_have_committed, text},
#include "base/error_codes.def"
#undef EVODB_STATUS
};

const row *find(status code) noexcept {
  for (const row &r : rows) {
    if (r.code == code) return &r;
  }
  return nullptr;
}

}  // namespace

const char *name_of(status code) noexcept {
  const row *found = find(code);
  return found ? found->name : "UNKNOWN";
}

bool is_retryable(status code) noexcept {
  const row *found = find(code);
  return found && found->retryable;
}

bool may_have_committed(status code) noexcept {
  const row *found = find(code);
  return found && found->may_have_committed;
}

const char *description_of(status code) noexcept {
  const row *found = find(code);
  return found ? found->description : "not a status of this version";
}

error::error(status code, std::string message, std::string subject)
    : code_(code), message_(with_escapes(std::move(message))), subject_(with_escapes(std::move(subject))) {}

error error_of(std::exception_ptr failure) {
  try {
    std::rethrow_exception(std::move(failure));
  } catch (const error &ours) {
    return ours;
  } catch (const std::bad_alloc &) {
    return error(status::RESOURCE_EXHAUSTED, "out of memory");
  } catch (const std::exception &other) {
    return error(status::INTERNAL, other.what());
  } catch (...) {
    return error(status::INTERNAL, "an exception of unknown type");
  }
}

}  // namespace evodb
