// The one C++ file of VoxMake: opens libtorch's dispatcher to C# (DESIGN 8). It compiles against libtorch 1.13 and later.
//
// An operator is found by name and overload and called "boxed": its arguments travel as an array of tagged values and are put on the interpreter's stack as the
// operator's own schema wants them. What is no operator (autograd, generators, threads, devices) has a function of its own below.
//
// No C++ exception crosses: every function returns 0 for success, 2 where memory has run out, 3 where a function of C# that was called back failed (vox_failure() has C#'s number for it), 1 for all
// else; vox_error() has the text of this thread's last failure.

#include <torch/torch.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Version.h>
#include <ATen/autocast_mode.h>
#include <c10/core/DeviceGuard.h>
#include <torch/version.h>

// What the allocator of CUDA holds: since 2.9 every build knows how to ask, before that CUDA's own headers are needed, which not every PyTorch brings.
#if defined(VOX_CUDA) && (TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 9))
#include <c10/core/CachingDeviceAllocator.h>
#define VOX_DEVICE_ALLOCATOR
#elif defined(VOX_CUDA) && __has_include(<cuda_runtime_api.h>)
#include <c10/cuda/CUDACachingAllocator.h>
#define VOX_CUDA_ALLOCATOR
#endif

#include <dlfcn.h>

#include <atomic>
#include <cstring>
#include <string>
#include <vector>

extern "C" void vox_tensor_free(void* tensor);

