#pragma once

#include <sys/stat.h>

#include <optional>
#include <string>
#include <utility>

#include "io/local/file_descriptor.h"
#include "io/object_store.h"

namespace evodb {

/// Reading files as objects; `path` is absolute. The calls block, give null when there is no such file, and throw
/// INVALID_ARGUMENT when something else than a file is there, otherwise as system_failure says.

/// A file that stays open: whatever is read is of this one, whatever its name means later.
class opened_file {
 public:
  static std::optional<opened_file> open(const std::string &path);

  /// As it was when it was opened; without an ETag.
  const object_meta &meta() const noexcept { return meta_; }
  bytes read(byte_range range) const;

 private:
  opened_file(std::string path, file_descriptor file, object_meta meta)
      : path_(std::move(path)), file_(std::move(file)), meta_(std::move(meta)) {}

  std::string path_;
  file_descriptor file_;
  object_meta meta_;
};

std::optional<object> read_file(const std::string &path, byte_range range, bool with_etag = true);
std::optional<object_meta> look_at_file(const std::string &path);

object_meta describe_file(std::string key, const struct stat &about);

}  // namespace evodb
