#include "codec/partition_json.h"
#include "finding.h"
#include "model/data_files.h"
#include "sample_table.h"

using namespace evodb;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  static const schema columns = fuzz::sample_schema();
  static const partition_spec whole = fuzz::sample_spec(columns);
  if (size == 0) return 0;
  // Every field has to be there: a few of them, or all.
  partition_spec spec = whole;
  if (data[0] < 128) {
    const std::size_t first = data[0] % whole.fields.size();
    spec.fields.assign(whole.fields.begin() + static_cast<std::ptrdiff_t>(first),
                       whole.fields.begin() + static_cast<std::ptrdiff_t>(std::min(first + 2, whole.fields.size())));
  }
  const std::vector<type> types = result_types(spec, columns);
  const auto values =
      fuzz::attempt([&] { return read_partition_json(spec, types, fuzz::text_of(data + 1, size - 1), "fuzz"); },
                    {status::INVALID_ARGUMENT});
  if (!values) return 0;
  const partition_tuple tuple(values->begin(), values->end());
  const std::string written = write_partition_json(spec, types, tuple);
  const std::vector<value> again = read_partition_json(spec, types, written, "written");
  fuzz::require(write_partition_json(spec, types, {again.begin(), again.end()}) == written,
                "what is written is read back");
  spec.partition_path(columns, tuple);
  bytes arena;
  for (std::size_t i = 0; i < types.size(); ++i) {
    if (types[i].is(type_kind::unknown)) continue;
    value_column column;
    column.type = types[i];
    column.push((*values)[i], arena);
    fuzz::require(is_null(column.at(0, arena)) == is_null((*values)[i]), "a column holds its values");
  }
  return 0;
}