namespace {

thread_local std::string last_error;
thread_local int64_t last_failure = 0;
std::atomic<int64_t> live_tensors{0};

// CUDA's allocator has an exception of its own for it (some versions throw c10::Error with the same words), the CPU's has only words.
bool says_out_of_memory(const std::string& text) {
  return text.find("out of memory") != std::string::npos || text.find("can't allocate memory") != std::string::npos || text.find("not enough memory") != std::string::npos;
}

// A function of C# that was called back threw; C# keeps the exception under this number. Only the number crosses, through whatever of autograd lies between.
struct CallbackFailed : std::runtime_error {
  explicit CallbackFailed(int64_t number) : std::runtime_error("a backward function written in C# failed"), number(number) {}
  int64_t number;
};

template <typename F>
int guarded(F&& body) noexcept {
  try {
    body();
    return 0;
  } catch (const CallbackFailed& error) {
    last_error = error.what();
    last_failure = error.number;
    return 3;
  } catch (const c10::OutOfMemoryError& error) {
    last_error = error.what_without_backtrace();
    return 2;
  } catch (const c10::Error& error) {
    last_error = error.what_without_backtrace();
    return says_out_of_memory(last_error) ? 2 : 1;
  } catch (const std::bad_alloc&) {
    last_error = "libtorch got no more memory from the system";
    return 2;
  } catch (const std::exception& error) {
    last_error = error.what();
    return says_out_of_memory(last_error) ? 2 : 1;
  } catch (...) {
    last_error = "unknown C++ exception";
  }
  return 1;
}

at::Tensor* hand_out(at::Tensor tensor) {
  live_tensors.fetch_add(1, std::memory_order_relaxed);
  return new at::Tensor(std::move(tensor));
}

// What a value holds. The numbers are those of Value.Tag in C#.
enum Tag : int32_t {
  kNone = 0,
  kTensor = 1,      // p: tensor handle, null for an absent one
  kInt = 2,         // i
  kDouble = 3,      // d
  kBool = 4,        // i
  kString = 5,      // p, n: UTF-8
  kIntList = 6,     // p, n: int64_t
  kDoubleList = 7,  // p, n: double
  kBoolList = 8,    // p, n: uint8_t
  kTensorList = 9,  // p, n: tensor handles, null for absent ones
  kDevice = 10,     // i: device type in the high, index + 1 in the low 32 bits
  kGenerator = 11,  // p: generator handle
  kDefault = 12,    // what the schema says
};

struct Value {
  int32_t tag;
  int32_t spare;
  int64_t n;
  union {
    int64_t i;
    double d;
    void* p;
  };
};
static_assert(sizeof(Value) == 24, "Value.cs mirrors this layout");

at::Device device_of(int64_t code) {
  auto type = static_cast<c10::DeviceType>(code >> 32);
  return at::Device(type, static_cast<c10::DeviceIndex>((code & 0xffffffff) - 1));
}

const at::Tensor& tensor_of(void* handle) { return *static_cast<at::Tensor*>(handle); }

// A value as an argument of the given type. Where C# can only say "number" or "list", the schema decides.
c10::IValue to_argument(const Value& value, const c10::TypePtr& type) {
  if (auto optional = type->cast<c10::OptionalType>()) {
    if (value.tag == kNone || (value.tag == kTensor && value.p == nullptr)) return c10::IValue();
    return to_argument(value, optional->getElementType());
  }
  switch (value.tag) {
    case kNone:
      if (type->kind() == c10::TypeKind::TensorType) return at::Tensor();
      return c10::IValue();
    case kTensor:
      return value.p == nullptr ? c10::IValue(at::Tensor()) : c10::IValue(tensor_of(value.p));
    case kInt:
      if (type->kind() == c10::TypeKind::FloatType) return static_cast<double>(value.i);
      if (type->kind() == c10::TypeKind::BoolType) return value.i != 0;
      if (type->kind() == c10::TypeKind::ListType) return c10::List<int64_t>({value.i});
      return value.i;
    case kDouble:
      return value.d;
    case kBool:
      return value.i != 0;
    case kString:
      return std::string(static_cast<const char*>(value.p), value.n);
    case kIntList: {
      auto* items = static_cast<const int64_t*>(value.p);
      c10::List<int64_t> list;
      list.reserve(value.n);
      for (int64_t k = 0; k < value.n; k++) list.push_back(items[k]);
      return list;
    }
    case kDoubleList: {
      auto* items = static_cast<const double*>(value.p);
      c10::List<double> list;
      for (int64_t k = 0; k < value.n; k++) list.push_back(items[k]);
      return list;
    }
    case kBoolList: {
      auto* items = static_cast<const uint8_t*>(value.p);
      c10::List<bool> list;
      for (int64_t k = 0; k < value.n; k++) list.push_back(items[k] != 0);
      return list;
    }
    case kTensorList: {
      auto* items = static_cast<void* const*>(value.p);
      auto element = type->cast<c10::ListType>();
      if (element && element->getElementType()->kind() == c10::TypeKind::OptionalType) {
        c10::List<c10::optional<at::Tensor>> list;
        for (int64_t k = 0; k < value.n; k++)
          list.push_back(items[k] == nullptr ? c10::optional<at::Tensor>() : c10::optional<at::Tensor>(tensor_of(items[k])));
        return list;
      }
      c10::List<at::Tensor> list;
      list.reserve(value.n);
      for (int64_t k = 0; k < value.n; k++) list.push_back(tensor_of(items[k]));
      return list;
    }
    case kDevice:
      return device_of(value.i);
    case kGenerator:
      return *static_cast<at::Generator*>(value.p);
  }
  throw std::runtime_error("unknown tag " + std::to_string(value.tag));
}

// A result as a value. Lists are allocated here and freed by vox_free_list.
Value to_result(c10::IValue&& result) {
  Value value{};
  if (result.isTensor()) {
    value.tag = kTensor;
    auto tensor = std::move(result).toTensor();
    value.p = tensor.defined() ? hand_out(std::move(tensor)) : nullptr;
  } else if (result.isInt()) {
    value.tag = kInt;
    value.i = result.toInt();
  } else if (result.isDouble()) {
    value.tag = kDouble;
    value.d = result.toDouble();
  } else if (result.isBool()) {
    value.tag = kBool;
    value.i = result.toBool();
  } else if (result.isTensorList()) {
    auto list = std::move(result).toTensorVector();
    value.tag = kTensorList;
    value.n = static_cast<int64_t>(list.size());
    auto** handles = new void*[list.size()];
    for (size_t k = 0; k < list.size(); k++) handles[k] = hand_out(std::move(list[k]));
    value.p = handles;
  } else if (result.isIntList()) {
    auto list = result.toIntVector();
    value.tag = kIntList;
    value.n = static_cast<int64_t>(list.size());
    auto* items = new int64_t[list.size()];
    std::copy(list.begin(), list.end(), items);
    value.p = items;
  } else if (result.isNone()) {
    value.tag = kNone;
  } else {
    throw std::runtime_error("a result of type " + result.tagKind() + " has no tag");
  }
  return value;
}

// What C# is called back with. `gradients`: one handle for each output, null where none arrived; they are C#'s from then on. `needed`: which inputs want a gradient. `results`: room for one
// handle for each input, null for none; they are the caller's from then on. Returns 0, or the number under which C# keeps its exception.
using Backward = int64_t (*)(void* context, void* const* gradients, int32_t outputs, const uint8_t* needed, void** results, int32_t inputs);

// A node of the graph whose derivative is a function of C#.
struct CallbackNode : torch::autograd::Node {
  CallbackNode(Backward backward, void (*release)(void*), void* context) : backward_(backward), release_(release), context_(context) {}
  ~CallbackNode() override { CallbackNode::release_variables(); }

