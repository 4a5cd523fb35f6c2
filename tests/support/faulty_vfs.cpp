// SPDX-License-Identifier: Apache-2.0
#include "tests/support/faulty_vfs.h"

#include <sqlite3.h>

#include <atomic>
#include <mutex>
#include <new>
#include <stdexcept>

namespace jetlag::test {

struct FaultyVfs::State
{
    sqlite3_vfs vfs{}; // first: SQLite hands this back
    sqlite3_vfs* real = nullptr;
    std::string name;

    std::atomic<unsigned> writes = 0;
    std::atomic<unsigned> failures = 0;

    std::mutex mutex; // guards what follows
    bool writesFail = false;
    bool syncsFail = false;
    unsigned writesLeft = 0;
    Fault fault = Fault::IoError;
    std::string suffix;
};

namespace {

using State = FaultyVfs::State;

// SQLite gives szOsFile bytes, aligned for pointers: this, and behind it the real file.
struct FaultyFile
{
    sqlite3_file base;
    State* state;
    const char* path; // SQLite keeps it alive until xClose; null for temporary files

    sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

FaultyFile& faulty(sqlite3_file* file)
{
    return *reinterpret_cast<FaultyFile*>(file);
}

sqlite3_file* realOf(sqlite3_file* file)
{
    return faulty(file).real();
}

State& stateOf(sqlite3_vfs* vfs)
{
    return *static_cast<State*>(vfs->pAppData);
}

int close(sqlite3_file* file)
{
    return realOf(file)->pMethods->xClose(realOf(file));
}

int read(sqlite3_file* file, void* bytes, int size, sqlite3_int64 offset)
{
    return realOf(file)->pMethods->xRead(realOf(file), bytes, size, offset);
}

int write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset)
{
    State& state = *faulty(file).state;
    sqlite3_file* real = realOf(file);
    bool fails = false;
    FaultyVfs::Fault fault{};
    {
        const std::lock_guard lock(state.mutex);
        const std::string_view path = faulty(file).path ? faulty(file).path : "";
        if (state.writesFail && path.ends_with(state.suffix)) {
            fails = state.writesLeft == 0;
            state.writesLeft -= fails ? 0 : 1;
            fault = state.fault;
        }
    }
    if (!fails) {
        ++state.writes;
        return real->pMethods->xWrite(real, bytes, size, offset);
    }
    ++state.failures;
    switch (fault) {
    case FaultyVfs::Fault::DiskFull:
        return SQLITE_FULL;
    case FaultyVfs::Fault::CutShort:
        real->pMethods->xWrite(real, bytes, size / 2, offset);
        break;
    case FaultyVfs::Fault::IoError:
        break;
    }
    return SQLITE_IOERR_WRITE;
}

int truncate(sqlite3_file* file, sqlite3_int64 size)
{
    return realOf(file)->pMethods->xTruncate(realOf(file), size);
}

int sync(sqlite3_file* file, int flags)
{
    State& state = *faulty(file).state;
    {
        const std::lock_guard lock(state.mutex);
        if (state.syncsFail) {
            ++state.failures;
            return SQLITE_IOERR_FSYNC;
        }
    }
    return realOf(file)->pMethods->xSync(realOf(file), flags);
}

int fileSize(sqlite3_file* file, sqlite3_int64* size)
{
    return realOf(file)->pMethods->xFileSize(realOf(file), size);
}

int lock(sqlite3_file* file, int level)
{
    return realOf(file)->pMethods->xLock(realOf(file), level);
}

int unlock(sqlite3_file* file, int level)
{
    return realOf(file)->pMethods->xUnlock(realOf(file), level);
}

int checkReservedLock(sqlite3_file* file, int* result)
{
    return realOf(file)->pMethods->xCheckReservedLock(realOf(file), result);
}

int fileControl(sqlite3_file* file, int operation, void* argument)
{
    return realOf(file)->pMethods->xFileControl(realOf(file), operation, argument);
}

int sectorSize(sqlite3_file* file)
{
    return realOf(file)->pMethods->xSectorSize(realOf(file));
}

int deviceCharacteristics(sqlite3_file* file)
{
    return realOf(file)->pMethods->xDeviceCharacteristics(realOf(file));
}

int shmMap(sqlite3_file* file, int page, int size, int extend, void volatile** place)
{
    return realOf(file)->pMethods->xShmMap(realOf(file), page, size, extend, place);
}

int shmLock(sqlite3_file* file, int offset, int count, int flags)
{
    return realOf(file)->pMethods->xShmLock(realOf(file), offset, count, flags);
}

void shmBarrier(sqlite3_file* file)
{
    realOf(file)->pMethods->xShmBarrier(realOf(file));
}

int shmUnmap(sqlite3_file* file, int deleteFlag)
{
    return realOf(file)->pMethods->xShmUnmap(realOf(file), deleteFlag);
}

// Version 2: with shared memory for WAL, without memory mapping, which would pass our write() by.
const sqlite3_io_methods kMethods = {
    .iVersion = 2,
    .xClose = close,
    .xRead = read,
    .xWrite = write,
    .xTruncate = truncate,
    .xSync = sync,
    .xFileSize = fileSize,
    .xLock = lock,
    .xUnlock = unlock,
    .xCheckReservedLock = checkReservedLock,
    .xFileControl = fileControl,
    .xSectorSize = sectorSize,
    .xDeviceCharacteristics = deviceCharacteristics,
    .xShmMap = shmMap,
    .xShmLock = shmLock,
    .xShmBarrier = shmBarrier,
    .xShmUnmap = shmUnmap,
    .xFetch = nullptr,
    .xUnfetch = nullptr,
};

int open(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags, int* outFlags)
{
    State& state = stateOf(vfs);
    FaultyFile& opened = *new (file) FaultyFile{{nullptr}, &state, path};
    const int code = state.real->xOpen(state.real, path, opened.real(), flags, outFlags);
    if (opened.real()->pMethods)
        opened.base.pMethods = &kMethods;
    return code;
}

int remove(sqlite3_vfs* vfs, const char* path, int syncFolder)
{
    return stateOf(vfs).real->xDelete(stateOf(vfs).real, path, syncFolder);
}

int access(sqlite3_vfs* vfs, const char* path, int flags, int* result)
{
    return stateOf(vfs).real->xAccess(stateOf(vfs).real, path, flags, result);
}

int fullPathname(sqlite3_vfs* vfs, const char* path, int size, char* full)
{
    return stateOf(vfs).real->xFullPathname(stateOf(vfs).real, path, size, full);
}

int randomness(sqlite3_vfs* vfs, int size, char* bytes)
{
    return stateOf(vfs).real->xRandomness(stateOf(vfs).real, size, bytes);
}

int sleep(sqlite3_vfs* vfs, int microseconds)
{
    return stateOf(vfs).real->xSleep(stateOf(vfs).real, microseconds);
}

int currentTime(sqlite3_vfs* vfs, double* days)
{
    return stateOf(vfs).real->xCurrentTime(stateOf(vfs).real, days);
}

int lastError(sqlite3_vfs* vfs, int size, char* text)
{
    return stateOf(vfs).real->xGetLastError(stateOf(vfs).real, size, text);
}

int currentTimeInt64(sqlite3_vfs* vfs, sqlite3_int64* milliseconds)
{
    return stateOf(vfs).real->xCurrentTimeInt64(stateOf(vfs).real, milliseconds);
}

} // namespace

FaultyVfs::FaultyVfs()
    : m_state(std::make_unique<State>())
{
    static std::atomic<unsigned> count = 0;
    State& state = *m_state;
    state.real = sqlite3_vfs_find(nullptr);
    state.name = "jetlag-faulty-" + std::to_string(++count);
    state.vfs.iVersion = 2;
    state.vfs.szOsFile = static_cast<int>(sizeof(FaultyFile)) + state.real->szOsFile;
    state.vfs.mxPathname = state.real->mxPathname;
    state.vfs.zName = state.name.c_str();
    state.vfs.pAppData = &state;
    state.vfs.xOpen = open;
    state.vfs.xDelete = remove;
    state.vfs.xAccess = access;
    state.vfs.xFullPathname = fullPathname;
    state.vfs.xRandomness = randomness;
    state.vfs.xSleep = sleep;
    state.vfs.xCurrentTime = currentTime;
    state.vfs.xGetLastError = lastError;
    state.vfs.xCurrentTimeInt64 = currentTimeInt64;
    if (sqlite3_vfs_register(&state.vfs, /*makeDefault=*/0) != SQLITE_OK)
        throw std::runtime_error("SQLite refused the faulty file layer");
}

FaultyVfs::~FaultyVfs()
{
    sqlite3_vfs_unregister(&m_state->vfs);
}

const std::string& FaultyVfs::name() const noexcept
{
    return m_state->name;
}

void FaultyVfs::failWrites(unsigned after, Fault fault, std::string_view suffix)
{
    const std::lock_guard lock(m_state->mutex);
    m_state->writesFail = true;
    m_state->writesLeft = after;
    m_state->fault = fault;
    m_state->suffix = suffix;
}

void FaultyVfs::failSyncs()
{
    const std::lock_guard lock(m_state->mutex);
    m_state->syncsFail = true;
}

void FaultyVfs::heal()
{
    const std::lock_guard lock(m_state->mutex);
    m_state->writesFail = false;
    m_state->syncsFail = false;
}

unsigned FaultyVfs::writes() const noexcept
{
    return m_state->writes;
}

unsigned FaultyVfs::failures() const noexcept
{
    return m_state->failures;
}

} // namespace jetlag::test
