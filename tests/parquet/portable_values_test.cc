#include "parquet/portable_values.h"

#include <boost/test/unit_test.hpp>
#include <limits>
#include <string>

#include "failure.h"
#include "table_builder.h"

using namespace evodb;
using namespace evodb::testing;
using pt = physical_type;

BOOST_AUTO_TEST_SUITE(portable_values)

namespace {

void refused(const inspection &i, std::string_view why) {
  BOOST_CHECK_EXCEPTION(i.run(), error, is_failure(status::UNSUPPORTED, why));
}

void taken(const inspection &i) {
  BOOST_TEST(i.run().file.record_count == 10);
}

inspection of_text(chunk_facts chunk, std::optional<compact_struct> annotation = logical(string_logical)) {
  const type t = annotation ? type_kind::string : type_kind::binary;
  return one_column(pt::byte_array, {.logical = std::move(annotation)}, t, {std::move(chunk)});
}

inspection of_number(compact_struct annotation, type t, std::int64_t lower, std::int64_t upper) {
  return one_column(pt::int64, {.logical = std::move(annotation)}, std::move(t),
                    {{.lower = plain(lower), .upper = plain(upper)}});
}

}  // namespace

BOOST_AUTO_TEST_CASE(text_that_is_not_utf8) {
  refused(of_text({.lower = "a", .upper = "\xff"}),
          "column c of f: text that is not UTF-8, which PyIceberg and DuckDB");
  refused(of_text({.lower = "\xc3"}), "not UTF-8");
  refused(of_text({.lower = "\xc3"}, logical(json_logical)), "not UTF-8");
  taken(of_text({.lower = "a", .upper = "\xff"}, {}));
  taken(of_text({.lower = "\xc3", .upper = "\xff", .is_lower_cut = true, .is_upper_cut = true}));
  refused(of_text({.lower = "\xc3", .upper = "\xff", .is_lower_cut = true}), "not UTF-8");
  inspection two = of_text({.lower = "a", .upper = "b"});
  two.file.groups.push_back({10, {{.upper = "\xff", .data_page_offset = 14}}});
  refused(two, "not UTF-8");
}

BOOST_AUTO_TEST_CASE(times_beyond_a_day) {
  constexpr std::int64_t day = 86'400'000'000;
  const auto of_times = [](std::int64_t lower, std::int64_t upper) {
    return of_number(time_logical(7, time_unit::micros, false), type_kind::time, lower, upper);
  };
  taken(of_times(0, day - 1));
  refused(of_times(0, day), "column c of f: times of day beyond 24 hours (86400000000 microseconds)");
  refused(of_times(-1, 0), "which Iceberg Java cannot read");
}

BOOST_AUTO_TEST_CASE(timestamps_that_microseconds_do_not_reach) {
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max() / 1000;
  const auto of_timestamps = [](time_unit unit, std::int64_t lower, std::int64_t upper) {
    const bool is_nanos = unit == time_unit::nanos;
    return of_number(time_logical(8, unit, false), is_nanos ? type_kind::timestamp_ns : type_kind::timestamp, lower,
                     upper);
  };
  taken(of_timestamps(time_unit::millis, -most, most));
  refused(of_timestamps(time_unit::millis, 0, most + 1), "out of the range of 64 bits of microseconds (92233720368547");
  refused(of_timestamps(time_unit::millis, -most - 1, 0), "which PyIceberg and DuckDB cannot read");
  for (const time_unit unit : {time_unit::micros, time_unit::nanos}) taken(of_timestamps(unit, -most - 1, most + 1));
  inspection older = of_timestamps(time_unit::millis, 0, 0);
  older.file.groups[0].chunks[0] = {.signed_lower = plain(std::int64_t{0}), .signed_upper = plain(most + 1)};
  refused(older, "out of the range");
}

BOOST_AUTO_TEST_SUITE_END()
