#include "model/partition_columns.h"

#include <boost/test/unit_test.hpp>

using namespace evodb;

BOOST_AUTO_TEST_SUITE(partition_columns)

BOOST_AUTO_TEST_CASE(an_equal_text_is_read_once_and_unknown_values_stay_unknown) {
  data_files files;
  files.partitions.resize(2);
  files.partitions[0].type = type_kind::int32;
  files.partitions[1].type = type_kind::string;
  const std::vector<std::string_view> texts{"five", "five", "", "null", "five", "", "null"};
  std::vector<std::size_t> read;
  read_partition_columns(texts, files, [&](std::size_t row) -> partition_tuple {
    read.push_back(row);
    if (texts[row].empty()) return partition_tuple(2);
    if (texts[row] == "null") return {value(null_value()), value(std::string("n"))};
    return {value(5), std::nullopt};
  });
  BOOST_TEST(read == (std::vector<std::size_t>{0, 2, 3}), boost::test_tools::per_element());
  for (std::size_t row = 0; row < texts.size(); ++row) {
    const partition_tuple known = files.partition(row);
    if (texts[row].empty()) {
      BOOST_TEST((!known[0] && !known[1]), row);
    } else if (texts[row] == "null") {
      BOOST_TEST((known[0] == value(null_value()) && known[1] == value(std::string("n"))), row);
    } else {
      BOOST_TEST((known[0] == value(5) && !known[1]), row);
    }
  }
}

BOOST_AUTO_TEST_CASE(columns_whose_values_are_all_known_say_of_none_that_it_is_not) {
  data_files files;
  files.partitions.resize(1);
  files.partitions[0].type = type_kind::int32;
  read_partition_columns({"a", "b"}, files, [](std::size_t row) { return partition_tuple{value(row == 0 ? 1 : 2)}; });
  BOOST_TEST(files.partitions[0].unknown.empty());
  BOOST_TEST(files.partitions[0].integers == (std::vector<std::int64_t>{1, 2}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
