#include "table/table_operation.h"

namespace evodb {

task<std::vector<table_update>> table_operation::produce(const table_metadata &base, commit_stamp stamp,
                                                         version_files &) const {
  co_return preview(base, stamp);
}

}  // namespace evodb
