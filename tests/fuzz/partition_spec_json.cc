#include "codec/partition_spec_json.h"
#include "codec/json.h"
#include "finding.h"
#include "sample_table.h"

using namespace evodb;

namespace {

void read_as_spec(const json_node &root) {
  static const schema columns = fuzz::sample_schema();
  const auto spec = fuzz::attempt([&] { return read_partition_spec(root); });
  if (!spec) return;
  const std::string written = write_partition_spec_text(*spec);
  const json_document document(written, "written");
  fuzz::require(read_partition_spec(document.root()) == *spec, "a spec that is written is read back");
  const std::vector<type> types = result_types(*spec, columns);
  if (!fuzz::attempt([&] { check_partition_spec(*spec, columns); })) return;
  spec->partition_path(columns, partition_tuple(types.size(), null_value{}));
}

void read_as_order(const json_node &root) {
  const auto order = fuzz::attempt([&] { return read_sort_order(root); });
  if (!order) return;
  std::string written;
  json_writer writer(written);
  write_sort_order(writer, *order);
  const json_document document(written, "written");
  fuzz::require(read_sort_order(document.root()) == *order, "an order that is written is read back");
}

}  // namespace

/// Of specs and of sort orders.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  std::optional<json_document> document;
  if (!fuzz::attempt([&] { document.emplace(fuzz::text_of(data, size), "fuzz"); })) return 0;
  read_as_spec(document->root());
  read_as_order(document->root());
  return 0;
}
