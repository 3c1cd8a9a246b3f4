#include "table/scan/file_cursor.h"

#include <span>
#include <vector>

#include "capi/boundary.h"
#include "capi/future.h"
#include "capi/plan.h"

using namespace evodb;
using namespace evodb::capi;

/// Walks over a plan's files, a row at a time.
struct evodb_file_cursor {
  explicit evodb_file_cursor(std::shared_ptr<const evodb::plan> over) : walk(std::move(over)) {}

  mutable evodb::file_cursor walk;  ///< any thread may cancel it
  evodb::file_row row;              ///< the current one
};

namespace {

const file_row &row_of(const evodb_file_cursor *cursor) {
  static const file_row nothing;
  return cursor == nullptr ? nothing : cursor->row;
}

/// A text is made when it is asked for; without memory for it, it is empty.
template <typename... Index>
const char *text_of(const evodb_file_cursor *cursor, std::string_view (file_row::*text)(Index...) const,
                    std::int64_t *out_length, Index... index) noexcept {
  try {
    return text_out((row_of(cursor).*text)(index...), out_length);
  } catch (...) {
    return text_out(std::string_view(), out_length);
  }
}

/// Null where the current file has no such delete file.
const delete_file *delete_of(const evodb_file_cursor *cursor, std::int64_t index) noexcept {
  const std::span<const delete_file> all = row_of(cursor).deletes();
  const bool is_one = index >= 0 && index < static_cast<std::int64_t>(all.size());
  return is_one ? &all[static_cast<std::size_t>(index)] : nullptr;
}

std::int64_t number_of_delete(const evodb_file_cursor *cursor, std::int64_t index,
                              std::vector<std::int64_t> data_files::*column) noexcept {
  const delete_file *const file = delete_of(cursor, index);
  return file == nullptr ? -1 : (file->columns().*column)[file->row];
}

}  // namespace

evodb_status evodb_plan_files(const evodb_plan *plan, evodb_file_cursor **out_cursor, evodb_error **error) {
  return guarded(error, [&] {
    require(plan, "plan");
    require(out_cursor, "out_cursor");
    check_process(plan->value->context()->runtime());
    *out_cursor = new evodb_file_cursor(plan->value);
  });
}

void evodb_file_cursor_free(evodb_file_cursor *cursor) {
  delete cursor;
}

evodb_future *evodb_file_cursor_fetch(evodb_file_cursor *cursor) {
  return make_future(cursor == nullptr ? nullptr : cursor->walk.runtime(), typeid(void), [&] {
    require(cursor, "cursor");
    return cursor->walk.fetch();
  });
}

evodb_status evodb_file_cursor_next(evodb_file_cursor *cursor, evodb_bool *out_has_file, evodb_error **error) {
  return guarded(error, [&] {
    require(cursor, "cursor");
    require(out_has_file, "out_has_file");
    check_process(*cursor->walk.runtime());
    cursor->walk.step([&] {
      const bool has_file = cursor->walk.advance();
      if (has_file) {
        cursor->walk.read(cursor->row);
      } else {
        cursor->row = file_row();
      }
      *out_has_file = has_file ? 1 : 0;
    });
  });
}

int64_t evodb_file_cursor_ready_count(const evodb_file_cursor *cursor) {
  return cursor == nullptr ? 0 : cursor->walk.ready_count();
}

void evodb_file_cursor_cancel(const evodb_file_cursor *cursor) {
  if (cursor != nullptr) cursor->walk.cancel();
}

const char *evodb_file_cursor_path(const evodb_file_cursor *cursor, int64_t *out_length) {
  return text_of(cursor, &file_row::file_path, out_length);
}

const char *evodb_file_cursor_format(const evodb_file_cursor *cursor, int64_t *out_length) {
  return text_of(cursor, &file_row::file_format, out_length);
}

int64_t evodb_file_cursor_record_count(const evodb_file_cursor *cursor) {
  return row_of(cursor).record_count();
}

int64_t evodb_file_cursor_size_in_bytes(const evodb_file_cursor *cursor) {
  return row_of(cursor).file_size_in_bytes();
}

int32_t evodb_file_cursor_spec_id(const evodb_file_cursor *cursor) {
  return row_of(cursor).spec_id();
}

int64_t evodb_file_cursor_data_sequence_number(const evodb_file_cursor *cursor) {
  return row_of(cursor).data_sequence_number();
}

const char *evodb_file_cursor_partition(const evodb_file_cursor *cursor, int64_t *out_length) {
  return text_of(cursor, &file_row::partition_json, out_length);
}

const char *evodb_file_cursor_partition_path(const evodb_file_cursor *cursor, int64_t *out_length) {
  return text_of(cursor, &file_row::partition_path, out_length);
}