  std::string name() const override { return "VoxCallback"; }

  // After a backward that does not keep the graph, and when the graph is gone.
  void release_variables() override {
    std::lock_guard<std::mutex> lock(mutex_);
    if (context_) release_(context_);
    context_ = nullptr;
  }

  torch::autograd::variable_list apply(torch::autograd::variable_list&& gradients) override {
    if (!context_) throw std::runtime_error("what this backward needs was given free by an earlier one; call that with retainGraph");
    if (at::GradMode::is_enabled())
      throw std::runtime_error("a function with a backward of its own (recomputation, chunked cross-entropy) has no second derivative; call Backward without createGraph");
    std::vector<void*> given(gradients.size(), nullptr);
    for (size_t k = 0; k < gradients.size(); k++)
      if (gradients[k].defined()) given[k] = hand_out(std::move(gradients[k]));
    auto inputs = num_outputs();  // autograd counts backwards
    std::vector<uint8_t> needed(inputs);
    for (size_t k = 0; k < inputs; k++) needed[k] = task_should_compute_output(k);
    std::vector<void*> results(inputs, nullptr);
    auto failure = backward_(context_, given.data(), static_cast<int32_t>(given.size()), needed.data(), results.data(), static_cast<int32_t>(inputs));
    torch::autograd::variable_list made(inputs);
    for (size_t k = 0; k < inputs; k++)
      if (results[k]) {
        made[k] = std::move(*static_cast<at::Tensor*>(results[k]));
        vox_tensor_free(results[k]);
      }
    if (failure) throw CallbackFailed(failure);
    return made;
  }

 private:
  Backward backward_;
  void (*release_)(void*);
  void* context_;
  std::mutex mutex_;
};

// Graphs hold their nodes by std::shared_ptr, with a deleter of their own against deep recursion; newer ones (seen in 2.14) by c10::intrusive_ptr, which needs none.
using NodePointer = decltype(torch::autograd::Edge::function);

template <typename Pointer>
Pointer held(CallbackNode* node) {
  if constexpr (std::is_same_v<Pointer, std::shared_ptr<torch::autograd::Node>>)
    return Pointer(node, [](auto* last) { deleteNode(last); });
  else
    return Pointer::unsafe_steal_from_new(node);
}

}  // namespace

