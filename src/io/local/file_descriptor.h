#pragma once

#include <cerrno>
#include <string>
#include <utility>

namespace evodb {

/// Repeats a system call while a signal interrupts it.
template <typename Call>
auto uninterrupted(Call call) {
  auto result = call();
  while (result < 0 && errno == EINTR) result = call();
  return result;
}

/// Owns an open file. Closing it reports nothing: what must be durable is synced before.
class file_descriptor {
 public:
  /// open(2), never inherited by child processes. On failure `is_open` is false and errno says why.
  file_descriptor(const std::string &path, int flags, unsigned mode = 0) noexcept;
  file_descriptor(file_descriptor &&other) noexcept : number_(std::exchange(other.number_, -1)) {}
  file_descriptor &operator=(file_descriptor &&) = delete;
  ~file_descriptor();

  bool is_open() const noexcept { return number_ >= 0; }
  int get() const noexcept { return number_; }

 private:
  int number_;
};

}  // namespace evodb
