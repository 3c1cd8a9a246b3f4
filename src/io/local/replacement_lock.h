#pragma once

#include <string>

#include "io/local/file_descriptor.h"

namespace evodb {

/// Excludes other replacements of one file, in this process and in others, until it is destroyed. It is the lock of a file
/// beside it, which reading rights suffice for: where writers are of several users, the file may belong to any of them.
/// The calls block, but never until a lock is free, and throw as system_failure says; UNSUPPORTED where the file system
/// has no locks.
class replacement_lock {
 public:
  /// Opens the lock file beside `path`, and makes it where there is none. Nothing is locked yet.
  explicit replacement_lock(const std::string &path);

  /// False while another one has the lock.
  bool try_acquire();
  const std::string &path() const noexcept { return path_; }

 private:
  const std::string path_;
  const file_descriptor file_;  // closing it unlocks; the file stays, since deleting it would let in two
};

}  // namespace evodb
