#include "base/error.h"

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

}  // namespace evodb
