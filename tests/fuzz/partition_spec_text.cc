#include "codec/json.h"
#include "codec/partition_spec_json.h"
#include "finding.h"
#include "sample_table.h"

using namespace evodb;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  static const schema columns = fuzz::sample_schema();
  const auto spec = fuzz::attempt([&] { return parse_partition_spec(fuzz::text_of(data, size), columns, 3); },
                                  {status::INVALID_ARGUMENT});
  if (!spec) return 0;
  check_partition_spec(*spec, columns);
  const std::string written = write_partition_spec_text(*spec);
  const json_document document(written, "written");
  fuzz::require(read_partition_spec(document.root()) == *spec, "what is written is read back");
  spec->partition_path(columns, partition_tuple(spec->fields.size(), null_value{}));
  return 0;
}
