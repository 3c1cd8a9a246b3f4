#include "codec/name_mapping_json.h"
#include "finding.h"
#include "sample_table.h"

using namespace evodb;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  static const schema columns = fuzz::sample_schema();
  const auto mapping =
      fuzz::attempt([&] { return read_name_mapping_text(fuzz::text_of(data, size), "fuzz"); }, {status::CORRUPT});
  if (!mapping) return 0;
  const std::string written = write_name_mapping_text(*mapping);
  fuzz::require(read_name_mapping_text(written, "written") == *mapping, "what is written is read back");
  const name_mapping updated = update_name_mapping(*mapping, columns);
  fuzz::require(update_name_mapping(updated, columns) == updated, "an update is made once");
  return 0;
}
