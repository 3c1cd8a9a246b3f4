#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "diagnosis/health_check.h"
#include "diagnosis/verify.h"
#include "io/object_store.h"
#include "model/schema.h"
#include "table/change.h"
#include "table/commit/resolve.h"
#include "table/scan/plan.h"
#include "table/table.h"

namespace evodb::capi {

/// One object of a listing, with its absolute path.
struct listed_object {
  std::string path;
  std::int64_t size = 0;
  std::int64_t last_modified_ms = 0;
};
using listed_objects = std::vector<listed_object>;

/// What an operation came to. The kind is checked when it is taken: a future of a table cannot be taken as a plan.
struct result {
  enum class kind { nothing, table, data_files, schema, plan, resolution, findings, checks, object, listing };
  kind what = kind::nothing;
  std::shared_ptr<const evodb::table> table;
  std::shared_ptr<const table_files> files;
  std::shared_ptr<const evodb::schema> columns;
  std::shared_ptr<const evodb::plan> plan;

  evodb::resolution resolution;
  std::shared_ptr<const std::vector<finding>> findings;
  std::shared_ptr<const evodb::health_checks> checks;
  std::shared_ptr<const evodb::object> read;
  std::shared_ptr<const listed_objects> listed;

  result() = default;
  explicit result(evodb::table t) : what(kind::table), table(std::make_shared<const evodb::table>(std::move(t))) {}
  explicit result(std::shared_ptr<const table_files> f) : what(kind::data_files), files(std::move(f)) {}
  explicit result(std::shared_ptr<const evodb::schema> s) : what(kind::schema), columns(std::move(s)) {}
  explicit result(std::vector<finding> f)
      : what(kind::findings), findings(std::make_shared<const std::vector<finding>>(std::move(f))) {}
  explicit result(evodb::health_checks c)
      : what(kind::checks), checks(std::make_shared<const evodb::health_checks>(std::move(c))) {}
  explicit result(evodb::object o) : what(kind::object), read(std::make_shared<const evodb::object>(std::move(o))) {}
  explicit result(listed_objects l)
      : what(kind::listing), listed(std::make_shared<const listed_objects>(std::move(l))) {}
  explicit result(evodb::resolution r) : what(kind::resolution), resolution(r) {}
  explicit result(std::shared_ptr<const evodb::plan> p) : what(kind::plan), plan(std::move(p)) {}
};

}  // namespace evodb::capi
