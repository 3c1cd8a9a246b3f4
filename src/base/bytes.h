#pragma once

#include <string>
#include <string_view>

namespace evodb {

/// Bytes are held in strings: they come from files, go to files, and views of them are cheap.
using bytes = std::string;
using byte_view = std::string_view;

/// -1: not a hexadecimal digit.
int hex_digit(char c) noexcept;
std::string to_hex(byte_view data);
/// Throws INVALID_ARGUMENT naming the offending text.
bytes from_hex(std::string_view text);
/// The standard alphabet, padded with "=".
std::string to_base64(byte_view data);

}  // namespace evodb
