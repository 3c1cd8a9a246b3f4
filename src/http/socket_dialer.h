#pragma once

#include <memory>

#include "http/byte_stream.h"
#include "http/name_resolver.h"
#include "http/proxy.h"
#include "http/tls_stream.h"

namespace evodb {

/// Connections over the network: by name, through a proxy where the environment names one, with TLS where the origin
/// has it. Any thread.
class socket_dialer final : public dialer {
 public:
  socket_dialer(std::weak_ptr<runtime> environment, std::shared_ptr<const tls_context> tls,
                environment_variables variables)
      : names_(std::move(environment)), tls_(std::move(tls)), variables_(std::move(variables)) {}

  task<std::unique_ptr<byte_stream>> dial(origin to, dial_progress &progress) override;
  std::string way_to(const origin &to) const override;

 private:
  task<std::unique_ptr<byte_stream>> connect(std::string host, std::uint16_t port, std::string name,
                                             dial_progress &progress);
  task<std::unique_ptr<byte_stream>> connect_to_proxy(proxy by, dial_progress &progress);

  name_resolver names_;
  const std::shared_ptr<const tls_context> tls_;
  const environment_variables variables_;
};

}  // namespace evodb
