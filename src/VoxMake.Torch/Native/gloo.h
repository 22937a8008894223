// Stand-ins for the headers of Gloo, which neither Debian's libtorch-dev nor PyTorch's wheels bring along, though both libraries have Gloo inside. ProcessGroupGloo.hpp names these types only behind
// pointers, as the base of a class that voxc10d.cpp never makes, and in inline functions that it never calls; so nothing here has to be laid out as in Gloo. Where Gloo's own headers are installed
// (libgloo-dev), these are not looked at. Written under each name that ProcessGroupGloo.hpp includes.
#ifndef VOX_GLOO
#define VOX_GLOO

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace gloo {
namespace rendezvous {
struct Store {
  static constexpr std::chrono::milliseconds kDefaultTimeout{30000};
  virtual ~Store();
  virtual void set(const std::string& key, const std::vector<char>& value) = 0;
  virtual std::vector<char> get(const std::string& key) = 0;
  virtual void wait(const std::vector<std::string>& keys) = 0;
  virtual void wait(const std::vector<std::string>& keys, const std::chrono::milliseconds& timeout) = 0;
};
}  // namespace rendezvous
namespace transport {
struct Device;
struct UnboundBuffer {
  virtual ~UnboundBuffer();
};
}  // namespace transport
struct Context {
  void setTimeout(std::chrono::milliseconds timeout);
};
}  // namespace gloo

#endif
