#include "arrow/blocking_rows.h"

#include <atomic>

#include "failure.h"
#include "runtime/thread_runtime.h"

using namespace evodb;

BOOST_AUTO_TEST_SUITE(blocking_rows_test)

namespace {

/// Numbers up to a last one, a batch each; then the end, or a failure.
class numbers final : public row_source {
 public:
  numbers(std::int64_t last, bool fails) : last_(last), fails_(fails) {}

  task<std::optional<export_batch>> next() override {
    if (next_ > last_ && fails_) fail(status::CORRUPT, "no more numbers");
    if (next_ > last_) co_return std::nullopt;
    std::optional<export_batch> batch(columns());
    batch->append_int64(0, next_++);
    co_return batch;
  }
  static std::vector<export_column> columns() { return {{"number", export_column::kind::int64, false}}; }

 private:
  const std::int64_t last_;
  const bool fails_;
  std::int64_t next_ = 1;
};

std::shared_ptr<const row_set> numbers_to(std::int64_t last, bool fails = false) {
  row_set rows;
  rows.environment = make_thread_runtime({});
  rows.columns = numbers::columns();
  rows.open = [last, fails] { return std::make_shared<numbers>(last, fails); };
  return std::make_shared<const row_set>(std::move(rows));
}

/// The next number; 0 at the end.
std::int64_t next_of(blocking_rows &rows) {
  const std::optional<export_batch> batch = rows.next();
  return batch ? batch->column(0).number(0) : 0;
}

}  // namespace

BOOST_AUTO_TEST_CASE(rows_come_to_their_end_as_often_as_they_are_opened) {
  const auto all = numbers_to(2);
  for (int again = 0; again < 2; ++again) {
    blocking_rows rows(all);
    for (const std::int64_t expected : {1, 2, 0, 0}) BOOST_TEST(next_of(rows) == expected);
    BOOST_TEST(rows.fetch()->is_ready());
  }
}

BOOST_AUTO_TEST_CASE(what_was_fetched_is_not_left_out) {
  blocking_rows rows(numbers_to(2));
  const std::shared_ptr<operation> fetched = rows.fetch();
  BOOST_TEST((rows.fetch() == fetched));
  fetched->wait(-1);
  BOOST_TEST(next_of(rows) == 1);
  BOOST_TEST(next_of(rows) == 2);
}

BOOST_AUTO_TEST_CASE(a_failure_is_final) {
  blocking_rows rows(numbers_to(1, true));
  BOOST_TEST(next_of(rows) == 1);
  for (int again = 0; again < 2; ++again) {
    CHECK_FAILS(rows.next(), status::CORRUPT, "no more numbers");
    CHECK_FAILS(rows.check(), status::CORRUPT, "no more numbers");
    BOOST_TEST((rows.fetch()->failure() != nullptr));
  }
  rows.cancel();
  CHECK_FAILS(rows.next(), status::CORRUPT, "no more numbers");
}

BOOST_AUTO_TEST_CASE(a_cancellation_is_final_unless_the_end_was_reached) {
  blocking_rows rows(numbers_to(2)), ended(numbers_to(0));
  BOOST_TEST(next_of(rows) == 1);
  rows.cancel();
  for (int again = 0; again < 2; ++again) CHECK_FAILS(rows.next(), status::CANCELLED);
  BOOST_TEST(next_of(ended) == 0);
  ended.cancel();
  BOOST_TEST(next_of(ended) == 0);
  ended.check();
}

BOOST_AUTO_TEST_SUITE_END()
