#include "base/error.h"
#include "base/version.h"
#include "evodb_lakehouse.h"

static_assert(evodb::version_major == EVODB_VERSION_MAJOR && evodb::version_minor == EVODB_VERSION_MINOR &&
              evodb::version_patch == EVODB_VERSION_PATCH);

int32_t evodb_version(void) {
  return EVODB_VERSION_MAJOR * 1000000 + EVODB_VERSION_MINOR * 1000 + EVODB_VERSION_PATCH;
}

const char *evodb_status_name(evodb_status status) {
  return evodb::name_of(static_cast<evodb::status>(status));
}

const char *evodb_status_description(evodb_status status) {
  return evodb::description_of(static_cast<evodb::status>(status));
}

evodb_bool evodb_status_is_retryable(evodb_status status) {
  return evodb::is_retryable(static_cast<evodb::status>(status)) ? 1 : 0;
}

evodb_bool evodb_status_may_have_committed(evodb_status status) {
  return evodb::may_have_committed(static_cast<evodb::status>(status)) ? 1 : 0;
}
