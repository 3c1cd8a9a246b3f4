#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"

namespace evodb {

/// Properties by which Iceberg tells writers what to do, where this library does something else.

/// Why no table that this library commits to may have the property with this value: one sentence without its subject;
/// null where it may.
std::optional<std::string> why_refused(const std::string &key, const std::string &value);

/// Whether it is named as this library's own, and is none of them.
bool is_unknown_property(const std::string &key);
/// Why the property is of no effect on what this library does; null where it has one, or concerns others alone.
std::optional<std::string> why_without_effect(const std::string &key, const std::string &value);
/// Adds a warning where the property has no effect.
void warn_without_effect(const std::string &key, const std::string &value, std::vector<error> &warnings);

/// Throws INVALID_ARGUMENT or UNSUPPORTED where a caller may not set the property to this value.
void check_property(const std::string &key, const std::string &value);
/// Throws INVALID_ARGUMENT where the property is not the caller's to remove.
void check_removable(const std::string &key);

}  // namespace evodb
