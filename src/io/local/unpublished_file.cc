#include "io/local/unpublished_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <stdio.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "io/local/system_failure.h"

namespace evodb {
namespace {

constexpr std::string_view ending = ".tmp";

std::string folder_of(const std::string &path) {
  const std::size_t slash = path.rfind('/');
  return slash == 0 ? "/" : path.substr(0, slash);
}

file_descriptor open_folder(durable_folders &folders, const std::string &path) {
  folders.make(path);
  file_descriptor opened(path, O_RDONLY | O_DIRECTORY);
  if (opened.is_open() || errno != ENOENT) return opened;
  folders.forget();  // another process has deleted it
  folders.make(path);
  return file_descriptor(path, O_RDONLY | O_DIRECTORY);
}

/// Whether a failed rename or link tells that nothing has changed. Others, such as EIO or a network file system's
/// time-out, do not.
bool is_definite(int code) noexcept {
  switch (code) {
    case EACCES:
    case EDQUOT:
    case EISDIR:
    case ELOOP:
    case EMLINK:
    case ENAMETOOLONG:
    case ENOENT:
    case ENOMEM:
    case ENOSPC:
    case ENOTDIR:
    case EPERM:
    case EROFS:
    case EXDEV:
      return true;
    default:
      return false;
  }
}

}  // namespace

bool is_unpublished_file_name(std::string_view name) noexcept {
  return name.size() > 1 + ending.size() && name.starts_with('.') && name.ends_with(ending);
}

unpublished_file::unpublished_file(std::shared_ptr<durable_folders> folders, std::string target,
                                   const std::string &unique)
    : folders_(std::move(folders)), target_(std::move(target)), folder_(open_folder(*folders_, folder_of(target_))) {
  const std::string folder = folder_of(target_);
  if (!folder_.is_open()) fail_system(errno, "open the folder", folder);
  // Of one length, however long the target's name is.
  path_ = fmt::format("{}/.{}{}", folder == "/" ? "" : folder, unique, ending);
  file_.emplace(path_, O_WRONLY | O_CREAT | O_EXCL, 0666);
  if (!file_->is_open()) fail_system(errno, "create the file", path_);
}

void unpublished_file::discard() noexcept {
  if (!is_discarded_) ::unlink(path_.c_str());
  is_discarded_ = true;
}

void unpublished_file::add(byte_view content) {
  while (!content.empty()) {
    const ssize_t written = uninterrupted([&] { return ::write(file_->get(), content.data(), content.size()); });
    if (written < 0) fail_system(errno, "write the file", target_);
    content.remove_prefix(static_cast<std::size_t>(written));
  }
}

void unpublished_file::finish() {
  // Once it has failed, a second fsync would succeed although the pages are lost.
  if (uninterrupted([&] { return ::fsync(file_->get()); }) != 0) fail_system(errno, "sync the file", target_);
  file_.reset();
}

put_outcome unpublished_file::publish_exclusively() {
  const char *from = path_.c_str();
  const char *to = target_.c_str();
  int code = ::renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0 ? 0 : errno;
  if (code == EINVAL || code == ENOSYS) {
    code = ::link(from, to) == 0 ? 0 : errno;  // the destructor unlinks the other name
    if (code == EPERM || code == EOPNOTSUPP || code == ENOSYS || code == EINVAL) {
      return put_outcome(
          put_outcome::kind::failed,
          error(status::UNSAFE_STORE, "the file system can neither rename nor link exclusively: " + target_, target_));
    }
  }
  if (code == EEXIST) return put_outcome(put_outcome::kind::exists, std::string());
  return conclude(code);
}

put_outcome unpublished_file::publish() {
  return conclude(::rename(path_.c_str(), target_.c_str()) == 0 ? 0 : errno);
}

put_outcome unpublished_file::conclude(int code) {
  if (code != 0) {
    const auto what = is_definite(code) ? put_outcome::kind::failed : put_outcome::kind::unknown;
    return put_outcome(what, system_failure(code, "name the file", target_));
  }
  if (uninterrupted([&] { return ::fsync(folder_.get()); }) != 0) {
    const int failed = errno;
    folders_->sync_has_failed(folder_of(target_));
    return put_outcome(put_outcome::kind::unknown, system_failure(failed, "sync the folder of the file", target_));
  }
  return put_outcome(put_outcome::kind::done, std::string());
}

}  // namespace evodb
