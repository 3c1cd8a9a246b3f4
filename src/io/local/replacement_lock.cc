#include "io/local/replacement_lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "base/error.h"
#include "io/local/hidden_files.h"
#include "io/local/system_failure.h"

namespace evodb {
namespace {

constexpr unsigned usable_by_all = 0666;

/// Who may write into the folder may lock there, whatever the umask of the first writer.
void open_to_the_folders_writers(const file_descriptor &file, const std::string &path) {
  struct stat folder;
  if (::stat(path.substr(0, path.rfind('/') + 1).c_str(), &folder) == 0)
    ::fchmod(file.get(), folder.st_mode & usable_by_all);  // where that is refused, reading is enough
}

/// A network file system may want a descriptor for writing. O_CREAT is kept apart: a sticky folder refuses it for a file
/// that another user owns.
file_descriptor open_lock_file(const std::string &path) {
  constexpr int never_waiting = O_NONBLOCK | O_NOCTTY;
  file_descriptor file(path, O_RDWR | never_waiting);
  if (!file.is_open() && errno == ENOENT) {
    file_descriptor made(path, O_RDWR | O_CREAT | O_EXCL | never_waiting, usable_by_all);
    if (made.is_open()) open_to_the_folders_writers(made, path);
    if (made.is_open() || errno != EEXIST) return made;
    return file_descriptor(path, O_RDWR | never_waiting);
  }
  if (!file.is_open() && (errno == EACCES || errno == EPERM || errno == EROFS))
    return file_descriptor(path, O_RDONLY | never_waiting);
  return file;
}

}  // namespace

replacement_lock::replacement_lock(const std::string &path) : path_(lock_key_of(path)), file_(open_lock_file(path_)) {
  if (!file_.is_open()) fail_system(errno, "open the lock file", path_);
}

bool replacement_lock::try_acquire() {
  if (::flock(file_.get(), LOCK_EX | LOCK_NB) == 0) return true;
  switch (errno) {
    case EINTR:
    case EWOULDBLOCK:
      return false;
    case EBADF:  // a network file system, and a file that may only be read
    case EINVAL:
    case ENOLCK:
    case ENOSYS:
    case EOPNOTSUPP:
      fail(status::UNSUPPORTED,
           fmt::format("the file system does not lock this file, so replacing what it guards would not be safe: {}",
                       path_),
           path_);
    default:
      fail_system(errno, "lock the file", path_);
  }
}

}  // namespace evodb
