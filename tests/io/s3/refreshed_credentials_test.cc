#include "io/s3/refreshed_credentials.h"

#include <future>

#include "failure.h"
#include "runtime/run_to_end.h"
#include "runtime/thread_runtime.h"

using namespace evodb;

namespace {

struct fixture {
  std::shared_ptr<runtime> environment = make_thread_runtime(thread_runtime_options());

  std::shared_ptr<operation> start(const credentials_source &from) {
    return operation::start(environment, [from]() -> task<std::shared_ptr<void>> {
      co_return std::make_shared<credentials>(co_await from());
    });
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(refreshed_credentials_test, fixture)

BOOST_AUTO_TEST_CASE(a_callback_that_hangs_is_not_waited_for_by_who_is_cancelled) {
  std::promise<void> called, let_go;
  std::atomic<int> calls{0};
  const credentials_source from = refreshed_credentials(environment, [&]() -> std::optional<expiring_credentials> {
    if (calls++ == 0) {
      called.set_value();
      let_go.get_future().wait();
    }
    return expiring_credentials{{"id", "hidden", ""}, std::nullopt};
  });
  const auto waiting = start(from), behind = start(from);
  called.get_future().wait();
  waiting->cancel();
  waiting->wait(-1);  // while the callback still hangs
  BOOST_CHECK_EXCEPTION(std::rethrow_exception(waiting->failure()), error, failure(status::CANCELLED));
  behind->cancel();
  behind->wait(-1);
  BOOST_TEST((behind->failure() != nullptr));
  let_go.set_value();
  const auto later = start(from);
  later->wait(-1);
  BOOST_TEST(std::static_pointer_cast<credentials>(later->take())->access_key_id == "id");
}

BOOST_AUTO_TEST_CASE(blanks_around_keys_do_not_count) {
  const credentials_source from = refreshed_credentials(environment, []() -> std::optional<expiring_credentials> {
    return expiring_credentials{{"id ", "hidden\n", ""}, std::nullopt};
  });
  const credentials by = run_to_end(environment, [&] { return from(); });
  BOOST_TEST(by.access_key_id == "id");
  BOOST_TEST(by.secret_access_key == "hidden");
}

BOOST_AUTO_TEST_SUITE_END()
