#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "io/storage.h"
#include "runtime/task.h"

namespace evodb {

/// New files under names of their own that wait to be written, all of them at once: to a store that is far away one
/// round trip is what they cost together.
class pending_files {
 public:
  explicit pending_files(std::shared_ptr<const storage> where) : storage_(std::move(where)) {}

  void add(std::string location, std::shared_ptr<const bytes> body) {
    files_.push_back({std::move(location), std::move(body)});
  }

  /// What waits under this name; null if nothing does.
  const bytes *find(std::string_view location) const noexcept;

  /// Writes what was added since the last call. Throws what the store fails with; some of them may be there then.
  task<> write();

 private:
  struct file {
    std::string location;
    std::shared_ptr<const bytes> body;
  };
  task<> write_one(const file &one) const;

  std::shared_ptr<const storage> storage_;
  std::vector<file> files_;
};

}  // namespace evodb
