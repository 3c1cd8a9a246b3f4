#include "io/local/durable_folders.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "io/local/file_descriptor.h"
#include "io/local/system_failure.h"

namespace evodb {
namespace {

constexpr std::size_t most_known = 65'536;

std::string folder_above(const std::string &path) {
  const std::size_t slash = path.rfind('/');
  return slash == 0 ? "/" : path.substr(0, slash);
}

/// 0 or errno.
int sync_opened(const file_descriptor &folder) {
  return uninterrupted([&] { return ::fsync(folder.get()); }) == 0 ? 0 : errno;
}
int sync_folder(const std::string &path) {
  const file_descriptor folder(path, O_RDONLY | O_DIRECTORY);
  return folder.is_open() ? sync_opened(folder) : errno;
}

}  // namespace

void durable_folders::make(const std::string &path) {
  {
    const std::lock_guard held(mutex_);
    if (known_.contains(path)) return;
  }
  for (std::size_t slash = path.find('/', 1); slash != std::string::npos; slash = path.find('/', slash + 1)) {
    if (path[slash - 1] != '/') settle(path.substr(0, slash));
  }
  if (path != "/") settle(path);
}

void durable_folders::settle(const std::string &path) {
  {
    const std::lock_guard held(mutex_);
    if (known_.contains(path)) return;
  }
  const bool is_made_here = ::mkdir(path.c_str(), 0777) == 0;
  if (!is_made_here && errno != EEXIST) fail_system(errno, "make the folder", path);
  const std::string above = folder_above(path);
  const int failed = sync_folder(above);
  // Old folders may lie below ones that we may pass through but not open, or that are read-only.
  const bool is_tolerable =
      !is_made_here && (failed == EACCES || failed == EPERM || failed == EROFS || failed == EINVAL);
  if (failed != 0 && !is_tolerable) fail_system(failed, "sync the folder", above);
  const std::lock_guard held(mutex_);
  if (known_.size() >= most_known) known_.clear();
  known_.insert(path);
}

void durable_folders::sync(const std::string &path) {
  {
    const std::lock_guard held(mutex_);
    if (broken_.contains(path))
      fail(status::STORAGE_UNAVAILABLE, "a sync of the folder has failed, so what is in it may be lost: " + path, path);
  }
  const file_descriptor folder(path, O_RDONLY | O_DIRECTORY);
  if (!folder.is_open()) fail_system(errno, "open the folder", path);  // nothing is lost by that: it may be tried again
  const int failed = sync_opened(folder);
  if (failed == 0) return;
  sync_has_failed(path);
  fail_system(failed, "sync the folder", path);
}

void durable_folders::sync_has_failed(const std::string &path) {
  const std::lock_guard held(mutex_);
  broken_.insert(path);
}

void durable_folders::forget() {
  const std::lock_guard held(mutex_);
  known_.clear();
}

}  // namespace evodb
