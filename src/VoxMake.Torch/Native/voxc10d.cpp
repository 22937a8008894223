// Processes that compute together, through libtorch's c10d. Compiled into a library of its own when a group is first opened, and for each backend alone (VOX_NCCL or not), so that a libtorch
// without it loses nothing else. Tensors are handles of voxtorch.cpp.
//
// No C++ exception crosses: every function returns 0 for success, 1 for all else; vox_group_error() has the text of this thread's last failure.

#ifdef VOX_NCCL
#define USE_C10D_NCCL
#include <torch/csrc/distributed/c10d/ProcessGroupNCCL.hpp>
#else
#define USE_C10D_GLOO
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#endif
#include <torch/csrc/distributed/c10d/FileStore.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>
#include <torch/version.h>

#include <cstdlib>

namespace {

#if TORCH_VERSION_MAJOR >= 2
using Backend = c10d::Backend;
#else
using Backend = c10d::ProcessGroup;
#endif

thread_local std::string last_error;

template <typename F>
int guarded(F&& body) noexcept {
  try {
    body();
    return 0;
  } catch (const c10::Error& error) {
    last_error = error.what_without_backtrace();
  } catch (const std::exception& error) {
    last_error = error.what();
  } catch (...) {
    last_error = "unknown C++ exception";
  }
  return 1;
}

// The store outlives the group that met in it.
struct Group {
  c10::intrusive_ptr<c10d::Store> store;
  c10::intrusive_ptr<Backend> backend;
};

Backend& backend_of(void* group) { return *static_cast<Group*>(group)->backend; }

// c10d wants dense memory: of another layout a copy takes part, and its numbers are put back.
template <typename F>
void in_place(void* tensor, F&& body) {
  at::NoGradGuard no_grad;
  auto given = static_cast<at::Tensor*>(tensor)->detach();
  std::vector<at::Tensor> dense{given.contiguous()};
  body(dense);
  if (!dense[0].is_same(given)) given.copy_(dense[0]);
}

// Where it can be seen that all are on one machine, they talk over its loopback; else over the interface that GLOO_SOCKET_IFNAME names, as in PyTorch, or the one of the machine's name.
#ifndef VOX_NCCL
auto device_for(const std::string& host) {
  if (host == "localhost" || host.rfind("127.", 0) == 0) return c10d::ProcessGroupGloo::createDeviceForHostname("127.0.0.1");
  auto* named = std::getenv("GLOO_SOCKET_IFNAME");
  return named && *named ? c10d::ProcessGroupGloo::createDeviceForInterface(named) : c10d::ProcessGroupGloo::createDefaultDevice();
}
#endif

}  // namespace

extern "C" {

const char* vox_group_error() { return last_error.c_str(); }

// All meet at a file (`host` null) or at a port that rank 0 opens on `host`.
int vox_group_open(const char* file, const char* host, int32_t port, int32_t rank, int32_t size, int64_t timeout, void** group) {
  return guarded([&] {
    std::chrono::milliseconds patience(timeout);
    auto made = std::make_unique<Group>();
    if (host) {
      c10d::TCPStoreOptions options;
      options.port = static_cast<uint16_t>(port);
      options.isServer = rank == 0;
      options.numWorkers = size;
      options.timeout = patience;
      made->store = c10::make_intrusive<c10d::TCPStore>(host, options);
    } else {
      made->store = c10::make_intrusive<c10d::FileStore>(file, size);
    }
    made->store->setTimeout(patience);
#ifdef VOX_NCCL
    // Else a peer that is gone would end this process instead of failing the call.
    setenv("TORCH_NCCL_BLOCKING_WAIT", "1", 0);
    setenv("NCCL_BLOCKING_WAIT", "1", 0);
    auto options = c10d::ProcessGroupNCCL::Options::create();
    options->timeout = patience;
    made->backend = c10::make_intrusive<c10d::ProcessGroupNCCL>(made->store, rank, size, options);
#else
    auto options = c10d::ProcessGroupGloo::Options::create(patience);
    options->devices.push_back(device_for(host ? host : ""));
    options->threads = 2;
    made->backend = c10::make_intrusive<c10d::ProcessGroupGloo>(made->store, rank, size, options);
#endif
    *group = made.release();
  });
}

void vox_group_close(void* group) {
  guarded([&] { delete static_cast<Group*>(group); });
}

int vox_group_all_reduce(void* group, void* tensor) {
  return guarded([&] { in_place(tensor, [&](std::vector<at::Tensor>& dense) { backend_of(group).allreduce(dense)->wait(); }); });
}

int vox_group_broadcast(void* group, void* tensor, int32_t root) {
  return guarded([&] {
    in_place(tensor, [&](std::vector<at::Tensor>& dense) {
      c10d::BroadcastOptions options;
      options.rootRank = root;
      backend_of(group).broadcast(dense, options)->wait();
    });
  });
}

// `outputs`: a dense tensor for each rank.
int vox_group_all_gather(void* group, void* tensor, void* const* outputs, int32_t count) {
  return guarded([&] {
    at::NoGradGuard no_grad;
    std::vector<at::Tensor> given{static_cast<at::Tensor*>(tensor)->detach().contiguous()};
    std::vector<std::vector<at::Tensor>> all(1);
    for (int32_t k = 0; k < count; k++) all[0].push_back(*static_cast<at::Tensor*>(outputs[k]));
    backend_of(group).allgather(all, given)->wait();
  });
}

int vox_group_barrier(void* group) {
  return guarded([&] { backend_of(group).barrier()->wait(); });
}

}  // extern "C"
