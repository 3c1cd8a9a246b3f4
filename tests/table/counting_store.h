#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "io/memory_store.h"
#include "io/object_store.h"
#include "runtime/async_semaphore.h"
#include "table/sample_table.h"

namespace evodb::table_tests {

/// Counts the reads of manifests, which wait where `gate` is taken.
class counting_store : public object_store {
 public:
  explicit counting_store(std::shared_ptr<object_store> beneath) : store_(std::move(beneath)) {}

  std::atomic<int> manifest_reads{0};
  async_semaphore gate{1};

  void wait_for_reads(int count) const {
    while (manifest_reads < count) std::this_thread::yield();
  }

  task<std::optional<object>> get(std::string key, byte_range range) override {
    if (key.ends_with(".avro") && key.find("/snap-") == std::string::npos) {
      ++manifest_reads;
      const async_semaphore::permit open = co_await gate.acquire();
    }
    co_return co_await store_->get(std::move(key), range);
  }
  task<std::optional<object_meta>> head(std::string key) override { return store_->head(std::move(key)); }
  task<put_outcome> put(std::string key, std::shared_ptr<const bytes> body, put_options options) override {
    return store_->put(std::move(key), std::move(body), std::move(options));
  }
  task<listing> list(list_options options) override { return store_->list(std::move(options)); }
  task<> remove(std::vector<std::string> keys) override { return store_->remove(std::move(keys)); }
  const location &root() const noexcept override { return store_->root(); }
  bool creates_exclusively() const noexcept override { return store_->creates_exclusively(); }

 private:
  const std::shared_ptr<object_store> store_;
};

/// A sample table over such a store.
struct counted_table : sample_table {
  explicit counted_table(std::optional<std::int64_t> cache_bytes = std::nullopt) {
    thread_runtime_options options;
    options.cpu_threads = 1;
    options.cache_bytes = cache_bytes;
    environment = make_thread_runtime(options);
    const auto beneath = make_memory_store(environment, "counted");
    store = std::make_shared<counting_store>(beneath);
    others = std::make_shared<open_tables>(std::make_shared<const storage>(environment, beneath, beneath->root()));
    tables = std::make_shared<open_tables>(std::make_shared<const storage>(environment, store, store->root()));
  }

  /// So many files, each in a manifest of its own, which none has read or written through this store.
  table with_manifests(int count) const {
    sample_table beside(*this);
    beside.tables = others;
    table value = commit(beside.create());
    for (int i = 0; i < count; ++i) value = append(value, files(value, std::to_string(i)));
    commit(value);
    return open();
  }
  void settle() const {
    for (int i = 0; i < 5; ++i) {
      environment->settle();
      std::this_thread::yield();
    }
  }

  std::shared_ptr<counting_store> store;
  std::shared_ptr<open_tables> others;  ///< of the same tables, past the counter
};

}  // namespace evodb::table_tests
