#include "parquet/thrift_compact.h"

#include <boost/test/unit_test.hpp>
#include <limits>
#include <string>

#include "failure.h"
#include "footer_builder.h"

using namespace evodb;
using namespace evodb::testing;
using wire_type = thrift_compact_reader::wire_type;

BOOST_AUTO_TEST_SUITE(thrift_compact)

namespace {

void skip_all(byte_view data) {
  thrift_compact_reader in(data, "f");
  in.read_struct(wire_type::structure, [&](int, wire_type type) { in.skip(type); });
}

}  // namespace

BOOST_AUTO_TEST_CASE(reads_every_type_of_value) {
  const bytes data = compact_struct()
                         .boolean(1, true)
                         .boolean(2, false)
                         .i8(3, -7)
                         .i32(40, std::numeric_limits<std::int32_t>::min())
                         .i64(5, std::numeric_limits<std::int64_t>::min())
                         .binary(6, "text")
                         .i64s(7, std::vector<std::int64_t>(20, 3))
                         .encoded();
  thrift_compact_reader in(data, "f");
  int seen = 0;
  std::int64_t sum = 0;
  in.read_struct(wire_type::structure, [&](int id, wire_type type) {
    ++seen;
    switch (id) {
      case 1:
        BOOST_TEST(in.read_bool(type));
        break;
      case 2:
        BOOST_TEST(!in.read_bool(type));
        break;
      case 3:
        BOOST_TEST(in.read_i8(type) == -7);
        break;
      case 40:
        BOOST_TEST(in.read_i32(type) == std::numeric_limits<std::int32_t>::min());
        break;
      case 5:
        BOOST_TEST(in.read_i64(type) == std::numeric_limits<std::int64_t>::min());
        break;
      case 6:
        BOOST_TEST(in.read_binary(type) == "text");
        break;
      case 7:
        in.read_list(type, [&](wire_type element) { sum += in.read_i64(element); });
        break;
      default:
        BOOST_ERROR("no such field");
    }
  });
  BOOST_TEST(seen == 7);
  BOOST_TEST(sum == 60);
  BOOST_TEST(in.position() == data.size());
}

BOOST_AUTO_TEST_CASE(skips_what_it_does_not_know) {
  const bytes bools = compact_struct::list_header(1, 3) + "\1\2\1";
  const bytes one_entry = bytes("\1\x83", 2) + "\1k" + "\5";  // of a map from binary to i8
  const bytes data = compact_struct()
                         .any(1, 10, bools)
                         .any(2, 11, one_entry)
                         .any(3, 11, bytes(1, '\0'))  // a map of nothing has no types
                         .any(4, 7, "12345678")
                         .any(5, 13, "0123456789abcdef")
                         .structure(6, compact_struct().boolean(1, true).i32(9, 1))
                         .i32(7, 8)
                         .encoded();
  thrift_compact_reader in(data, "f");
  std::int32_t last = 0;
  in.read_struct(wire_type::structure,
                 [&](int id, wire_type type) { id == 7 ? void(last = in.read_i32(type)) : in.skip(type); });
  BOOST_TEST(last == 8);
}

BOOST_AUTO_TEST_CASE(refuses_what_is_not_the_protocol) {
  const auto refused = [](byte_view data, std::string_view why) {
    BOOST_CHECK_EXCEPTION(skip_all(data), error, is_failure(status::CORRUPT, why));
  };
  refused("", "ends within a value");
  refused("\x18", "ends within a value");
  refused("\x1f", "type 15");
  refused("\x10", "without a type");
  refused(std::string_view("\x18\xff\xff\xff\xff\x0f", 6), "beyond the end");
  refused(std::string_view("\x18\xff\xff\xff\xff\xff\x0f", 7), "32 bits");
  refused(std::string_view("\x16\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 12), "64 bits");
  refused(std::string_view("\x19\xf5\xff\xff\xff\xff\x0f", 7), "longer than what remains");
  refused(std::string_view("\x1b\xff\xff\xff\xff\x0f\x55", 7), "ends within a value");
  refused(std::string_view("\x05\x01", 2), "out of range");  // field id -1
}

BOOST_AUTO_TEST_CASE(names_file_and_byte) {
  BOOST_CHECK_EXCEPTION(skip_all(compact_struct().i32(1, 5).encoded().substr(0, 2)), error, [](const error &e) {
    return e.subject() == "f" && e.message().find(" f ") != std::string::npos && e.message().ends_with("byte 2");
  });
}

BOOST_AUTO_TEST_CASE(refuses_values_of_another_type) {
  const bytes data = compact_struct().i64(1, 5).encoded();
  thrift_compact_reader in(data, "f");
  BOOST_CHECK_EXCEPTION(in.read_struct(wire_type::structure, [&](int, wire_type type) { in.read_i32(type); }), error,
                        is_failure(status::CORRUPT, "Thrift type 6 where 5 is due"));
}

BOOST_AUTO_TEST_CASE(ends_nesting) {
  const auto nested = [](char one, int times) { return std::string(static_cast<std::size_t>(times), one); };
  BOOST_CHECK_EXCEPTION(skip_all(nested('\x1c', 1'000'000)), error, is_failure(status::CORRUPT, "nested too deeply"));
  BOOST_CHECK_EXCEPTION(skip_all("\x19" + nested('\x19', 1'000'000)), error,
                        is_failure(status::CORRUPT, "nested too deeply"));
  BOOST_CHECK_EXCEPTION(skip_all("\x1b" + nested('\x1b', 1'000'000)), error,
                        is_failure(status::CORRUPT, "nested too deeply"));
}

BOOST_AUTO_TEST_SUITE_END()
