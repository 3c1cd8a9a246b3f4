#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "footer_builder.h"
#include "model/partition_spec.h"
#include "model/schema.h"
#include "parquet/metrics.h"

namespace evodb::testing {

inline field make_field(std::int32_t id, std::string name, type t, bool is_required = false) {
  field f;
  f.id = id;
  f.name = std::move(name);
  f.type = std::move(t);
  f.required = is_required;
  return f;
}

inline partition_spec make_spec(std::vector<std::pair<std::int32_t, std::string>> fields) {
  partition_spec spec;
  for (auto &[source, text] : fields) {
    partition_field f;
    f.source_ids = {source};
    f.field_id = partition_spec::first_field_id + static_cast<std::int32_t>(spec.fields.size());
    f.name = "p" + std::to_string(spec.fields.size());
    f.transform = transform::parse(text);
    spec.fields.push_back(std::move(f));
  }
  return spec;
}

inline const std::vector<std::shared_ptr<const schema>> no_earlier_schemas;
inline const partition_spec unpartitioned;

/// A file and the table that it is inspected for, with what most tests want.
struct inspection {
  file_facts file;
  std::vector<field> fields;
  partition_spec spec = {};
  std::map<std::string, std::string, std::less<>> properties = {};
  std::optional<name_mapping> mapping = {};
  std::optional<std::vector<value>> given = {};
  std::int64_t file_size = 1000;
  extra_columns extras = extra_columns::refuse;
  std::vector<std::shared_ptr<const schema>> earlier = {};
  path_values from_path = path_values::refuse;
  std::string path = "f";

  inspected_file run() const {
    const schema s(0, fields);
    const file_rules rules{s, earlier, mapping ? &*mapping : nullptr, spec, extras};
    return inspect_parquet(read_footer(build_footer(file), path), rules, metrics_config_from(properties, s), path,
                           file_size, {given, from_path});
  }
  column_metrics metrics_of(std::int32_t field_id) const {
    for (const column_metrics &m : run().file.metrics) {
      if (m.field_id == field_id) return m;
    }
    return {};
  }
};

/// One column of field id 1, `c`, in a file of one row group for each of the chunks, and a table with that column.
inline inspection one_column(physical_type physical, leaf_options options, type t, std::vector<chunk_facts> chunks,
                             std::int64_t rows = 10) {
  inspection i;
  options.id = 1;
  i.file.columns = {leaf("c", physical, options)};
  std::int64_t offset = 4;
  for (chunk_facts &chunk : chunks) {
    chunk.data_page_offset = offset;
    offset += chunk.size;
    i.file.groups.push_back({rows, {std::move(chunk)}});
  }
  i.fields = {make_field(1, "c", std::move(t))};
  return i;
}

}  // namespace evodb::testing
