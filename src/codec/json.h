#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace evodb {

/// Reads a whole JSON text, at most 200 levels deep. Doubles are exact (Boost.JSON 1.81 alone reads a third of random ones one bit wrong). Throws
/// `blame` naming the subject and the byte: CORRUPT for what storage holds, INVALID_ARGUMENT for what a caller gave.
boost::json::value parse_json(std::string_view text, std::string_view subject, status blame = status::CORRUPT,
                              boost::json::storage_ptr memory = {});

class json_node;

/// A parsed text, and whom to blame for what is wrong in it.
class json_document {
 public:
  json_document(std::string_view text, std::string_view subject, status blame = status::CORRUPT);
  json_node root() const;
  const std::string &subject() const noexcept { return subject_; }

 private:
  friend class json_node;
  std::unique_ptr<boost::json::monotonic_resource> memory_;
  boost::json::value root_;
  std::string subject_;
  status blame_;
};

/// A place in a document. Its typed reads fail with the document's subject and the place's path, "$.schemas[2].fields[0].id"; the path is searched
/// for only then. The document must outlive it.
class json_node {
 public:
  json_node(const boost::json::value &at, const json_document &in) : at_(&at), in_(&in) {}

  json_node member(std::string_view key) const;              ///< fails where absent or null
  std::optional<json_node> find(std::string_view key) const;  ///< null where absent or null
  std::size_t size() const;                                   ///< of an array
  json_node operator[](std::size_t index) const;
  const boost::json::object &object() const;
  json_node of(const boost::json::value &child) const { return {child, *in_}; }

  bool is_null() const noexcept { return at_->is_null(); }
  bool is_text() const noexcept { return at_->is_string(); }
  bool is_object() const noexcept { return at_->is_object(); }
  std::string_view text() const;
  std::int64_t int64() const;
  std::int32_t int32() const;
  bool boolean() const;
  double number() const;

  [[noreturn]] void refuse(std::string_view problem) const;
  /// Runs `read`; what it refuses is refused here, with the path in front.
  template <typename Read>
  auto checked(Read read) const {
    try {
      return read();
    } catch (const error &wrong) {
      refuse(wrong.message());
    }
  }

 private:
  const boost::json::value *at_;
  const json_document *in_;
};

}  // namespace evodb
