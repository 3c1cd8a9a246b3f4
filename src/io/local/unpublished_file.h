#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "io/local/durable_folders.h"
#include "io/local/file_descriptor.h"
#include "io/object_store.h"

namespace evodb {

/// Whether a file of that name in a folder is such a one's: ".<unique>.tmp".
bool is_unpublished_file_name(std::string_view name) noexcept;

/// New content for a file under a hidden name beside it, not yet to be seen. Unless it is published it goes away with this
/// object. The calls block, and throw as system_failure says.
class unpublished_file {
 public:
  /// Empty so far. `target` is the path that it is meant for; `unique` makes the hidden name.
  unpublished_file(std::shared_ptr<durable_folders> folders, std::string target, const std::string &unique);
  unpublished_file(const unpublished_file &) = delete;
  unpublished_file &operator=(const unpublished_file &) = delete;
  ~unpublished_file() { discard(); }

  void add(byte_view content);
  /// After the last of the content: it is on disk then, and can be published.
  void finish();

  /// Gives it the target's name if nothing has that, at most once: done, exists, failed (UNSAFE_STORE if the file
  /// system cannot do that) or unknown.
  put_outcome publish_exclusively();
  /// Gives it the target's name, whatever file has that: done, failed or unknown.
  put_outcome publish();
  /// Unless it was published, it is gone.
  void discard() noexcept;

 private:
  /// The outcome of a rename or link, `code` being 0 or errno.
  put_outcome conclude(int code);

  const std::shared_ptr<durable_folders> folders_;
  std::string target_;
  std::string path_;
  bool is_discarded_ = false;
  std::optional<file_descriptor> file_;  ///< until it is finished
  file_descriptor folder_;  ///< opened before anything is visible, so that only the sync can fail afterwards
};

}  // namespace evodb
