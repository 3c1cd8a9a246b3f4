#pragma once

#include <map>
#include <string>

namespace evodb {

struct profile_section {
  std::map<std::string, std::string, std::less<>>
      settings;            ///< by their names in small letters; nested: "s3.endpoint_url"
  int malformed_line = 0;  ///< its number, where the section has one that is neither a setting nor a comment
};

/// The sections of a file of AWS's tools, by name as the tools see it: "work" for [work], [profile work] and
/// [profile "work"]; "services x" for [services x]. A setting that comes again counts as it
/// stands last. No sections where there is no such file. Throws INVALID_ARGUMENT naming a line that begins a section and
/// does not end it, and a file that is too large.
std::map<std::string, profile_section> read_profile_file(const std::string &path);

}  // namespace evodb
