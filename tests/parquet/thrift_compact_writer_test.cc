#include "parquet/thrift_compact_writer.h"

#include <boost/test/unit_test.hpp>
#include <limits>

#include "footer_builder.h"

using namespace evodb;
using namespace evodb::testing;

BOOST_AUTO_TEST_SUITE(thrift_compact_writer_test)

BOOST_AUTO_TEST_CASE(is_what_the_reader_takes) {
  bytes data;
  thrift_compact_writer out(data);
  const std::string text(300, 'x');
  out.structure([&] {
    out.boolean(1, true);
    out.boolean(2, false);
    out.i8(3, -7);
    out.i32(40, std::numeric_limits<std::int32_t>::min());
    out.structure(41, [&] {
      out.i64(1, std::numeric_limits<std::int64_t>::max());
      out.structure(2, [] {});
    });
    out.binary(42, text);
    out.list(43, thrift_compact_writer::wire_type::i64, 20,
             [&](std::size_t i) { out.i64(static_cast<std::int64_t>(i)); });
    out.list(44, thrift_compact_writer::wire_type::structure, 2,
             [&](std::size_t i) { out.structure([&] { out.i32(5, static_cast<std::int32_t>(i)); }); });
    out.i64(45, std::numeric_limits<std::int64_t>::min());
  });
  std::vector<std::int64_t> numbers;
  for (std::int64_t i = 0; i < 20; ++i) numbers.push_back(i);
  const bytes expected =
      compact_struct()
          .boolean(1, true)
          .boolean(2, false)
          .i8(3, -7)
          .i32(40, std::numeric_limits<std::int32_t>::min())
          .structure(41, compact_struct().i64(1, std::numeric_limits<std::int64_t>::max()).structure(2, empty()))
          .binary(42, text)
          .i64s(43, numbers)
          .structures(44, {compact_struct().i32(5, 0), compact_struct().i32(5, 1)})
          .i64(45, std::numeric_limits<std::int64_t>::min())
          .encoded();
  BOOST_TEST((data == expected));
}

BOOST_AUTO_TEST_SUITE_END()
