/* Loaded before the library, makes it look like the next minor version. */
#include <evodb_lakehouse.h>

int32_t evodb_version(void) {
  return EVODB_VERSION_MAJOR * 1000000 + (EVODB_VERSION_MINOR + 1) * 1000;
}
