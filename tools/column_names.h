#pragma once

#include <string>
#include <string_view>

namespace tool {

/// Names of columns as options take them: as they are, or as in a filter, in double quotes where they hold what would
/// end them ("" stands for one quote inside): `"first name"`, `person."first name"`.

/// Takes a name off the front of `text`, up to one of `stops` that stands outside of quotes. Throws failure
/// (INVALID_ARGUMENT) for a quote that is not closed.
std::string take_column_name(std::string_view &text, std::string_view stops);

/// All of `text` as a name; without quotes it may hold anything. Throws failure.
std::string column_name(std::string_view text);

/// A name in double quotes; any text.
std::string quoted_column_name(std::string_view name);

}  // namespace tool
