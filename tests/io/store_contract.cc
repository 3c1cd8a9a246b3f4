#include "io/store_contract.h"

#include <atomic>
#include <barrier>
#include <ostream>
#include <thread>

#include "base/hash.h"
#include "failure.h"
#include "runtime/run_to_end.h"
#include "runtime/when_all.h"

namespace evodb {

std::ostream &operator<<(std::ostream &out, const store_promise &promise) {
  return out << promise.name;
}

namespace {

using kind = put_outcome::kind;
using when = put_condition::kind;

/// The verbs as calls that wait, with keys below the prefix.
class blocking_store {
 public:
  explicit blocking_store(store_under_test &tested) : tested_(tested) {}

  std::optional<object> get(const std::string &name, byte_range range = {}) {
    return run_to_end(tested_.environment, [&] { return tested_.store->get(tested_.prefix + name, range); });
  }
  std::optional<object_meta> head(const std::string &name) {
    return run_to_end(tested_.environment, [&] { return tested_.store->head(tested_.prefix + name); });
  }
  put_outcome put(const std::string &name, std::string body, when condition = when::always, std::string etag = {}) {
    put_options options(put_condition(condition, std::move(etag)));
    options.user_metadata.emplace_back("attempt", "one");
    const auto content = std::make_shared<const bytes>(std::move(body));
    return run_to_end(tested_.environment, [&] { return tested_.store->put(tested_.prefix + name, content, options); });
  }
  put_outcome upload(const std::string &name, std::shared_ptr<byte_source> content, when condition = when::always) {
    const put_options options{put_condition(condition)};
    return run_to_end(tested_.environment,
                      [&] { return tested_.store->upload(tested_.prefix + name, content, options); });
  }
  std::vector<object_meta> list_unfinished(const std::string &folder) {
    try {
      return run_to_end(tested_.environment, [&] { return tested_.store->list_unfinished(tested_.prefix + folder); });
    } catch (const error &untold) {
      BOOST_TEST((untold.code() == status::UNSUPPORTED));
      return {};
    }
  }
  void remove(std::vector<std::string> names) {
    for (std::string &name : names) name = tested_.prefix + name;
    run_to_end(tested_.environment, [&] { return tested_.store->remove(names); });
  }
  /// Names of objects, then of common prefixes, separated by spaces and without the prefix.
  std::string list(const std::string &prefix, const std::string &delimiter = "", const std::string &after = "",
                   std::int64_t limit = -1) {
    list_options options;
    options.prefix = tested_.prefix + prefix;
    options.delimiter = delimiter;
    if (!after.empty()) options.start_after = tested_.prefix + after;
    options.limit = limit;
    const listing found = run_to_end(tested_.environment, [&] { return tested_.store->list(options); });
    std::string text;
    for (const object_meta &meta : found.objects) text += meta.key.substr(tested_.prefix.size()) + " ";
    text += "|";
    for (const std::string &folder : found.common_prefixes) text += " " + folder.substr(tested_.prefix.size());
    return text;
  }

 private:
  store_under_test &tested_;
};

/// Bytes that tell where they are; reading them fails from some offset on.
class made_up_source final : public byte_source {
 public:
  explicit made_up_source(std::int64_t size, std::int64_t broken_from = -1) : size_(size), broken_from_(broken_from) {}

  std::int64_t size() const noexcept override { return size_; }
  task<bytes> read(std::int64_t offset, std::int64_t length) override {
    if (broken_from_ >= 0 && offset + length > broken_from_) fail(status::STORAGE_UNAVAILABLE, "cut");
    bytes part(static_cast<std::size_t>(length), '\0');
    for (std::size_t i = 0; i < part.size(); ++i) {
      const std::uint64_t at = static_cast<std::uint64_t>(offset) + i;
      part[i] = static_cast<char>(at * 31 + (at >> 8) * 7 + (at >> 20));
    }
    co_return part;
  }

