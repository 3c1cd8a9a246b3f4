#include "catalog/filesystem/moved_table.h"

#include <fmt/format.h>

namespace evodb {

std::optional<location> stated_location(const table_metadata &of) {
  try {
    location at = location::parse(of.location);
    while (at.key.ends_with('/')) at.key.pop_back();
    return at;
  } catch (const error &) {
    return std::nullopt;
  }
}

std::optional<error> why_moved(const location &table, const table_metadata &of) {
  if (stated_location(of) == table) return std::nullopt;
  const char *const way_out = table.scheme == "file"
                                  ? "move it back, or let a symbolic link lead from there to here"
                                  : "copy it back, or make a new table here and append the data files to that";
  return error(
      status::UNSUPPORTED,
      fmt::format("the table was moved or copied: its metadata says that its location is {}, but it was opened "
                  "at {}; its files are looked for where the metadata names them, and nothing can be "
                  "committed to it here; {}",
                  of.location, table.to_text(), way_out),
      table.to_text());
}

}  // namespace evodb