const char *evodb_file_cursor_residual(const evodb_file_cursor *cursor, int64_t *out_length) {
  return text_of(cursor, &file_row::residual, out_length);
}

void evodb_file_cursor_split_offsets(const evodb_file_cursor *cursor, const int64_t **out_split_offsets,
                                     int64_t *out_split_offset_count) {
  const std::span<const std::int64_t> offsets = row_of(cursor).split_offsets();
  if (out_split_offsets != nullptr) *out_split_offsets = offsets.empty() ? nullptr : offsets.data();
  if (out_split_offset_count != nullptr) *out_split_offset_count = static_cast<int64_t>(offsets.size());
}

int64_t evodb_file_cursor_delete_file_count(const evodb_file_cursor *cursor) {
  return static_cast<int64_t>(row_of(cursor).deletes().size());
}

const char *evodb_file_cursor_delete_file_path(const evodb_file_cursor *cursor, int64_t index, int64_t *out_length) {
  return text_of(cursor, &file_row::delete_path, out_length, static_cast<std::size_t>(index));
}

const char *evodb_file_cursor_delete_file_content(const evodb_file_cursor *cursor, int64_t index, int64_t *out_length) {
  const delete_file *const file = delete_of(cursor, index);
  return text_out(file == nullptr ? std::string_view() : name_of(file->content()), out_length);
}

const char *evodb_file_cursor_delete_file_format(const evodb_file_cursor *cursor, int64_t index, int64_t *out_length) {
  const delete_file *const file = delete_of(cursor, index);
  return text_out(file == nullptr ? std::string_view() : name_of(file->columns().file_formats[file->row]), out_length);
}

int64_t evodb_file_cursor_delete_file_record_count(const evodb_file_cursor *cursor, int64_t index) {
  return number_of_delete(cursor, index, &data_files::record_counts);
}

int64_t evodb_file_cursor_delete_file_size_in_bytes(const evodb_file_cursor *cursor, int64_t index) {
  return number_of_delete(cursor, index, &data_files::file_sizes);
}

int64_t evodb_file_cursor_delete_file_content_offset(const evodb_file_cursor *cursor, int64_t index) {
  const delete_file *const file = delete_of(cursor, index);
  return file == nullptr ? -1 : file->content_offset().value_or(-1);
}

int64_t evodb_file_cursor_delete_file_content_size_in_bytes(const evodb_file_cursor *cursor, int64_t index) {
  const delete_file *const file = delete_of(cursor, index);
  return file == nullptr ? -1 : file->content_size().value_or(-1);
}

const char *evodb_file_cursor_delete_file_referenced_data_file(const evodb_file_cursor *cursor, int64_t index,
                                                               int64_t *out_length) {
  return text_of(cursor, &file_row::delete_referenced_data_file, out_length, static_cast<std::size_t>(index));
}

int64_t evodb_file_cursor_delete_file_data_sequence_number(const evodb_file_cursor *cursor, int64_t index) {
  const delete_file *const file = delete_of(cursor, index);
  return file == nullptr ? -1 : file->sequence_number();
}

int32_t evodb_file_cursor_delete_file_spec_id(const evodb_file_cursor *cursor, int64_t index) {
  const delete_file *const file = delete_of(cursor, index);
  return file == nullptr ? -1 : file->spec_id();
}

void evodb_file_cursor_delete_file_equality_ids(const evodb_file_cursor *cursor, int64_t index,
                                                const int32_t **out_equality_ids, int64_t *out_equality_id_count) {
  const delete_file *const file = delete_of(cursor, index);
  const std::span<const std::int32_t> ids = file == nullptr ? std::span<const std::int32_t>() : file->equality_ids();
  if (out_equality_ids != nullptr) *out_equality_ids = ids.empty() ? nullptr : ids.data();
  if (out_equality_id_count != nullptr) *out_equality_id_count = static_cast<int64_t>(ids.size());
}

int64_t evodb_file_cursor_count(const evodb_file_cursor *cursor, int32_t counter) {
  if (cursor == nullptr) return -1;
  const plan_counts &counts = cursor->walk.counts();
  switch (counter) {
    case EVODB_PLAN_MANIFESTS:
      return counts.manifests;
    case EVODB_PLAN_MANIFESTS_SKIPPED_BY_SUMMARY:
      return counts.manifests_skipped_by_summary;
    case EVODB_PLAN_FILES:
      return counts.files;
    case EVODB_PLAN_FILES_SKIPPED_BY_PARTITION:
      return counts.files_skipped_by_partition;
    case EVODB_PLAN_FILES_SKIPPED_BY_BOUNDS:
      return counts.files_skipped_by_bounds;
    case EVODB_PLAN_FILES_KEPT:
      return counts.files_kept;
    default:
      return -1;
  }
}
