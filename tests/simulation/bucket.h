#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "io/object_store.h"
#include "simulation/world.h"

namespace evodb::simulation {

/// The store's own truth: what is there, and all that ever was created. Every request takes effect at one moment.
class bucket {
 public:
  struct stored {
    object_meta meta;
    std::shared_ptr<const bytes> body;
  };
  /// What a request was answered with; the numbers are HTTP's.
  struct answer {
    int status = 200;
    std::string code;             ///< the store's own, where it refuses
    std::optional<stored> found;  ///< of a read
    listing listed;
    std::string etag;  ///< of a write
    // As HTTP has it:
    std::optional<byte_range> part;  ///< of what was found
    std::string document;
    std::optional<int> retry_after_s;
  };
  struct creation {
    std::string key;
    steady_time when;
    std::shared_ptr<const bytes> body;
  };

  explicit bucket(world &in) : world_(in) {}

  answer get(const std::string &key);
  answer put(const std::string &key, std::shared_ptr<const bytes> body, const put_options &options);
  answer list(const list_options &options);
  answer remove(const std::vector<std::string> &keys);
  /// Of a request that is as old as a store accepts none.
  answer refuse_signature();
  static bool accepts(std::int64_t signed_at_ms, std::int64_t now_ms) noexcept;

  /// A key takes one write a second; the next is answered 429.
  bool limits_writes = false;
  /// A local folder asks for none, and refuses nothing that comes late.
  bool checks_signatures = true;

  const std::map<std::string, stored> &objects() const noexcept { return objects_; }
  /// Every metadata file that a put made where none was, in order.
  const std::vector<creation> &versions() const noexcept { return versions_; }
  std::int64_t count(const std::string &what) const;

 private:
  world &world_;
  std::map<std::string, stored> objects_;
  std::map<std::string, steady_time> last_write_;
  std::vector<creation> versions_;
  std::int64_t writes_ = 0;
  std::map<std::string, std::int64_t> counts_;
};

}  // namespace evodb::simulation
