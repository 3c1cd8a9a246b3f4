#include "copy_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <vector>

#include "api.h"

namespace tool {
namespace {

constexpr std::size_t buffer_bytes = 1 << 20;

/// Repeats a system call that a signal cut short.
template <typename Call>
auto uninterrupted(Call call) {
  for (;;) {
    const auto result = call();
    if (result >= 0 || errno != EINTR) return result;
  }
}

class descriptor {
 public:
  descriptor(const std::string &file, int flags)
      : number_(uninterrupted([&] { return open(file.c_str(), flags | O_CLOEXEC, 0666); })) {
    if (number_ < 0) refuse(file);
  }
  ~descriptor() { close(number_); }
  descriptor(const descriptor &) = delete;
  descriptor &operator=(const descriptor &) = delete;
  int number() const { return number_; }

  [[noreturn]] static void refuse(const std::string &file) {
    const int why = errno;
    const evodb_status code = why == ENOENT                                    ? EVODB_NOT_FOUND
                              : why == EACCES || why == EPERM || why == EROFS  ? EVODB_ACCESS_DENIED
                              : why == ENOSPC || why == EDQUOT || why == EFBIG ? EVODB_RESOURCE_EXHAUSTED
                                                                               : EVODB_STORAGE_UNAVAILABLE;
    throw failure(code, fmt::format("{}: {}", file, std::strerror(why)), file);
  }

 private:
  int number_;
};

void sync(const descriptor &file, const std::string &name) {
  if (uninterrupted([&] { return fsync(file.number()); }) != 0) descriptor::refuse(name);
}

void write_all(const descriptor &out, const std::string &name, const char *data, std::size_t size) {
  while (size > 0) {
    const ssize_t written = uninterrupted([&] { return write(out.number(), data, size); });
    if (written < 0) descriptor::refuse(name);
    data += written;
    size -= static_cast<std::size_t>(written);
  }
}

/// A pipe would be waited for, and a folder has no content.
void require_regular_file(const descriptor &file, const std::string &name) {
  struct stat about {};
  if (fstat(file.number(), &about) != 0) descriptor::refuse(name);
  if (!S_ISREG(about.st_mode)) throw failure(EVODB_INVALID_ARGUMENT, name + ": not a regular file", name);
}

void copy_content(const descriptor &in, const std::string &from, const std::string &to) {
  const descriptor out(to, O_WRONLY | O_CREAT | O_EXCL);
  try {
    std::vector<char> buffer(buffer_bytes);
    for (;;) {
      const ssize_t got = uninterrupted([&] { return read(in.number(), buffer.data(), buffer.size()); });
      if (got < 0) descriptor::refuse(from);
      if (got == 0) break;
      write_all(out, to, buffer.data(), static_cast<std::size_t>(got));
    }
    sync(out, to);
  } catch (...) {
    unlink(to.c_str());  // half a file is of no use to anybody
    throw;
  }
}

}  // namespace

void copy_file_durably(const std::string &from, const std::string &to) {
  const descriptor in(from, O_RDONLY | O_NONBLOCK);
  require_regular_file(in, from);
  const std::filesystem::path folder = std::filesystem::path(to).parent_path();
  std::error_code failed;
  const bool is_new_folder = std::filesystem::create_directories(folder, failed);
  if (failed)
    throw failure(EVODB_STORAGE_UNAVAILABLE, fmt::format("{}: {}", folder.string(), failed.message()), folder.string());
  copy_content(in, from, to);
  sync(descriptor(folder.string(), O_RDONLY | O_DIRECTORY), folder.string());
  if (is_new_folder)
    sync(descriptor(folder.parent_path().string(), O_RDONLY | O_DIRECTORY), folder.parent_path().string());
}

}  // namespace tool
