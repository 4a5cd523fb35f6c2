#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <memory>
#include <string>
#include <string_view>

namespace jetlag::test {

/// A file layer for SQLite that works like the system's until told to fail. Name it in the options of
/// whatever opens the file; destroy it after the last connection.
///
///     FaultyVfs vfs;
///     open(path, {.vfs = vfs.name()});
///     vfs.failWrites(/*after=*/2, FaultyVfs::Fault::DiskFull);   // the third write fails, and all later
///     ones
class FaultyVfs final
{
public:
    enum class Fault {
        IoError,  ///< nothing is written
        DiskFull, ///< nothing is written
        CutShort, ///< half of the bytes are written, then an I/O error: a power cut in the middle
    };

    FaultyVfs();
    ~FaultyVfs();
    FaultyVfs(const FaultyVfs&) = delete;
    FaultyVfs& operator=(const FaultyVfs&) = delete;

    [[nodiscard]] const std::string& name() const noexcept;

    /// Lets `after` more writes through, then fails until heal(). Only files whose name ends with `suffix`
    /// ("-wal") are meant; empty = all.
    void failWrites(unsigned after, Fault fault, std::string_view suffix = {});
    /// Every sync fails until heal().
    void failSyncs();
    void heal();

    [[nodiscard]] unsigned writes() const noexcept;   ///< that were let through, since the beginning
    [[nodiscard]] unsigned failures() const noexcept; ///< calls that were made to fail

    struct State;

private:
    std::unique_ptr<State> m_state;
};

} // namespace jetlag::test
