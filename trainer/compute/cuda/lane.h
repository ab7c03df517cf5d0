#pragma once
// One queue of work with all that its work needs: a stream, the libraries bound to it, and one block of memory
// that everything which runs there shares, because only one thing runs there at a time.

#include <memory>

#include "trainer/base/log.h"
#include "trainer/compute/cuda/device.h"
#include "trainer/compute/cuda/plan/convolution.h"
#include "trainer/compute/cuda/plan/dense.h"

namespace fl::cuda {

struct Lane {
  Lane(const MathOptions& options, Priority priority)
      : stream(priority), convolutions(stream, options), dense(stream, options) {}

  // At least `bytes` of scratch memory. Whoever asked for less before keeps the block it was given: recorded
  // graphs hold its address.
  std::shared_ptr<DeviceArray<std::byte>> memory(std::size_t bytes) {
    if (!block_ || block_->size() < bytes) {
      block_.reset();  // where nobody else holds it, before the larger one is asked for
      block_ = std::make_shared<DeviceArray<std::byte>>(bytes);
    }
    return block_;
  }

  Stream stream;
  Convolutions convolutions;
  DenseProducts dense;

 private:
  std::shared_ptr<DeviceArray<std::byte>> block_;
};

// Work that is enqueued the same way each time: by hand at first, so that everything it needs is loaded, then
// recorded, then replayed. Where recording fails, by hand for ever: the same results, more of the host's time.
class Replay {
 public:
  void run(const Stream& stream, bool graphs, const std::function<void()>& enqueue) {
    if (graphs && warm_ && recordable_ && !graph_) record(stream, enqueue);
    if (graph_) {
      graph_.launch(stream);
      return;
    }
    enqueue();
    warm_ = true;
  }

 private:
  void record(const Stream& stream, const std::function<void()>& enqueue) {
    try {
      graph_ = Graph::capture(stream, enqueue);
    } catch (const CudaError& e) {
      recordable_ = false;
      log_warning("CUDA could not record this work as a graph, so its calls are made one by one, which is slower: {}", e.what());
    }
  }

  bool warm_ = false, recordable_ = true;
  Graph graph_;
};

}  // namespace fl::cuda
