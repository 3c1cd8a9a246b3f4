#include "table/manifests/spec_pruning.h"

#include <utility>

#include "expression/project.h"

namespace evodb {
spec_pruning::spec_pruning(bound_ptr filter, partition_spec spec, std::shared_ptr<const schema> columns)
    : filter_(std::move(filter)),
      spec_(std::move(spec)),
      columns_(std::move(columns)),
      partition_types_(result_types(spec_, *columns_)),
      projected_(project_inclusive(filter_, spec_)),
      summaries_(projected_, spec_),
      residuals_(filter_, spec_) {}

}  // namespace evodb
