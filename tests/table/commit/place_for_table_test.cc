#include "table/commit/place_for_table.h"

#include "failure.h"
#include "io/peculiar_store.h"
#include "table/sample_table.h"

using namespace evodb;
using table_tests::sample_table;

BOOST_AUTO_TEST_SUITE(place_for_table)

namespace {

struct place : sample_table {
  void put(const std::string &key) const {
    const auto where = tables->storage();
    const put_outcome outcome = run_to_end(environment, [&]() -> task<put_outcome> {
      auto body = std::make_shared<const bytes>("{}");
      put_options options;
      co_return co_await where->store().put(key, std::move(body), std::move(options));
    });
    BOOST_REQUIRE((outcome.what == put_outcome::kind::done));
  }
};

}  // namespace

BOOST_AUTO_TEST_CASE(a_table_of_a_catalog_has_the_place) {
  const place in;
  in.put("t/metadata/00003-7f4df9ab.metadata.json");
  CHECK_FAILS(in.commit(in.create()), status::INVALID_ARGUMENT,
              "the folder has a table's metadata file 00003-7f4df9ab.metadata.json");
}

BOOST_AUTO_TEST_CASE(within_another_table_and_around_one) {
  const place in;
  in.commit(in.create("a/outer"));
  for (const char *name : {"a/outer/data", "a/outer/data/inner", "a/outer/metadata", "a/outer/1/2/3/4"}) {
    CHECK_FAILS(in.commit(in.create(name)), status::INVALID_ARGUMENT,
                "lies in another table's, memory://sample/a/outer");
  }
  CHECK_FAILS(in.commit(in.create("a")), status::INVALID_ARGUMENT,
              "memory://sample/a/outer has a table's metadata file");
  in.commit(in.create("a/outer2"));
  in.commit(in.create("b"));
}

BOOST_AUTO_TEST_CASE(beyond_the_storages_root_nothing_is_looked_at) {
  const place in;
  in.commit(in.create("scope"));
  const storage scoped(in.environment,
                       std::shared_ptr<object_store>(in.tables->storage(), &in.tables->storage()->store()),
                       location::parse("memory://sample/scope/tenant"));
  const auto where = std::shared_ptr<const storage>(in.tables->storage(), &scoped);
  const auto found = run_to_end(in.environment, [&]() -> task<std::vector<std::string>> {
    location at = location::parse("memory://sample/scope/tenant/t");
    co_return co_await find_obstacles(where, std::move(at));
  });
  BOOST_TEST(found.empty());
}

BOOST_AUTO_TEST_CASE(what_it_costs) {
  const place in;
  const auto counted = std::make_shared<peculiar_store>(
      std::shared_ptr<object_store>(in.tables->storage(), &in.tables->storage()->store()));
  const auto where = std::make_shared<const storage>(in.environment, counted, location::parse("memory://sample"));
  const auto look = [&] {
    counted->requests = 0;
    run_to_end(in.environment, [&]() -> task<std::vector<std::string>> {
      location at = location::parse("memory://sample/1/2/3/4/5/6");
      co_return co_await find_obstacles(where, std::move(at));
    });
    return static_cast<int>(counted->requests);
  };
  BOOST_TEST(look() == 5 * 4);
  for (int i = 0; i < 100; ++i) in.put(fmt::format("1/2/3/4/5/6/data/part={}/file.parquet", i));
  BOOST_TEST(look() == 5 * 4 + 12);
}

BOOST_AUTO_TEST_SUITE_END()
