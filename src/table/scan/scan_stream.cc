#include "table/scan/scan_stream.h"

#include <boost/asio/this_coro.hpp>
#include <iterator>
#include <utility>

namespace evodb {

scan_stream::scan_stream(std::shared_ptr<const plan> over, bool explains)
    : plan_(std::move(over)), explains_(explains) {}

scan_stream::~scan_stream() {
  if (reading_) reading_->stop();
}

std::vector<explanation> scan_stream::take_explanations() {
  return std::exchange(explanations_, {});
}

std::int64_t scan_stream::ready_count() const noexcept {
  std::size_t count = 0;
  for (const read_ahead::taken &one : ready_) count += one.result.files.rows.size();
  return static_cast<std::int64_t>(count);
}

planned_files scan_stream::take_files() {
  read_ahead::taken first = std::move(ready_.front());
  ready_.pop_front();
  reading_->give_back(first.places);
  if (reading_->has_many_places()) reading_->go_on();
  return std::move(first.result.files);
}

bool scan_stream::has_all_wanted() const noexcept {
  return plan_->limit() >= 0 && counts_.files_kept >= plan_->limit();
}

bool scan_stream::has_read_all() const {
  return has_all_wanted() || (reading_ ? reading_->is_done() : plan_->sources().empty());
}

task<bool> scan_stream::advance() {
  if (!reading_ && !has_read_all()) {
    reading_ = std::make_shared<read_ahead>(plan_, explains_, co_await boost::asio::this_coro::executor);
    reading_->go_on();
  }
  std::exception_ptr failure;
  try {
    for (collect(); !is_ready() && !has_read_all(); collect()) co_await reading_->wait();
  } catch (...) {
    failure = std::current_exception();
  }
  if (failure) {
    reading_->stop();
    std::rethrow_exception(failure);
  }
  co_return is_ready();
}

void scan_stream::collect() {
  if (!reading_) return;
  while (!has_all_wanted()) {
    std::optional<read_ahead::taken> next = reading_->take();
    if (!next) break;
    add(std::move(*next));
  }
  if (has_all_wanted()) {
    reading_->stop();
  } else if (reading_->has_many_places()) {
    reading_->go_on();
  }
}

void scan_stream::add(read_ahead::taken next) {
  scanned_manifest &result = next.result;
  const std::int64_t room = plan_->limit() < 0 ? -1 : plan_->limit() - counts_.files_kept;
  if (room >= 0 && result.counts.files_kept > room) {
    result.files.rows.resize(static_cast<std::size_t>(room));
    result.counts.files_kept = room;
  }
  counts_ += result.counts;
  std::move(result.explanations.begin(), result.explanations.end(), std::back_inserter(explanations_));
  if (explains_ || result.files.rows.empty()) {
    reading_->give_back(next.places);
  } else {
    ready_.push_back(std::move(next));
  }
}

}  // namespace evodb
