#pragma once

namespace evodb {

/// What a store counts of the requests that it was sent, each try of a request by itself.
enum class store_counter {
  gets,
  heads,
  puts,  ///< parts of an upload, its beginning and its end among them
  lists,
  deletes,  ///< requests, of up to 1000 keys each; uploads that were given up among them
  retries,  ///< those that repeat another one
  bytes_sent,
  bytes_received,  ///< bodies, in both directions
  class_a,         ///< what R2 bills as such: puts and lists
  class_b,         ///< gets and heads
  connections_opened,
  connections_in_use,      ///< now
  waits_for_a_connection,  ///< requests that found as many in use as there may be
};

}  // namespace evodb
