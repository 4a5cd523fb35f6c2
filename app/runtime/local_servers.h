#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/service/local_server_service.h"

namespace jetlag {

class RealLocalServerService final : public LocalServerService
{
public:
    [[nodiscard]] Result<std::unique_ptr<LocalServer>> start(LocalServerOptions options) override;
};

} // namespace jetlag
