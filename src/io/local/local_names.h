#pragma once

#include <string>

namespace evodb {

/// One file or folder may have several names: links to it, and spellings that a file system takes for one. Paths are
/// absolute. The calls block, and give false or the path itself where what is asked cannot be looked at.

bool is_same_file(const std::string &path, const std::string &other);
/// The path without links, "." and "..".
std::string canonical_path(const std::string &path);
/// Whether hard links give the file other names.
bool has_hard_links(const std::string &path);

}  // namespace evodb
