#include "table/snapshots/files_fit.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "base/error.h"
#include "expression/bind.h"

namespace evodb {
namespace {

bool has_spec(const table_metadata &metadata, const partition_spec &spec) {
  const partition_spec *found = metadata.find_spec(spec.spec_id);
  return found != nullptr && found->same_fields(spec);
}

/// Version 3 has no new position delete files but deletion vectors.
bool are_of_version(const table_files &files, int format_version) {
  if (format_version < 3) return true;
  return std::all_of(files.batches.begin(), files.batches.end(), [](const auto &batch) {
    for (std::size_t row = 0; row < batch->size(); ++row) {
      if (batch->contents[row] == file_content::position_deletes && !batch->is_deletion_vector(row)) return false;
    }
    return true;
  });
}

}  // namespace

void check_files_belong(const table_files &files, const table_metadata &to) {
  if (files.table_uuid != to.table_uuid) {
    fail(status::INVALID_ARGUMENT,
         fmt::format("the files were made for table {} at {}, not for table {} at {}", files.table_uuid.to_text(),
                     files.table_location, to.table_uuid.to_text(), to.location),
         to.location);
  }
  if (!has_spec(to, files.spec)) {
    fail(status::INVALID_ARGUMENT,
         fmt::format("the files are partitioned by spec {}, which this value of the table does not have: take the one "
                     "that they were made for, or a newer one",
                     files.spec.spec_id),
         to.location);
  }
}

void check_files_fit(const table_files &files, const table_metadata &base) {
  if (!are_of_version(files, base.format_version)) {
    fail(
        status::CONFLICT,
        "the position delete files were made for format version 2, and the table has version 3 now, which has deletion "
        "vectors instead",
        base.location);
  }
  const schema &now = *base.current_schema();
  const schema &before = *files.checked_against;
  if (!has_spec(base, files.spec)) {
    fail(status::CONFLICT,
         fmt::format("the files are partitioned by spec {}, which the table does not have", files.spec.spec_id),
         base.location);
  }
  for (const partition_field &f : files.spec.fields) {
    if (f.transform.kind != transform::kind::unknown) continue;
    fail(status::UNSUPPORTED,
         fmt::format("files are not appended to a table that is partitioned by a transform that this library does not "
                     "have: {}",
                     f.transform.to_text()),
         f.name);
  }
  if (now.same_fields(before)) return;
  for (const auto &batch : files.batches) {
    for (const metrics_column &column : batch->metrics) {
      const field *was = before.find(column.field_id);
      if (was == nullptr) continue;
      const std::string name = before.full_name(column.field_id);
      const field *is = now.find(column.field_id);
      if (is == nullptr) {
        fail(status::CONFLICT,
             fmt::format("the files hold the column {}, which schema {} of the table no longer has", name,
                         now.schema_id()),
             name);
      }
      if (!can_promote(was->type, is->type, base.format_version)) {
        fail(status::CONFLICT,
             fmt::format("the files hold the column {} as {}, which schema {} of the table has as {}", name,
                         was->type.to_text(), now.schema_id(), is->type.to_text()),
             name);
      }
    }
  }
  now.for_each([&](const field &f, const std::string &name) {
    const bool has_default = f.initial_default && !is_null(*f.initial_default);
    if (f.required && !has_default && before.find(f.id) == nullptr && now.is_single_valued(f.id)) {
      fail(status::CONFLICT,
           fmt::format("the files lack the column {}, which schema {} of the table requires", name, now.schema_id()),
           name);
    }
  });
}

void check_filter_fits(const predicate_ptr &filter, const schema &then, const table_metadata &base) {
  const schema &now = *base.current_schema();
  if (!filter || now.same_fields(then)) return;
  for (const std::int32_t id : referenced_fields(*bind(filter, then))) {
    const field *was = then.find(id), *is = now.find(id);
    const std::string name = then.full_name(id);
    const bool is_same = is != nullptr && now.full_name(id) == name && is->type == was->type &&
                         now.is_never_null(id) == then.is_never_null(id);
    if (is_same) continue;
    fail(status::CONFLICT,
         fmt::format("the filter's column {} was renamed, dropped or changed in schema {}, which was committed first",
                     name, now.schema_id()),
         name);
  }
}

}  // namespace evodb
