#pragma once

#include <mutex>
#include <string>
#include <unordered_set>

namespace evodb {

/// Remembers which folders are on the disk for good, with all that lead to them. Any thread; the calls block.
class durable_folders {
 public:
  /// Makes the folder, an absolute path without a slash at its end, and those above it where they are missing. Each is
  /// synced into the one above, also when another process made it, which may not have done that yet. Throws as
  /// system_failure says.
  void make(const std::string &path);
  /// To be called when a folder turns out to be gone.
  void forget();
  /// Syncs a folder, so that the names in it stay. Throws as system_failure says; and always for one of which a sync has
  /// failed before: a later one would succeed although what the failed one was to write is lost.
  void sync(const std::string &path);
  void sync_has_failed(const std::string &path);

 private:
  void settle(const std::string &path);

  std::mutex mutex_;
  std::unordered_set<std::string> known_;
  std::unordered_set<std::string> broken_;  ///< of which a sync has failed
};

}  // namespace evodb