 private:
  const std::int64_t size_, broken_from_;
};

void uploads(store_under_test &tested) {
  blocking_store store(tested);
  for (const std::int64_t size : {0LL, 1000LL, 16LL << 20, (16LL << 20) + 1, 40'000'000LL}) {
    const std::string name = "folder/of " + std::to_string(size);
    const auto content = std::make_shared<made_up_source>(size);
    BOOST_TEST((store.upload(name, content).what == kind::done));
    const auto found = store.get(name);
    BOOST_REQUIRE(found);
    BOOST_TEST(found->meta.size == size);
    BOOST_TEST((found->body == run_to_end(tested.environment, [&] { return content->read(0, size); })));
    BOOST_TEST((store.upload(name, std::make_shared<made_up_source>(10), when::if_absent).what == kind::exists));
    BOOST_TEST((store.upload(name, std::make_shared<made_up_source>(10)).what == kind::done));
    BOOST_TEST(store.head(name)->size == 10);
    store.remove({name});
  }
  // What cannot be read to its end leaves nothing.
  for (const std::int64_t size : {1000LL, 40'000'000LL}) {
    put_outcome outcome(kind::done, "");
    try {
      outcome = store.upload("broken", std::make_shared<made_up_source>(size, size - 100));
    } catch (const error &) {
      outcome.what = kind::failed;
    }
    BOOST_TEST((outcome.what == kind::failed));
    BOOST_TEST(!store.head("broken"));
    BOOST_TEST(store.list("") == "|");
    BOOST_TEST(store.list_unfinished("").empty());
  }
}

void absent_objects(store_under_test &tested) {
  blocking_store store(tested);
  BOOST_TEST(!store.get("no"));
  BOOST_TEST(!store.get("no/such/folder"));
  BOOST_TEST(!store.head("no"));
  store.remove({"no", "no/such/folder"});
  BOOST_TEST(store.list("no") == "|");
  BOOST_TEST(store.list("no/such/") == "|");
}

void what_is_put_is_read(store_under_test &tested) {
  blocking_store store(tested);
  std::string content = "all bytes:";
  for (int i = 0; i < 256; ++i) content += static_cast<char>(i);
  const std::int64_t before = tested.environment->now_ms();
  const put_outcome outcome = store.put("folder/deeper/a b%2F=ü.bin", content);
  BOOST_TEST((outcome.what == kind::done));
  BOOST_TEST(outcome.etag == to_hex(md5(content)));
  const auto found = store.get("folder/deeper/a b%2F=ü.bin");
  BOOST_REQUIRE(found);
  BOOST_TEST((found->body == content));
  BOOST_TEST(found->meta.key == tested.prefix + "folder/deeper/a b%2F=ü.bin");
  BOOST_TEST(found->meta.etag == outcome.etag);
  BOOST_TEST(found->meta.size == 266);
  BOOST_TEST(found->meta.last_modified_ms > before - 60'000);
  BOOST_TEST(found->meta.last_modified_ms < before + 60'000);
  const auto head = store.head("folder/deeper/a b%2F=ü.bin");
  BOOST_REQUIRE(head);
  BOOST_TEST(head->size == 266);
  BOOST_TEST(head->last_modified_ms == found->meta.last_modified_ms);
  BOOST_TEST((head->etag.empty() || head->etag == outcome.etag));
  if (tested.keeps_user_metadata) {
    const decltype(object_meta::user_metadata) expected{{"attempt", "one"}};
    BOOST_TEST((found->meta.user_metadata == expected));
    BOOST_TEST((head->user_metadata == expected));
  }
}

void empty_objects(store_under_test &tested) {
  blocking_store store(tested);
  BOOST_TEST((store.put("empty", "").what == kind::done));
  const auto found = store.get("empty");
  BOOST_REQUIRE(found);
  BOOST_TEST(found->body.empty());
  BOOST_TEST(found->meta.etag == to_hex(md5("")));
  BOOST_TEST(store.get("empty", byte_range(0, 10))->body.empty());
  BOOST_TEST(store.get("empty", byte_range(-5, -1))->body.empty());
}

void ranges(store_under_test &tested) {
  blocking_store store(tested);
  store.put("digits", "0123456789");
  const auto part = [&](std::int64_t offset, std::int64_t length) {
    const auto found = store.get("digits", byte_range(offset, length));
    BOOST_REQUIRE(found);
    BOOST_TEST(found->meta.size == 10);
    return found->body;
  };
  constexpr std::int64_t most = INT64_MAX;
  BOOST_TEST(part(0, -1) == "0123456789");
  BOOST_TEST(part(3, 4) == "3456");
  BOOST_TEST(part(3, -1) == "3456789");
  BOOST_TEST(part(0, 10) == "0123456789");
  BOOST_TEST(part(8, 100) == "89");
  BOOST_TEST(part(8, most) == "89");
  BOOST_TEST(part(2, 0) == "");
  BOOST_TEST(part(10, 1) == "");
  BOOST_TEST(part(most, most) == "");
  BOOST_TEST(part(-4, -1) == "6789");
  BOOST_TEST(part(-4, 1) == "6789");
  BOOST_TEST(part(-100, -1) == "0123456789");
  BOOST_TEST(part(INT64_MIN, -1) == "0123456789");
}

void puts_replace(store_under_test &tested) {
  blocking_store store(tested);
  BOOST_TEST((store.put("x", "a longer first").what == kind::done));
  BOOST_TEST((store.put("x", "second").what == kind::done));
  BOOST_TEST(store.get("x")->body == "second");
}

void if_absent(store_under_test &tested) {
  blocking_store store(tested);
  const put_outcome first = store.put("x", "first", when::if_absent);
  BOOST_TEST((first.what == kind::done));
  BOOST_TEST(first.etag == to_hex(md5("first")));
  BOOST_TEST((store.put("x", "second", when::if_absent).what == kind::exists));
  BOOST_TEST((store.put("x", "first", when::if_absent).what == kind::exists));  // equal bytes are no excuse
  BOOST_TEST(store.get("x")->body == "first");
  store.remove({"x"});
  BOOST_TEST((store.put("x", "third", when::if_absent).what == kind::done));
  BOOST_TEST(store.get("x")->body == "third");
}

void if_match(store_under_test &tested) {
  blocking_store store(tested);
  const std::string of_nothing = to_hex(md5(""));
  BOOST_TEST((store.put("x", "new", when::if_match, of_nothing).what == kind::exists));
  BOOST_TEST(!store.get("x"));
  const std::string first = store.put("x", "first").etag;
  BOOST_TEST((store.put("x", "new", when::if_match, of_nothing).what == kind::exists));
  BOOST_TEST((store.put("x", "new", when::if_match, "").what == kind::exists));
  BOOST_TEST(store.get("x")->body == "first");
  const put_outcome second = store.put("x", "second", when::if_match, first);
  BOOST_TEST((second.what == kind::done));
  BOOST_TEST(second.etag == to_hex(md5("second")));
  BOOST_TEST((store.put("x", "third", when::if_match, first).what == kind::exists));
  BOOST_TEST(store.get("x")->body == "second");
}

void removal(store_under_test &tested) {
  blocking_store store(tested);
  store.put("a", "1");
  store.put("b", "2");
  store.put("c/d", "3");
  store.remove({"a", "absent", "c/d"});
  store.remove({});
  BOOST_TEST(store.list("") == "b |");
  BOOST_TEST(!store.head("c/d"));
}

void listings(store_under_test &tested) {
  blocking_store store(tested);
  for (const char *name : {"a/b", "a.txt", "a/c/d", "a0", "b", "é", "~", "Z", "v10", "v9", "a/c/e/f"})
    store.put(name, "x");
  BOOST_TEST(store.list("") == "Z a.txt a/b a/c/d a/c/e/f a0 b v10 v9 ~ é |");
  BOOST_TEST(store.list("", "/") == "Z a.txt a0 b v10 v9 ~ é | a/");
  BOOST_TEST(store.list("a") == "a.txt a/b a/c/d a/c/e/f a0 |");
  BOOST_TEST(store.list("a", "/") == "a.txt a0 | a/");
  BOOST_TEST(store.list("a/") == "a/b a/c/d a/c/e/f |");
  BOOST_TEST(store.list("a/", "/") == "a/b | a/c/");
  BOOST_TEST(store.list("a/c") == "a/c/d a/c/e/f |");
  BOOST_TEST(store.list("a/c", "/") == "| a/c/");
  BOOST_TEST(store.list("v", "/", "v1") == "v10 v9 |");
  BOOST_TEST(store.list("v", "/", "v10") == "v9 |");
  BOOST_TEST(store.list("v", "/", "v9") == "|");
  BOOST_TEST(store.list("b/") == "|");  // below an object there is nothing
}

void listings_continue(store_under_test &tested) {
  blocking_store store(tested);
  for (const char *name : {"a", "b/1", "b/2", "c", "d/1", "e"}) store.put(name, "x");
  BOOST_TEST(store.list("", "", "", 0) == "|");
  BOOST_TEST(store.list("", "", "", 3) == "a b/1 b/2 |");
  BOOST_TEST(store.list("", "", "b/2", 2) == "c d/1 |");
  BOOST_TEST(store.list("", "/", "", 3) == "a c | b/");
  BOOST_TEST(store.list("", "/", "c", 2) == "e | d/");
  BOOST_TEST(store.list("", "/", "b/") == "c e | d/");
  BOOST_TEST(store.list("", "/", "b/1") == "c e | d/");
  BOOST_TEST(store.list("", "", "b/1") == "b/2 c d/1 e |");
  BOOST_TEST(store.list("", "", "zzz") == "|");
}

void listings_describe(store_under_test &tested) {
  blocking_store store(tested);
  store.put("x", "12345");
  list_options options;
  options.prefix = tested.prefix;
  const listing found = run_to_end(tested.environment, [&] { return tested.store->list(options); });
  BOOST_REQUIRE(found.objects.size() == 1u);
  BOOST_TEST(found.objects[0].size == 5);
  // HTTP tells one object's time to the second.
  BOOST_TEST(found.objects[0].last_modified_ms - store.head("x")->last_modified_ms >= 0);
  BOOST_TEST(found.objects[0].last_modified_ms - store.head("x")->last_modified_ms < 1000);
}

void whole_objects(store_under_test &tested) {
  blocking_store store(tested);
  store.put("x", "12345");
  const auto whole = [&](const std::string &name, std::int64_t limit) {
    return run_to_end(tested.environment, [&] { return get_whole(*tested.store, tested.prefix + name, limit); });
  };
  BOOST_TEST(whole("x", 5).body == "12345");
  BOOST_TEST(whole("x", 5).meta.etag == to_hex(md5("12345")));
  BOOST_TEST(whole("x", INT64_MAX).body == "12345");
  CHECK_FAILS(whole("x", 4), status::CORRUPT, "5 bytes of at most 4");
  CHECK_FAILS(whole("absent", 4), status::NOT_FOUND);
  store.put("x", "");
  BOOST_TEST(whole("x", 0).body.empty());
}

void one_of_many_creates(store_under_test &tested) {
  blocking_store store(tested);
  for (int round = 0; round < 5; ++round) {
    const std::string name = "raced/" + std::to_string(round);
    std::atomic<int> done{0}, existing{0}, winner{-1};
    std::barrier together(4);
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&, t] {
        together.arrive_and_wait();
        run_to_end(tested.environment, [&]() -> task<> {
          std::function<task<>(std::size_t)> contender = [&](std::size_t i) -> task<> {
            const int number = t * 4 + static_cast<int>(i);
            auto body = std::make_shared<const bytes>(std::to_string(number));
            put_options options(put_condition(when::if_absent));
            const put_outcome outcome =
                co_await tested.store->put(tested.prefix + name, std::move(body), std::move(options));
            if (outcome.what == kind::done) {
              ++done;
              winner = number;
            }
            if (outcome.what == kind::exists) ++existing;
          };
          co_await for_each_concurrently(4, 4, contender);
        });
      });
    }
    for (std::thread &thread : threads) thread.join();
    BOOST_TEST(done == 1);
    BOOST_TEST(existing == 15);
    BOOST_TEST(store.get(name)->body == std::to_string(winner));
  }
  BOOST_TEST(store.list("raced/") == "raced/0 raced/1 raced/2 raced/3 raced/4 |");
}

void matching_puts_lose_no_update(store_under_test &tested) {
  blocking_store(tested).put("counter", "0");
  constexpr int threads_count = 8, each = 10;
  std::vector<std::thread> threads;
  for (int t = 0; t < threads_count; ++t) {
    threads.emplace_back([&] {
      blocking_store store(tested);
      for (int i = 0; i < each;) {
        const auto now = store.get("counter");
        const std::string next = std::to_string(std::stoi(now->body) + 1);
        if (store.put("counter", next, when::if_match, now->meta.etag).what == kind::done) ++i;
      }
    });
  }
  for (std::thread &thread : threads) thread.join();
  BOOST_TEST(blocking_store(tested).get("counter")->body == std::to_string(threads_count * each));
}

void readers_see_whole_objects(store_under_test &tested) {
  blocking_store(tested).put("x", std::string(100'000, 'a'));
  std::atomic<bool> stop{false};
  std::thread writer([&] {
    blocking_store store(tested);
    for (char c = 'b'; c <= 'z'; ++c) store.put("x", std::string(static_cast<std::size_t>(c) * 1000, c));
    stop = true;
  });
  blocking_store store(tested);
  bool is_whole = true;
  while (!stop) {
    const auto found = store.get("x");
    is_whole = is_whole && found && found->meta.etag == to_hex(md5(found->body)) &&
               found->body.find_first_not_of(found->body[0]) == std::string::npos;
  }
  writer.join();
  BOOST_TEST(is_whole);
}

}  // namespace

const std::vector<store_promise> &store_contract() {
  static const std::vector<store_promise> all = {
      {"absent_objects", absent_objects},
      {"what_is_put_is_read", what_is_put_is_read},
      {"empty_objects", empty_objects},
      {"uploads", uploads},
      {"ranges", ranges},
      {"puts_replace", puts_replace},
      {"if_absent", if_absent},
      {"if_match", if_match},
      {"removal", removal},
      {"listings", listings},
      {"listings_continue", listings_continue},
      {"listings_describe", listings_describe},
      {"whole_objects", whole_objects},
      {"one_of_many_creates", one_of_many_creates},
      {"matching_puts_lose_no_update", matching_puts_lose_no_update},
      {"readers_see_whole_objects", readers_see_whole_objects},
  };
  return all;
}

}  // namespace evodb
