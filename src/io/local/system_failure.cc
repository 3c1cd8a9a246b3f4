#include "io/local/system_failure.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace evodb {
namespace {

status status_of(int code) noexcept {
  switch (code) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
    case EMFILE:
    case ENFILE:
    case ENOMEM:
    case EMLINK:
      return status::RESOURCE_EXHAUSTED;
    case EACCES:
    case EPERM:
    case EROFS:
      return status::ACCESS_DENIED;
    case ENAMETOOLONG:
    case ENOTDIR:
    case EISDIR:
    case ELOOP:
      return status::INVALID_ARGUMENT;
    default:
      return status::STORAGE_UNAVAILABLE;
  }
}

}  // namespace

error system_failure(int code, std::string_view action, std::string path) {
  const char *text = ::strerrordesc_np(code);  // unlike strerror the same in every locale
  return error(status_of(code), fmt::format("could not {}: {}: {}", action, text ? text : "unknown error", path), path);
}

void fail_system(int code, std::string_view action, std::string path) {
  throw system_failure(code, action, std::move(path));
}

}  // namespace evodb