extern "C" {

const char* vox_error() { return last_error.c_str(); }
int64_t vox_failure() { return last_failure; }
const char* vox_version() { return TORCH_VERSION; }

// What it was made with and chose for this processor, as lines for people. at::get_cpu_capability, which says the one word that is wanted of it, is newer than 1.13.
const char* vox_config() {
  static const std::string config = at::show_config();
  return config.c_str();
}

// Operators ---------------------------------------------------------------------------------------------------------------------------------

// Finds an operator such as ("aten::conv1d", ""). The handle lives as long as the process.
int vox_find_operator(const char* name, const char* overload, void** handle) {
  return guarded([&] {
    auto found = c10::Dispatcher::singleton().findSchema({name, overload});
    if (!found) throw std::runtime_error(std::string("libtorch " TORCH_VERSION " has no operator ") + name + (*overload ? "." : "") + overload);
    *handle = new c10::OperatorHandle(*found);
  });
}

// The operator's own schema, for error messages and tests.
int vox_operator_schema(void* handle, char* text, int64_t size) {
  return guarded([&] {
    std::ostringstream schema;
    schema << static_cast<c10::OperatorHandle*>(handle)->schema();
    std::strncpy(text, schema.str().c_str(), size - 1);
    text[size - 1] = 0;
  });
}

// Calls it. Trailing arguments that are not given take the schema's defaults; `results` has room for `capacity` values.
int vox_call(void* handle, const Value* arguments, int32_t count, Value* results, int32_t capacity, int32_t* returned) {
  return guarded([&] {
    auto& op = *static_cast<c10::OperatorHandle*>(handle);
    const auto& declared = op.schema().arguments();
    while (static_cast<size_t>(count) > declared.size() && arguments[count - 1].tag == kDefault) count--;  // a newer schema's argument that nobody asked for
    if (static_cast<size_t>(count) > declared.size())
      throw std::runtime_error("operator " + op.schema().name() + " of libtorch " TORCH_VERSION " takes " + std::to_string(declared.size()) + " arguments, not " + std::to_string(count));
    torch::jit::Stack stack;
    stack.reserve(declared.size());
    for (size_t k = 0; k < declared.size(); k++) {
      if (k < static_cast<size_t>(count) && arguments[k].tag != kDefault) {
        stack.push_back(to_argument(arguments[k], declared[k].type()));
        continue;
      }
      if (!declared[k].default_value()) throw std::runtime_error("operator " + op.schema().name() + " of libtorch " TORCH_VERSION " wants the argument " + declared[k].name());
      stack.push_back(*declared[k].default_value());
    }
    op.callBoxed(&stack);
    if (static_cast<int32_t>(stack.size()) > capacity) throw std::runtime_error("operator " + op.schema().name() + " returns more than there is room for");
    *returned = static_cast<int32_t>(stack.size());
    for (size_t k = 0; k < stack.size(); k++) results[k] = to_result(std::move(stack[k]));
  });
}

void vox_free_list(Value* list) {
  if (list->tag == kTensorList) delete[] static_cast<void**>(list->p);
  if (list->tag == kIntList) delete[] static_cast<int64_t*>(list->p);
}

// Tensors -----------------------------------------------------------------------------------------------------------------------------------

void vox_tensor_free(void* tensor) {
  delete static_cast<at::Tensor*>(tensor);
  live_tensors.fetch_sub(1, std::memory_order_relaxed);
}

int64_t vox_live_tensors() { return live_tensors.load(std::memory_order_relaxed); }

// A tensor over memory that somebody else owns; `release(context)` is called when the last use is gone.
int vox_tensor_from_memory(void* data, const int64_t* sizes, int32_t dims, int32_t type, void (*release)(void*), void* context, void** result) {
  return guarded([&] {
    auto options = at::TensorOptions().dtype(static_cast<at::ScalarType>(type));
    *result = hand_out(release ? at::from_blob(data, at::IntArrayRef(sizes, dims), [release, context](void*) { release(context); }, options)
                               : at::from_blob(data, at::IntArrayRef(sizes, dims), options));
  });
}

int vox_tensor_data(void* tensor, void** data) {
  return guarded([&] { *data = tensor_of(tensor).data_ptr(); });
}

// dims first; then the sizes and strides of at most `capacity` dimensions.
int vox_tensor_shape(void* tensor, int64_t* sizes, int64_t* strides, int32_t capacity, int32_t* dims) {
  return guarded([&] {
    const auto& t = tensor_of(tensor);
    *dims = static_cast<int32_t>(t.dim());
    for (int32_t k = 0; k < *dims && k < capacity; k++) {
      sizes[k] = t.size(k);
      if (strides) strides[k] = t.stride(k);
    }
  });
}

int vox_tensor_type(void* tensor, int32_t* type, int64_t* device) {
  return guarded([&] {
    const auto& t = tensor_of(tensor);
    *type = static_cast<int32_t>(t.scalar_type());
    *device = (static_cast<int64_t>(t.device().type()) << 32) | static_cast<uint32_t>(t.device().index() + 1);
  });
}

// Autograd ----------------------------------------------------------------------------------------------------------------------------------

int vox_requires_grad(void* tensor, int32_t* yes) {
  return guarded([&] { *yes = tensor_of(tensor).requires_grad(); });
}

int vox_set_requires_grad(void* tensor, int32_t yes) {
  return guarded([&] { static_cast<at::Tensor*>(tensor)->set_requires_grad(yes != 0); });
}

int vox_grad(void* tensor, void** grad) {
  return guarded([&] {
    const auto& g = tensor_of(tensor).grad();
    *grad = g.defined() ? hand_out(g) : nullptr;
  });
}

// A null gradient clears it.
int vox_set_grad(void* tensor, void* grad) {
  return guarded([&] { static_cast<at::Tensor*>(tensor)->mutable_grad() = grad ? tensor_of(grad) : at::Tensor(); });
}

// Of several tensors at once; a null gradient stands for one of 1.
int vox_backward(void* const* tensors, void* const* gradients, int32_t count, int32_t keep_graph, int32_t create_graph) {
  return guarded([&] {
    torch::autograd::variable_list roots, given;
    for (int32_t k = 0; k < count; k++) {
      roots.push_back(tensor_of(tensors[k]));
      given.push_back(gradients[k] ? tensor_of(gradients[k]) : at::Tensor());
    }
    torch::autograd::backward(roots, given, keep_graph != 0, create_graph != 0);
  });
}

// Another handle of the same tensor.
int vox_tensor_share(void* tensor, void** other) {
  return guarded([&] { *other = hand_out(tensor_of(tensor)); });
}

// Makes the outputs follow from the inputs by a function whose derivative is C#'s: `results` are the outputs' values as new tensors with that history. The context is released when the graph is gone,
// or at once if this fails. Outputs that are not of a real type have no history.
int vox_custom_function(void* const* inputs, int32_t input_count, void* const* outputs, int32_t output_count, Backward backward, void (*release)(void*), void* context, void** results) {
  return guarded([&] {
    auto node = held<NodePointer>(new CallbackNode(backward, release, context));
    torch::autograd::edge_list edges;
    for (int32_t k = 0; k < input_count; k++) edges.push_back(torch::autograd::impl::gradient_edge(tensor_of(inputs[k])));
    node->set_next_edges(std::move(edges));
    for (int32_t k = 0; k < output_count; k++) {
      auto value = tensor_of(outputs[k]).detach();
      if (value.is_floating_point() || value.is_complex())
        torch::autograd::create_gradient_edge(value, node);
      else
        node->add_input_metadata(torch::autograd::Node::undefined_input());
      results[k] = hand_out(std::move(value));
    }
  });
}

int32_t vox_grad_enabled() { return at::GradMode::is_enabled(); }
void vox_set_grad_enabled(int32_t yes) { at::GradMode::set_enabled(yes != 0); }

// Generators, threads, determinism ----------------------------------------------------------------------------------------------------------

int vox_manual_seed(uint64_t seed) {
  return guarded([&] { at::manual_seed(seed); });
}

// A stream of its own on a device (coded as in Value). A clone of the device's default generator needs no header of CUDA.
int vox_generator_new(uint64_t seed, int64_t device, void** generator) {
  return guarded([&] {
    auto where = device_of(device);
    if (where.is_cpu()) {
      *generator = new at::Generator(at::detail::createCPUGenerator(seed));
      return;
    }
    at::empty({0}, at::TensorOptions().device(where));  // the device is awake now
    auto made = at::globalContext().defaultGenerator(where).clone();
    made.set_current_seed(seed);
    *generator = new at::Generator(std::move(made));
  });
}

void vox_generator_free(void* generator) { delete static_cast<at::Generator*>(generator); }

int vox_generator_seed(void* generator, uint64_t seed) {
  return guarded([&] { static_cast<at::Generator*>(generator)->set_current_seed(seed); });
}

// A null generator is the process's own for the device. The state is a tensor of bytes.
int vox_generator_state(void* generator, int64_t device, void** state) {
  return guarded([&] {
    auto g = generator ? *static_cast<at::Generator*>(generator) : at::globalContext().defaultGenerator(device_of(device));
    std::lock_guard<std::mutex> lock(g.mutex());
    *state = hand_out(g.get_state());
  });
}

int vox_generator_set_state(void* generator, int64_t device, void* state) {
  return guarded([&] {
    auto g = generator ? *static_cast<at::Generator*>(generator) : at::globalContext().defaultGenerator(device_of(device));
    std::lock_guard<std::mutex> lock(g.mutex());
    g.set_state(tensor_of(state));
  });
}

void vox_set_threads(int32_t threads) { at::set_num_threads(threads); }
int32_t vox_threads() { return at::get_num_threads(); }
int vox_set_deterministic(int32_t yes) {
  return guarded([&] { at::globalContext().setDeterministicAlgorithms(yes != 0, false); });
}

// Devices -----------------------------------------------------------------------------------------------------------------------------------

int32_t vox_cuda_devices() {
  try {
    return torch::cuda::is_available() ? static_cast<int32_t>(torch::cuda::device_count()) : 0;
  } catch (...) {
    return 0;
  }
}

int vox_cuda_synchronize(int64_t device) {
  return guarded([&] { torch::cuda::synchronize(device); });
}

// Bytes: allocated, reserved, peak of allocated, free, total; -1 for what this build cannot know.
int vox_cuda_memory(int32_t device, int64_t* figures) {
  return guarded([&] {
    at::empty({0}, at::TensorOptions().device(at::Device(at::kCUDA, static_cast<c10::DeviceIndex>(device))));  // the device is awake now
    std::fill(figures, figures + 5, -1);
#if defined(VOX_DEVICE_ALLOCATOR)
    auto stats = c10::getDeviceAllocator(at::kCUDA)->getDeviceStats(static_cast<c10::DeviceIndex>(device));
#elif defined(VOX_CUDA_ALLOCATOR)
    auto stats = c10::cuda::CUDACachingAllocator::getDeviceStats(device);
#endif
#if defined(VOX_DEVICE_ALLOCATOR) || defined(VOX_CUDA_ALLOCATOR)
    figures[0] = stats.allocated_bytes[0].current;  // 0: small and large blocks together
    figures[1] = stats.reserved_bytes[0].current;
    figures[2] = stats.allocated_bytes[0].peak;
#endif
    // The runtime is in the process with libtorch_cuda; asked for by name, it needs no header.
    using MemGetInfo = int (*)(size_t*, size_t*);
    auto info = reinterpret_cast<MemGetInfo>(dlsym(RTLD_DEFAULT, "cudaMemGetInfo"));
    c10::DeviceGuard guard(at::Device(at::kCUDA, static_cast<c10::DeviceIndex>(device)));
    size_t free = 0, total = 0;
    if (info && info(&free, &total) == 0) {
      figures[3] = static_cast<int64_t>(free);
      figures[4] = static_cast<int64_t>(total);
    }
  });
}

// Gives cached blocks back to the device.
int vox_cuda_empty_cache() {
  return guarded([&] {
#if defined(VOX_DEVICE_ALLOCATOR)
    c10::getDeviceAllocator(at::kCUDA)->emptyCache();
#elif defined(VOX_CUDA_ALLOCATOR)
    c10::cuda::CUDACachingAllocator::emptyCache();
#else
    throw std::runtime_error("libtorch " TORCH_VERSION " was opened without CUDA's headers (cuda_runtime_api.h), so its cache cannot be emptied");
#endif
  });
}

// The peak is counted from now on.
int vox_cuda_reset_peak(int32_t device) {
  return guarded([&] {
#if defined(VOX_DEVICE_ALLOCATOR)
    c10::getDeviceAllocator(at::kCUDA)->resetPeakStats(static_cast<c10::DeviceIndex>(device));
#elif defined(VOX_CUDA_ALLOCATOR)
    c10::cuda::CUDACachingAllocator::resetPeakStats(device);
#else
    throw std::runtime_error("libtorch " TORCH_VERSION " was opened without CUDA's headers (cuda_runtime_api.h), so its peak cannot be reset");
#endif
  });
}

// Autocast: mixed precision, on the CPU (bf16) and on CUDA. `type` is the scalar type that lower-precision operators run in.
int vox_set_autocast(int32_t cuda, int32_t yes, int32_t type) {
  return guarded([&] {
    auto scalar = static_cast<at::ScalarType>(type);
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 4)
    auto device = cuda ? at::kCUDA : at::kCPU;
    at::autocast::set_autocast_enabled(device, yes != 0);
    at::autocast::set_autocast_dtype(device, scalar);
#else
    if (cuda) {
      at::autocast::set_enabled(yes != 0);
      at::autocast::set_autocast_gpu_dtype(scalar);
    } else {
      at::autocast::set_cpu_enabled(yes != 0);
      at::autocast::set_autocast_cpu_dtype(scalar);
    }
#endif
    if (!yes) at::autocast::clear_cache();
  });
}

// Whether it is on on this thread, and its type.
int vox_autocast(int32_t cuda, int32_t* yes, int32_t* type) {
  return guarded([&] {
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 4)
    auto device = cuda ? at::kCUDA : at::kCPU;
    *yes = at::autocast::is_autocast_enabled(device);
    *type = static_cast<int32_t>(at::autocast::get_autocast_dtype(device));
#else
    *yes = cuda ? at::autocast::is_enabled() : at::autocast::is_cpu_enabled();
    *type = static_cast<int32_t>(cuda ? at::autocast::get_autocast_gpu_dtype() : at::autocast::get_autocast_cpu_dtype());
#endif
  });
}

// Forgets the weights that autocast has turned into the lower precision.
void vox_clear_autocast_cache() { at::autocast::clear_cache(); }

}  // extern "C"
