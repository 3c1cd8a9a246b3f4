#pragma once

#include <string>
#include <string_view>

namespace evodb {

/// Where an object is, as written in metadata: `s3://bucket/key`, `file:///folder/key`, `memory://name/key`.
/// Everything after the authority is the key, verbatim: never percent-decoded, never normalised.
struct location {
  std::string scheme;     ///< "s3" (also for r2://, s3a:// and s3n://), "file", "memory"
  std::string authority;  ///< bucket; empty for file
  std::string key;        ///< without the leading slash

  std::string to_text() const;

  /// Accepts URIs, `file:/x` and `file:///x` alike, and for local folders absolute and relative paths (made absolute
  /// against `working_folder`, "." and ".." resolved only in such plain paths). Throws INVALID_ARGUMENT on an unknown
  /// scheme.
  static location parse(std::string_view text, std::string_view working_folder = {});

  /// This location with `/name` behind it; a slash that already ends the key is not doubled.
  location child(std::string_view name) const;
  /// Whether `other` is this location or lies below it (`a/b` does not contain `a/b2`); a `..` or `.` segment in
  /// `other` never does.
  bool contains(const location &other) const;

  bool operator==(const location &) const = default;
};

/// A path given by a caller or found in metadata: absolute where it has a scheme (or a leading slash for local tables),
/// otherwise relative to `base`. Throws INVALID_ARGUMENT on an empty path.
location resolve(const location &base, std::string_view path);

}  // namespace evodb
