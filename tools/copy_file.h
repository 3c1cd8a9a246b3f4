#pragma once

#include <string>

namespace tool {

/// Copies a file to a new name, making folders as needed, and returns when it is durable: the copy, and its name in the
/// folder. Throws failure naming the file.
void copy_file_durably(const std::string &from, const std::string &to);

}  // namespace tool
