#include "table/files/inspect.h"

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <iterator>
#include <string>

#include "failure.h"
#include "table/sample_table.h"

using namespace evodb;
using namespace evodb::table_tests;

BOOST_AUTO_TEST_SUITE(inspect)

namespace {

/// Stores a Parquet file of one column, `id`, under the key.
void store_ids(const sample_table &sample, const std::string &key) {
  std::ifstream in(EVODB_SOURCE_DIR "/tests/data/parquet/empty.parquet", std::ios::binary);
  const auto content =
      std::make_shared<const bytes>(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  const auto stored = run_to_end(sample.environment, [&sample, key, content]() -> task<put_outcome> {
    put_options options;
    co_return co_await sample.tables->storage()->store().put(key, content, std::move(options));
  });
  BOOST_REQUIRE(stored.what == put_outcome::kind::done);
}

std::string partition_of(const sample_table &sample, const table &of, const std::string &path, path_values from_path) {
  const auto files =
      run_to_end(sample.environment, [of, path, from_path]() -> task<std::shared_ptr<const table_files>> {
        std::vector<std::string> paths{path};
        co_return co_await inspect_files(of, std::move(paths), false, from_path);
      });
  const value region = files->batches.at(0)->partition(0).at(0).value();
  return is_null(region) ? "NULL" : std::get<std::string>(region);
}

}  // namespace

BOOST_AUTO_TEST_CASE(partition_values_in_keys) {
  const sample_table sample;
  const table of = sample.create();
  for (const std::string folder : {"region=eu%2Fwest", "plain"}) store_ids(sample, "t/data/" + folder + "/f.parquet");
  CHECK_FAILS(partition_of(sample, of, "data/region=eu%2Fwest/f.parquet", path_values::refuse),
              status::INVALID_ARGUMENT, "its path says region=eu%2Fwest");
  BOOST_TEST(partition_of(sample, of, "data/region=eu%2Fwest/f.parquet", path_values::take) == "eu/west");
  for (const path_values from_path : {path_values::refuse, path_values::take})
    BOOST_TEST(partition_of(sample, of, "data/plain/f.parquet", from_path) == "NULL");
}

BOOST_AUTO_TEST_CASE(described_files_have_values_of_required_columns) {
  const sample_table sample;
  const schema columns(0, keep_or_assign_ids({{0, "dt", true, type_kind::date, {}, {}, {}}}));
  const auto partition = [&](const std::string &spec, const std::string &json) {
    const table of = create_table(sample.tables->find("d"), columns, parse_partition_spec(spec, columns), 2, {});
    described_files described(of, false);
    data_file one;
    one.file_path = "data/f.parquet";
    described.add(std::move(one), json);
    return described.count();
  };
  CHECK_FAILS(partition("dt", R"({"dt":null})"), status::INVALID_ARGUMENT,
              "is given as null, but column dt is required");
  CHECK_FAILS(partition("month(dt)", R"({"dt_month":null})"), status::INVALID_ARGUMENT, "column dt is required");
  BOOST_TEST(partition("void(dt)", R"({"dt_null":null})") == 1);
  BOOST_TEST(partition("dt", R"({"dt":"2020-01-01"})") == 1);
}

BOOST_AUTO_TEST_SUITE_END()
