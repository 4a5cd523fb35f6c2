#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/engine/checkpoint.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace jetlag {

/// A collector's state on this machine: one directory with `lock` and the SQLite file `state.db`. Every
/// row carries a checksum; damaged bytes are reported when they are read, never taken over.
///
///     Result<std::unique_ptr<SqliteCheckpointStore>> store = SqliteCheckpointStore::open(directory);
class SqliteCheckpointStore final : public CheckpointStore
{
public:
    /// Conflict when another process has the directory, or when its file is of another kind; Unsupported
    /// when a newer version wrote it. `vfs` is for tests: SQLite's file layer.
    [[nodiscard]] static Result<std::unique_ptr<SqliteCheckpointStore>>
    open(const std::filesystem::path& directory, const std::string& vfs = {});
    ~SqliteCheckpointStore() override;

    [[nodiscard]] Result<std::optional<RestoredState>> load() override;
    [[nodiscard]] Result<void> forEachKey(
        const std::function<Result<void>(std::string_view key, std::string_view bytes)>& each) override;
    [[nodiscard]] Result<void> forEachQuarantined(
        const std::function<Result<void>(QuarantineReason reason, const Hash128& hash, std::uint64_t count)>&
            each) override;
    [[nodiscard]] Result<void> commit(const CheckpointDelta& delta) override;

    /// The rows themselves, in the order of the stream, at most `atMost`.
    [[nodiscard]] Result<std::vector<QuarantinedEvent>> quarantined(std::size_t atMost);
    /// For sentences: "state directory /x/y".
    [[nodiscard]] std::string describe() const;

private:
    struct Impl;
    explicit SqliteCheckpointStore(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace jetlag
