#pragma once

#include <boost/asio/ip/address.hpp>
#include <cstdint>
#include <memory>
#include <vector>

#include "http/byte_stream.h"

namespace evodb {

/// A connection to the first of the addresses that takes one. Throws STORAGE_UNAVAILABLE naming `host`, with what the last
/// one answered.
task<std::unique_ptr<byte_stream>> connect_tcp(std::vector<boost::asio::ip::address> addresses, std::uint16_t port,
                                               std::string host);

}  // namespace evodb
