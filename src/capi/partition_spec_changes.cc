#include "capi/partition_spec_changes.h"

#include "capi/boundary.h"

using namespace evodb;
using namespace evodb::capi;

evodb_status evodb_partition_spec_changes_new(evodb_partition_spec_changes **out_changes, evodb_error **error) {
  return guarded(error, [&] {
    require(out_changes, "out_changes");
    *out_changes = new evodb_partition_spec_changes;
  });
}

void evodb_partition_spec_changes_free(evodb_partition_spec_changes *changes) {
  delete changes;
}

evodb_status evodb_partition_spec_changes_add(evodb_partition_spec_changes *changes, const char *text,
                                              int64_t text_length, evodb_error **error) {
  return guarded(error, [&] {
    require(changes, "changes");
    changes->steps.push_back(partition_change::add{nonempty_text_in(text, text_length, "text")});
  });
}

evodb_status evodb_partition_spec_changes_drop(evodb_partition_spec_changes *changes, const char *name,
                                               int64_t name_length, evodb_error **error) {
  return guarded(error, [&] {
    require(changes, "changes");
    changes->steps.push_back(partition_change::drop{nonempty_text_in(name, name_length, "name")});
  });
}

evodb_status evodb_partition_spec_changes_rename(evodb_partition_spec_changes *changes, const char *name,
                                                 int64_t name_length, const char *new_name, int64_t new_name_length,
                                                 evodb_error **error) {
  return guarded(error, [&] {
    require(changes, "changes");
    std::string old_name = nonempty_text_in(name, name_length, "name");
    changes->steps.push_back(
        partition_change::rename{std::move(old_name), nonempty_text_in(new_name, new_name_length, "new_name")});
  });
}
