#include "table/operations/upgrade.h"

#include <fmt/format.h>

#include <memory>

#include "base/error.h"

namespace evodb {
namespace {

class upgrade_operation : public table_operation {
 public:
  explicit upgrade_operation(int format_version) : format_version_(format_version) {}

  std::vector<table_update> preview(const table_metadata &base, const commit_stamp &) const override {
    if (base.format_version >= format_version_) return {};
    if (base.table_uuid == uuid{}) {
      fail(status::UNSUPPORTED,
           "the table has no table-uuid, which later versions require, and this library gives none to a table that is "
           "there: upgrade it with Iceberg Java",
           base.location);
    }
    return {update::upgrade_format_version{format_version_}};
  }

 private:
  const int format_version_;
};

}  // namespace

table upgrade(const table &of, int format_version) {
  const table_metadata &now = *of.metadata();
  if (format_version < 1 || format_version > table_metadata::newest_format_version) {
    fail(status::INVALID_ARGUMENT,
         fmt::format("format_version is {}: there are 1 to {}", format_version, table_metadata::newest_format_version),
         now.location);
  }
  if (format_version < now.format_version) {
    fail(status::INVALID_ARGUMENT,
         fmt::format("format_version is {}, and the table has {}: a table's version cannot go down", format_version,
                     now.format_version),
         now.location);
  }
  return of.with(std::make_shared<upgrade_operation>(format_version));
}

}  // namespace evodb
