#include "base/time.h"
#include "finding.h"
#include "http/http_date.h"

using namespace evodb;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  if (const auto parsed = fuzz::attempt([&] { return parse_timestamp(text); })) {
    fuzz::attempt([&] { return epoch_ms_to_text(parsed->instant(1'000)); });
    if (const auto micros = fuzz::attempt([&] { return parsed->instant(1'000'000); }))
      fuzz::require(parse_timestamp(timestamp_to_text(*micros)).instant(1'000'000) == *micros,
                    "microseconds are read back");
    if (const auto nanos = fuzz::attempt([&] { return parsed->instant(1'000'000'000); }))
      fuzz::require(parse_timestamp(timestamp_ns_to_text(*nanos)).instant(1'000'000'000) == *nanos,
                    "nanoseconds are read back");
  }
  if (const auto days = fuzz::attempt([&] { return parse_date(text); }))
    fuzz::require(parse_date(date_to_text(*days)) == *days, "a date is read back");
  if (const auto micros = fuzz::attempt([&] { return parse_time(text); }))
    fuzz::require(parse_time(time_to_text(*micros)) == *micros, "a time is read back");
  if (const auto ms = read_http_date(text)) epoch_ms_to_text(*ms);
  return 0;
}
