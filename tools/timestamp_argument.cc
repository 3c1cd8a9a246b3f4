#include "timestamp_argument.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>

#include "api.h"

namespace tool {
namespace {

using std::chrono::day;
using std::chrono::month;
using std::chrono::sys_days;
using std::chrono::year;
using std::chrono::year_month_day;

/// Reads a text from left to right; every error shows all of it.
class reader {
 public:
  explicit reader(std::string_view text) : whole_(text), rest_(text) {}

  bool at_end() const { return rest_.empty(); }
  bool take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void expect(char c) {
    if (!take(c)) refuse();
  }
  int digits(std::size_t count, int highest) {
    int number = 0;
    if (rest_.size() < count) refuse();
    const auto [end, failed] = std::from_chars(rest_.data(), rest_.data() + count, number);
    if (failed != std::errc() || end != rest_.data() + count || number < 0 || number > highest) refuse();
    rest_.remove_prefix(count);
    return number;
  }
  /// Milliseconds of a fraction; further digits are cut.
  int fraction() {
    int ms = 0, count = 0;
    while (!rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9') {
      if (count < 3) ms = ms * 10 + (rest_.front() - '0');
      ++count;
      rest_.remove_prefix(1);
    }
    if (count == 0) refuse();
    for (; count < 3; ++count) ms *= 10;
    return ms;
  }
  [[noreturn]] void refuse() const {
    throw usage_failure(
        EVODB_INVALID_ARGUMENT,
        fmt::format("not a time: '{}' (expected YYYY-MM-DD[THH:MM[:SS[.fraction]]][Z|+HH:MM] or epoch milliseconds)",
                    whole_));
  }

 private:
  std::string_view whole_, rest_;
};

}  // namespace

std::int64_t parse_timestamp(std::string_view text) {
  if (!text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; })) {
    std::int64_t ms = 0;
    if (std::from_chars(text.data(), text.data() + text.size(), ms).ec != std::errc()) reader(text).refuse();
    return ms;
  }
  reader in(text);
  const int y = in.digits(4, 9999);
  in.expect('-');
  const int m = in.digits(2, 12);
  in.expect('-');
  const int d = in.digits(2, 31);
  const year_month_day date{year(y), month(static_cast<unsigned>(m)), day(static_cast<unsigned>(d))};
  if (!date.ok()) in.refuse();
  std::int64_t ms = std::int64_t{sys_days(date).time_since_epoch().count()} * 86'400'000;
  if (in.take('T') || in.take(' ')) {
    ms += in.digits(2, 23) * std::int64_t{3'600'000};
    in.expect(':');
    ms += in.digits(2, 59) * std::int64_t{60'000};
    if (in.take(':')) {
      ms += in.digits(2, 59) * std::int64_t{1'000};
      if (in.take('.')) ms += in.fraction();
    }
    const bool is_behind = in.take('-');
    if (is_behind || in.take('+')) {
      std::int64_t minutes = in.digits(2, 18) * 60;
      in.expect(':');
      minutes += in.digits(2, 59);
      ms += (is_behind ? minutes : -minutes) * 60'000;
    } else if (!in.take('Z') && in.take(' ')) {  // as times are printed
      for (const char c : {'U', 'T', 'C'}) in.expect(c);
    }
  }
  if (!in.at_end()) in.refuse();
  return ms;
}

std::int64_t now_ms() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

std::string timestamp_text(std::int64_t epoch_ms) {
  using namespace std::chrono;
  const sys_time<milliseconds> at{milliseconds(epoch_ms)};
  const auto days_part = floor<days>(at);
  const year_month_day date{days_part};
  const hh_mm_ss<milliseconds> time{at - days_part};
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}.{:03} UTC", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), time.hours().count(),
                     time.minutes().count(), time.seconds().count(), time.subseconds().count());
}

}  // namespace tool
