#include "table/files/file_locations.h"

#include <functional>
#include <string>
#include <vector>

#include "failure.h"
#include "table/files/inspect.h"
#include "table/sample_table.h"

using namespace evodb;
using namespace evodb::table_tests;

BOOST_FIXTURE_TEST_SUITE(file_locations_test, sample_table)

/// The location, or what is wrong.
static std::string outcome(const std::function<std::string()> &find) {
  try {
    return find();
  } catch (const error &wrong) {
    return wrong.message() + " | " + wrong.subject();
  }
}

BOOST_AUTO_TEST_CASE(every_path_is_found_as_by_itself) {
  const table of = create("located");
  const std::string folder = of.context()->location().to_text() + "/";
  const std::vector<std::string> paths{"data/a.parquet",
                                       "data/c0=1/b%2F+x_y-z.parquet",
                                       folder + "data/a.parquet",
                                       folder + "../x",
                                       folder,
                                       folder + "/x",
                                       "memory://sample/other/a",
                                       "s3://bucket/a",
                                       "",
                                       "/absolute",
                                       "../x",
                                       "data/../x",
                                       "data/./x",
                                       "data/.hidden",
                                       "data//x",
                                       "data/",
                                       "..",
                                       "a#b",
                                       "a?b",
                                       "a\tb",
                                       std::string("a\0b", 3),
                                       "a b",
                                       "a:b",
                                       "\xc3\xa4"};
  for (const bool allow_outside : {false, true}) {
    file_locations after_another(of, allow_outside);
    BOOST_TEST(after_another.find("first") == folder + "first");
    for (const std::string &path : paths) {
      BOOST_TEST_CONTEXT(path) {
        const std::string expected = outcome([&] { return data_file_location(of, path, allow_outside); });
        BOOST_TEST(outcome([&] { return after_another.find(path); }) == expected);
        BOOST_TEST(outcome([&] { return file_locations(of, allow_outside).find(path); }) == expected);
      }
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
