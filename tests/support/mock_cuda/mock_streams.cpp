// The runtime's streams, events and graphs.
#include <utility>

#include "tests/support/fake_device/fake_device.h"
#include "tests/support/mock_cuda/machine.h"
#include "trainer/compute/cuda/device.h"

// The kernels' launches (fake_device's parallel.h) come here.
void fl::cuda::fake::enqueue(const Stream& stream, std::function<void()> work) {
  mock::enqueue(stream.handle(), std::move(work));
}
void fl::cuda::fake::enqueue_watch(const Stream& stream, std::function<void()> work) {
  mock::enqueue(stream.handle(), std::move(work));
}
fl::cuda::fake::Counts& fl::cuda::fake::counts() {
  static Counts all;
  return all;
}

using namespace fl::mock;

extern "C" {

cudaError_t cudaDeviceGetStreamPriorityRange(int* least, int* greatest) {
  cudaError_t code{};
  if (fails("cudaDeviceGetStreamPriorityRange", code)) return code;
  *least = 0;
  *greatest = -5;
  return cudaSuccess;
}
cudaError_t cudaStreamCreateWithPriority(cudaStream_t* stream, unsigned flags, int priority) {
  const Lock lock(machine().mutex);
  cudaError_t code{};
  if (fails("cudaStreamCreateWithPriority", code)) return code;
  expect_device("cudaStreamCreate");
  if (flags != cudaStreamNonBlocking) violation("a stream that waits for the default stream");
  if (priority > 0 || priority < -5) violation("a stream's priority out of range");
  auto* queue = new Queue;
  machine().streams.insert(queue);
  *stream = reinterpret_cast<cudaStream_t>(queue);
  return cudaSuccess;
}
cudaError_t cudaStreamDestroy(cudaStream_t stream) {
  const Lock lock(machine().mutex);
  Queue* queue = queue_of(stream, "cudaStreamDestroy");
  if (queue == nullptr || stream == nullptr) return answer(cudaErrorInvalidResourceHandle);
  run_everything();
  machine().streams.erase(queue);
  delete queue;
  log_released("stream");
  return cudaSuccess;
}
cudaError_t cudaStreamSynchronize(cudaStream_t stream) {
  const Lock lock(machine().mutex);
  cudaError_t code{};
  if (fails("cudaStreamSynchronize", code)) return code;
  if (spoils("cudaStreamSynchronize")) return last_error;
  expect_device("cudaStreamSynchronize");
  Queue* queue = queue_of(stream, "cudaStreamSynchronize");
  if (queue == nullptr) return answer(cudaErrorInvalidResourceHandle);
  const Open open;
  // The worst order there may be: all that others were given comes first, unless it is held back.
  for (Queue* other : machine().streams)
    if (other != queue) run_all(*other);
  run_all(*queue);
  return cudaSuccess;
}
cudaError_t cudaStreamQuery(cudaStream_t stream) {
  const Lock lock(machine().mutex);
  cudaError_t code{};
  if (fails("cudaStreamQuery", code)) return code;
  Queue* queue = queue_of(stream, "cudaStreamQuery");
  if (queue == nullptr) return answer(cudaErrorInvalidResourceHandle);
  const Open open;
  queue->run_one();
  return queue->waiting.empty() ? cudaSuccess : cudaErrorNotReady;  // not an error that is kept
}

cudaError_t cudaEventCreateWithFlags(cudaEvent_t* event, unsigned) {
  const Lock lock(machine().mutex);
  expect_device("cudaEventCreate");
  auto* record = new EventRecord(std::make_shared<Record>());
  machine().events.insert(record);
  *event = reinterpret_cast<cudaEvent_t>(record);
  return cudaSuccess;
}
cudaError_t cudaEventDestroy(cudaEvent_t event) {
  const Lock lock(machine().mutex);
  if (machine().events.erase(event) == 0) {
    violation("cudaEventDestroy of what is not there");
    return answer(cudaErrorInvalidResourceHandle);
  }
  delete reinterpret_cast<EventRecord*>(event);
  return cudaSuccess;
}
cudaError_t cudaEventRecord(cudaEvent_t event, cudaStream_t stream) {
  const Lock lock(machine().mutex);
  Queue* queue = queue_of(stream, "cudaEventRecord");
  if (queue == nullptr || !machine().events.contains(event)) return answer(cudaErrorInvalidResourceHandle);
  auto& current = *reinterpret_cast<EventRecord*>(event);
  current = std::make_shared<Record>(Record{queue, false});
  give(*queue, [record = current] { record->done = true; });
  return cudaSuccess;
}
cudaError_t cudaStreamWaitEvent(cudaStream_t stream, cudaEvent_t event, unsigned) {
  const Lock lock(machine().mutex);
  Queue* queue = queue_of(stream, "cudaStreamWaitEvent");
  if (queue == nullptr || !machine().events.contains(event)) return answer(cudaErrorInvalidResourceHandle);
  give(*queue, [record = *reinterpret_cast<EventRecord*>(event)] {
    while (!record->done && record->queue->run_one()) {
    }
  });
  return cudaSuccess;
}

cudaError_t cudaStreamBeginCapture(cudaStream_t stream, cudaStreamCaptureMode mode) {
  const Lock lock(machine().mutex);
  Queue* queue = queue_of(stream, "cudaStreamBeginCapture");
  if (queue == nullptr || stream == nullptr) return answer(cudaErrorStreamCaptureUnsupported);
  if (mode != cudaStreamCaptureModeThreadLocal) violation("a capture that forbids other threads their calls");
  if (recorded_here != nullptr) violation("a capture within a capture");
  queue->recording = new Recorded;
  queue->spoilt = captures_fail();
  recorded_here = queue;
  return cudaSuccess;
}
cudaError_t cudaStreamEndCapture(cudaStream_t stream, cudaGraph_t* graph) {
  const Lock lock(machine().mutex);
  *graph = nullptr;
  Queue* queue = queue_of(stream, "cudaStreamEndCapture");
  if (queue == nullptr || queue->recording == nullptr) return answer(cudaErrorIllegalState);
  recorded_here = nullptr;
  auto* recorded = std::exchange(queue->recording, nullptr);
  if (std::exchange(queue->spoilt, false)) {
    delete recorded;
    return answer(cudaErrorStreamCaptureInvalidated);
  }
  machine().graphs.insert(recorded);
  ++machine().counts.recordings;
  *graph = reinterpret_cast<cudaGraph_t>(recorded);
  return cudaSuccess;
}
cudaError_t cudaGraphInstantiate(cudaGraphExec_t* ready, cudaGraph_t graph, unsigned long long) {
  const Lock lock(machine().mutex);
  cudaError_t code{};
  if (fails("cudaGraphInstantiate", code)) return code;
  if (!machine().graphs.contains(graph)) return answer(cudaErrorInvalidValue);
  auto* copy = new Recorded(*reinterpret_cast<Recorded*>(graph));
  machine().executables.insert(copy);
  *ready = reinterpret_cast<cudaGraphExec_t>(copy);
  return cudaSuccess;
}
cudaError_t cudaGraphDestroy(cudaGraph_t graph) {
  const Lock lock(machine().mutex);
  if (machine().graphs.erase(graph) == 0) violation("cudaGraphDestroy of what is not there");
  else delete reinterpret_cast<Recorded*>(graph);
  return cudaSuccess;
}
cudaError_t cudaGraphExecDestroy(cudaGraphExec_t ready) {
  const Lock lock(machine().mutex);
  if (machine().executables.erase(ready) == 0) violation("cudaGraphExecDestroy of what is not there");
  else delete reinterpret_cast<Recorded*>(ready);
  return cudaSuccess;
}
cudaError_t cudaGraphLaunch(cudaGraphExec_t ready, cudaStream_t stream) {
  const Lock lock(machine().mutex);
  Queue* queue = queue_of(stream, "cudaGraphLaunch");
  if (queue == nullptr || !machine().executables.contains(ready)) return answer(cudaErrorInvalidValue);
  if (queue->recording != nullptr) violation("a graph's launch while work is recorded");
  ++machine().counts.launches;
  for (const Work& work : *reinterpret_cast<Recorded*>(ready)) queue->waiting.push_back(work);
  return cudaSuccess;
}

}  // extern "C"
