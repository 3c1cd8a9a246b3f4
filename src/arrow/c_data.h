#pragma once

#include <cstdint>
#include <utility>

/// The structures of the Arrow C data interface, exactly as Arrow's specification fixes them ("The Arrow C data
/// interface", "Structure definitions"). Its guard lets them meet those of other headers.
#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE

#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4

extern "C" {

struct ArrowSchema {
  const char *format;
  const char *name;
  const char *metadata;
  int64_t flags;
  int64_t n_children;
  struct ArrowSchema **children;
  struct ArrowSchema *dictionary;
  void (*release)(struct ArrowSchema *);
  void *private_data;
};

struct ArrowArray {
  int64_t length;
  int64_t null_count;
  int64_t offset;
  int64_t n_buffers;
  int64_t n_children;
  const void **buffers;
  struct ArrowArray **children;
  struct ArrowArray *dictionary;
  void (*release)(struct ArrowArray *);
  void *private_data;
};

}  // extern "C"

#endif  // ARROW_C_DATA_INTERFACE

namespace evodb {

/// An Arrow structure that is released at the end, unless it was given on.
template <typename Structure>
class owned {
 public:
  owned() = default;
  /// Moves it in from its producer, who then has a released one. `from` may be null or released already; then so is
  /// this.
  explicit owned(Structure *from) noexcept {
    if (from != nullptr) value_ = std::exchange(*from, Structure{});
  }
  ~owned() {
    if (value_.release != nullptr) value_.release(&value_);
  }
  owned(const owned &) = delete;
  owned &operator=(const owned &) = delete;

  Structure &operator*() noexcept { return value_; }
  Structure give() noexcept { return std::exchange(value_, Structure{}); }

 private:
  Structure value_{};
};

}  // namespace evodb
