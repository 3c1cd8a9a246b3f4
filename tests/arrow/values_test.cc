// Values of Iceberg's types from Arrow arrays, and to them.

#include <boost/test/unit_test.hpp>
#include <limits>
#include <memory>

#include "arrow/export_values.h"
#include "arrow/import_values.h"
#include "arrow_arrays.h"
#include "failure.h"

using namespace evodb;
using evodb::testing::arrow_column;

BOOST_AUTO_TEST_SUITE(arrow_values)

namespace {

using ints = std::vector<std::int32_t>;
using longs = std::vector<std::int64_t>;

/// The second of three values is read, the first lies before the array's offset.
template <typename T>
value read(const type &t, const std::string &format, const std::vector<T> &numbers) {
  arrow_column column(format, "c", static_cast<std::int64_t>(numbers.size()));
  column.values(numbers).offset(1);
  const imported_array from{&column.schema, &column.array, "c"};
  return value_import(from, {0, column.array.length}, t).at(0);
}

value read_text(const type &t, const std::string &format, const std::string &text) {
  arrow_column column(format, "c", 1);
  if (format == "U" || format == "Z") {
    column.values(longs{0, static_cast<std::int64_t>(text.size())});
  } else if (!format.starts_with("w:")) {
    column.values(ints{0, static_cast<std::int32_t>(text.size())});
  }
  column.text(text);
  return value_import({&column.schema, &column.array, "c"}, {0, 1}, t).at(0);
}

template <typename T>
std::vector<T> of(T number) {
  return {T{}, number, T{}};
}

const std::vector<type> types{
    type_kind::boolean,   type_kind::int32,       type_kind::int64,        type_kind::float32,
    type_kind::float64,   type::decimal(9, 2),    type_kind::date,         type_kind::time,
    type_kind::timestamp, type_kind::timestamptz, type_kind::timestamp_ns, type_kind::timestamptz_ns,
    type_kind::string,    type_kind::uuid,        type::fixed(3),          type_kind::binary};

std::vector<value> samples(const type &t) {
  switch (t.kind()) {
    case type_kind::boolean:
      return {true, null_value{}, false};
    case type_kind::int32:
    case type_kind::date:
      return {std::int32_t{-7}, null_value{}, std::int32_t{1 << 20}};
    case type_kind::float32:
      return {1.5F, null_value{}, -0.0F};
    case type_kind::float64:
      return {1.5, null_value{}, std::numeric_limits<double>::infinity()};
    case type_kind::decimal:
      return {int128{-1234}, null_value{}, int128{999'999'999}};
    case type_kind::string:
      return {std::string(), null_value{}, std::string("größer")};
    case type_kind::uuid:
      return {std::string(16, '\x01'), null_value{}, std::string(16, '\xfe')};
    case type_kind::fixed:
      return {std::string("abc"), null_value{}, std::string("\0\0\0", 3)};
    case type_kind::binary:
      return {std::string("\xff\0", 2), null_value{}, std::string()};
    default:
      return {std::int64_t{0}, null_value{}, std::int64_t{86'399'999'999}};
  }
}

}  // namespace

BOOST_AUTO_TEST_CASE(every_type_comes_back_as_it_was_given) {
  for (const type &t : types) {
    const export_column column = export_column_of("c", t);
    export_batch batch({column});
    std::vector<value> given;
    for (int repeat = 0; repeat < 4; ++repeat) {  // so that bits fill more than one octet
      for (const value &v : samples(t)) given.push_back(v);
    }
    for (const value &v : given) append_value(batch, 0, t, v);
    owned<ArrowSchema> schema;
    owned<ArrowArray> array;
    export_schema({column}, *schema);
    std::move(batch).finish(*array);
    const imported_array from{(*schema).children[0], (*array).children[0], "c"};
    const auto count = static_cast<std::int64_t>(given.size());
    const value_import values(from, {0, count}, t);
    for (std::int64_t i = 0; i < count; ++i)
      BOOST_TEST((values.at(i) == given[static_cast<std::size_t>(i)]), t.to_text() << " " << i);
  }
}

BOOST_AUTO_TEST_CASE(a_type_without_values_is_arrows_null) {
  export_batch batch({export_column_of("c", type_kind::unknown)});
  append_value(batch, 0, type_kind::unknown, null_value{});
  owned<ArrowSchema> schema;
  owned<ArrowArray> array;
  export_schema({export_column_of("c", type_kind::unknown)}, *schema);
  std::move(batch).finish(*array);
  BOOST_TEST((*schema).children[0]->format == std::string("n"));
  BOOST_TEST((*array).children[0]->n_buffers == 0);
  const imported_array from{(*schema).children[0], (*array).children[0], "c"};
  for (const type &t : types) BOOST_TEST(is_null(value_import(from, {0, 1}, t).at(0)));
}

BOOST_AUTO_TEST_CASE(narrower_integers_are_widened) {
  BOOST_CHECK(read(type_kind::int32, "c", of<std::int8_t>(-5)) == value(std::int32_t{-5}));
  BOOST_CHECK(read(type_kind::int32, "S", of<std::uint16_t>(65'535)) == value(std::int32_t{65'535}));
  BOOST_CHECK(read(type_kind::int64, "I", of<std::uint32_t>(4'294'967'295)) == value(std::int64_t{4'294'967'295}));
  BOOST_CHECK(read(type_kind::float64, "f", of(1.5F)) == value(1.5));
  CHECK_FAILS(read(type_kind::int32, "l", of<std::int64_t>(5)), status::INVALID_ARGUMENT,
              "Arrow column c: Arrow type 'l' is not read as int");
  CHECK_FAILS(read(type_kind::int64, "L", of<std::uint64_t>(5)), status::INVALID_ARGUMENT, "'L' is not read as long");
}

BOOST_AUTO_TEST_CASE(units_are_converted_where_nothing_is_lost) {
  BOOST_CHECK(read(type_kind::date, "tdm", of<std::int64_t>(-86'400'000)) == value(std::int32_t{-1}));
  BOOST_CHECK(read(type_kind::time, "tts", of<std::int32_t>(7)) == value(std::int64_t{7'000'000}));
  BOOST_CHECK(read(type_kind::time, "ttm", of<std::int32_t>(7)) == value(std::int64_t{7'000}));
  BOOST_CHECK(read(type_kind::time, "ttn", of<std::int64_t>(7'000)) == value(std::int64_t{7}));
  BOOST_CHECK(read(type_kind::timestamp, "tss:", of<std::int64_t>(-7)) == value(std::int64_t{-7'000'000}));
  BOOST_CHECK(read(type_kind::timestamp, "tsm:", of<std::int64_t>(7)) == value(std::int64_t{7'000}));
  BOOST_CHECK(read(type_kind::timestamptz, "tsn:Europe/Paris", of<std::int64_t>(-7'000)) == value(std::int64_t{-7}));
  BOOST_CHECK(read(type_kind::timestamptz_ns, "tsu:UTC", of<std::int64_t>(7)) == value(std::int64_t{7'000}));
  const auto refused = [](const type &t, const std::string &format, std::int64_t number, const std::string &why) {
    CHECK_FAILS(read(t, format, of(number)), status::INVALID_ARGUMENT, "Arrow column c: row 0: " + why);
  };
  refused(type_kind::timestamp, "tsn:", 7'001, "7001 has a part that is finer");
  refused(type_kind::timestamp, "tss:", std::int64_t{1} << 60, "1152921504606846976 is out of range");
  refused(type_kind::date, "tdm", 1, "1 ms is no whole day");
  refused(type_kind::date, "tdm", 86'400'000LL << 32, "4294967296 days are out of range");
  refused(type_kind::time, "ttu", 86'400'000'000, "86400000000 is no time of a day");
  refused(type_kind::time, "ttu", -1, "-1 is no time of a day");
}

BOOST_AUTO_TEST_CASE(zones_are_not_made_up) {
  CHECK_FAILS(read(type_kind::timestamp, "tsu:UTC", of<std::int64_t>(1)), status::INVALID_ARGUMENT,
              "'tsu:UTC' is not read as timestamp");
  CHECK_FAILS(read(type_kind::timestamptz, "tsu:", of<std::int64_t>(1)), status::INVALID_ARGUMENT,
              "'tsu:' is not read as timestamptz");
}

BOOST_AUTO_TEST_CASE(decimals_keep_their_scale_and_fit) {
  BOOST_CHECK(read(type::decimal(4, 2), "d:38,2", of<int128>(-9'999)) == value(int128{-9'999}));
  BOOST_CHECK(read(type::decimal(4, 2), "d:4,2,128", of<int128>(5)) == value(int128{5}));
  CHECK_FAILS(read(type::decimal(4, 2), "d:38,2", of<int128>(10'000)), status::INVALID_ARGUMENT,
              "100.00 has more than 4 digits");
  for (const char *format : {"d:4,1", "d:4,2,256", "d:4", "d:4,2,", "d:,", "d:4,2x"}) {
    CHECK_FAILS(read(type::decimal(4, 2), format, of<int128>(5)), status::INVALID_ARGUMENT, "is not read as decimal");
  }
}

BOOST_AUTO_TEST_CASE(texts_and_octets) {
  for (const char *format : {"u", "U"})
    BOOST_CHECK(read_text(type_kind::string, format, "é") == value(std::string("é")));
  for (const char *format : {"z", "Z"})
    BOOST_CHECK(read_text(type_kind::binary, format, "\xff") == value(std::string("\xff")));
  const std::string sixteen(16, 'x');
  BOOST_CHECK(read_text(type_kind::uuid, "w:16", sixteen) == value(sixteen));
  BOOST_CHECK(read_text(type::fixed(16), "w:16", sixteen) == value(sixteen));
  CHECK_FAILS(read_text(type_kind::string, "u", "\xff"), status::INVALID_ARGUMENT, "row 0: not UTF-8");
  CHECK_FAILS(read_text(type_kind::uuid, "w:4", "abcd"), status::INVALID_ARGUMENT, "'w:4' is not read as uuid");
  CHECK_FAILS(read_text(type_kind::uuid, "u", sixteen), status::INVALID_ARGUMENT, "'u' is not read as uuid");
  CHECK_FAILS(read_text(type_kind::string, "vu", "x"), status::INVALID_ARGUMENT, "'vu' is not read as string");
}

BOOST_AUTO_TEST_CASE(dictionaries_are_refused) {
  arrow_column column("i", "c", 1);
  column.values(ints{0});
  arrow_column dictionary("u", "", 0);
  column.schema.dictionary = &dictionary.schema;
  const imported_array from{&column.schema, &column.array, "c"};
  CHECK_FAILS(value_import(from, {0, 1}, type_kind::int32), status::INVALID_ARGUMENT, "dictionary-encoded");
}

BOOST_AUTO_TEST_CASE(validity_and_offset_count) {
  arrow_column column("b", "c", 10);
  column.values(std::vector<std::uint8_t>{0b1010'1010, 0b10}).validity({0xff, 0b01}).offset(1);
  const value_import bits({&column.schema, &column.array, "c"}, {0, 9}, type_kind::boolean);
  BOOST_CHECK(bits.at(0) == value(true));
  BOOST_CHECK(bits.at(1) == value(false));
  BOOST_TEST(is_null(bits.at(8)));
}

BOOST_AUTO_TEST_SUITE_END()
