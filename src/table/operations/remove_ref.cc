#include "table/operations/remove_ref.h"

#include <fmt/format.h>

#include <memory>
#include <utility>

#include "base/error.h"
#include "table/operations/ref_operation.h"

namespace evodb {

table remove_ref(const table &of, std::string name) {
  const table_metadata &metadata = *of.metadata();
  if (name == table_metadata::main_branch)
    fail(status::INVALID_ARGUMENT, "the main branch cannot be removed: it is the table's current snapshot", name);
  if (!metadata.refs.contains(name)) {
    fail(status::NOT_FOUND, fmt::format("the table has no branch or tag '{}'", name),
         name.empty() ? metadata.location : name);
  }
  std::string what = fmt::format("the removal of {}", name);
  return of.with(std::make_shared<ref_operation>(std::move(what), std::move(name), metadata, std::nullopt));
}

}  // namespace evodb
