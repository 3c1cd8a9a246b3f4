#include "io/local/local_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <new>
#include <stdexcept>
#include <utility>

#include "base/hash.h"
#include "io/local/system_failure.h"

namespace evodb {
namespace {

/// A link that leads nowhere has the name all the same, so that nothing can be created there.
bool is_absent(const std::string &path, int code) {
  if (code != ENOENT && code != ENOTDIR) return false;
  struct stat about;
  if (::lstat(path.c_str(), &about) == 0 && S_ISLNK(about.st_mode)) {
    fail(status::INVALID_ARGUMENT,
         fmt::format("a symbolic link that leads nowhere: {}; bring back what it led to, or remove it", path), path);
  }
  return true;
}

void require_file(const std::string &path, const struct stat &about) {
  if (S_ISREG(about.st_mode)) return;
  fail(status::INVALID_ARGUMENT,
       fmt::format("{}: {}", S_ISDIR(about.st_mode) ? "a folder, not a file" : "not a file", path), path);
}

bytes make_buffer(const std::string &path, std::int64_t size) {
  try {
    return bytes(static_cast<std::size_t>(size), '\0');
  } catch (const std::bad_alloc &) {
  } catch (const std::length_error &) {
  }
  fail(status::RESOURCE_EXHAUSTED, fmt::format("no memory for {} bytes of the file: {}", size, path), path);
}

}  // namespace

object_meta describe_file(std::string key, const struct stat &about) {
  object_meta meta;
  meta.key = std::move(key);
  meta.size = about.st_size;
  meta.last_modified_ms = std::int64_t{about.st_mtim.tv_sec} * 1000 + about.st_mtim.tv_nsec / 1'000'000;
  return meta;
}

std::optional<object_meta> look_at_file(const std::string &path) {
  struct stat about;
  if (::stat(path.c_str(), &about) != 0) {
    const int code = errno;
    if (is_absent(path, code)) return std::nullopt;
    fail_system(code, "look at the file", path);
  }
  require_file(path, about);
  return describe_file(path.substr(1), about);
}

std::optional<opened_file> opened_file::open(const std::string &path) {
  file_descriptor file(path, O_RDONLY | O_NONBLOCK);  // a pipe without a writer would wait for one
  if (!file.is_open()) {
    const int code = errno;
    if (is_absent(path, code)) return std::nullopt;
    fail_system(code, "open the file", path);
  }
  struct stat about;
  if (::fstat(file.get(), &about) != 0) fail_system(errno, "look at the file", path);
  require_file(path, about);
  return opened_file(path, std::move(file), describe_file(path.substr(1), about));
}

bytes opened_file::read(byte_range range) const {
  const byte_range part = range.within(meta_.size);
  bytes body = make_buffer(path_, part.length);
  for (std::size_t filled = 0; filled < body.size();) {
    const ssize_t more = uninterrupted([&] {
      return ::pread(file_.get(), body.data() + filled, body.size() - filled,
                     part.offset + static_cast<std::int64_t>(filled));
    });
    if (more < 0) fail_system(errno, "read the file", path_);
    if (more == 0)
      fail(status::STORAGE_UNAVAILABLE, fmt::format("the file was cut while it was read: {}", path_), path_);
    filled += static_cast<std::size_t>(more);
  }
  return body;
}

std::optional<object> read_file(const std::string &path, byte_range range, bool with_etag) {
  const std::optional<opened_file> file = opened_file::open(path);
  if (!file) return std::nullopt;
  object found;
  found.meta = file->meta();
  found.body = file->read(range);
  const bool is_whole = static_cast<std::int64_t>(found.body.size()) == found.meta.size;
  if (with_etag && is_whole) found.meta.etag = to_hex(md5(found.body));
  return found;
}

}  // namespace evodb
