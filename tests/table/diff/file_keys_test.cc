#include "table/diff/file_keys.h"

#include <boost/test/unit_test.hpp>

#include "failure.h"

using namespace evodb;

BOOST_AUTO_TEST_SUITE(file_keys_test)

namespace {

data_files files_of(const std::vector<data_file> &all) {
  data_files_builder builder(0, {}, {});
  for (const data_file &one : all) builder.add(one);
  return std::move(builder).finish();
}

data_file vector_at(std::int64_t offset, const char *of) {
  data_file one;
  one.file_path = "a.puffin";
  one.content = file_content::position_deletes;
  one.format = file_format::puffin;
  one.content_offset = offset;
  one.content_size = 10;
  one.referenced_data_file = of;
  return one;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_file_is_its_path_and_a_vector_also_its_place) {
  data_file data;
  data.file_path = "a.puffin";
  const data_files files =
      files_of({data, vector_at(4, "x"), vector_at(4, "x"), vector_at(5, "x"), vector_at(4, "y"), data});
  const auto key = [&](std::size_t row) { return file_key_of(files, row); };
  BOOST_TEST((key(1) == key(2)));
  BOOST_TEST((key(0) == key(5)));
  for (const auto &[one, other] : {std::pair(0, 1), {1, 3}, {1, 4}, {3, 4}})
    BOOST_TEST((key(static_cast<std::size_t>(one)) != key(static_cast<std::size_t>(other))));
}

BOOST_AUTO_TEST_CASE(only_what_was_added_is_marked) {
  memory_budget budget(1000, 0);
  file_keys keys(budget);
  const file_key a{{1, 2}}, b{{1, 3}}, c{{2, 1}};
  keys.reserve(2);
  keys.add(b);
  keys.add(a);
  keys.close();
  BOOST_TEST(!keys.is_marked(a));
  BOOST_TEST(keys.mark(a));
  BOOST_TEST(keys.is_marked(a));
  BOOST_TEST(!keys.is_marked(b));
  BOOST_TEST(!keys.mark(c));
  BOOST_TEST(!keys.is_marked(c));
}

BOOST_AUTO_TEST_CASE(keys_are_held_from_the_budget) {
  memory_budget budget(1000, 0);
  {
    file_keys keys(budget);
    keys.reserve(20);
    BOOST_TEST(budget.in_use() == 340);
    CHECK_FAILS(keys.reserve(40), status::RESOURCE_EXHAUSTED);
  }
  BOOST_TEST(budget.in_use() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
