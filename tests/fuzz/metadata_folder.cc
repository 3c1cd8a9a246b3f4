#include "catalog/filesystem/metadata_files.h"
#include "catalog/filesystem/version_hint.h"
#include "finding.h"

using namespace evodb;

/// The version hint's text, and names in the metadata folder.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  const std::string text(fuzz::text_of(data, size));
  if (const auto version = version_hint::parse(text))
    fuzz::require(version_hint::parse(std::to_string(*version)) == version, "a hint is read back");
  names_metadata_file(text);
  if (const auto name = parse_metadata_file_name(text); name && !name->is_compressed) {
    const location made = metadata_file_location(location::parse("s3://b/t"), name->version);
    fuzz::require(made.key == "t/metadata/" + text, "a metadata file's name is read back");
  }
  return 0;
}
